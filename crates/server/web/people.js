// The left pane: who one is, one's chats, whom one could talk to; and the first-run panel.

import { api } from './api.js';
import { $, avatar, coalesce, h, hhmm, nameOf, day } from './dom.js';
import { connectCards } from './connect.js';
import { formDialog, tell } from './dialogs.js';
import { preview } from './message.js';
import { addUser, isBot, isUnread, on, refreshBots, refreshChats, selectChat, selectPerson, state } from './store.js';

const MOST = 60;     // rows of one list; the search finds the others

export function startPeople() {
  on('people', drawSoon);
  on('bots', drawSoon);
  on('chats', drawSoon);
  on('select', drawSoon);
  $('search').addEventListener('input', draw);
  $('new-person').addEventListener('click', newPerson);
  $('new-chat').addEventListener('click', newChat);
  $('new-bot').addEventListener('click', newBot);
}

const drawSoon = coalesce(async () => draw());

function draw() {
  const query = $('search').value.trim().toLowerCase();
  const fits = (peer) => !query || nameOf(peer).toLowerCase().includes(query) || peer.username?.toLowerCase().includes(query.replace(/^@/, '')) || String(peer.id) === query;
  const people = [...state.users.values()].filter(fits);
  fill($('person-list'), people.slice(0, MOST), personRow, 'Nobody yet.');
  const rows = [...state.chats.values()].filter((row) => fits(row.chat));
  fill($('chat-list'), rows.slice(0, 200), chatRow, state.me === null ? 'Create a person first.' : 'No chats yet.');
  const others = [...state.bots.values(), ...state.users.values()].filter((peer) => peer.id !== state.me && !state.chats.has(peer.id) && fits(peer));
  fill($('contact-list'), others.slice(0, MOST), contactRow, 'No one else.');
  welcome();
}

/** Replaces only the rows that changed, so that focus stays where it is. */
function fill(list, items, row, nothing) {
  const old = new Map([...list.children].map((node) => [node.dataset.key, node]));
  const nodes = items.map((item) => {
    const node = row(item);
    const known = old.get(node.dataset.key);
    if (!known) return node;
    if (known.dataset.print === node.dataset.print) return known;
    const focused = known.contains(document.activeElement);
    known.replaceWith(node);
    if (focused) node.querySelector('button').focus();
    return node;
  });
  if (!nodes.length) nodes.push(h('li', { class: 'nothing', dataset: { key: 'nothing', print: nothing } }, nothing));
  const same = nodes.length === list.children.length && nodes.every((node, i) => list.children[i] === node);
  if (same) return;
  const keep = new Set(nodes);
  for (const node of [...list.children]) if (!keep.has(node)) node.remove();
  nodes.forEach((node, i) => { if (list.children[i] !== node) list.insertBefore(node, list.children[i] ?? null); });
}

function personRow(user) {
  const me = user.id === state.me;
  return h('li', { dataset: { key: user.id, print: `${nameOf(user)}|${user.username}|${me}` } },
    h('button', { class: 'person', 'aria-pressed': String(me), title: user.username ? `${nameOf(user)} · @${user.username}` : nameOf(user), onclick: () => selectPerson(user.id) },
      avatar(user), h('span', {}, user.first_name || nameOf(user))));
}

function chatRow(row) {
  const { chat, last_message: last } = row;
  const here = chat.id === state.chat;
  const unread = !here && isUnread(row);
  const own = last?.from?.id === state.me;
  const line = last ? `${own ? 'You: ' : chat.type !== 'private' && last.from ? `${nameOf(last.from)}: ` : ''}${preview(last)}` : '';
  const date = last ? last.date * 1000 : 0;
  const when = last ? (day(date) === day(Date.now()) ? hhmm(date) : day(date).replace(/,? \d{4}$/, '')) : '';
  return h('li', { dataset: { key: chat.id, print: [nameOf(chat), line, when, here, unread, isBot(chat.id)].join('|') } },
    h('button', { class: `chatrow${here ? ' here' : ''}`, 'aria-current': here ? 'true' : undefined, onclick: () => openChat(chat.id) },
      avatar(chat),
      h('span', { class: 'who' }, h('b', {}, nameOf(chat)), isBot(chat.id) && h('small', { class: 'bot' }, 'bot')),
      h('time', {}, when),
      h('span', { class: 'line' }, line.slice(0, 120)),
      unread && h('span', { class: 'dot' }, h('span', { class: 'visually-hidden' }, 'unread'))));
}

function contactRow(peer) {
  const here = peer.id === state.chat;
  const sub = peer.username ? `@${peer.username}` : isBot(peer.id) ? 'bot' : 'person';
  return h('li', { dataset: { key: peer.id, print: [nameOf(peer), sub, here].join('|') } },
    h('button', { class: `chatrow${here ? ' here' : ''}`, 'aria-current': here ? 'true' : undefined, onclick: () => openChat(peer.id) },
      avatar(peer), h('span', { class: 'who' }, h('b', {}, nameOf(peer)), isBot(peer.id) && h('small', { class: 'bot' }, 'bot')), h('span', { class: 'line' }, sub)));
}

function openChat(id) {
  selectChat(id);
  document.body.dataset.pane = 'chat';
  dispatchEvent(new Event('panechange'));
  if (matchMedia('(pointer: fine)').matches) $('box').focus();
}

// ---- creating ------------------------------------------------------------------------------------------------------

function newPerson() {
  formDialog('New person', [
    { name: 'first_name', label: 'First name', required: true },
    { name: 'last_name', label: 'Last name' },
    { name: 'username', label: 'Username', placeholder: 'without @' },
    { name: 'language_code', label: 'Language', placeholder: 'en' },
  ], 'Create', async (values) => {
    const user = await api.createUser(values);
    addUser(user);
    selectPerson(user.id);
  });
}

function newChat() {
  const others = [...state.users.values(), ...state.bots.values()].filter((peer) => peer.id !== state.me);
  formDialog('New group or channel', [
    { name: 'title', label: 'Title', required: true },
    { name: 'type', label: 'Kind', options: [['group', 'Group'], ['supergroup', 'Supergroup'], ['channel', 'Channel']] },
    { name: 'members', label: 'Members', many: others.slice(0, 200).map((peer) => [String(peer.id), nameOf(peer)]) },
  ], 'Create', async ({ members = [], ...values }) => {
    const chat = await api.createChat({ ...values, members: [state.me, ...members.map(Number)].filter((id) => id !== null) });
    refreshChats();
    selectChat(chat.id);
  });
}

function newBot() {
  formDialog('New bot', [
    { name: 'username', label: 'Username', required: true, placeholder: 'my_bot' },
    { name: 'first_name', label: 'Name' },
  ], 'Create', async (values) => {
    const bot = await api.createBot(values);
    refreshBots();
    setTimeout(() => tell(`@${bot.username} is ready`, [['Token', bot.token], ['API base', location.origin]]));
  });
}

// ---- nothing is open -----------------------------------------------------------------------------------------------

let welcomed = '';

function welcome() {
  const panel = $('welcome');
  panel.hidden = state.chat !== null || !state.ready;
  const print = `${state.users.size > 0}|${state.bots.size > 0}`;
  if (panel.hidden || print === welcomed) return;
  welcomed = print;
  panel.replaceChildren(h('div', { class: 'inner' },
    h('div', { class: 'rings', 'aria-hidden': 'true' }),
    h('h2', {}, state.bots.size && state.users.size ? 'Pick a chat' : 'It is quiet in here'),
    h('p', { class: 'muted' }, state.bots.size && state.users.size
      ? 'Choose a chat on the left, or someone to talk to. You can be anyone: one click on a person and you see what they see.'
      : 'This is a Telegram of your own, on this machine only. It has room for people, groups and bots.'),
    !state.users.size && h('section', { class: 'card' },
      h('h3', {}, 'Be someone'),
      h('p', {}, 'Messages need somebody who writes them.'),
      h('div', { class: 'actions' }, h('button', { class: 'primary', onclick: newPerson }, 'Create a person'))),
    connectCards()));
}
