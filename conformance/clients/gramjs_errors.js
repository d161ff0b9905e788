// Every way in which a press can be refused.
const { Api } = require('telegram');
const bigInt = require('big-integer');
const { say, control, faults, refused, proof, pause, env } = require('./gramjs_common');

const METHOD = 'messages.getBotCallbackAnswer';

async function user(client) {
  const bot = await client.getInputEntity(env.PEER);
  const menu = (await client.getMessages(bot, { limit: 20 })).find((one) => one.replyMarkup);
  const press = (data, fields = {}) => client.invoke(new Api.messages.GetBotCallbackAnswer({
    peer: bot, msgId: menu.id, data: data && Buffer.from(data), ...fields,
  }));
  const is400 = (error) => error.code === 400;
  await refused('BOT_RESPONSE_TIMEOUT', async () => {
    const late = press('never');
    late.catch(() => {});
    await pause(300);
    await control('POST', '/clock/advance', { by: '10s' });
    await late;
  }, 'BOT_RESPONSE_TIMEOUT', is400);
  const channel = new Api.InputPeerChannel({ channelId: bigInt(1), accessHash: bigInt(1) });
  await refused('CHANNEL_INVALID', () => press('press', { peer: channel }), 'CHANNEL_INVALID', is400);
  const left = { peer: await client.getInputEntity(env.LEFT), msgId: Number(env.LEFT_MESSAGE) };
  await refused('CHANNEL_PRIVATE', () => press('press', left), 'CHANNEL_PRIVATE', is400);
  await refused('DATA_INVALID', () => press('bogus'), 'DATA_INVALID', is400);
  await refused('DATA_INVALID, no data', () => press(undefined), 'DATA_INVALID', is400);
  await refused('MESSAGE_ID_INVALID', () => press('press', { msgId: 99999 }), 'MESSAGE_ID_INVALID', is400);
  const stranger = new Api.InputPeerUser({ userId: bot.userId, accessHash: bot.accessHash.add(1) });
  await refused('PEER_ID_INVALID', () => press('press', { peer: stranger }), 'PEER_ID_INVALID', is400);
  const group = new Api.InputPeerChat({ chatId: bigInt(1) });
  await refused('PEER_ID_INVALID, a group', () => press('press', { peer: group }), 'PEER_ID_INVALID', is400);

  await refused('PASSWORD_MISSING', () => press('xfer'), 'PASSWORD_MISSING');
  const wrong = await proof(client, 'wrong');
  await refused('PASSWORD_HASH_INVALID', () => press('xfer', { password: wrong }), 'PASSWORD_HASH_INVALID');
  const empty = new Api.InputCheckPasswordEmpty();
  await refused('PASSWORD_HASH_INVALID, none', () => press('xfer', { password: empty }), 'PASSWORD_HASH_INVALID');
  const right = await proof(client, env.PASSWORD);
  say('the right password', (await press('xfer', { password: right })).message === 'bot says xfer');
  const all = await press('press', { game: true, password: await proof(client, env.PASSWORD) });
  say('every optional field at once', all.message === 'bot says press');
  await refused('SRP_ID_INVALID', () => press('xfer', { password: right }), 'SRP_ID_INVALID');

  await faults({ method: METHOD, retry_after: 7, times: 1 });
  await refused('FLOOD_WAIT_7', () => press('press'), 'FLOOD', (error) => error.seconds === 7);
  // This library gives −503 to its caller at once; the next press is answered again.
  await faults({ method: METHOD, error_code: 503, description: 'Timeout', times: 1 });
  await refused('-503 Timeout', () => press('press'), 'Timeout', (error) => error.code === -503);
  say('after it', (await press('press')).message === 'bot says press');
  await faults();
}

module.exports = { user };
