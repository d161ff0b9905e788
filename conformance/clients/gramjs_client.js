#!/usr/bin/env node
// GramJS, unmodified, against the local server: a user's side and a bot's.
//
// usage: gramjs_client.js HOST PORT PUBLIC_KEY_PEM SIDE [--transport full|abridged|obfuscated|websocket]
// The sides: `user` logs in and does everything, `session` does it with a ready-made session, `press` presses once, `bot`
// is a bot; the others are in the files `gramjs_*.js`.
// environment: PHONE CODE PASSWORD TOKEN PEER PEER_ID USER_ID CONTROL SESSION COUNT WAIT LEFT LEFT_MESSAGE AGAIN GO
// One JSON object for each step; the exit code is 0 only if every step held.
const crypto = require('crypto');
const fs = require('fs');
const { TelegramClient, Api } = require('telegram');
const { StringSession } = require('telegram/sessions');
const RSA = require('telegram/crypto/RSA');
const connections = require('telegram/network/connection');
const { Logger } = require('telegram/extensions');
const { PromisedWebSockets } = require('telegram/extensions/PromisedWebSockets');
const { NewMessage } = require('telegram/events');
const { EditedMessage } = require('telegram/events/EditedMessage');
const { CallbackQuery } = require('telegram/events/CallbackQuery');
const { LAYER } = require('telegram/tl/AllTLObjects');
const bigInt = require('big-integer');
const { say, state, within, control, refused, env } = require('./gramjs_common');

const [host, port, pem, side] = [process.argv[2], Number(process.argv[3]), process.argv[4], process.argv[5]];
const at = process.argv.indexOf('--transport');
const transport = at > 0 ? process.argv[at + 1] : 'full';

// The library keeps its keys by their signed fingerprint, in decimal.
function trust(file) {
  const jwk = crypto.createPublicKey(fs.readFileSync(file)).export({ format: 'jwk' });
  const [n, e] = [Buffer.from(jwk.n, 'base64url'), Buffer.from(jwk.e, 'base64url')];
  const bytes = (value) => {
    const head = value.length < 254
      ? Buffer.from([value.length])
      : Buffer.from([254, value.length & 255, value.length >> 8, value.length >> 16]);
    const whole = Buffer.concat([head, value]);
    return Buffer.concat([whole, Buffer.alloc((4 - (whole.length % 4)) % 4)]);
  };
  const digest = crypto.createHash('sha1').update(Buffer.concat([bytes(n), bytes(e)])).digest();
  RSA._serverKeys.clear();
  RSA._serverKeys.set(digest.subarray(-8).readBigInt64LE().toString(), { n: bigInt(n.toString('hex'), 16), e: 65537 });
}

// connect() takes 80 or 443 whatever the session says: the connection's own class puts that right.
function options() {
  const Base = {
    full: connections.ConnectionTCPFull,
    abridged: connections.ConnectionTCPAbridged,
    obfuscated: connections.ConnectionTCPObfuscated,
    websocket: connections.ConnectionTCPObfuscated,
  }[transport];
  class Connection extends Base {
    constructor(given) {
      super({ ...given, ip: host, port });
    }
  }
  class WebSockets extends PromisedWebSockets {
    getWebSocketLink() {
      return `ws://${host}:${port}/apiws`;
    }
  }
  const chosen = {
    connection: Connection,
    // One key exchange in 256 fails in this library, and is tried again.
    connectionRetries: 60,
    requestRetries: 2,
    floodSleepThreshold: 0,
    baseLogger: new Logger(env.DEBUG ? 'debug' : 'none'),
  };
  return transport === 'websocket' ? { ...chosen, networkSocket: WebSockets } : chosen;
}

async function botSide(client) {
  await client.start({ botAuthToken: env.TOKEN });
  const me = await client.getMe();
  say('bot login', me.bot === true, { id: String(me.id) });
  client.addEventHandler(async (event) => {
    const sent = await client.sendMessage(event.message.peerId, { message: `echo: ${event.message.message}` });
    await client.editMessage(event.message.peerId, { message: sent.id, text: `edited: ${event.message.message}` });
  }, new NewMessage({ incoming: true }));
  let left = Number(env.COUNT || 1);
  const done = new Promise((resolve) => {
    client.addEventHandler(async (event) => {
      say('callback query', true, { data: event.data.toString(), message: event.messageId });
      await event.answer({ message: `bot says ${event.data}`, alert: true });
      left -= 1;
      if (left <= 0) resolve();
    }, new CallbackQuery({}));
  });
  say('ready');
  await within(done, Number(env.WAIT || 30) * 1000, 'callback query');
  await new Promise((resolve) => setTimeout(resolve, 200));
}

async function logIn(client) {
  let tries = 0;
  await client.start({
    phoneNumber: async () => env.PHONE,
    phoneCode: async () => env.CODE,
    password: async () => {
      tries += 1;
      return tries > 1 ? env.PASSWORD : 'wrong';
    },
    onError: async (error) => {
      say('wrong password', error.errorMessage === 'PASSWORD_HASH_INVALID', { text: error.errorMessage });
      return false;
    },
  });
  say('signed in', tries === 2);
}

async function userSide(client) {
  const me = await client.getMe();
  say('get me', me.self === true, { id: String(me.id), username: me.username });
  const [heard, waiting] = [[], []];
  const put = (what) => (waiting.length ? waiting.shift()(what) : heard.push(what));
  const get = () => within(heard.length ? Promise.resolve(heard.shift()) : new Promise((r) => waiting.push(r)), 10000, 'update');
  client.addEventHandler((event) => put(['new', event.message.message]), new NewMessage({ incoming: true }));
  client.addEventHandler((event) => put(['edit', event.message.message]), new EditedMessage({ incoming: true }));
  const bot = await client.getInputEntity(env.PEER);
  say('resolve', String(bot.userId) === env.PEER_ID);
  const dialogs = await client.getDialogs({});
  say('dialogs', dialogs.length > 0, { count: dialogs.length });
  const message = await client.sendMessage(bot, { message: 'hello' });
  say('send', message.id > 0, { id: message.id });
  const fresh = await get();
  say('new message', fresh[0] === 'new' && fresh[1] === 'echo: hello');
  const edited = await get();
  say('edited message', edited[0] === 'edit' && edited[1] === 'edited: hello');
  const history = await client.getMessages(bot, { limit: 20 });
  const menus = history.filter((one) => one.replyMarkup);
  say('history', menus.length > 0, { count: history.length });
  const menu = menus[0];
  const press = (data, msgId = menu.id, peer = bot) =>
    client.invoke(new Api.messages.GetBotCallbackAnswer({ peer, msgId, data: Buffer.from(data) }));
  const answer = await press('press');
  say('press', answer.className === 'messages.BotCallbackAnswer' && answer.message === 'bot says press');
  const clicked = await menu.click({ data: Buffer.from('press') });
  say('click', clicked && clicked.message === 'bot says press');
  const alert = await press('alert');
  say('alert', alert.alert === true && alert.message === 'bot says alert');
  const url = await press('url');
  say('url', String(url.url).startsWith('https://t.me/'));
  say('cache time', (await press('cache')).cacheTime === 30);
  const guarded = (await menu.getButtons())[0][1];
  const proved = await guarded.click({ password: env.PASSWORD });
  say('press with password', proved && proved.message === 'bot says xfer');
  await refused('press without password', () => press('xfer'), 'PASSWORD_MISSING');
  await refused('data invalid', () => press('bogus'), 'DATA_INVALID');
  await refused('message id invalid', () => press('press', 99999), 'MESSAGE_ID_INVALID');
  const stranger = new Api.InputPeerUser({ userId: bigInt(1), accessHash: bigInt(1) });
  await refused('peer id invalid', () => press('press', menu.id, stranger), 'PEER_ID_INVALID');
  const channel = new Api.InputPeerChannel({ channelId: bigInt(1), accessHash: bigInt(1) });
  await refused('channel invalid', () => press('press', menu.id, channel), 'CHANNEL_INVALID');
  await control('PUT', '/faults', {
    faults: [{ method: 'messages.getBotCallbackAnswer', retry_after: 3, times: 1 }],
  });
  await refused('flood', () => press('press'), 'FLOOD', (error) => error.seconds === 3);
  await control('PUT', '/faults', { faults: [] });
  const late = press('never');
  late.catch(() => {});
  await new Promise((resolve) => setTimeout(resolve, 300));
  await control('POST', '/clock/advance', { by: '10s' });
  await refused('timeout', () => late, 'BOT_RESPONSE_TIMEOUT');
  const read = await client.markAsRead(bot);
  say('read', read !== undefined);
}

// One press, on the newest message with buttons: for two of these programs, one on each side.
async function pressOnce(client) {
  const bot = await client.getInputEntity(env.PEER);
  const menu = (await client.getMessages(bot, { limit: 20 })).find((one) => one.replyMarkup);
  const answer = await menu.click({ data: Buffer.from('press') });
  say('press', answer && answer.message === 'bot says press', { answer: answer && answer.message });
}

const sides = {
  user: async (client) => {
    await logIn(client);
    await userSide(client);
  },
  session: userSide,
  bot: botSide,
  press: pressOnce,
  errors: require('./gramjs_errors').user,
  'game-bot': require('./gramjs_games').bot,
  player: require('./gramjs_games').player,
  'inline-bot': require('./gramjs_inline').bot,
  asker: require('./gramjs_inline').user,
  'profile-bot': require('./gramjs_profile').bot,
  profile: require('./gramjs_profile').user,
  stays: require('./gramjs_stays').user,
  watch: require('./gramjs_watch').user,
};

async function main() {
  trust(pem);
  const ready = Boolean(env.SESSION);
  const session = new StringSession(ready ? env.SESSION : '');
  // The library cannot write ports above 32767 back, and does not use this one.
  if (!ready) session.setDC(2, host, 443);
  const client = new TelegramClient(session, 12345, '0123456789abcdef0123456789abcdef', options());
  await within(client.connect(), 20000, 'connection');
  say('connect', true, { layer: LAYER, transport });
  await sides[side](client);
  await client.destroy();
}

main()
  .catch((error) => say('end', false, { error: String((error && error.stack) || error) }))
  .finally(() => setTimeout(() => process.exit(state.failures ? 1 : 0), 100));
