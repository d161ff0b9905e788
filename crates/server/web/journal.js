// The journal as rows: a press with all its steps is one, a call with its response is one, anything else is its own.

const KEPT = 10_000;

export class Journal {
  items = [];                // oldest first
  presses = new Map();       // press id -> press item
  calls = new Map();         // seq -> call item
  pressOf = new Map();       // seq -> press item: causes lead to their press

  clear() {
    this.items = [];
    this.presses.clear();
    this.calls.clear();
    this.pressOf.clear();
  }

  /** Takes one entry in; returns the items it made or changed. */
  add(entry) {
    if (entry.kind === 'press') return [this.#press(entry)];
    const press = this.presses.get(String(entry.press_id)) ?? this.pressOf.get(entry.cause) ?? null;
    if (press) this.pressOf.set(entry.seq, press);
    if (entry.kind === 'response') {
      const call = this.calls.get(entry.cause);
      if (!call) return [];
      call.response = entry;
      return [call, call.press].filter(Boolean);
    }
    const item = { type: entry.kind === 'call' ? 'call' : 'event', seq: entry.seq, entry, press, response: null };
    if (item.type === 'call') this.calls.set(entry.seq, item);
    this.#keep(item);
    if (!press) return [item];
    press.steps.push(item);
    if (entry.kind === 'press_finished') {
      press.state = entry.outcome;
      press.finish = entry;
    } else if (entry.kind === 'answered' && press.state === 'waiting') press.state = 'answered';
    return [item, press];
  }

  #press(entry) {
    const item = { type: 'press', seq: entry.seq, entry, press: null, steps: [], state: 'waiting', finish: null };
    this.presses.set(String(entry.press_id), item);
    this.pressOf.set(entry.seq, item);
    this.#keep(item);
    return item;
  }

  #keep(item) {
    this.items.push(item);
    if (this.items.length < KEPT * 1.1) return;
    const dropped = this.items.splice(0, this.items.length - KEPT);
    const oldest = this.items[0].seq;
    for (const old of dropped) {
      if (old.type === 'press') this.presses.delete(String(old.entry.press_id));
      if (old.type === 'call') this.calls.delete(old.seq);
    }
    for (const seq of this.pressOf.keys()) {
      if (seq >= oldest) break;
      this.pressOf.delete(seq);
    }
  }
}

/** Is this row to be seen with this filter? */
export function visible(item, filter, bot) {
  if (bot && !concerns(item.entry, bot)) return false;
  switch (filter) {
    case 'presses': return item.type === 'press';
    case 'calls': return item.type === 'call';
    case 'messages': return item.entry.kind.startsWith('message_');
    default: return !item.press && item.entry.method !== 'getUpdates';
  }
}

function concerns(entry, bot) {
  return entry.bot === bot || entry.from === bot || entry.actor?.id === bot || entry.user?.id === bot || entry.user === bot
    || (entry.chat?.users?.includes(bot) ?? false);
}
