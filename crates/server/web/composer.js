// The box one writes in, with what hangs on it: START, replies and edits, reply keyboards, commands, inline mode.

import { api } from './api.js';
import { $, h, icon, nameOf } from './dom.js';
import { showError, toast } from './dialogs.js';
import { preview } from './message.js';
import { byUsername, isBot, on, peer, state } from './store.js';

const box = $('box');
const drafts = new Map();       // "me:chat" -> text
const used = new Set();         // "me:chat:message" whose one-time keyboard or forced reply is done with
let place = '';
let context = null;             // {kind: 'reply' | 'edit', message}
let inlineAsked = '';
let inlineTimer = 0;

export const composer = {
  show(there) {
    if (place) drafts.set(place, box.value);
    place = `${state.me}:${state.chat}`;
    $('composer').hidden = !there;
    setContext(null);
    hidePopup();
    $('start').hidden = true;
    $('write').hidden = false;
    $('reply-keyboard').hidden = true;
    setText(drafts.get(place) ?? '');
    if (there && matchMedia('(pointer: fine)').matches && document.activeElement === document.body) box.focus();
  },
  /** Called with the chat's messages whenever they change. */
  update(messages) {
    const begin = isBot(state.chat) && messages.length === 0;
    $('start').hidden = !begin;
    $('write').hidden = begin;
    replyKeyboard(messages);
  },
  prefill(text) {
    setText(text);
    box.focus();
    typed();
  },
  reply: (message) => { setContext({ kind: 'reply', message }); box.focus(); },
  edit: (message) => { setContext({ kind: 'edit', message }); setText(message.text); box.focus(); },
  sendText,
};

export function startComposer() {
  $('write').addEventListener('submit', (event) => { event.preventDefault(); submit(); });
  $('start').addEventListener('click', () => sendText('/start').then(() => box.focus()));
  box.addEventListener('input', () => { grow(); typed(); });
  box.addEventListener('keydown', (event) => {
    if (event.isComposing) return;
    const choices = $('popup').querySelectorAll('button.choice');
    if (event.key === 'Enter' && !event.shiftKey) { event.preventDefault(); submit(); }
    else if (event.key === 'Escape' && (context || choices.length)) { hidePopup(); setContext(null); }
    else if ((event.key === 'ArrowUp' || event.key === 'ArrowDown') && choices.length) {
      event.preventDefault();
      choices[event.key === 'ArrowUp' ? choices.length - 1 : 0].focus();
    }
  });
  $('popup').addEventListener('keydown', (event) => {
    const choices = [...$('popup').querySelectorAll('button.choice')];
    const at = choices.indexOf(document.activeElement);
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (event.key === 'Escape') { hidePopup(); box.focus(); }
    else if (step) {
      event.preventDefault();
      (choices[at + step] ?? box).focus();
    }
  });
  on('bots', () => { if (document.activeElement === box) typed(); });
}

async function submit() {
  const text = box.value.trim();
  if (!text) return;
  if (context?.kind === 'edit') {
    const { message } = context;
    try {
      if (text !== message.text) await api.edit({ from: state.me, chat: state.chat, message_id: message.message_id, text });
      setContext(null);
      setText('');
    } catch (error) { showError(error); }
    return;
  }
  const replyTo = context?.message.message_id;
  setText('');
  setContext(null);
  hidePopup();
  if (!await sendText(text, replyTo) && !box.value) setText(text);
}

async function sendText(text, replyTo) {
  try {
    await api.send({ from: state.me, chat: state.chat, text, ...(replyTo === undefined ? {} : { reply_to: replyTo }) });
    return true;
  } catch (error) {
    showError(error);
    return false;
  }
}

function setText(text) {
  box.value = text;
  grow();
}
function grow() {
  box.style.height = 'auto';
  box.style.height = `${Math.min(box.scrollHeight, 180)}px`;
}

function setContext(next) {
  if (context?.kind === 'edit' && !next) setText('');
  context = next;
  const bar = $('context');
  bar.hidden = !next;
  if (!next) return;
  bar.replaceChildren(
    h('div', {}, h('b', {}, next.kind === 'edit' ? 'Edit message' : `Reply to ${nameOf(next.message.from)}`), h('span', {}, preview(next.message))),
    h('button', { class: 'icon', 'aria-label': 'Cancel', onclick: () => { setContext(null); box.focus(); } }, icon('close')),
  );
}

// ---- reply keyboards ----------------------------------------------------------------------------------------------

function replyKeyboard(messages) {
  const area = $('reply-keyboard');
  const isReply = (m) => m.reply_markup && (m.reply_markup.keyboard || m.reply_markup.remove_keyboard || m.reply_markup.force_reply);
  const message = messages.findLast((m) => m.from?.id !== state.me && isReply(m));
  const markup = message?.reply_markup;
  const key = `${place}:${message?.message_id}`;
  box.placeholder = (!used.has(key) && markup?.input_field_placeholder) || 'Message';
  if (markup?.force_reply && !used.has(key)) {
    used.add(key);
    composer.reply(message);
    box.placeholder = markup.input_field_placeholder || 'Message';
  }
  area.hidden = !markup?.keyboard || used.has(key);
  if (area.hidden) return;
  if (area.dataset.of === key) return;
  area.dataset.of = key;
  area.replaceChildren(...markup.keyboard.map((row) => h('div', { class: 'row' }, row.map((button) => {
    const text = typeof button === 'string' ? button : button.text;
    return h('button', { class: 'key', onclick: () => {
      const special = typeof button === 'object' && Object.keys(button).find((name) => /^(request_|web_app)/.test(name) && button[name]);
      if (special) return toast('This button asks the device for something.', { detail: `${special} does nothing here.` });
      if (markup.one_time_keyboard) { used.add(key); area.hidden = true; box.focus(); }
      return sendText(text);
    } }, text);
  }))));
}

// ---- what appears above the box: commands, inline results ---------------------------------------------------------

function hidePopup() {
  $('popup').hidden = true;
  $('popup').replaceChildren();
  clearTimeout(inlineTimer);
  inlineAsked = '';
}

function typed() {
  const inline = /^@(\w{3,})\s(.*)$/s.exec(box.value);
  const bot = inline && byUsername(inline[1]);
  if (bot && isBot(bot.id)) return askInline(bot, inline[2]);
  hidePopup();
  const command = /^\/(\w*)$/.exec(box.value);
  const commands = command && isBot(state.chat) ? peer(state.chat).commands ?? state.bots.get(state.chat).commands : null;
  const fitting = commands?.filter((c) => c.command.startsWith(command[1])) ?? [];
  if (fitting.length) {
    showChoices('Commands', fitting.map((c) => ({ title: `/${c.command}`, description: c.description, pick: () => { setText(''); sendText(`/${c.command}`); } })));
  }
}

function askInline(bot, query) {
  const asked = `${place}|${bot.id}|${query}`;
  if (asked === inlineAsked) return;
  inlineAsked = asked;
  clearTimeout(inlineTimer);
  inlineTimer = setTimeout(() => runInline(bot, query, asked), 300);
}

async function runInline(bot, query, asked) {
  const { me, chat } = state;
  showNote(`Asking @${bot.username}…`, true);
  let reply;
  try {
    reply = await api.inlineQuery({ from: me, bot: bot.id, query, chat });
  } catch (error) {
    if (asked === inlineAsked) { hidePopup(); showError(error); }
    return;
  }
  if (asked !== inlineAsked) return;
  if (reply.outcome !== 'answered') return showNote(`@${bot.username} did not answer${reply.error?.message ? `: ${reply.error.message}` : '.'}`);
  if (!reply.results?.length && !reply.button) return showNote('No results');
  const choices = (reply.results ?? []).map((result) => ({
    title: titleOf(result),
    description: result.description ?? result.input_message_content?.message_text ?? result.caption,
    pick: async () => {
      setText('');
      hidePopup();
      box.focus();
      try { await api.inlineMessage({ from: me, chat, inline_query_id: reply.id, result_id: result.id }); } catch (error) { showError(error); }
    },
  }));
  showChoices(`Results of @${bot.username}`, choices, reply.button?.text);
}

const titleOf = (result) => result.title || result.first_name || result.game_short_name || result.sticker_file_id || `${result.type} ${result.id}`;

function showChoices(label, choices, top) {
  const popup = $('popup');
  popup.hidden = false;
  popup.replaceChildren(...[
    top && h('p', { class: 'muted' }, top),
    h('ul', { 'aria-label': label }, choices.slice(0, 50).map((choice) => h('li', {}, h('button', { class: 'choice', onclick: () => { hidePopup(); box.focus(); choice.pick(); } },
      h('b', {}, choice.title), choice.description && h('span', {}, choice.description))))),
  ].filter(Boolean));
}

function showNote(text, busy = false) {
  $('popup').hidden = false;
  $('popup').replaceChildren(h('p', { class: busy ? 'muted busy' : 'muted', role: 'status' }, text));
}
