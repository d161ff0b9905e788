// What covers the page for a moment: toast, alert, "open this link?", small forms.

import { $, copyText, h, icon } from './dom.js';

let hideToast = 0;

/** A quiet line over the conversation, read out politely. */
export function toast(text, { tone = 'plain', detail = '' } = {}) {
  const box = $('toast');
  box.replaceChildren(h('span', {}, text), detail ? h('small', {}, detail) : '');
  box.dataset.tone = tone;
  box.classList.add('shown');
  const stay = () => { clearTimeout(hideToast); };
  const leave = () => { clearTimeout(hideToast); hideToast = setTimeout(() => box.classList.remove('shown'), Math.min(9000, 3500 + text.length * 40)); };
  box.onmouseenter = stay;
  box.onmouseleave = leave;
  leave();
}

export const showError = (error) => toast(error.message || String(error), { tone: 'error', detail: error.hint || '' });

/** The alert of an answer. Focus goes back to `origin()` when it is closed. */
export function alertDialog(from, text, origin) {
  const dialog = $('alert');
  $('alert-from').textContent = from;
  $('alert-text').textContent = text;
  if (dialog.open) dialog.close();
  dialog.onclose = () => origin?.()?.focus();
  dialog.showModal();
}

function ask(title, body, actions, onclose) {
  const dialog = $('ask');
  if (dialog.open) dialog.close();
  dialog.replaceChildren(h('h2', { id: 'ask-title' }, title), ...body, h('div', { class: 'actions' }, actions));
  dialog.onclose = () => onclose?.();
  dialog.showModal();
  return dialog;
}
const close = () => $('ask').close();
const cancelButton = (label = 'Cancel') => h('button', { onclick: close }, label);

const OPENABLE = /^(https?|tg|ton|mailto):/i;

/** Offers to open an address; nothing is opened unless the person says so. `startBot(name, parameter)` handles bot links here. */
export function linkDialog(url, { note = '', title = 'Open this link?', startBot } = {}) {
  const start = botLink(url);
  const open = OPENABLE.test(url)
    ? h('a', { class: 'primary', href: url, target: '_blank', rel: 'noopener noreferrer', onclick: () => setTimeout(close) }, 'Open in a new tab')
    : null;
  ask(title, [h('p', { class: 'address' }, url), note && h('p', { class: 'muted' }, note)].filter(Boolean), [
    cancelButton(),
    copyButton(url, 'Copy'),
    start && startBot ? h('button', { class: 'primary', onclick: () => { close(); startBot(start.name, start.parameter); } }, `Start @${start.name} here`) : open,
  ].filter(Boolean));
}

function botLink(url) {
  try {
    const { protocol, hostname, pathname, searchParams } = new URL(url);
    const short = /^https?:$/.test(protocol) && /^(t|telegram)\.me$/.test(hostname);
    if (short && searchParams.has('start')) return { name: pathname.slice(1), parameter: searchParams.get('start') };
    if (protocol === 'tg:' && searchParams.has('domain')) return { name: searchParams.get('domain'), parameter: searchParams.get('start') ?? '' };
  } catch { /* not an address one could parse: shown as it is */ }
  return null;
}

export function copyButton(text, label) {
  const button = h('button', { class: 'copy', onclick: async () => {
    const done = await copyText(text);
    toast(done ? 'Copied' : 'The browser did not allow copying');
  } }, icon('copy'), label ?? h('span', { class: 'visually-hidden' }, `Copy ${text}`));
  return button;
}

/** Lets the person choose one of `items` ({label, value}). */
export function choose(title, items, done) {
  ask(title, [h('ul', { class: 'choices' }, items.map(({ label, value }) => h('li', {}, h('button', { onclick: () => { close(); done(value); } }, label))))], [cancelButton()]);
}

export function confirm(title, text, label, done) {
  ask(title, [h('p', {}, text)], [cancelButton(), h('button', { class: 'primary', onclick: () => { close(); done(); } }, label)]);
}

/**
 * A form. fields: {name, label, required?, placeholder?, hint?, options?: [[value, label]], many?: [[value, label]]}.
 * submit(values) may throw: the error is shown in the dialog, which stays open.
 */
export function formDialog(title, fields, label, submit) {
  const problem = h('p', { class: 'problem', role: 'alert' });
  const form = h('form', { onsubmit: async (event) => {
    event.preventDefault();
    const data = new FormData(form);
    const values = {};
    for (const field of fields) {
      const value = field.many ? data.getAll(field.name) : String(data.get(field.name) ?? '').trim();
      if (value.length) values[field.name] = value;
    }
    try {
      await submit(values);
      close();
    } catch (error) {
      problem.textContent = [error.message, error.hint].filter(Boolean).join(' ');
    }
  } }, fields.map(fieldOf), problem, h('div', { class: 'actions' }, cancelButton(), h('button', { class: 'primary', type: 'submit' }, label)));
  ask(title, [form], []);
  form.querySelector('input, select')?.focus();
}

function fieldOf(field) {
  if (field.many) {
    return h('fieldset', {}, h('legend', {}, field.label), h('div', { class: 'many' }, field.many.map(([value, label]) =>
      h('label', {}, h('input', { type: 'checkbox', name: field.name, value }), h('span', {}, label)))));
  }
  const control = field.options
    ? h('select', { name: field.name }, field.options.map(([value, label]) => h('option', { value }, label)))
    : h('input', { name: field.name, required: field.required, placeholder: field.placeholder, autocomplete: 'off', spellcheck: 'false' });
  return h('label', { class: 'field' }, h('span', {}, field.label), control, field.hint && h('small', {}, field.hint));
}

/** Shows something to keep, such as a new bot's token. */
export function tell(title, lines) {
  ask(title, lines.map(([name, value]) => h('div', { class: 'copyline' }, h('span', { class: 'muted' }, name), h('code', {}, value), copyButton(value))), [
    h('button', { class: 'primary', onclick: close }, 'Done'),
  ]);
}
