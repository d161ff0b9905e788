// botgram with nothing changed at all. Run it with NODE_OPTIONS="--require redirect.cjs", as `ringback exec` does.
'use strict';
const botgram = require('botgram');
require('./volume_knob.cjs')(botgram(process.env.TOKEN));
