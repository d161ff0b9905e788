// botgram through its one documented door, `options.agent`: the host is fixed in the library (https, api.telegram.org),
// so the agent's sockets are what leads to API_BASE, as plain HTTP.
'use strict';
const https = require('https');
const net = require('net');
const botgram = require('botgram');
const base = new URL(process.env.API_BASE);
const agent = new https.Agent({ keepAlive: false });
agent.createConnection = () => net.connect(Number(base.port), base.hostname);
require('./volume_knob.cjs')(botgram(process.env.TOKEN, { agent, timeout: 25 }));
