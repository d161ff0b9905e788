// Small helpers for building the page's elements. No HTML strings anywhere: what a bot sends is text.

const SVG = 'http://www.w3.org/2000/svg';

export const $ = (id) => document.getElementById(id);

/** h('button', {class: 'icon', onclick: f, 'aria-label': 'Send'}, …children) */
export function h(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [key, value] of Object.entries(props ?? {})) {
    if (value === undefined || value === null || value === false) continue;
    if (key.startsWith('on')) node.addEventListener(key.slice(2), value);
    else if (key === 'dataset') Object.assign(node.dataset, value);
    else if (key === 'value') node.value = value;
    else node.setAttribute(key, value === true ? '' : value);
  }
  if (tag === 'button' && !node.hasAttribute('type')) node.type = 'button';
  node.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

export function icon(name) {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('aria-hidden', 'true');
  const use = document.createElementNS(SVG, 'use');
  use.setAttribute('href', `icons.svg#${name}`);
  svg.append(use);
  return svg;
}

export function avatar(peer, extra = '') {
  const node = h('span', { class: `avatar tone-${tone(peer?.id)} ${extra}`.trim(), 'aria-hidden': 'true' });
  node.textContent = initials(nameOf(peer));
  return node;
}

/** One of eight calm colours, the same for one id everywhere. */
export const tone = (id) => (Math.imul(Math.abs(Number(id) || 0) % 0x7fffffff, 0x9e3779b1) >>> 29);

export function nameOf(peer) {
  if (!peer) return 'Unknown';
  return peer.title || [peer.first_name, peer.last_name].filter(Boolean).join(' ') || (peer.username ? `@${peer.username}` : String(peer.id));
}

function initials(name) {
  const words = name.replace(/^@/, '').split(/\s+/).filter(Boolean);
  return words.slice(0, 2).map((word) => Array.from(word)[0]).join('').toUpperCase();
}

/** Runs `work` at most once at a time; calls made meanwhile become one more run at the end. */
export function coalesce(work, delay = 0) {
  let running = false;
  let again = false;
  let timer = 0;
  const run = async () => {
    timer = 0;
    if (running) { again = true; return; }
    running = true;
    try { await work(); } finally {
      running = false;
      if (again) { again = false; schedule(); }
    }
  };
  const schedule = () => { timer ||= setTimeout(run, delay); };
  return schedule;
}

const clockFormat = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
const secondsFormat = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' });
const dayFormat = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'long', year: 'numeric' });
export const hhmm = (ms) => clockFormat.format(ms);
export const hhmmss = (ms) => secondsFormat.format(ms);
export const day = (ms) => dayFormat.format(ms);

export function size(bytes) {
  if (!Number.isFinite(bytes)) return '';
  const units = ['B', 'KB', 'MB', 'GB'];
  let n = bytes;
  let unit = 0;
  while (n >= 1024 && unit < units.length - 1) { n /= 1024; unit += 1; }
  return `${unit && n < 10 ? n.toFixed(1) : Math.round(n)} ${units[unit]}`;
}

export function duration(ms) {
  if (!Number.isFinite(ms)) return '';
  if (ms > 0 && ms < 1) return `${ms.toFixed(1)} ms`;
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 60000) return `${(ms / 1000).toFixed(ms < 10000 ? 2 : 1)} s`;
  return `${Math.round(ms / 6000) / 10} min`;
}

export async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const area = h('textarea', { class: 'visually-hidden', value: text });
    document.body.append(area);
    area.select();
    const done = document.execCommand('copy');
    area.remove();
    return done;
  }
}
