// Games: a bot that sends one and keeps scores, and a player.
const { Api } = require('telegram');
const { say, refused, proof, listen, pause, env } = require('./gramjs_common');

async function bot(client) {
  await client.start({ botAuthToken: env.TOKEN });
  const [messages, queries] = [listen(client, Api.UpdateNewMessage), listen(client, Api.UpdateBotCallbackQuery)];
  say('ready');
  let asked;
  do asked = await messages(); while (asked.message.message !== '/game');
  const peer = await client.getInputEntity(asked.message.peerId);
  const id = new Api.InputGameShortName({ botId: new Api.InputUserSelf(), shortName: 'snake' });
  const sent = await client.invoke(
    new Api.messages.SendMedia({ peer, media: new Api.InputMediaGame({ id }), message: '', randomId: 4711 }));
  say('game sent', sent.updates.some((one) => one.className === 'UpdateNewMessage'));
  const query = await queries();
  say('game query', query.gameShortName === 'snake' && !query.data);
  await client.invoke(new Api.messages.SetBotCallbackAnswer({
    queryId: query.queryId, cacheTime: 0, url: 'https://example.org/snake',
  }));
  const userId = await client.getInputEntity(query.userId);
  const score = () => client.invoke(
    new Api.messages.SetGameScore({ peer, id: query.msgId, userId, score: 7, editMessage: true }));
  const kinds = (await score()).updates.map((one) => one.className).sort();
  say('score set', kinds.join() === 'UpdateEditMessage,UpdateNewMessage', { kinds });
  await refused('score not modified', score, 'BOT_SCORE_NOT_MODIFIED');
  const table = await client.invoke(new Api.messages.GetGameHighScores({ peer, id: query.msgId, userId }));
  const [best] = table.scores;
  say('high scores', best.pos === 1 && best.score === 7 && String(best.userId) === String(query.userId));
  await pause(200);
}

async function player(client) {
  const [fresh, edited] = [listen(client, Api.UpdateNewMessage), listen(client, Api.UpdateEditMessage)];
  const peer = await client.getInputEntity(env.PEER);
  await client.sendMessage(peer, { message: '/game' });
  const { message } = await fresh();
  const media = message.media || {};
  say('game', media.className === 'MessageMediaGame' && media.game.shortName === 'snake', { media: media.className });
  const [found] = await client.getMessages(peer, { ids: message.id });
  const button = (await found.getButtons())[0][0];
  say('game button', button.button.className === 'KeyboardButtonGame', { text: button.text });
  const answer = await button.click({});
  say('play', answer && answer.url === 'https://example.org/snake' && answer.hasUrl);
  const change = (await edited()).message;
  say('scores in the message', change.id === message.id && change.message.includes('7'), { text: change.message });
  const service = (await fresh()).message;
  const { action = {} } = service;
  const scored = action.className === 'MessageActionGameScore' && action.score === 7;
  say('score told', scored && String(action.gameId) === String(media.game.id) && service.replyTo.replyToMsgId === message.id);
  const press = (fields) => client.invoke(new Api.messages.GetBotCallbackAnswer({ peer, msgId: message.id, ...fields }));
  if (env.AGAIN) {
    // Every optional field at once.
    const password = await proof(client, env.PASSWORD);
    const again = await press({ game: true, data: Buffer.from('some bytes here'), password });
    say('play with every field', again.url === 'https://example.org/snake');
  }
  await refused('data of a game', () => press({ data: Buffer.from('snake') }), 'DATA_INVALID');
}

module.exports = { bot, player };
