// Inline keyboards: drawing them, and the life of a press from the click to the outcome.

import { api } from './api.js';
import { copyText, h, icon, nameOf } from './dom.js';
import { alertDialog, choose, linkDialog, showError, toast } from './dialogs.js';
import { isBot, on, peer, state } from './store.js';

const STYLES = new Set(['danger', 'success', 'primary']);

const pressing = new Map();   // place of the button -> true
const waiting = new Map();    // press id -> what to do with its outcome
const early = new Map();      // outcomes that came before the reply to POST /presses

const place = (message, key) => `${state.me}|${message.chat.id}|${message.message_id}|${key}`;

export function inlineKeyboard(message, act) {
  const rows = message.reply_markup?.inline_keyboard;
  if (!rows?.length) return null;
  return h('div', { class: 'keyboard', role: 'group', 'aria-label': 'Buttons of this message' },
    rows.map((row, r) => h('div', { class: 'row' }, row.map((button, c) => keyButton(message, button, r, c, act)))));
}

function keyButton(message, button, row, column, act) {
  const kind = kindOf(button);
  const key = button.callback_data !== undefined ? `d:${button.callback_data}` : `p:${row}:${column}`;
  const node = h('button', {
    class: `key ${STYLES.has(button.style) ? button.style : ''}`.trim(),
    title: kind.title,
    disabled: kind.disabled,
    dataset: { key, kind: kind.name },
    onclick: () => kind.act({ message, button, row, column, key, node, act }),
  }, h('span', { class: 'label' }, button.text), kind.icon && icon(kind.icon));
  setBusy(node, pressing.has(place(message, key)));
  return node;
}

function kindOf(button) {
  if (button.callback_data !== undefined) return { name: 'callback', act: press };
  if (button.callback_game) return { name: 'game', icon: 'game', act: press };
  if (button.url) return { name: 'url', icon: 'link', title: button.url, act: ({ act }) => linkDialog(button.url, { startBot: act.startBot }) };
  if (button.login_url) return { name: 'login', icon: 'link', title: button.login_url.url, act: () => linkDialog(button.login_url.url, { title: 'Log in with this link?' }) };
  if (button.web_app) return { name: 'app', icon: 'app', title: button.web_app.url, act: () => linkDialog(button.web_app.url, { title: `Open “${button.text}”?`, note: 'A Mini App opens inside the messenger. Here it opens as a page of its own, without launch data.' }) };
  if (button.copy_text) return { name: 'copy', icon: 'copy', title: 'Copies its text', act: async () => toast(await copyText(button.copy_text.text) ? 'Copied' : 'The browser did not allow copying') };
  if (button.switch_inline_query_current_chat !== undefined) return { name: 'inline', icon: 'share', title: 'Starts an inline query here', act: ({ message, act }) => act.prefill(inlineText(message, button.switch_inline_query_current_chat)) };
  if (button.switch_inline_query !== undefined) return { name: 'inline', icon: 'share', title: 'Starts an inline query in a chat you choose', act: ({ message, act }) => switchInline(message, button.switch_inline_query, act) };
  if (button.switch_inline_query_chosen_chat) return { name: 'inline', icon: 'share', title: 'Starts an inline query in a chat you choose', act: ({ message, act }) => switchInline(message, button.switch_inline_query_chosen_chat.query ?? '', act, button.switch_inline_query_chosen_chat) };
  if (button.pay) return { name: 'pay', icon: 'pay', act: () => toast('Nothing is paid for here.', { detail: 'Payments are not part of a local Telegram.' }) };
  return { name: 'disabled', disabled: true, title: 'This button is disabled' };
}

const inlineText = (message, query) => `@${(message.via_bot ?? message.from)?.username ?? ''} ${query ?? ''}`;

function switchInline(message, query, act, allow) {
  const allowed = ({ chat }) => !allow
    || (chat.type === 'channel' ? allow.allow_channel_chats : chat.type !== 'private' ? allow.allow_group_chats : isBot(chat.id) ? allow.allow_bot_chats : allow.allow_user_chats);
  const items = [...state.chats.values()].filter(allowed).map(({ chat }) => ({ label: nameOf(chat), value: chat.id }));
  if (!items.length) return toast('None of your chats can take this.');
  choose('Where to?', items, (chat) => act.prefill(inlineText(message, query), chat));
}

function setBusy(node, busy) {
  node.classList.toggle('busy', busy);
  if (busy) node.setAttribute('aria-busy', 'true');
  else node.removeAttribute('aria-busy');
}

/** The button as it is drawn now: an edit may have replaced the one that was clicked. */
function current({ message, key }) {
  return document.querySelector(`#messages [data-message-id="${message.message_id}"] .key[data-key="${CSS.escape(key)}"]`);
}

async function press(what) {
  const { message, button, row, column, key, node } = what;
  const where = place(message, key);
  if (pressing.has(where)) return;
  pressing.set(where, true);
  setBusy(node, true);
  const done = (outcome) => {
    pressing.delete(where);
    if (where !== place(message, key)) return;             // one is somebody else by now
    const now = message.chat.id === state.chat ? current(what) : null;
    if (now) setBusy(now, false);
    show(outcome, what);
  };
  try {
    // By its data, as clients do: the page may be one edit behind, and a row and a column would be another button.
    const by = button.callback_data !== undefined ? { data: button.callback_data } : { row, column };
    const reply = await api.press({ from: state.me, chat: message.chat.id, message_id: message.message_id, button: by, wait: false });
    if (reply.outcome && reply.outcome !== 'pending') return done(reply);
    const id = String(reply.id);
    if (early.has(id)) return done(early.get(id));
    waiting.set(id, done);
    poll(id);
  } catch (error) {
    done({ outcome: 'refused', error });
  }
}

// The journal says when a press is over; asking is for when the journal is away.
async function poll(id) {
  for (let pause = 3000; waiting.has(id); pause = Math.min(pause * 1.5, 15000)) {
    await new Promise((resolve) => setTimeout(resolve, pause));
    if (!waiting.has(id)) return;
    try {
      const reply = await api.pressState(id);
      if (reply.outcome !== 'pending') finish(id, reply);
    } catch (error) {
      if (error.status === 404) finish(id, { outcome: 'refused', error });
    }
  }
}

function finish(id, outcome) {
  const done = waiting.get(id);
  waiting.delete(id);
  done?.(outcome);
}

on('entries', (entries) => {
  for (const entry of entries) {
    if (entry.kind !== 'press_finished') continue;
    const id = String(entry.press_id);
    if (waiting.has(id)) finish(id, entry);
    else {
      early.set(id, entry);
      if (early.size > 200) early.delete(early.keys().next().value);
    }
  }
});

function show({ outcome, answer, error, edited }, what) {
  if (outcome === 'refused') return showError(error);
  if (answer?.url) return linkDialog(answer.url, { title: what.button.callback_game ? 'Play this game?' : 'Open this link?', startBot: what.act.startBot });
  if (answer?.text && answer.show_alert) return alertDialog(nameOf(what.message.via_bot ?? peer(what.message.from?.id) ?? what.message.from), answer.text, () => current(what));
  if (answer?.text) return toast(answer.text);
  // A bot that changed the message has reacted: Telegram's clients then say nothing of a missing answer.
  if (error?.message && !edited) toast(explain(outcome, error.message), { tone: 'quiet', detail: error.message });
}

function explain(outcome, name) {
  if (name === 'BOT_RESPONSE_TIMEOUT') return 'The bot did not answer in time.';
  if (name === 'DATA_INVALID') return 'This button is no longer there.';
  if (name === 'MESSAGE_ID_INVALID') return 'This message is no longer there.';
  return outcome === 'timeout' ? 'The bot did not answer in time.' : 'The press was refused.';
}
