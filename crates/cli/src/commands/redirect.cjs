// Preloaded into a Node.js program: what it sends to https://api.telegram.org goes to RINGBACK_URL instead.
'use strict';
const TELEGRAM = 'api.telegram.org';
const target = process.env.RINGBACK_URL;
if (target) {
  const http = require('node:http');
  const https = require('node:https');
  const { urlToHttpOptions } = require('node:url');
  const base = new URL(target);

  // The arguments of http.request: a URL or its text, then options, then a callback; any may be missing.
  const read = (args) => {
    const rest = [...args];
    let options = {};
    if (typeof rest[0] === 'string' || rest[0] instanceof URL) options = urlToHttpOptions(new URL(rest.shift()));
    if (rest[0] && typeof rest[0] === 'object') options = { ...options, ...rest.shift() };
    return { options, rest };
  };
  const host = (options) => String(options.hostname || options.host || '').replace(/:\d+$/, '');

  for (const name of ['request', 'get']) {
    const original = https[name];
    https[name] = function (...args) {
      const { options, rest } = read(args);
      if (host(options) !== TELEGRAM) return original.apply(this, args);
      const there = { protocol: base.protocol, host: base.hostname, hostname: base.hostname, port: base.port };
      // An agent made for TLS cannot carry plain HTTP.
      return http[name]({ ...options, ...there, agent: undefined, createConnection: undefined }, ...rest);
    };
  }

  const originalFetch = globalThis.fetch;
  if (originalFetch) {
    globalThis.fetch = function (input, init) {
      const url = typeof input === 'string' || input instanceof URL ? new URL(input) : new URL(input.url);
      if (url.host !== TELEGRAM) return originalFetch.call(this, input, init);
      const there = new URL(url.pathname + url.search, base);
      return originalFetch.call(this, input instanceof Request ? new Request(there, input) : there, init);
    };
  }
}
