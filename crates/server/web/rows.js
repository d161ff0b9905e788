// One row of the journal and what it unfolds into. Bodies are built when a row is opened, not before.

import { duration, h, hhmmss, nameOf } from './dom.js';
import { isBot, peer } from './store.js';

const LONGEST = 20_000;

export function renderRow(item) {
  const details = h('details', { class: 'entry' }, h('summary', {}));
  const node = h('li', {
    class: `row-${item.type}`,
    dataset: { seq: item.seq, kind: item.entry.kind, ...(item.type === 'press' ? { pressId: item.entry.press_id } : {}) },
  }, details);
  details.addEventListener('toggle', () => { if (details.open) fill(node, item); });
  updateRow(node, item);
  return node;
}

export function updateRow(node, item) {
  const summary = node.querySelector('summary');
  const parts = item.type === 'press' ? pressLine(item) : item.type === 'call' ? callLine(item) : eventLine(item.entry);
  const print = parts.map((part) => `${part?.className ?? ''}${part?.textContent ?? part}`).join('|');
  if (summary.dataset.print !== print) {
    summary.dataset.print = print;
    summary.replaceChildren(...parts.filter(Boolean));
  }
  if (item.type === 'press') node.dataset.state = item.state;
  const details = node.firstElementChild;
  if (details.open) fill(node, item);
}

const who = (id) => (isBot(id) && peer(id).username ? `@${peer(id).username}` : nameOf(peer(id)));
const span = (name, text) => h('span', { class: name }, text);

function pressLine({ entry, state, finish }) {
  return [
    span(`state ${state}`, state),
    span('key-name', entry.button || entry.game_short_name || entry.data || 'a button'),
    entry.forged && span('badge', 'forged'),
    span('took', finish ? duration(finish.elapsed_ms ?? finish.time - entry.time) : ''),
    span('parties', `${who(entry.from)} → ${who(entry.bot)}`),
    span('at', hhmmss(entry.time)),
  ];
}

function callLine({ entry, response }) {
  return [
    span(`state ${response ? (response.ok ? 'ok' : 'error') : 'waiting'}`, response ? (response.ok ? 'ok' : String(response.error_code ?? 'error')) : '…'),
    span('method', entry.method),
    span('took', response ? duration(response.elapsed_us / 1000) : ''),
    span('parties', response && !response.ok ? response.description ?? '' : who(entry.bot)),
    span('at', hhmmss(entry.time)),
  ];
}

function eventLine(entry) {
  return [span(`glyph ${entry.kind}`, ''), span('what', describe(entry)), span('at', hhmmss(entry.time))];
}

function chatName(chat) {
  if (!chat) return '';
  if (typeof chat !== 'object') return nameOf(peer(chat));
  if (chat.users) return chat.users.map(who).join(' and ');
  return chat.title ?? nameOf(peer(chat.id));
}
const quoted = (text) => (text ? ` “${text.length > 60 ? `${text.slice(0, 60)}…` : text}”` : '');

function describe(e) {
  switch (e.kind) {
    case 'user_created': return `${nameOf(e.user)} was created`;
    case 'bot_created': return `Bot ${e.user?.username ? `@${e.user.username}` : nameOf(e.user)} was created`;
    case 'chat_created': return `${chatName(e.chat)} was created`;
    case 'member_changed': return `${who(e.user)} is ${e.status ?? 'changed'} in ${chatName(e.chat)}`;
    case 'message_sent': return `${who(e.from)} wrote${quoted(e.text) || ' a message'}${e.keyboard ? ' with buttons' : ''}`;
    case 'message_edited': return `${who(e.from)} edited${quoted(e.text) || ' a message'}`;
    case 'message_deleted': return `${who(e.from ?? e.actor?.id)} deleted a message`;
    case 'update_queued': return `${e.update} queued for ${who(e.bot)}`;
    case 'update_delivered': return `${e.update} delivered to ${who(e.bot)} by ${e.via}`;
    case 'update_expired': return `${e.update} for ${who(e.bot)} expired`;
    case 'answered': return `answered${quoted(e.answer?.text) || (e.answer?.url ? ` with ${e.answer.url}` : ' with nothing')}${e.answer?.show_alert ? ' as an alert' : ''}`;
    case 'press_finished': return `finished: ${e.outcome}${e.error ? ` (${e.error.message})` : ''}`;
    case 'chat_action': return `${who(e.from)}: ${String(e.action).replace(/_/g, ' ')}`;
    case 'inline_query': return `${who(e.from)} asks ${who(e.bot)}:${quoted(e.query) || ' (nothing yet)'}`;
    case 'inline_answered': return `${who(e.bot)} answered an inline query`;
    case 'webhook_failed': return `Webhook of ${who(e.bot)} failed: ${e.error}`;
    case 'warning': return e.text ?? 'Warning';
    case 'clock_advanced': return `Time was advanced${e.by ? ` by ${e.by}` : e.by_ms ? ` by ${duration(e.by_ms)}` : ''}`;
    case 'fault': return 'A fault was made';
    case 'reset': return 'Everything was reset';
    default: return e.kind.replace(/_/g, ' ');
  }
}

// ---- unfolded ----------------------------------------------------------------------------------------------------------

function fill(node, item) {
  const details = node.firstElementChild;
  const print = `${item.steps?.length ?? 0}|${Boolean(item.response)}|${item.state ?? ''}|${item.steps?.filter((step) => step.response).length ?? 0}`;
  if (details.dataset.filled === print) return;
  details.dataset.filled = print;
  const open = new Set([...details.querySelectorAll('details[open]')].map((d) => d.dataset.seq));
  const focused = details.querySelector('.body')?.contains(document.activeElement) ? document.activeElement.closest('[data-seq]')?.dataset.seq : null;
  details.querySelector(':scope > .body')?.remove();
  details.append(item.type === 'press' ? tree(item, open) : item.type === 'call' ? callBody(item) : h('div', { class: 'body' }, json(item.entry)));
  if (focused) details.querySelector(`details[data-seq="${focused}"] > summary`)?.focus();
}

function tree(press, open) {
  const { entry } = press;
  const step = (at, kind, content) => h('li', { class: `step ${kind}` }, h('span', { class: 'rel' }, `+${duration(Math.max(0, at - entry.time))}`), content);
  const where = `message ${entry.message_id ?? entry.inline_message_id ?? '?'}${entry.chat?.users ? '' : ` in ${chatName(entry.chat)}`}`;
  return h('div', { class: 'body' }, h('ol', { class: 'tree', 'aria-label': 'Steps of this press' },
    step(entry.time, 'press', h('div', {}, h('b', {}, 'pressed'), h('small', { class: 'muted' }, ` ${where}`), h('code', {}, entry.data ?? `game ${entry.game_short_name ?? ''}`))),
    press.steps.map((item) => {
      if (item.type !== 'call') return step(item.entry.time, item.entry.kind, h('span', {}, stepText(item.entry)));
      const details = h('details', { dataset: { seq: item.seq }, open: open.has(String(item.seq)) }, h('summary', {}, callLine(item).slice(0, 3)), callBody(item));
      return step(item.entry.time, 'call', details);
    })));
}

function stepText(entry) {
  if (entry.kind === 'update_queued') return `update ${entry.update_id ?? ''} queued`;
  if (entry.kind === 'update_delivered') return `delivered by ${entry.via}`;
  if (entry.kind === 'message_edited') return 'message edited';
  if (entry.kind === 'update_expired') return 'update expired, undelivered';
  return describe(entry);
}

function callBody({ entry, response }) {
  return h('div', { class: 'body' },
    h('h4', {}, 'Parameters'), json(entry.params ?? {}),
    h('h4', {}, 'Response'), response ? json(response.ok ? response.result ?? true : { error_code: response.error_code, description: response.description }) : h('p', { class: 'muted' }, 'none yet'));
}

/** Pretty-printed JSON with keys, strings and numbers told apart. */
function json(value) {
  let text = JSON.stringify(value, null, 2) ?? 'undefined';
  if (text.length > LONGEST) text = `${text.slice(0, LONGEST)}\n… ${text.length - LONGEST} more characters`;
  const pre = h('pre', { class: 'json', tabindex: '0', 'aria-label': 'JSON' });
  const pattern = /("(?:[^"\\]|\\.)*")(\s*:)?|\b(true|false|null|-?\d[\d.eE+-]*)\b/g;
  let at = 0;
  for (const match of text.matchAll(pattern)) {
    pre.append(text.slice(at, match.index), h('span', { class: match[2] ? 'k' : match[1] ? 's' : 'n' }, match[1] ?? match[0]), match[2] ?? '');
    at = match.index + match[0].length;
  }
  pre.append(text.slice(at));
  return pre;
}
