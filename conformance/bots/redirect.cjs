// A preload for Node programs with the Bot API's host fixed in their code:
//   NODE_OPTIONS="--require /path/to/redirect.cjs" API_BASE=http://127.0.0.1:8081 node bot.js
// Every https request to api.telegram.org goes to API_BASE instead; every other request is left as it is.
'use strict';
const http = require('http');
const https = require('https');
const { urlToHttpOptions } = require('url');
const base = new URL(process.env.API_BASE);
const port = base.port || (base.protocol === 'https:' ? 443 : 80);

for (const name of ['request', 'get']) {
  const original = https[name];
  https[name] = function redirected(...args) {
    const asGiven = [...args];
    const first = args.shift();
    let options = { ...first };
    if (typeof first === 'string' || first instanceof URL) {
      options = urlToHttpOptions(new URL(first));
      if (args[0] && typeof args[0] === 'object') Object.assign(options, args.shift());
    }
    const host = String(options.hostname || options.host || '').replace(/:\d+$/, '');
    if (host !== 'api.telegram.org') return original.apply(https, asGiven);
    Object.assign(options, { protocol: base.protocol, host: base.hostname, hostname: base.hostname, port, agent: undefined });
    return (base.protocol === 'https:' ? original : http[name])(options, ...args);
  };
}
