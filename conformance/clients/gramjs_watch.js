// A user of a bot on the Bot API that has a volume knob: presses, and sees the message change.
const { Api } = require('telegram');
const { say, listen, env } = require('./gramjs_common');

async function user(client) {
  const [fresh, edits] = [listen(client, Api.UpdateNewMessage), listen(client, Api.UpdateEditMessage)];
  const peer = await client.getInputEntity(env.PEER);
  await client.sendMessage(peer, { message: '/start' });
  const { id } = (await fresh()).message;
  const [knob] = await client.getMessages(peer, { ids: id });
  say('knob', knob.message === 'Volume: 50', { text: knob.message });
  const answer = await knob.click({ i: 0, j: 0 });
  say('press', answer && answer.message === 'Volume: 60');
  const edited = (await edits()).message;
  say('edit', edited.id === id && edited.message === 'Volume: 60' && edited.replyMarkup.rows.length > 0);
}

module.exports = { user };
