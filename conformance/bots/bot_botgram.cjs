// botgram with nothing changed at all: `ringback exec` and its preload lead it here.
'use strict';
const botgram = require('botgram');
require('./volume_knob.cjs')(botgram(process.env.TOKEN));
