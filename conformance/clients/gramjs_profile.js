// What a bot says about itself, and a bot that presses its own button.
const { Api } = require('telegram');
const { Button } = require('telegram/tl/custom/button');
const bigInt = require('big-integer');
const { say, refused, listen, within, env } = require('./gramjs_common');

const plain = (commands) => commands.map((one) => `${one.command}: ${one.description}`).join();

async function bot(client) {
  await client.start({ botAuthToken: env.TOKEN });
  const [all, users] = [new Api.BotCommandScopeDefault(), new Api.BotCommandScopeUsers()];
  const set = (scope, command, description) => client.invoke(new Api.bots.SetBotCommands({
    scope, langCode: '', commands: [new Api.BotCommand({ command, description })],
  }));
  const get = async (scope) => plain(await client.invoke(new Api.bots.GetBotCommands({ scope, langCode: '' })));
  say('set commands, start', await set(all, 'start', 'Start'));
  say('set commands, knob', await set(users, 'knob', 'Knob'));
  say('get commands', await get(all) === 'start: Start' && await get(users) === 'knob: Knob');
  await refused('command invalid', () => set(all, 'Not A Name', 'x'), 'BOT_COMMAND_INVALID');
  const reset = await client.invoke(new Api.bots.ResetBotCommands({ scope: all, langCode: '' }));
  say('reset commands', reset && await get(all) === '');
  const about = { name: 'Knob', about: 'Turns', description: 'Turns the volume up and down' };
  const told = await client.invoke(new Api.bots.SetBotInfo({ langCode: '', ...about }));
  const info = await client.invoke(new Api.bots.GetBotInfo({ langCode: '' }));
  say('info', told && Object.keys(about).every((key) => info[key] === about[key]));

  // Bots may press too; here the only one to ask is the bot itself.
  const queries = listen(client, Api.UpdateBotCallbackQuery);
  const peer = await client.getInputEntity(bigInt(env.USER_ID));
  const menu = await client.sendMessage(peer, { message: 'Mine', buttons: [[Button.inline('own', Buffer.from('own'))]] });
  const pressed = client.invoke(new Api.messages.GetBotCallbackAnswer({ peer, msgId: menu.id, data: Buffer.from('own') }));
  const query = await queries();
  await client.invoke(new Api.messages.SetBotCallbackAnswer({ queryId: query.queryId, message: 'I heard myself', cacheTime: 0 }));
  const answer = await within(pressed, 20000, 'answer');
  say('a bot presses', answer.message === 'I heard myself');
}

async function user(client) {
  const id = await client.getInputEntity(env.PEER);
  const full = await client.invoke(new Api.users.GetFullUser({ id }));
  const info = full.fullUser.botInfo;
  say('full user', plain(info.commands) === 'knob: Knob', { commands: plain(info.commands) });
  say('about', full.fullUser.about === 'Turns' && info.description === 'Turns the volume up and down');
  say('name', full.users[0].firstName === 'Knob');
  const sent = await client.invoke(new Api.messages.StartBot({ bot: id, peer: id, randomId: 4713, startParam: 'from-a-link' }));
  const texts = sent.updates.filter((one) => one.message).map((one) => one.message.message);
  say('start bot', texts.join() === '/start from-a-link', { texts });
}

module.exports = { bot, user };
