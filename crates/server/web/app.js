// Starts the page: loads the world, follows the journal, and wires what belongs to no single pane.

import { followJournal } from './api.js';
import { $ } from './dom.js';
import { showError, toast } from './dialogs.js';
import { startComposer } from './composer.js';
import { startConversation } from './conversation.js';
import { startInspector } from './inspector.js';
import { startPeople } from './people.js';
import { emit, loadWorld, on, state } from './store.js';

// ---- theme: the system's, unless one chose --------------------------------------------------------------------------

const dark = matchMedia('(prefers-color-scheme: dark)');
const theme = () => localStorage.getItem('ringback.theme') ?? (dark.matches ? 'dark' : 'light');
function paint() {
  const now = theme();
  document.documentElement.dataset.theme = now;
  $('theme').setAttribute('aria-pressed', String(now === 'dark'));
  $('theme').querySelector('use').setAttribute('href', `icons.svg#${now === 'dark' ? 'sun' : 'moon'}`);
}
$('theme').addEventListener('click', () => {
  localStorage.setItem('ringback.theme', theme() === 'dark' ? 'light' : 'dark');
  paint();
});
dark.addEventListener('change', paint);
paint();

// ---- panes as tabs on narrow screens ---------------------------------------------------------------------------------

function showPane() {
  for (const tab of $('tabs').children) tab.setAttribute('aria-pressed', String(tab.dataset.show === document.body.dataset.pane));
}
$('tabs').addEventListener('click', (event) => {
  const tab = event.target.closest('[data-show]');
  if (!tab) return;
  document.body.dataset.pane = tab.dataset.show;
  showPane();
});
addEventListener('panechange', showPane);

// ---- the server, there or not ----------------------------------------------------------------------------------------

on('error', showError);
const banner = $('banner');
let lost = 0;

let loading = null;

function world() {
  loading ??= loadWorld().catch((error) => { if (error.code !== 'OFFLINE') showError(error); }).finally(() => { loading = null; });
  return loading;
}

startPeople();
startComposer();
startConversation();
startInspector();

followJournal({
  history: (entries) => { emit('history', entries); return world(); },
  entries: (entries) => emit('entries', entries),
  up: () => {
    clearTimeout(lost);
    lost = 0;
    if (!banner.hidden) { banner.hidden = true; toast('The server is back.'); world(); }
    if (!state.ready) world();
  },
  down: () => {
    lost ||= setTimeout(() => {
      banner.textContent = `The server at ${location.host} does not answer. Trying again…`;
      banner.hidden = false;
    }, 700);
  },
  restarted: () => { state.me = null; state.chat = null; },
});
