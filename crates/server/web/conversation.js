// The middle pane: the messages of one chat, kept in step with the journal without redrawing what did not change.

import { api } from './api.js';
import { $, avatar, coalesce, copyText, day, h, nameOf } from './dom.js';
import { choose, confirm, linkDialog, showError, toast } from './dialogs.js';
import { authorOf, renderMessage } from './message.js';
import { byUsername, chatForMe, emit, isBot, isPrivate, markRead, on, peer, selectChat, state } from './store.js';
import { composer } from './composer.js';

const PAGE = 100;          // messages asked for at first
const MAX_NODES = 500;     // more are dropped from the top while one reads the end
const TYPING_MS = 5000;
const TOGETHER_S = 300;    // messages of one sender this close together share a header

const shown = new Map();   // message id -> {json, node, message}, in order
let wanted = PAGE;
let opened = 0;            // grows with every switch: late replies of another chat are dropped
let follow = true;         // is the end in view?
const scroller = $('scroller');
const list = $('messages');

const act = {
  command: (text) => composer.sendText(text),
  prefill: (text, chat) => { if (chat !== undefined && chat !== state.chat) selectChat(chat); composer.prefill(text); },
  link: (url) => linkDialog(url, { startBot: act.startBot }),
  mention: (who) => {
    const found = typeof who === 'number' ? peer(who) : byUsername(who);
    if (found && found.id !== state.me) selectChat(found.id);
    else toast(found ? 'This is you.' : `Nobody here is called ${who}.`);
  },
  startBot: (name, parameter) => {
    const bot = byUsername(name);
    if (!bot) return toast(`There is no bot called @${name} here.`);
    selectChat(bot.id);
    composer.sendText(`/start${parameter ? ` ${parameter}` : ''}`);
  },
  goTo: (id) => {
    const node = shown.get(id)?.node;
    if (!node) return toast('That message is further up.');
    node.scrollIntoView({ block: 'center', behavior: 'smooth' });
    node.classList.remove('flash');
    requestAnimationFrame(() => node.classList.add('flash'));
  },
  menu: (message) => {
    const mine = message.from?.id === state.me;
    choose('Message', [
      { label: 'Reply', value: () => composer.reply(message) },
      message.text && { label: 'Copy text', value: async () => toast(await copyText(message.text) ? 'Copied' : 'The browser did not allow copying') },
      mine && message.text && { label: 'Edit', value: () => composer.edit(message) },
      { label: 'Delete', value: () => confirm('Delete this message?', 'It is deleted for everyone who may see it go.', 'Delete', () =>
        api.remove({ from: state.me, chat: state.chat, message_ids: [message.message_id] }).catch(showError)) },
    ].filter(Boolean), (run) => run());
  },
};

export function startConversation() {
  on('select', open);
  on('people', head);
  on('bots', head);
  on('chats', head);
  on('entries', hear);
  scroller.addEventListener('scroll', () => {
    follow = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < 60;
    if (follow) $('jump').hidden = true;
  }, { passive: true });
  new ResizeObserver(() => { if (follow) toEnd(); }).observe(scroller);
  list.addEventListener('load', () => { if (follow) toEnd(); }, true);
  $('jump').addEventListener('click', () => { follow = true; toEnd(); $('jump').hidden = true; });
  $('earlier').addEventListener('click', earlier);
}

const toEnd = () => { scroller.scrollTop = scroller.scrollHeight; };

function open() {
  opened += 1;
  wanted = PAGE;
  follow = true;
  for (const timer of typing.values()) clearTimeout(timer);
  typing.clear();
  shown.clear();
  list.replaceChildren();
  $('jump').hidden = true;
  $('earlier').hidden = true;
  head();
  const there = state.chat !== null && state.me !== null;
  scroller.hidden = !there;
  composer.show(there);
  if (there) {
    list.setAttribute('aria-busy', 'true');
    load(wanted).finally(() => list.removeAttribute('aria-busy'));
  }
}

function head() {
  const chat = state.chat === null ? null : peer(state.chat);
  $('chat-head').hidden = !chat;
  if (!chat) return;
  const name = nameOf(chat);
  $('chat-title').textContent = name;
  $('chat-avatar').className = avatar(chat).className;
  $('chat-avatar').textContent = avatar(chat).textContent;
  document.title = `${name} · Ringback`;
  subtitle();
}

const typing = new Map();  // user id -> timer
const ACTIONS = { typing: 'typing', upload_photo: 'sending a photo', record_video: 'recording a video', upload_video: 'sending a video', record_voice: 'recording', upload_voice: 'sending a recording', upload_document: 'sending a file', choose_sticker: 'choosing a sticker', find_location: 'looking for a place', record_video_note: 'recording a video', upload_video_note: 'sending a video' };
let lastAction = '';

function subtitle() {
  const chat = peer(state.chat);
  const line = $('chat-sub');
  line.classList.toggle('typing', typing.size > 0);
  let text;
  if (typing.size) {
    const who = isPrivate(state.chat) ? '' : `${[...typing.keys()].map((id) => nameOf(peer(id))).join(', ')} `;
    text = `${who}${ACTIONS[lastAction] ?? lastAction.replace(/_/g, ' ')}…`;
  } else if (isBot(state.chat)) text = chat.username ? `bot · @${chat.username}` : 'bot';
  else text = [{ group: 'group', supergroup: 'group', channel: 'channel' }[chat?.type] ?? '', chat?.username ? `@${chat.username}` : ''].filter(Boolean).join(' · ');
  if (line.textContent !== text) line.textContent = text;
}

function hear(entries) {
  let sync = 0;
  for (const entry of entries) {
    if (state.chat === null || chatForMe(entry) !== state.chat) continue;
    if (entry.kind === 'chat_action' && entry.from !== state.me) {
      lastAction = entry.action;
      clearTimeout(typing.get(entry.from));
      typing.delete(entry.from);
      if (entry.action !== 'cancel') typing.set(entry.from, setTimeout(() => { typing.delete(entry.from); subtitle(); }, TYPING_MS));
      subtitle();
    } else if (entry.kind === 'message_sent') {
      if (typing.has(entry.from)) { clearTimeout(typing.get(entry.from)); typing.delete(entry.from); subtitle(); }
      sync += 1;
    } else if (entry.kind === 'message_edited') {
      sync = Math.max(sync, depth(entry));
    } else if (entry.kind === 'message_deleted') {
      sync = Math.max(sync, shown.size + 1);
    }
  }
  if (sync) { behind = Math.max(behind, sync); catchUp(); }
}

/** How many messages from the end one must ask for to get this one. */
function depth(entry) {
  const id = entry.message_ids?.[state.me] ?? Object.values(entry.message_ids ?? {})[0];
  const ids = [...shown.keys()];
  const at = ids.lastIndexOf(id);
  return at < 0 ? shown.size : ids.length - at;
}

let behind = 0;
const catchUp = coalesce(async () => {
  const limit = Math.min(Math.max(behind + 5, 20), Math.max(shown.size + 5, MAX_NODES));
  behind = 0;
  await load(limit);
});

async function load(limit) {
  const version = opened;
  const { me, chat } = state;
  try {
    const messages = await api.messages(chat, me, limit);
    if (version !== opened) return;
    const newest = [...shown.keys()].pop();
    // More came than was asked for: what is here must touch what is shown.
    if (limit < MAX_NODES && messages.length === limit && messages[0].message_id > newest) return load(MAX_NODES);
    reconcile(messages, limit);
  } catch (error) {
    if (version !== opened) return;
    // A chat nobody has written in yet may not exist at all.
    if (error.status >= 400 && isPrivate(chat) && !state.chats.has(chat)) reconcile([], limit);
    else showError(error);
  }
}

async function earlier() {
  const before = scroller.scrollHeight - scroller.scrollTop;
  wanted = shown.size + PAGE * 2;
  follow = false;
  list.setAttribute('aria-busy', 'true');
  await load(wanted);
  list.removeAttribute('aria-busy');
  scroller.scrollTop = scroller.scrollHeight - before;
}

function reconcile(messages, limit) {
  if (messages.length === limit && messages[0].message_id > [...shown.keys()].pop()) {
    // Even so they do not touch: begin again from the end.
    shown.clear();
    list.replaceChildren();
    $('earlier').hidden = false;
  }
  const first = !list.childElementCount;
  const ids = new Set(messages.map((m) => m.message_id));
  const oldest = messages.length === limit ? messages[0].message_id : -Infinity;
  for (const [id, { node }] of shown) {
    if (id >= oldest && !ids.has(id)) { node.remove(); shown.delete(id); }
  }
  let added = 0;
  let mine = false;
  let older = false;
  const lastKnown = [...shown.keys()].pop() ?? -Infinity;
  for (const message of messages) {
    const json = JSON.stringify(message);
    const known = shown.get(message.message_id);
    if (known?.json === json) continue;
    const node = renderMessage(message, act);
    if (known) {
      swap(known.node, node);
      Object.assign(known, { json, node, message });
      continue;
    }
    shown.set(message.message_id, { json, node, message });
    if (message.message_id > lastKnown) { list.append(node); added += 1; } else older = true;
    mine ||= message.message_id > lastKnown && message.from?.id === state.me;
    if (!first && !older) node.classList.add('arrive');
  }
  if (older) resort();
  trim();
  group();
  if (messages.length < limit) $('earlier').hidden = true;
  else if (limit >= wanted) $('earlier').hidden = false;
  if (first || follow || mine) toEnd();
  else if (added) $('jump').hidden = false;
  const all = [...shown.values()];
  composer.update(all.map((item) => item.message));
  if (all.length && !document.hidden) markRead(state.chat, all[all.length - 1].message.message_id);
  emit('conversation');
}

/** Puts an edited message in the place of the old one; focus stays on the same button. */
function swap(old, node) {
  const focused = old.contains(document.activeElement) ? document.activeElement : null;
  const keys = focused ? [...old.querySelectorAll('.key')] : [];
  const index = keys.indexOf(focused);
  old.replaceWith(node);
  if (!focused) return;
  const same = focused.dataset.key && [...node.querySelectorAll('.key')].find((key) => key.dataset.key === focused.dataset.key);
  const target = same || node.querySelectorAll('.key')[index] || node.querySelector(focused.className ? `.${focused.classList[0]}` : 'button') || $('box');
  target.focus({ preventScroll: true });
}

function resort() {
  const sorted = [...shown].sort(([a], [b]) => a - b);
  shown.clear();
  for (const [id, item] of sorted) shown.set(id, item);
  list.replaceChildren(...sorted.map(([, item]) => item.node));
}

function trim() {
  if (!follow || wanted > PAGE) return;
  for (const [id, { node }] of shown) {
    if (shown.size <= MAX_NODES) return;
    node.remove();
    shown.delete(id);
    $('earlier').hidden = false;
  }
}

/** Marks where a run of one sender's messages begins and ends, and where a day begins. */
function group() {
  const items = [...shown.values()];
  items.forEach(({ node, message }, i) => {
    const before = items[i - 1]?.message;
    const after = items[i + 1]?.message;
    const date = day(message.date * 1000);
    const newDay = !before || day(before.date * 1000) !== date;
    toggle(node, 'first', newDay || !together(before, message));
    toggle(node, 'last', !after || !together(message, after));
    const mark = node.querySelector(':scope > .day');
    if (newDay && !mark) node.prepend(h('div', { class: 'day' }, h('span', {}, date)));
    else if (!newDay) mark?.remove();
  });
}
const together = (a, b) => authorOf(a)?.id === authorOf(b)?.id && b.date - a.date < TOGETHER_S;
const toggle = (node, name, value) => { if (node.classList.contains(name) !== value) node.classList.toggle(name, value); };
