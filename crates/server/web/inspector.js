// The right pane: the journal live, the world's clock, and how much each bot has waiting.

import { api } from './api.js';
import { $, coalesce, h, hhmmss } from './dom.js';
import { showError } from './dialogs.js';
import { Journal, visible } from './journal.js';
import { renderRow, updateRow } from './rows.js';
import { on, state } from './store.js';

const ROWS = 300;          // rows in the document; older ones come back with a filter

const journal = new Journal();
const rows = new Map();    // item -> <li>
let filter = 'all';
let bot = 0;
const list = $('journal');

export function startInspector() {
  filter = localStorage.getItem('ringback.filter') ?? 'all';
  if (!document.querySelector(`#filter [data-filter="${CSS.escape(filter)}"]`)) filter = 'all';
  on('history', (entries) => { journal.clear(); for (const entry of entries) journal.add(entry); rebuild(); readClock(); });
  on('entries', take);
  on('people', rename);
  on('bots', () => { bots(); rename(); });
  $('filter').addEventListener('click', (event) => {
    const button = event.target.closest('[data-filter]');
    if (!button) return;
    filter = button.dataset.filter;
    localStorage.setItem('ringback.filter', filter);
    rebuild();
  });
  $('by-bot').addEventListener('change', () => { bot = Number($('by-bot').value); rebuild(); });
  document.querySelector('.clock').addEventListener('click', advance);
  setInterval(tick, 1000);
}

// ---- rows ------------------------------------------------------------------------------------------------------------

let made = [];
const changed = new Set();
let frame = 0;

function take(entries) {
  for (const entry of entries) {
    if (entry.kind === 'reset') { journal.clear(); made = []; changed.clear(); rows.clear(); list.replaceChildren(); }
    if (entry.kind === 'clock_advanced' || entry.kind === 'reset') readClock();
    for (const item of journal.add(entry)) {
      if (rows.has(item)) changed.add(item);
      else if (item.seq === entry.seq) made.push(item);
    }
  }
  frame ||= requestAnimationFrame(flush);
}

function flush() {
  frame = 0;
  const fresh = made.filter((item) => visible(item, filter, bot)).slice(-ROWS);
  made = [];
  if (fresh.length) {
    list.prepend(...fresh.reverse().map(row));
    while (list.childElementCount > ROWS) {
      const last = list.lastElementChild;
      rows.delete(last.item);
      last.remove();
    }
  }
  for (const item of changed) if (rows.has(item)) updateRow(rows.get(item), item);
  changed.clear();
  $('journal-empty').hidden = list.childElementCount > 0;
}

function row(item) {
  const node = renderRow(item);
  node.item = item;
  rows.set(item, node);
  return node;
}

function rebuild() {
  for (const button of $('filter').children) button.setAttribute('aria-pressed', String(button.dataset.filter === filter));
  rows.clear();
  made = [];
  const some = [];
  for (let i = journal.items.length - 1; i >= 0 && some.length < ROWS; i -= 1) {
    if (visible(journal.items[i], filter, bot)) some.push(journal.items[i]);
  }
  list.replaceChildren(...some.map(row));
  $('journal-empty').hidden = some.length > 0;
}

// Names may come later than the rows that use them.
const rename = coalesce(async () => { for (const [item, node] of rows) updateRow(node, item); }, 50);

// ---- bots ------------------------------------------------------------------------------------------------------------

const HOW = { polling: 'by polling', webhook: 'by webhook', nothing: 'not connected' };

function bots() {
  const all = [...state.bots.values()];
  const print = all.map((b) => `${b.id}${b.username}${b.pending_update_count}${b.receives}`).join();
  if ($('pending').dataset.print === print) return;
  $('pending').dataset.print = print;
  const chosen = $('by-bot').value;
  $('by-bot').replaceChildren(h('option', { value: '' }, 'All bots'), ...all.map((b) => h('option', { value: String(b.id) }, `@${b.username}`)));
  $('by-bot').value = chosen;
  const busiest = all.sort((a, b) => (b.pending_update_count ?? 0) - (a.pending_update_count ?? 0)).slice(0, 6);
  $('pending').replaceChildren(...busiest.map((b) => {
    const n = b.pending_update_count ?? 0;
    return h('li', { class: b.receives ?? '', title: `Receives updates: ${HOW[b.receives] ?? 'unknown'}` },
      h('span', {}, `@${b.username}`),
      h('b', { class: n ? 'some' : '' }, String(n)),
      h('span', { class: 'visually-hidden' }, `updates waiting, ${HOW[b.receives] ?? ''}`));
  }));
}

// ---- the clock -------------------------------------------------------------------------------------------------------

let clock = null;    // {now, advanced_ms, at}

async function readClock() {
  try {
    clock = { ...await api.clock(), at: performance.now() };
    tick();
  } catch { /* the banner says it */ }
}

function tick() {
  if (!clock) return;
  const now = clock.now + performance.now() - clock.at;
  $('now').textContent = hhmmss(now);
  $('now').dateTime = new Date(now).toISOString();
  const ahead = Math.round((clock.advanced_ms ?? 0) / 1000);
  $('advanced').textContent = ahead ? `${spell(ahead)} ahead` : 'Advance time';
}

function spell(seconds) {
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min${seconds % 60 ? ` ${seconds % 60} s` : ''}`;
  return `${Math.floor(seconds / 3600)} h${seconds % 3600 >= 60 ? ` ${Math.floor((seconds % 3600) / 60)} min` : ''}`;
}

async function advance(event) {
  const button = event.target.closest('[data-by]');
  if (!button) return;
  try {
    await api.advance(button.dataset.by);
    await readClock();
  } catch (error) { showError(error); }
}
