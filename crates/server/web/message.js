// One Bot API Message as one <article>. Pure building: what clicks do is given in `act`.

import { api } from './api.js';
import { avatar, h, hhmm, icon, nameOf, size, tone } from './dom.js';
import { showError } from './dialogs.js';
import { renderText } from './entities.js';
import { inlineKeyboard } from './keyboard.js';
import { isPrivate, state } from './store.js';

export const authorOf = (message) => message.sender_chat ?? message.from ?? message.chat;

export function renderMessage(message, act) {
  const service = serviceText(message);
  const author = authorOf(message);
  const out = !message.sender_chat && message.from?.id === state.me;
  const node = h('article', {
    class: `msg ${service ? 'service' : out ? 'out' : 'in'}`,
    'aria-label': `${out ? 'You' : nameOf(author)}, ${hhmm(message.date * 1000)}`,
    dataset: { messageId: message.message_id, from: author?.id ?? '', date: message.date },
  });
  if (service) {
    node.append(h('p', { class: 'note' }, service));
    return node;
  }
  const group = !isPrivate(message.chat.id);
  const stack = h('div', { class: 'stack' }, bubble(message, author, out, group, act));
  const keyboard = inlineKeyboard(message, act);
  if (keyboard) stack.append(keyboard);
  if (group && !out) node.append(avatar(author));
  node.append(stack);
  return node;
}

function bubble(message, author, out, group, act) {
  const parts = [];
  if (group && !out) parts.push(h('div', { class: `sender ink-${tone(author?.id)}` }, nameOf(author), message.author_signature && h('small', {}, message.author_signature)));
  if (message.forward_origin) parts.push(h('div', { class: 'origin' }, 'Forwarded from ', h('b', {}, originName(message.forward_origin))));
  if (message.via_bot) parts.push(h('div', { class: 'origin' }, 'via ', h('button', { class: 'inline', onclick: () => act.prefill(`@${message.via_bot.username} `) }, `@${message.via_bot.username}`)));
  if (message.reply_to_message) parts.push(replyTo(message.reply_to_message, act));
  parts.push(...media(message));
  const text = message.text ?? message.caption;
  if (text) {
    const emojiOnly = message.text && !message.entities && /^(\p{Extended_Pictographic}\uFE0F?){1,3}$/u.test(text);
    parts.push(h('div', { class: emojiOnly ? 'text huge' : 'text', dir: 'auto' }, renderText(text, message.text ? message.entities : message.caption_entities, act)));
  }
  parts.push(h('div', { class: 'meta' },
    message.edit_date && h('span', { class: 'edited' }, 'edited'),
    h('time', { datetime: new Date(message.date * 1000).toISOString() }, hhmm(message.date * 1000))));
  parts.push(h('button', { class: 'more', 'aria-label': 'Message actions', 'aria-haspopup': 'dialog', onclick: () => act.menu(message) }, icon('more')));
  return h('div', { class: 'bubble' }, parts);
}

function originName(origin) {
  return origin.sender_user ? nameOf(origin.sender_user) : origin.sender_user_name ?? nameOf(origin.sender_chat ?? origin.chat);
}

function replyTo(message, act) {
  return h('button', { class: 'replied', onclick: () => act.goTo(message.message_id) },
    h('b', {}, nameOf(authorOf(message))), h('span', {}, preview(message)));
}

/** One line for lists and replies. */
export function preview(message) {
  if (!message) return '';
  const text = message.text ?? message.caption;
  const kind = mediaName(message);
  return [kind, text].filter(Boolean).join(': ').replace(/\s+/g, ' ') || serviceText(message) || 'Message';
}

const KINDS = ['photo', 'animation', 'video', 'video_note', 'audio', 'voice', 'document', 'sticker', 'game', 'poll', 'venue', 'location', 'contact', 'dice', 'invoice', 'story', 'checklist'];

function mediaName(message) {
  const kind = KINDS.find((name) => message[name]);
  if (!kind) return '';
  if (kind === 'sticker' || kind === 'dice') return message[kind].emoji ?? kind;
  if (kind === 'game' || kind === 'invoice') return message[kind].title;
  if (kind === 'poll') return `Poll: ${message.poll.question}`;
  return kind[0].toUpperCase() + kind.slice(1).replace('_', ' ');
}

function media(message) {
  if (message.photo) return [photo(message.photo)];
  if (message.game) {
    const { title, description, photo: pictures } = message.game;
    return [h('div', { class: 'game' }, pictures?.length ? photo(pictures) : null, h('b', {}, title), h('span', {}, description ?? ''))];
  }
  if (message.sticker) return [sticker(message.sticker)];
  if (message.dice) return [h('div', { class: 'text huge' }, `${message.dice.emoji ?? '◻'} ${message.dice.value}`)];
  const file = message.animation ?? message.video ?? message.video_note ?? message.audio ?? message.voice ?? message.document;
  if (file) return [player(message), attachment(file, mediaName(message))];
  if (message.contact) return [h('div', { class: 'plain' }, `${nameOf(message.contact)} · ${message.contact.phone_number}`)];
  if (message.location) return [h('div', { class: 'plain' }, `${message.venue?.title ?? 'Location'} · ${message.location.latitude}, ${message.location.longitude}`)];
  if (message.poll) return [h('div', { class: 'game' }, h('b', {}, message.poll.question), message.poll.options?.map((option) => h('span', {}, `○ ${option.text}`)))];
  if (message.invoice) return [h('div', { class: 'game' }, h('b', {}, message.invoice.title), h('span', {}, message.invoice.description ?? ''))];
  const other = mediaName(message);
  return other ? [h('div', { class: 'plain' }, other)] : [];
}

function photo(sizes) {
  const largest = sizes.reduce((a, b) => (b.width * b.height > a.width * a.height ? b : a));
  const image = h('img', { class: 'photo', alt: 'Photo', width: largest.width || null, height: largest.height || null, loading: 'lazy', src: api.fileUrl(largest.file_id) });
  image.addEventListener('error', () => image.replaceWith(h('div', { class: 'photo missing', role: 'img', 'aria-label': 'Photo, not available here' },
    icon('image'), h('span', {}, `${largest.width} × ${largest.height}${largest.file_size ? ` · ${size(largest.file_size)}` : ''}`))));
  return image;
}

function sticker(own) {
  const image = h('img', { class: 'sticker', alt: `Sticker ${own.emoji ?? ''}`.trim(), loading: 'lazy', src: api.fileUrl(own.file_id) });
  image.addEventListener('error', () => image.replaceWith(h('div', { class: 'text huge' }, own.emoji ?? '◻')));
  return image;
}

/** What can be played here; what the browser cannot play is gone again. */
function player(message) {
  const film = message.animation ?? message.video ?? message.video_note;
  const file = film ?? message.audio ?? message.voice;
  if (!file || file.mime_type === 'image/gif') return file ? photo([file]) : null;
  const node = h(film ? 'video' : 'audio', { class: `player${message.video_note ? ' round' : ''}`, controls: true, preload: 'metadata', src: api.fileUrl(file.file_id) });
  node.addEventListener('error', () => node.remove());
  return node;
}

const SYMBOLS = { Animation: 'image', Video: 'film', 'Video note': 'film', Audio: 'note', Voice: 'voice' };

function attachment(file, kind) {
  return h('button', { class: 'file', title: 'Save this file', onclick: () => save(file) },
    h('span', { class: 'badge' }, icon(SYMBOLS[kind] ?? 'file')),
    h('span', {}, h('b', {}, [file.performer, file.title].filter(Boolean).join(' – ') || file.file_name || kind), h('small', {}, [kind, size(file.file_size), file.duration ? `${file.duration} s` : ''].filter(Boolean).join(' · '))));
}

async function save(file) {
  try {
    const url = URL.createObjectURL(await api.file(file.file_id));
    h('a', { href: url, download: file.file_name ?? 'file' }).click();
    setTimeout(() => URL.revokeObjectURL(url), 10_000);
  } catch (error) { showError(error); }
}

function serviceText(message) {
  const who = nameOf(message.from);
  const names = (users) => users.map(nameOf).join(', ');
  if (message.new_chat_members) {
    const self = message.new_chat_members.length === 1 && message.new_chat_members[0].id === message.from?.id;
    return self ? `${who} joined` : `${who} added ${names(message.new_chat_members)}`;
  }
  if (message.left_chat_member) return message.left_chat_member.id === message.from?.id ? `${who} left` : `${who} removed ${nameOf(message.left_chat_member)}`;
  if (message.game_score) return `${who} scored ${message.game_score.score} in ${message.game_score.game}`;
  if (message.group_chat_created) return `${who} created the group`;
  if (message.supergroup_chat_created) return 'The group was created';
  if (message.channel_chat_created) return 'The channel was created';
  if (message.new_chat_title) return `${who} named the chat “${message.new_chat_title}”`;
  if (message.new_chat_photo) return `${who} changed the picture`;
  if (message.delete_chat_photo) return `${who} removed the picture`;
  if (message.pinned_message) return `${who} pinned “${preview(message.pinned_message)}”`;
  if (message.migrate_to_chat_id) return 'The group became a supergroup';
  if (message.migrate_from_chat_id) return 'The supergroup continues a group';
  if (message.successful_payment) return 'Payment made';
  if (message.web_app_data) return `Data sent from “${message.web_app_data.button_text}”`;
  return '';
}
