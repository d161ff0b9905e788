// The control API and its stream of events: the only things this page talks to.

const BASE = '/_ringback/v1';

export class ApiError extends Error {
  constructor({ code, message, hint }, status) {
    super(message || `The server answered ${status}.`);
    this.code = code || String(status);
    this.hint = hint || '';
    this.status = status;
  }
}

async function request(method, path, body) {
  let response;
  try {
    response = await fetch(BASE + path, {
      method,
      headers: body === undefined ? { Accept: 'application/json' } : { Accept: 'application/json', 'Content-Type': 'application/json' },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  } catch {
    throw new ApiError({ code: 'OFFLINE', message: 'The server does not answer.', hint: 'Is it still running?' }, 0);
  }
  const text = await response.text();
  let value;
  try { value = text ? JSON.parse(text) : {}; } catch { value = {}; }
  if (!response.ok) throw new ApiError(value.error ?? {}, response.status);
  return value;
}

const query = (params) => {
  const kept = Object.entries(params).filter(([, value]) => value !== undefined && value !== null);
  return kept.length ? `?${new URLSearchParams(kept)}` : '';
};

export const api = {
  users: () => request('GET', '/users').then((r) => r.users),
  bots: () => request('GET', '/bots').then((r) => r.bots),
  chats: (as) => request('GET', `/chats${query({ as })}`).then((r) => r.chats),
  messages: (chat, as, limit) => request('GET', `/messages${query({ chat, as, limit })}`),
  createUser: (user) => request('POST', '/users', user),
  session: (user, library) => request('POST', `/users/${encodeURIComponent(user)}/sessions`, { for: library }),
  createBot: (bot) => request('POST', '/bots', bot),
  createChat: (chat) => request('POST', '/chats', chat),
  send: (message) => request('POST', '/messages', message),
  edit: (message) => request('POST', '/messages/edit', message),
  remove: (messages) => request('POST', '/messages/delete', messages),
  press: (press) => request('POST', '/presses', press),
  pressState: (id) => request('GET', `/presses/${encodeURIComponent(id)}`),
  inlineQuery: (q) => request('POST', '/inline_queries', q),
  inlineMessage: (m) => request('POST', '/inline_messages', m),
  events: (since) => request('GET', `/events${query({ since })}`),
  clock: () => request('GET', '/clock'),
  advance: (by) => request('POST', '/clock/advance', { by }),
  file: async (fileId) => {
    const response = await fetch(api.fileUrl(fileId)).catch(() => null);
    if (!response?.ok) throw new ApiError({ code: 'NO_FILE', message: 'This file is not available here.' }, response?.status ?? 0);
    return response.blob();
  },
  fileUrl: (fileId) => `${BASE}/files/${encodeURIComponent(fileId)}`,
};

const HISTORY = 2000;      // entries of the past to begin with
const SILENCE = 45_000;    // the server sends a comment every 15 s; after this the stream is dead

/**
 * Follows the journal for ever, through restarts of the server. Callbacks:
 * history(entries) once per world, entries(batch) live, up(), down(), restarted().
 */
export async function followJournal({ history, entries, up, down, restarted }) {
  let last = null;
  let pause = 500;
  for (;;) {
    try {
      const { next } = await api.events();
      if (last !== null && Number.isFinite(next) && next < last) {
        last = null;
        restarted();
      }
      if (last === null) {
        const past = await api.events(Math.max(0, (next ?? 0) - HISTORY));
        last = past.events.reduce((seq, entry) => Math.max(seq, entry.seq), 0);
        history(past.events);
      }
      const response = await openStream(last);
      up();
      pause = 500;
      await readStream(response, (batch) => {
        const fresh = batch.filter((entry) => {
          if (entry.seq <= last && entry.kind !== 'reset') return false;
          last = entry.seq;      // a reset may begin to count anew
          return true;
        });
        if (fresh.length) entries(fresh);
      });
    } catch { /* told below; the loop tries again */ }
    down();
    await new Promise((resolve) => setTimeout(resolve, pause));
    pause = Math.min(pause * 1.5, 4000);
  }
}

async function openStream(since) {
  const abort = new AbortController();
  const response = await fetch(`${BASE}/events?since=${since}`, { headers: { Accept: 'text/event-stream' }, signal: abort.signal });
  if (!response.ok) throw new Error(`events: ${response.status}`);
  return { reader: response.body.pipeThrough(new TextDecoderStream()).getReader(), abort };
}

async function readStream({ reader, abort }, deliver) {
  let rest = '';
  for (;;) {
    const timer = setTimeout(() => abort.abort(), SILENCE);
    const { done, value } = await reader.read().finally(() => clearTimeout(timer));
    if (done) return;
    rest += value;
    const blocks = rest.split(/\r?\n\r?\n/);
    rest = blocks.pop();
    const batch = blocks.map(parseBlock).filter(Boolean);
    if (batch.length) deliver(batch);
  }
}

function parseBlock(block) {
  const data = block.split(/\r?\n/).filter((line) => line.startsWith('data:')).map((line) => line.slice(5).trimStart());
  if (!data.length) return null;
  try { return JSON.parse(data.join('\n')); } catch { return null; }
}
