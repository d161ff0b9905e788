"""Games: a bot that sends one and keeps scores, and a player."""

import asyncio
import os

from telethon import events, functions, types

from telethon_common import proof, refused, say


async def bot(client):
    me = await client.start(bot_token=os.environ["TOKEN"])
    me = await client.get_me(input_peer=True)
    done = asyncio.Event()

    @client.on(events.NewMessage(incoming=True, pattern="/game"))
    async def _(event):
        game = types.InputMediaGame(types.InputGameShortName(types.InputUser(me.user_id, me.access_hash), "snake"))
        sent = await client(functions.messages.SendMediaRequest(await event.get_input_chat(), game, ""))
        kinds = [type(update).__name__ for update in sent.updates]
        say("game sent", "UpdateNewMessage" in kinds, updates=kinds)

    @client.on(events.Raw(types.UpdateBotCallbackQuery))
    async def _(update):
        say("game query", update.game_short_name == "snake" and update.data is None)
        await client(functions.messages.SetBotCallbackAnswerRequest(
            update.query_id, cache_time=0, url="https://example.org/snake"))
        peer = await client.get_input_entity(update.peer)
        player = await client.get_input_entity(update.user_id)
        score = functions.messages.SetGameScoreRequest(peer, update.msg_id, player, 7, edit_message=True)
        told = await client(score)
        kinds = sorted(type(one).__name__ for one in told.updates)
        say("score set", kinds == ["UpdateEditMessage", "UpdateNewMessage"], updates=kinds)
        await refused("score not modified", client(score), "BotScoreNotModifiedError")
        table = await client(functions.messages.GetGameHighScoresRequest(peer, update.msg_id, player))
        found = [(one.pos, one.user_id, one.score) for one in table.scores]
        say("high scores", found == [(1, update.user_id, 7)] and table.users[0].id == update.user_id, scores=found)
        done.set()

    say("ready")
    await asyncio.wait_for(done.wait(), 60)
    await asyncio.sleep(0.2)


async def player(client):
    heard = asyncio.Queue()
    client.add_event_handler(lambda event: heard.put(event.message), events.NewMessage(incoming=True))
    client.add_event_handler(lambda event: heard.put(event.message), events.MessageEdited(incoming=True))
    told = asyncio.Queue()

    @client.on(events.Raw(types.UpdateNewMessage))
    async def _(update):
        if isinstance(update.message, types.MessageService):
            await told.put(update.message)

    target = await client.get_input_entity(os.environ["PEER"])
    await client.send_message(target, "/game")
    message = await asyncio.wait_for(heard.get(), 20)
    say("game", message.game is not None and message.game.short_name == "snake", media=type(message.media).__name__)
    button = message.buttons[0][0]
    say("game button", isinstance(button.button.type, types.InlineButtonTypeGame), text=button.text)
    answer = await button.click()
    say("play", answer is not None and answer.url == "https://example.org/snake" and answer.has_url)
    edited = await asyncio.wait_for(heard.get(), 20)
    say("scores in the message", edited.id == message.id and "7" in edited.raw_text, text=edited.raw_text)
    service = await asyncio.wait_for(told.get(), 20)
    scored = isinstance(service.action, types.MessageActionGameScore) and service.action.score == 7
    to = service.reply_to and service.reply_to.reply_to_msg_id
    say("score told", scored and service.action.game_id == message.game.id and to == message.id)

    def press(**fields):
        return client(functions.messages.GetBotCallbackAnswerRequest(target, message.id, **fields))

    if os.environ.get("AGAIN"):
        # Every optional field at once.
        answer = await press(game=True, data=b"some bytes here", password=await proof(client, os.environ["PASSWORD"]))
        say("play with every field", answer.url == "https://example.org/snake")
    await refused("data of a game", press(data=b"snake"), "DataInvalidError")
