// What the page knows: people, bots, the current person's chats, and who is looking at which chat.

import { api } from './api.js';
import { coalesce } from './dom.js';

export const state = {
  ready: false,
  me: null,            // user id
  chat: null,          // chat id as `me` sees it
  users: new Map(),
  bots: new Map(),
  chats: new Map(),    // in the order of the list: newest first
};

const bus = new EventTarget();
/** Topics: select, people, chats, bots, entries, history, error, online. */
export const on = (topic, listener) => bus.addEventListener(topic, (event) => listener(event.detail));
export const emit = (topic, detail) => bus.dispatchEvent(new CustomEvent(topic, { detail }));

const byId = (list) => new Map(list.map((item) => [item.id, item]));
const report = (error) => emit('error', error);

export async function loadWorld() {
  const [users, bots] = await Promise.all([api.users(), api.bots()]);
  state.users = byId(users.filter((user) => !user.is_bot));
  state.bots = byId(bots);
  const wanted = new URLSearchParams(location.search);
  const asked = Number(wanted.get('as')) || Number(localStorage.getItem('ringback.me'));
  const first = state.users.keys().next().value ?? null;
  state.me = state.users.has(state.me) ? state.me : state.users.has(asked) ? asked : first;
  state.chat = state.me === null ? null : state.chat ?? (Number(wanted.get('chat')) || null);
  await loadChats();
  state.ready = true;
  emit('people');
  emit('bots');
  emit('select');
  writeUrl(true);
}

async function loadChats() {
  const me = state.me;
  const rows = me === null ? [] : await api.chats(me);
  if (me !== state.me) return;
  state.chats = new Map(rows.map((row) => [row.chat.id, row]));
  emit('chats');
}
export const refreshChats = coalesce(() => loadChats().catch(report), 120);

async function loadBots() {
  state.bots = byId(await api.bots());
  emit('bots');
}
export const refreshBots = coalesce(() => loadBots().catch(() => {}), 400);

export function selectPerson(id) {
  if (id === state.me) return;
  state.me = id;
  localStorage.setItem('ringback.me', String(id));
  if (state.chat === id || (state.chat < 0 && !state.chats.has(state.chat))) state.chat = null;
  state.chats = new Map();
  emit('people');
  emit('select');
  writeUrl();
  loadChats().then(() => {
    // A group one is not in cannot be looked at; a bot or a person can always be written to.
    if (state.me === id && state.chat < 0 && !state.chats.has(state.chat)) selectChat(null);
  }, report);
}

export function selectChat(id) {
  state.chat = id;
  emit('chats');
  emit('select');
  writeUrl();
}

function writeUrl(replace = false) {
  const params = new URLSearchParams();
  if (state.me !== null) params.set('as', state.me);
  if (state.chat !== null) params.set('chat', state.chat);
  const url = `${location.pathname}${params.size ? `?${params}` : ''}`;
  if (url === location.pathname + location.search) return;
  history[replace ? 'replaceState' : 'pushState'](null, '', url);
}

addEventListener('popstate', () => {
  const params = new URLSearchParams(location.search);
  const me = Number(params.get('as')) || state.me;
  state.chat = Number(params.get('chat')) || null;
  if (state.users.has(me)) state.me = me;
  emit('people');
  emit('select');
  refreshChats();
});

/** The user, bot or chat behind an id, as far as the page knows it. */
export function peer(id) {
  return state.chats.get(id)?.chat ?? state.bots.get(id) ?? state.users.get(id) ?? (id ? { id } : null);
}
export const isBot = (id) => state.bots.has(id);
export const isPrivate = (id) => id > 0;

export function byUsername(name) {
  const wanted = name.replace(/^@/, '').toLowerCase();
  const has = (item) => item.username?.toLowerCase() === wanted;
  return [...state.bots.values()].find(has) ?? [...state.users.values()].find(has)
    ?? [...state.chats.values()].map((row) => row.chat).find(has) ?? null;
}

/** The chat of a journal entry by the id under which the current person sees it, or null. */
export function chatForMe(entry) {
  const chat = entry.chat;
  if (chat === null || chat === undefined) return null;
  if (typeof chat !== 'object') return Number(chat);
  if (chat.type === 'private' && chat.users) {
    if (!chat.users.includes(state.me)) return null;
    return chat.users.find((id) => id !== state.me) ?? state.me;
  }
  return chat.id ?? null;
}

const ABOUT_CHATS = new Set(['message_sent', 'message_edited', 'message_deleted', 'member_changed', 'chat_created']);
const ABOUT_QUEUES = new Set(['update_queued', 'update_delivered', 'update_expired', 'webhook_failed']);

on('entries', (entries) => {
  for (const entry of entries) {
    if (entry.kind === 'reset') loadWorld().catch(report);
    else if (entry.kind === 'user_created' && entry.user && !entry.user.is_bot) addUser(entry.user);
    else if (entry.kind === 'bot_created') refreshBots();
    else if (ABOUT_QUEUES.has(entry.kind)) refreshBots();
    else if (ABOUT_CHATS.has(entry.kind)) {
      const chat = chatForMe(entry);
      const mine = chat !== null && (chat > 0 || state.chats.has(chat) || entry.message_ids?.[state.me] || !entry.kind.startsWith('message'));
      if (mine) refreshChats();
    }
  }
});

export function addUser(user) {
  state.users.set(user.id, user);
  if (state.me === null) selectPerson(user.id);
  else emit('people');
}

// A bot confirms updates without an event of its own; while some wait, ask again now and then.
setInterval(() => {
  if (!document.hidden && [...state.bots.values()].some((bot) => bot.pending_update_count > 0)) refreshBots();
}, 3000);

// What has been read, kept for the life of this tab.
const read = new Map(JSON.parse(sessionStorage.getItem('ringback.read') ?? '[]'));
export function markRead(chat, messageId) {
  const key = `${state.me}:${chat}`;
  if ((read.get(key) ?? 0) >= messageId) return;
  read.set(key, messageId);
  sessionStorage.setItem('ringback.read', JSON.stringify([...read].slice(-500)));
  emit('chats');
}
export function isUnread(row) {
  const last = row.last_message;
  return Boolean(last) && last.from?.id !== state.me && last.message_id > (read.get(`${state.me}:${row.chat.id}`) ?? 0);
}
