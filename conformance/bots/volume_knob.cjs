// The volume-knob bot on botgram, with one button for every way a press can end: what both doors to the server share.
// Environment: TOKEN, BOT_USERNAME, ALLOWED as in bot_aiogram.py.
'use strict';
const ALLOWED = (process.env.ALLOWED || '').split(',').filter(Boolean).map(Number);
const MENU = ['alert', 'url', 'cache', 'none', 'never', 'mute', 'twice', 'same', 'delete', 'hold'];

const data = (fields) => JSON.stringify({ type: 'volume', ...fields });
const KNOB = [[
  { text: 'up', callback_data: data({ direction: true }) },
  { text: 'down', callback_data: data({ direction: false }) },
]];
const PANEL = MENU.map((name) => [{ text: name, callback_data: data({ a: name }) }])
  .concat([[{ text: 'foreign', callback_data: JSON.stringify({ type: 'other' }) }]]);

const volumes = new Map();
const level = (chat) => `Volume: ${volumes.has(chat) ? volumes.get(chat) : 50}`;
let held = [];

function parse(text) {
  try {
    const parsed = JSON.parse(text);
    return parsed && parsed.type === 'volume' ? parsed : null;
  } catch (error) {
    return null;
  }
}

module.exports = function volumeKnob(bot) {
  bot.command('start', (msg, reply) => { reply.inlineKeyboard(KNOB); reply.text(level(msg.chat.id)); });
  bot.command('menu', (msg, reply) => { reply.inlineKeyboard(PANEL); reply.text('Menu'); });
  bot.command('release', () => { const go = held; held = []; go.forEach((resume) => resume()); });

  bot.callback((query, next) => {
    const d = parse(query.data);
    if (!d) return next();
    if (!ALLOWED.includes(query.from.id)) return query.answer({ text: 'Permission denied.' });
    const chat = query.message.chat.id;
    const edit = (text, keyboard, done) => bot.callMethod('editMessageText', {
      chat_id: chat, message_id: query.message.id, text, reply_markup: { inline_keyboard: keyboard },
    }, done);
    switch (d.a) {
      case undefined: {
        const now = volumes.has(chat) ? volumes.get(chat) : 50;
        volumes.set(chat, Math.max(0, Math.min(100, now + (d.direction ? 10 : -10))));
        const text = level(chat);
        return edit(text, KNOB, (error) => {
          if (error) console.error('edit', error.message);
          query.answer({ text });
        });
      }
      case 'alert': return query.answer({ text: 'An alert', alert: true });
      case 'url': return query.answer({ url: `https://t.me/${process.env.BOT_USERNAME}?start=x` });
      case 'cache': return query.answer({ text: 'Cached', cacheTime: 30 });
      case 'none': return query.answer();
      case 'never': return undefined;
      case 'mute': return edit('Muted', PANEL, (error) => { if (error) console.error('edit', error.message); });
      case 'twice': return query.answer({ text: 'first' }, (error) => {
        if (error) console.error('first answer', error.message);
        query.answer({ text: 'second' }, (again) => { if (again) console.error('second answer', again.message); });
      });
      case 'same': return edit(query.message.text, PANEL, (error) => {
        query.answer({ text: error ? error.err.description : 'edited' });
      });
      case 'delete': return bot.callMethod('deleteMessage', { chat_id: chat, message_id: query.message.id }, (error) => {
        query.answer({ text: error ? error.message : 'deleted' });
      });
      case 'hold':
        held.push(() => query.answer({ text: 'held' }, (error) => {
          if (error) console.error('held answer', error.message);
        }));
        // Tells whoever watches that from here on a "/release" will find it.
        return bot.callMethod('sendChatAction', { chat_id: chat, action: 'typing' }, (error) => {
          if (error) console.error('typing', error.message);
        });
      default: return next();
    }
  });

  bot.on('updateError', (error) => console.error('updateError', error.message));
  bot.on('error', (error) => console.error('error', error.message));
  process.once('SIGTERM', () => { bot.stop(); process.exit(0); });
};
