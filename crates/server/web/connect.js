// How programs are pointed here: one line for each library, from connect.json, with this server's address filled in.

import { api } from './api.js';
import { copyButton, showError, tell } from './dialogs.js';
import { h, nameOf } from './dom.js';
import { state } from './store.js';

const TOKEN = '123456:abcdefghijklmnopqrstuvwxyz012345678';

let lines = null;

/** The lines for each library; asked for once. */
async function load() {
  lines ??= fetch('connect.json').then((response) => response.json()).catch(() => ({ bots: [], sessions: [], logins: [] }));
  return lines;
}

/** A line with this server's address in it. */
export function filled(line) {
  const { origin: base, hostname: host } = location;
  const port = location.port || '80';
  return line.replaceAll('{BASE}', base).replaceAll('{TOKEN}', TOKEN)
    .replaceAll('"BASE/', `"${base}/`).replaceAll('"HOST:PORT"', JSON.stringify(`${host}:${port}`))
    .replace(/\bBASE\b/g, JSON.stringify(base)).replace(/\bTOKEN\b/g, JSON.stringify(TOKEN))
    .replace(/\bHOST\b/g, JSON.stringify(host)).replace(/\bPORT\b/g, port);
}

const row = (name, value) => h('div', { class: 'copyline' }, h('span', { class: 'muted' }, name), h('code', {}, value), copyButton(value));
const plain = (note) => note.replaceAll('`', '').replace(/^[;,:]\s*/, '');

/** What a page shows that has nothing else to show: the two ways to connect. */
export function connectCards() {
  return [botCard(), userCard()];
}

function botCard() {
  const chosen = h('div', {});
  const choice = h('select', { 'aria-label': 'Library', onchange: () => show() });
  async function show() {
    const { bots } = await load();
    if (!choice.options.length) choice.append(...bots.map((one) => h('option', {}, one.library)));
    const one = bots[choice.selectedIndex];
    chosen.replaceChildren(...(one ? [one.line && row('Line', filled(one.line)), one.note && h('p', { class: 'muted' }, plain(one.note))].filter(Boolean) : []));
  }
  show();
  return h('section', { class: 'card' },
    h('h3', {}, 'Connect a bot'),
    h('p', {}, 'Point your bot’s library at this address instead of the one built in. Any token of the right shape works: the bot is made when it first calls.'),
    row('API base', location.origin),
    row('Token', TOKEN),
    row('Environment', `API_BASE=${location.origin} BOT_TOKEN=${TOKEN}`),
    h('label', { class: 'field' }, h('span', {}, 'Library'), choice),
    chosen);
}

function userCard() {
  const choice = h('select', { id: 'user-library', 'aria-label': 'Library of a user client' });
  load().then(({ sessions }) => choice.append(...sessions.map((one) => h('option', {}, one.library))));
  return h('section', { class: 'card' },
    h('h3', {}, 'Connect a user client'),
    h('p', {}, 'A session that is signed in already, for a library that speaks MTProto. Whoever has it is this person.'),
    h('label', { class: 'field' }, h('span', {}, 'Library'), choice),
    h('div', { class: 'actions' }, h('button', { onclick: async () => {
      const { sessions } = await load();
      const one = sessions[choice.selectedIndex];
      const who = state.users.get(state.me);
      if (!one || !who) return tell('There is nobody yet', [['First', 'Create a person: a session is somebody’s.']]);
      try {
        const { session } = await api.session(who.id, one.for);
        tell(`${nameOf(who)} on ${one.library}`, [['Session', session], ['Line', filled(one.line)], one.note && ['Note', filled(plain(one.note))]].filter(Boolean));
      } catch (error) {
        showError(error);
      }
    } }, 'Make a session')));
}
