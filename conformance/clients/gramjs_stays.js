// A client that stays while the server goes: it connects again by itself and asks for what it missed.
const fs = require('fs');
const { Api } = require('telegram');
const { say, listen, pause, env } = require('./gramjs_common');

async function user(client) {
  await client.getDialogs({});
  const fresh = listen(client, Api.UpdateNewMessage);
  say('ready');
  say('before', (await fresh()).message.message === 'before');
  const { pts, qts, date } = await client.invoke(new Api.updates.GetState());
  say('counted');
  // The server is killed now, is told a message elsewhere, and comes back.
  while (!fs.existsSync(env.GO)) await pause(50);
  // The library leaves catching up to its caller.
  const missed = await client.invoke(new Api.updates.GetDifference({ pts, qts, date }));
  say('connected again');
  const texts = missed.newMessages.map((one) => one.message);
  texts.push((await fresh()).message.message);
  say('caught up', texts.join() === 'while you were away,after', { texts });
}

module.exports = { user };
