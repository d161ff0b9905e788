#!/usr/bin/env node
// GramJS, unmodified: supergroups and channels, their members, pictures and files.
//
// usage: gramjs_chats.js HOST PORT PUBLIC_KEY_PEM members|channel|media
// environment: SESSION OTHER OTHER_ID BOT GROUP GROUP_ID PHOTO CONTROL BOT_API
// One JSON object for each step; the exit code is 0 only if every step held. What the others do meanwhile it asks the
// server for, over the control API and as the bot.
const crypto = require('crypto');
const fs = require('fs');
const { TelegramClient, Api } = require('telegram');
const { StringSession } = require('telegram/sessions');
const connections = require('telegram/network/connection');
const { CustomFile } = require('telegram/client/uploads');
const { Logger } = require('telegram/extensions');
const { NewMessage } = require('telegram/events');
const { EditedMessage } = require('telegram/events/EditedMessage');

const [host, port, side] = [process.argv[2], Number(process.argv[3]), process.argv[5]];
const env = process.env;
let failures = 0;

function say(step, ok = true, fields = {}) {
  if (!ok) failures += 1;
  console.log(JSON.stringify({ client: 'gramjs', step, ok: Boolean(ok), ...fields }));
}

// connect() takes 80 or 443 whatever the session says: the connection's own class puts that right.
class Here extends connections.ConnectionTCPFull {
  constructor(given) {
    super({ ...given, ip: host, port });
  }
}

async function connected(session) {
  const client = new TelegramClient(new StringSession(session), 1, 'x', {
    connection: Here, connectionRetries: 5, requestRetries: 2, floodSleepThreshold: 0,
    baseLogger: new Logger(env.DEBUG ? 'debug' : 'none'),
  });
  await client.connect();
  return client;
}

async function ask(url, body) {
  const form = body instanceof FormData;
  const headers = body && !form ? { 'Content-Type': 'application/json' } : {};
  const method = body ? 'POST' : 'GET';
  const response = await fetch(url, { method, headers, body: form || !body ? body : JSON.stringify(body) });
  if (!response.ok) throw new Error(`${url}: ${await response.text()}`);
  return response.json();
}

const bot = async (method, body) => (await ask(env.BOT_API + method, body)).result;

async function refused(step, call, text) {
  try {
    await call();
    say(step, false);
  } catch (error) {
    say(step, error.errorMessage === text, { code: error.code, text: error.errorMessage || String(error) });
  }
}

async function members(client) {
  const { channels, messages } = Api;
  const rights = (fields) => new Api.ChatBannedRights({ untilDate: 0, ...fields });
  const basic = await client.invoke(new messages.CreateChat({ users: [env.OTHER, env.BOT], title: 'Basic' }));
  const group = (basic.updates || basic).chats[0];
  say('create group', group.title === 'Basic' && group.participantsCount === 3);
  await client.invoke(new messages.EditChatTitle({ chatId: group.id, title: 'Renamed' }));
  await client.invoke(new messages.DeleteChatUser({ chatId: group.id, userId: env.OTHER }));
  const full = await client.invoke(new messages.GetFullChat({ chatId: group.id }));
  say('group', full.chats[0].title === 'Renamed' && full.fullChat.participants.participants.length === 2);

  const made = await client.invoke(new channels.CreateChannel({ title: 'Garden', about: '', megagroup: true }));
  const garden = made.chats[0];
  say('create supergroup', garden.megagroup === true && garden.creator === true);
  await client.invoke(new channels.UpdateUsername({ channel: garden, username: 'garden_talk' }));
  await client.invoke(new channels.InviteToChannel({ channel: garden, users: [env.OTHER, env.BOT] }));
  const everyone = await client.getParticipants('garden_talk', {});
  say('participants', everyone.length === 3 && everyone.total === 3, { total: everyone.total });
  const adminRights = new Api.ChatAdminRights({ deleteMessages: true });
  await client.invoke(new channels.EditAdmin({ channel: garden, userId: env.OTHER, adminRights, rank: '' }));
  const admin = await client.invoke(new channels.GetParticipant({ channel: garden, participant: env.OTHER }));
  say('promote', admin.participant instanceof Api.ChannelParticipantAdmin, { is: admin.participant.className });
  const out = { channel: garden, participant: env.OTHER };
  await client.invoke(new channels.EditBanned({ ...out, bannedRights: rights({ viewMessages: true }) }));
  const banned = await client.invoke(new channels.GetParticipant(out));
  say('ban', banned.participant instanceof Api.ChannelParticipantBanned, { is: banned.participant.className });
  await client.invoke(new channels.EditBanned({ ...out, bannedRights: rights({}) }));
  await refused('let again', () => client.invoke(new channels.GetParticipant(out)), 'USER_NOT_PARTICIPANT');
  await refused('owner stays', () => client.invoke(new channels.LeaveChannel({ channel: garden })), 'USER_CREATOR');
  const info = await client.invoke(new channels.GetFullChannel({ channel: garden }));
  say('full channel', info.fullChat.participantsCount === 2);
}

async function channel(client) {
  const group = await client.getInputEntity(env.GROUP);
  const chat = Number(env.GROUP_ID);
  const heard = [];
  client.addEventHandler((event) => heard.push(['new', event.message.message]), new NewMessage({ incoming: true }));
  client.addEventHandler((event) => heard.push(['edit', event.message.message]), new EditedMessage({ incoming: true }));
  const hears = async (step, ...wanted) => {
    for (let left = 2000; left > 0 && heard.length === 0; left -= 1) await new Promise((r) => setTimeout(r, 10));
    const got = heard.shift() || [];
    say(step, got[0] === wanted[0] && got[1] === wanted[1], { got, wanted });
  };
  await client.getDialogs({});
  const mine = await client.sendMessage(group, { message: '@chats_test_bot hello' });
  await hears('bot speaks', 'new', 'Menu');
  const menu = (await client.getMessages(group, { limit: 10 })).find((one) => one.buttons);
  const answer = await menu.click({ data: Buffer.from('press') });
  say('press in a supergroup', answer.message === 'bot says press', { answer: answer.message });
  await hears('bot edits', 'edit', 'Menu, pressed');
  const reply = await client.sendMessage(group, { message: 'indeed', replyTo: menu.id });
  say('reply', reply.replyTo.replyToMsgId === menu.id);
  const found = await client.getMessages(group, { search: 'INDEED', limit: 10 });
  say('search', found.length === 1 && found[0].id === reply.id);
  const edited = await client.editMessage(group, { message: mine.id, text: '@chats_test_bot hello again' });
  say('edit', edited.editDate > 0);
  await client.pinMessage(group, menu.id);
  const pinned = await client.getMessages(group, { ids: new Api.InputMessagePinned() });
  say('pinned message', pinned[0] && pinned[0].id === menu.id && pinned[0].pinned === true);
  await client.markAsRead(group);
  const dialog = (await client.getDialogs({})).find((one) => one.isChannel);
  say('read', dialog.unreadCount === 0);
  const gone = await client.deleteMessages(group, [reply.id], { revoke: true });
  say('delete', gone[0].ptsCount === 1);
  const empty = new Api.ChannelMessagesFilterEmpty();
  const difference = (from, pts) => from.invoke(new Api.updates.GetChannelDifference({
    channel: group, filter: empty, pts, limit: 100,
  }));
  const { pts } = (await client.invoke(new Api.channels.GetFullChannel({ channel: group }))).fullChat;
  await client.disconnect();
  await ask(`${env.CONTROL}/messages`, { from: Number(env.OTHER_ID), chat, text: 'kept' });
  const lost = await bot('sendMessage', { chat_id: chat, text: 'soon gone' });
  await bot('deleteMessage', { chat_id: chat, message_id: lost.message_id });
  await bot('editMessageText', { chat_id: chat, message_id: menu.id, text: 'Menu, late' });
  const again = await connected(env.SESSION);
  const missed = await difference(again, pts);
  const texts = missed.newMessages.map((one) => one.message);
  say('channel difference', texts.length === 1 && texts[0] === 'kept', { texts });
  const kinds = missed.otherUpdates.map((one) => one.className).sort();
  say('what else was missed', kinds.join() === 'UpdateDeleteChannelMessages,UpdateEditChannelMessage', { kinds });
  const later = await difference(again, missed.pts);
  say('nothing more', later instanceof Api.updates.ChannelDifferenceEmpty && later.pts === missed.pts);
  await again.destroy();
}

async function media(client) {
  const group = await client.getInputEntity(env.GROUP);
  const picture = fs.readFileSync(env.PHOTO);
  const sent = await client.sendFile(group, { file: env.PHOTO, caption: 'mine' });
  const size = sent.photo.sizes[sent.photo.sizes.length - 1];
  say('send photo', sent.message === 'mine' && size.w === 20 && size.h === 10);
  const fresh = (await client.getMessages(group, { ids: [sent.id] }))[0];
  say('download photo', picture.equals(await client.downloadMedia(fresh, {})));
  const large = Buffer.alloc((11 << 20) + 3, crypto.randomBytes(1024));
  const file = new CustomFile('large.bin', large.length, '', large);
  const document = await client.sendFile(group, { file, forceDocument: true, workers: 1 });
  say('send file', Number(document.document.size) === large.length, { size: Number(document.document.size) });
  say('download file', large.equals(await client.downloadMedia(document, {})));
  const other = Buffer.concat([picture.subarray(0, -1), Buffer.from([0])]);
  const turned = await client.editMessage(group, { message: sent.id, text: 'turned', file: new CustomFile('p.png', other.length, '', other) });
  say('another picture in its place', !turned.photo.id.eq(sent.photo.id) && turned.message === 'turned');
  await client.sendFile(group, { file: [env.PHOTO, env.PHOTO], caption: ['first', 'second'] });
  const album = (await client.getMessages(group, { limit: 2 })).reverse();
  say('album', album.map((one) => one.message).join() === 'first,second' && album[0].groupedId && album[0].groupedId.eq(album[1].groupedId));
  const bytes = Buffer.from('\0\0\0\x18ftypisom', 'latin1');
  const attributes = [new Api.DocumentAttributeVideo({ duration: 7, w: 4, h: 3 })];
  const film = await client.sendFile(group, { file: new CustomFile('film.mp4', bytes.length, '', bytes), attributes });
  const about = film.document.attributes.find((one) => one.className === 'DocumentAttributeVideo');
  say('film', film.video && about.duration === 7 && about.w === 4 && about.h === 3);
  const form = new FormData();
  form.set('chat_id', env.GROUP_ID);
  form.set('caption', 'from the bot');
  form.set('photo', new Blob([picture], { type: 'image/png' }), 'p.png');
  await bot('sendPhoto', form);
  const theirs = (await client.getMessages(group, { limit: 1 }))[0];
  say("bot's photo", theirs.photo && theirs.message === 'from the bot');
  say("download bot's photo", picture.equals(await client.downloadMedia(theirs, {})));
}

async function main() {
  const client = await connected(env.SESSION);
  await { members, channel, media }[side](client);
  await client.destroy();
}

main()
  .catch((error) => say('end', false, { error: String((error && error.stack) || error) }))
  .finally(() => setTimeout(() => process.exit(failures ? 1 : 0), 100));
