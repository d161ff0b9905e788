// Inline mode: a bot that offers results and edits what became of them, and someone who sends one.
const { Api } = require('telegram');
const { say, refused, listen, pause, env } = require('./gramjs_common');

function keyboard(count) {
  const button = new Api.KeyboardButtonCallback({ text: `${count} +1`, data: Buffer.from('more') });
  return new Api.ReplyInlineMarkup({ rows: [new Api.KeyboardButtonRow({ buttons: [button] })] });
}

async function bot(client) {
  await client.start({ botAuthToken: env.TOKEN });
  const queries = listen(client, Api.UpdateBotInlineQuery);
  const sends = listen(client, Api.UpdateBotInlineSend);
  const presses = listen(client, Api.UpdateInlineBotCallbackQuery);
  say('ready');
  const query = await queries();
  say('inline query', query.query === 'count', { kind: query.peerType && query.peerType.className });
  const answer = (results) => client.invoke(new Api.messages.SetInlineBotResults({
    queryId: query.queryId, results, cacheTime: 5, nextOffset: '',
    switchPm: new Api.InlineBotSwitchPM({ text: 'Settings', startParam: 'set' }),
  }));
  const result = (id, type, sendMessage) =>
    new Api.InputBotInlineResult({ id, type, title: 'Counter', description: 'Counts', sendMessage });
  const geo = new Api.InputBotInlineMessageMediaGeo({ geoPoint: new Api.InputGeoPointEmpty() });
  try {
    await answer([result('x', 'geo', geo)]);
    say('foreign result', false);
  } catch (error) {
    say('foreign result', error.errorMessage.includes('inputBotInlineMessageMediaGeo'), { text: error.errorMessage });
  }
  const text = new Api.InputBotInlineMessageText({ message: 'Count: 0', replyMarkup: keyboard(0) });
  say('answer', await answer([result('counter', 'article', text)]));
  const sent = await sends();
  say('inline result sent', sent.id === 'counter' && sent.query === 'count' && Boolean(sent.msgId));
  const press = await presses();
  say('inline press', String(press.data) === 'more', { id: press.msgId.className });
  const edited = await client.invoke(new Api.messages.EditInlineBotMessage({
    id: press.msgId, message: 'Count: 1', replyMarkup: keyboard(1),
  }));
  say('inline edit', edited === true);
  await client.invoke(new Api.messages.SetBotCallbackAnswer({ queryId: press.queryId, message: 'counted', cacheTime: 0 }));
  await pause(200);
}

async function user(client) {
  const edits = listen(client, Api.UpdateEditMessage);
  const [bot, peer] = [await client.getInputEntity(env.PEER), new Api.InputPeerSelf()];
  const results = await client.invoke(new Api.messages.GetInlineBotResults({ bot, peer, query: 'count', offset: '' }));
  const [one] = results.results;
  say('inline results', one.title === 'Counter' && one.description === 'Counts' && one.type === 'article');
  const pm = results.switchPm || {};
  say('switch to private chat', pm.text === 'Settings' && pm.startParam === 'set');
  const send = (id) => client.invoke(new Api.messages.SendInlineBotResult({ peer, queryId: results.queryId, id, randomId: 4712 + id.length }));
  const sent = await send(one.id);
  const number = sent.updates.find((update) => update.className === 'UpdateMessageID').id;
  const [message] = await client.getMessages('me', { ids: number });
  say('result sent', message.message === 'Count: 0' && String(message.viaBotId) === env.PEER_ID);
  say('its button', (await message.getButtons())[0][0].text === '0 +1');
  const answer = await message.click({ data: Buffer.from('more') });
  say('inline press', answer && answer.message === 'counted');
  const edited = (await edits()).message;
  const { text } = edited.replyMarkup.rows[0].buttons[0];
  say('inline edit', edited.id === number && edited.message === 'Count: 1' && text === '1 +1', { text });
  const press = new Api.messages.GetBotCallbackAnswer({ peer, msgId: number, data: Buffer.from('other') });
  await refused('data invalid', () => client.invoke(press), 'DATA_INVALID');
  await refused('result id invalid', () => send('none'), 'RESULT_ID_INVALID');
}

module.exports = { bot, user };
