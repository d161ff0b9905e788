// A stand-in for the server while the page is developed: enough of the control API, the journal and the Bot API
// for the page and its test, and a volume-knob bot. Nothing here is a rule of Telegram.
//   node fake_control_api.mjs [port]     prints the address

import http from 'node:http';
import { readFile } from 'node:fs/promises';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';

const WEB = join(fileURLToPath(new URL('.', import.meta.url)), '../../crates/server/web');
const TYPES = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml' };
const TIMEOUT = 9000;

let users, bots, chats, messages, journal, presses, queues, inlines, seq, ids, ahead;
const streams = new Set();
const pollers = new Map();

function reset() {
  users = new Map(); bots = new Map(); chats = new Map(); messages = []; journal = []; presses = new Map();
  queues = new Map(); inlines = new Map(); seq = 0; ids = { user: 1000, bot: 500000, chat: 1, message: 0, update: 2000000, press: 0 }; ahead = 0;
}
reset();

const now = () => Date.now() + ahead;
const fail = (status, code, message, hint) => Object.assign(new Error(message), { status, code, hint });
const person = (id) => users.get(id) ?? bots.get(id);
const publicUser = (u) => ({ id: u.id, is_bot: bots.has(u.id), first_name: u.first_name, ...(u.last_name && { last_name: u.last_name }), ...(u.username && { username: u.username }) });

function find(ref) {
  if (typeof ref === 'string' && ref.startsWith('@')) {
    const name = ref.slice(1).toLowerCase();
    return [...users.values(), ...bots.values(), ...chats.values()].find((x) => x.username?.toLowerCase() === name)?.id;
  }
  return Number(ref);
}

function log(kind, actor, cause, rest = {}) {
  const entry = { seq: ++seq, time: now(), actor, kind, cause, ...rest };
  journal.push(entry);
  for (const res of streams) res.write(`id: ${entry.seq}\nevent: ${kind}\ndata: ${JSON.stringify(entry)}\n\n`);
  return entry;
}
const byUser = (id) => ({ type: 'user', id });
const byBot = (id) => ({ type: 'bot', id });

// A room is where messages live: a pair of people, or a group.
const roomOf = (from, chat) => (chat > 0 ? [from, chat].sort((a, b) => a - b).join(':') : String(chat));
const members = (room) => (room.includes(':') ? room.split(':').map(Number) : chats.get(Number(room)).members);
const chatEntry = (room) => (room.includes(':') ? { type: 'private', users: members(room) } : { type: chats.get(Number(room)).type, id: Number(room) });
const idsFor = (m) => Object.fromEntries(members(m.room).map((id) => [id, m.id]));
function chatFor(room, viewer) {
  if (!room.includes(':')) { const { id, type, title } = chats.get(Number(room)); return { id, type, title }; }
  const pair = members(room);
  const other = person(pair.find((id) => id !== viewer) ?? viewer);
  const { is_bot, ...rest } = publicUser(other);
  return { ...rest, type: 'private' };
}
function view(m, viewer) {
  const { id, room, from, date, ...rest } = m;
  const out = { message_id: id, from: publicUser(person(from)), chat: chatFor(room, viewer), date };
  if (m.replyTo) out.reply_to_message = view({ ...messages.find((x) => x.id === m.replyTo), replyTo: undefined }, viewer);
  delete rest.replyTo;
  return JSON.parse(JSON.stringify({ ...out, ...rest }));
}

const ENTITY = /(?<![\w/])\/\w+|(?<!\w)@\w{3,}|(?<!\w)#\w+|https?:\/\/\S+/g;
const detect = (text) => [...text.matchAll(ENTITY)].map((m) => ({ type: { '/': 'bot_command', '@': 'mention', '#': 'hashtag', h: 'url' }[m[0][0]], offset: m.index, length: m[0].length }));

function post(from, chat, content, cause = null) {
  const room = roomOf(from, chat);
  if (chat < 0 && !chats.has(chat)) throw fail(400, 'CHAT_NOT_FOUND', 'There is no such chat.', 'GET /chats lists them.');
  if (chat > 0 && !person(chat)) throw fail(400, 'PEER_ID_INVALID', `Nobody has the id ${chat}.`, 'GET /users and GET /bots list who is there.');
  const m = { id: ++ids.message, room, from, date: Math.floor(now() / 1000), ...content };
  if (m.text && !m.entities) { const e = detect(m.text); if (e.length) m.entities = e; }
  messages.push(m);
  const entry = log('message_sent', bots.has(from) ? byBot(from) : byUser(from), cause, { chat: chatEntry(room), from, message_ids: idsFor(m), text: m.text?.slice(0, 256), keyboard: Boolean(m.reply_markup?.inline_keyboard) });
  for (const id of members(room)) if (bots.has(id) && id !== from) queue(id, 'message', view(m, id), entry.seq);
  return m;
}

function queue(bot, kind, body, cause, extra = {}) {
  const update = { update_id: ++ids.update, [kind]: body };
  const entry = log('update_queued', { type: 'server' }, cause, { bot, update_id: update.update_id, update: kind, ...extra });
  const handler = bots.get(bot).handler;
  if (handler) {
    const delivered = log('update_delivered', { type: 'server' }, entry.seq, { bot, update_id: update.update_id, update: kind, via: 'polling', ...extra });
    handler(update, delivered.seq);
  } else {
    queues.get(bot).push({ update, kind, cause: entry.seq, extra });
    pollers.get(bot)?.();
  }
}

function press(body) {
  const from = find(body.from);
  const chat = find(body.chat);
  const m = messages.find((x) => x.id === body.message_id && x.room === roomOf(from, chat));
  if (!m) throw fail(400, 'MESSAGE_ID_INVALID', 'There is no such message.', 'GET /messages lists them.');
  const rows = m.reply_markup?.inline_keyboard ?? [];
  const { data, row, column, text } = body.button;
  const button = row !== undefined ? rows[row]?.[column] : rows.flat().find((b) => (data !== undefined ? b.callback_data === data : b.text === text));
  if (!button) throw fail(400, 'DATA_INVALID', 'That button is not there.', `The buttons are: ${rows.flat().map((b) => b.text).join(', ')}`);
  const bot = m.via_bot?.id ?? m.from;
  const p = { id: String(++ids.press), callback_query_id: String(7e15 + ids.press), outcome: 'pending', at: now(), bot, done: [] };
  presses.set(p.id, p);
  const payload = button.callback_game ? { game_short_name: 'game' } : { data: button.callback_data };
  const entry = log('press', byUser(from), null, { press_id: p.id, from, bot, chat: chatEntry(m.room), message_id: m.id, ...payload, button: button.text, forged: false });
  p.seq = entry.seq;
  queue(bot, 'callback_query', { id: p.callback_query_id, from: publicUser(person(from)), message: view(m, bot), chat_instance: '42', ...payload }, entry.seq, { press_id: p.id });
  p.timer = setTimeout(() => finish(p, { outcome: 'timeout', ...(p.edited ? {} : { error: { code: 400, message: 'BOT_RESPONSE_TIMEOUT' } }) }), TIMEOUT);
  return p;
}
function finish(p, end, cause = p.seq) {
  if (p.outcome !== 'pending') return;
  clearTimeout(p.timer);
  Object.assign(p, end, { elapsed_ms: now() - p.at });
  log('press_finished', { type: 'server' }, cause, { press_id: p.id, outcome: p.outcome, answer: p.answer, error: p.error, elapsed_ms: p.elapsed_ms });
  p.done.forEach((f) => f());
}
const pressReply = (p) => ({ id: p.id, callback_query_id: p.callback_query_id, outcome: p.outcome, answer: p.answer, error: p.error, elapsed_ms: p.elapsed_ms });

// ---- Bot API, a little -----------------------------------------------------------------------------------------------

async function call(bot, method, params, cause = null) {
  const query = params.callback_query_id && [...presses.values()].find((p) => p.callback_query_id === params.callback_query_id);
  const p = query || [...presses.values()].findLast((x) => x.bot === bot && x.outcome === 'pending');
  const entry = method === 'getUpdates' ? { seq: null } : log('call', byBot(bot), cause ?? p?.seq ?? null, { bot, method, params, ...(p && { press_id: p.id }) });
  const t = process.hrtime.bigint();
  const end = (rest) => entry.seq && log('response', { type: 'server' }, entry.seq, { ...rest, elapsed_us: Number(process.hrtime.bigint() - t) / 1000 });
  try {
    const result = await carryOut(bot, method.toLowerCase(), params, entry.seq, p);
    end({ ok: true, result });
    return { ok: true, result };
  } catch (error) {
    end({ ok: false, error_code: error.status ?? 500, description: error.message });
    return { ok: false, error_code: error.status ?? 500, description: error.message };
  }
}

async function carryOut(bot, method, params, cause, p) {
  const chat = params.chat_id === undefined ? undefined : find(params.chat_id);
  const { text, reply_markup, entities, photo, document, caption } = params;
  switch (method) {
    case 'getme': return publicUser(bots.get(bot));
    case 'sendmessage': return view(post(bot, chat, { text, entities, reply_markup }, cause), bot);
    case 'sendphoto': return view(post(bot, chat, { photo: [{ file_id: 'x', file_unique_id: 'x', width: 960, height: 540, file_size: 81234 }], caption, reply_markup }, cause), bot);
    case 'senddocument': return view(post(bot, chat, { document: { file_id: 'd', file_unique_id: 'd', file_name: String(document), file_size: 48213 }, caption }, cause), bot);
    case 'editmessagetext': {
      const m = messages.find((x) => x.id === Number(params.message_id));
      if (!m) throw fail(400, '', 'Bad Request: message to edit not found');
      Object.assign(m, { text, entities, reply_markup, edit_date: Math.floor(now() / 1000) });
      if (p) p.edited = true;
      log('message_edited', byBot(bot), cause, { chat: chatEntry(m.room), from: bot, message_ids: idsFor(m), text, keyboard: Boolean(reply_markup) });
      return view(m, bot);
    }
    case 'answercallbackquery': {
      if (p?.outcome !== 'pending' || p.callback_query_id !== params.callback_query_id) throw fail(400, '', 'Bad Request: query is too old and response timeout expired or query ID is invalid');
      const answer = JSON.parse(JSON.stringify({ text, show_alert: Boolean(params.show_alert), url: params.url, cache_time: 0 }));
      const entry = log('answered', byBot(bot), cause, { press_id: p.id, answer });
      finish(p, { outcome: 'answered', answer }, entry.seq);
      return true;
    }
    case 'sendchataction': log('chat_action', byBot(bot), cause, { chat: chatEntry(roomOf(bot, chat)), from: bot, action: params.action }); return true;
    case 'answerinlinequery': inlines.get(params.inline_query_id)?.({ outcome: 'answered', results: params.results }); return true;
    case 'getupdates': {
      const q = queues.get(bot);
      if (!q.length) await new Promise((r) => { const t = setTimeout(r, (params.timeout ?? 0) * 1000); pollers.set(bot, () => { clearTimeout(t); r(); }); });
      return q.splice(0).map(({ update, kind, cause: c, extra }) => {
        log('update_delivered', { type: 'server' }, c, { bot, update_id: update.update_id, update: kind, via: 'polling', ...extra });
        return update;
      });
    }
    default: throw fail(404, '', 'Not Found: method not found');
  }
}

// ---- control API -----------------------------------------------------------------------------------------------------

const mine = (user) => [...new Set(messages.map((m) => m.room))].concat([...chats.keys()].map(String))
  .filter((room, i, all) => all.indexOf(room) === i && members(room).includes(user));

const routes = {
  'GET /users': () => ({ users: [...users.values()].map(publicUser) }),
  'POST /users': (_, b) => {
    if (!b.first_name) throw fail(400, 'FIRST_NAME_REQUIRED', 'A user needs a first name.', 'Send {"first_name": "Ann"}.');
    if (b.username && find(`@${b.username}`)) throw fail(400, 'USERNAME_OCCUPIED', `@${b.username} is taken.`, 'Choose another one.');
    const user = { id: ++ids.user, ...b };
    users.set(user.id, user);
    log('user_created', { type: 'server' }, null, { user: publicUser(user) });
    return publicUser(user);
  },
  'GET /bots': () => ({ bots: [...bots.values()].map((b) => ({ id: b.id, username: b.username, first_name: b.first_name, token: b.token, receives: b.handler ? 'polling' : 'nothing', pending_update_count: queues.get(b.id).length, commands: b.commands })) }),
  'POST /bots': (_, b) => createBot(b),
  'POST /chats': (_, b) => {
    const n = ids.chat++;
    const chat = { id: b.type === 'group' ? -n : -1000000000000 - n, type: b.type, title: b.title, members: b.members.map(find) };
    chats.set(chat.id, chat);
    log('chat_created', byUser(chat.members[0]), null, { chat: { id: chat.id, type: chat.type, title: chat.title } });
    return { id: chat.id, type: chat.type, title: chat.title };
  },
  'GET /chats': (q) => {
    const as = find(q.get('as'));
    const rows = mine(as).map((room) => { const m = messages.findLast((x) => x.room === room); return { chat: chatFor(room, as), ...(m && { last_message: view(m, as) }) }; });
    return { chats: rows.sort((a, b) => (b.last_message?.message_id ?? 0) - (a.last_message?.message_id ?? 0)) };
  },
  'GET /messages': (q) => {
    const as = find(q.get('as'));
    return messages.filter((m) => m.room === roomOf(as, find(q.get('chat')))).slice(-Number(q.get('limit') ?? 100)).map((m) => view(m, as));
  },
  'POST /messages': (_, b) => { const from = find(b.from); return view(post(from, find(b.chat), { text: b.text, ...(b.reply_to && { replyTo: b.reply_to }) }), from); },
  'POST /messages/edit': (_, b) => {
    const m = messages.find((x) => x.id === b.message_id);
    Object.assign(m, { text: b.text, entities: detect(b.text), edit_date: Math.floor(now() / 1000) });
    log('message_edited', byUser(b.from), null, { chat: chatEntry(m.room), from: b.from, message_ids: idsFor(m), text: b.text, keyboard: false });
    return view(m, b.from);
  },
  'POST /messages/delete': (_, b) => {
    const gone = messages.filter((m) => b.message_ids.includes(m.id));
    messages = messages.filter((m) => !gone.includes(m));
    for (const m of gone) log('message_deleted', byUser(b.from), null, { chat: chatEntry(m.room), from: b.from, message_ids: idsFor(m) });
    return { deleted: gone.length };
  },
  'POST /presses': async (_, b) => { const p = press(b); if (b.wait !== false && p.outcome === 'pending') await new Promise((r) => p.done.push(r)); return pressReply(p); },
  'POST /inline_queries': async (_, b) => {
    const id = String(++ids.press);
    const bot = find(b.bot);
    log('inline_query', byUser(b.from), null, { from: b.from, bot, query: b.query });
    const reply = await new Promise((r) => { inlines.set(id, r); setTimeout(() => r({ outcome: 'timeout' }), TIMEOUT); queue(bot, 'inline_query', { id, from: publicUser(person(b.from)), query: b.query, offset: '' }, null); });
    inlines.set(id, { bot, ...reply });
    return { id, ...reply };
  },
  'POST /inline_messages': (_, b) => {
    const { bot, results } = inlines.get(b.inline_query_id);
    const r = results.find((x) => x.id === b.result_id);
    return view(post(b.from, find(b.chat), { text: r.input_message_content?.message_text ?? r.title, via_bot: publicUser(bots.get(bot)), reply_markup: r.reply_markup }), b.from);
  },
  'GET /clock': () => ({ now: now(), advanced_ms: ahead }),
  'POST /clock/advance': (_, b) => { ahead += parseFloat(b.by) * 1000; log('clock_advanced', { type: 'server' }, null, { by: b.by }); return { now: now() }; },
  'POST /reset': () => { reset(); log('reset', { type: 'server' }, null); return { ok: true }; },
};

function createBot({ username, first_name, token, handler, commands }) {
  const id = token ? Number(token.split(':')[0]) : ++ids.bot;
  const bot = { id, username, first_name: first_name ?? username, token: token ?? `${id}:${'abcdefghijklmnopqrstuvwxyz012345678'}`, handler, commands };
  bots.set(id, bot);
  queues.set(id, []);
  log('bot_created', { type: 'server' }, null, { user: publicUser(bot) });
  return { id, username, token: bot.token, first_name: bot.first_name };
}

// ---- the volume knob -------------------------------------------------------------------------------------------------

export function volumeKnob(username, allowed) {
  let level = 50;
  const keyboard = { inline_keyboard: [[{ text: '↑  Turn up', callback_data: '{"type":"volume","direction":true}' }, { text: '↓  Turn down', callback_data: '{"type":"volume","direction":false}' }]] };
  const { id } = createBot({ username, first_name: 'Volume knob', commands: [{ command: 'start', description: 'Begin' }, { command: 'volumeknob', description: 'Show the volume knob' }], handler: async ({ message, callback_query: query }, cause) => {
    if (/^\/(start|volumeknob)/.test(message?.text ?? '')) await call(id, 'sendMessage', { chat_id: message.chat.id, text: 'Use the buttons below to modify the volume:', reply_markup: keyboard }, cause);
    if (!query) return;
    await new Promise((r) => setTimeout(r, 300));
    const answer = (text) => call(id, 'answerCallbackQuery', { callback_query_id: query.id, text }, cause);
    if (!allowed.includes(query.from.username)) return answer('Permission denied.');
    level = Math.max(0, Math.min(100, level + (JSON.parse(query.data).direction ? 10 : -10)));
    await call(id, 'editMessageText', { chat_id: query.message.chat.id, message_id: query.message.message_id, text: `Volume: ${level}\nUse the buttons below to modify the volume:`, reply_markup: keyboard }, cause);
    await answer(`Volume: ${level}`);
  } });
}

// ---- HTTP ------------------------------------------------------------------------------------------------------------

const server = http.createServer(async (req, res) => {
  const url = new URL(req.url, 'http://x');
  const json = (status, value) => { res.writeHead(status, { 'Content-Type': 'application/json' }); res.end(JSON.stringify(value)); };
  let raw = '';
  for await (const chunk of req) raw += chunk;
  try {
    const asBot = /^\/bot(\d+:[^/]+)\/(\w+)$/.exec(url.pathname);
    if (asBot) return json(200, await call(Number(asBot[1].split(':')[0]), asBot[2], raw ? JSON.parse(raw) : {}));
    if (url.pathname === '/_ringback/v1/events') {
      const since = url.searchParams.has('since') ? Number(url.searchParams.get('since')) : seq;
      const past = journal.filter((e) => e.seq > since);
      if (!req.headers.accept?.includes('event-stream')) return json(200, { events: past, next: seq });
      res.writeHead(200, { 'Content-Type': 'text/event-stream' });
      res.write(`: hello\n\n${past.map((e) => `id: ${e.seq}\nevent: ${e.kind}\ndata: ${JSON.stringify(e)}\n\n`).join('')}`);
      streams.add(res);
      return res.on('close', () => streams.delete(res));
    }
    if (url.pathname.startsWith('/_ringback/v1/')) {
      const path = url.pathname.slice('/_ringback/v1'.length);
      const id = /^\/presses\/(.+)$/.exec(path);
      if (id && presses.has(id[1])) return json(200, pressReply(presses.get(id[1])));
      const route = routes[`${req.method} ${path}`];
      if (!route) throw fail(404, 'NOT_FOUND', `There is no ${req.method} ${path}.`, 'GET /_ringback/v1/openapi.json lists what there is.');
      return json(200, await route(url.searchParams, raw ? JSON.parse(raw) : {}));
    }
    const name = normalize(url.pathname === '/' ? '/index.html' : url.pathname);
    const body = await readFile(join(WEB, name));
    res.writeHead(200, { 'Content-Type': TYPES[extname(name)] ?? 'application/octet-stream', 'Content-Security-Policy': "default-src 'self'", 'Cache-Control': 'no-store' });
    res.end(body);
  } catch (error) {
    json(error.status ?? (error.code === 'ENOENT' ? 404 : 500), { error: { code: String(error.code ?? 'INTERNAL'), message: error.message, hint: error.hint ?? '' } });
  }
});

if (!process.env.EMPTY) volumeKnob(process.env.BOT_USERNAME ?? 'volume_knob_bot', ['ann']);
server.listen(Number(process.argv[2] ?? 8081), '127.0.0.1', () => console.log(`http://127.0.0.1:${server.address().port}/`));
