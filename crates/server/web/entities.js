// Text with its entities as DOM nodes. Offsets and lengths are UTF-16 units: indices of JavaScript strings.

import { h } from './dom.js';

/**
 * @param {string} text
 * @param {Array} entities  Bot API MessageEntity objects
 * @param {{command: Function, link: Function, mention: Function}} act  what a click does
 */
export function renderText(text, entities, act) {
  const sorted = (entities ?? [])
    .filter((e) => Number.isInteger(e.offset) && e.length > 0 && e.offset >= 0 && e.offset < text.length)
    .map((e, order) => ({ ...e, start: e.offset, end: Math.min(e.offset + e.length, text.length), order }))
    .sort((a, b) => a.start - b.start || b.end - a.end || a.order - b.order);
  return renderRange(text, 0, text.length, sorted, act);
}

const BLOCKS = new Set(['pre', 'blockquote', 'expandable_blockquote']);

function renderRange(text, from, to, entities, act) {
  const out = document.createDocumentFragment();
  let at = from;
  let i = 0;
  while (i < entities.length) {
    const entity = entities[i];
    const start = Math.max(entity.start, at);
    const end = Math.min(entity.end, to);
    i += 1;
    if (start >= end) continue;
    const inner = [];
    const rest = [];
    for (const other of entities.slice(i)) {
      if (other.start < end) inner.push(other);
      if (other.end > end) rest.push(other);
    }
    // A block breaks the line by itself: the newline beside it would be an empty line.
    const block = BLOCKS.has(entity.type);
    const before = block && start > at && text[start - 1] === '\n' ? start - 1 : start;
    out.append(text.slice(at, before), wrap(entity, text.slice(start, end), renderRange(text, start, end, inner, act), act));
    at = block && text[end] === '\n' ? end + 1 : end;
    entities = rest;
    i = 0;
  }
  out.append(text.slice(at, to));
  return out;
}

function wrap(entity, raw, content, act) {
  switch (entity.type) {
    case 'bold': return h('strong', {}, content);
    case 'italic': return h('em', {}, content);
    case 'underline': return h('u', {}, content);
    case 'strikethrough': return h('s', {}, content);
    case 'code': return h('code', {}, content);
    case 'pre': return h('pre', { tabindex: '0', 'data-language': entity.language, 'aria-label': entity.language ? `Code, ${entity.language}` : 'Code' }, h('code', {}, content));
    case 'blockquote': return h('blockquote', {}, content);
    case 'expandable_blockquote': return expandable(content);
    case 'spoiler': return spoiler(content);
    case 'bot_command': return h('button', { class: 'inline command', onclick: () => act.command(raw) }, content);
    case 'mention': return h('button', { class: 'inline', onclick: () => act.mention(raw) }, content);
    case 'text_mention': return h('button', { class: 'inline', onclick: () => act.mention(entity.user?.id) }, content);
    case 'url': return link(/^[a-z][a-z0-9+.-]*:/i.test(raw) ? raw : `http://${raw}`, content, act);
    case 'text_link': return link(entity.url, content, act);
    case 'hashtag':
    case 'cashtag':
    case 'email':
    case 'phone_number': return h('span', { class: 'tag' }, content);
    default: return h('span', {}, content);
  }
}

// A link is a button that asks first: the page never leaves its origin by itself.
const link = (url, content, act) => h('button', { class: 'inline', title: url, onclick: () => act.link(url) }, content);

function spoiler(content) {
  const node = h('button', { class: 'spoiler', 'aria-label': 'Hidden text, press to show', onclick: () => {
    node.classList.add('shown');
    node.removeAttribute('aria-label');
    inner.removeAttribute('aria-hidden');
  } });
  const inner = h('span', { 'aria-hidden': 'true' }, content);
  node.append(inner);
  return node;
}

function expandable(content) {
  const quote = h('blockquote', { class: 'folded' }, content);
  const toggle = h('button', { class: 'unfold', 'aria-expanded': 'false', onclick: () => {
    const folded = quote.classList.toggle('folded');
    toggle.setAttribute('aria-expanded', String(!folded));
    toggle.textContent = folded ? 'Show more' : 'Show less';
  } }, 'Show more');
  return h('div', { class: 'expandable' }, quote, toggle);
}
