"""What a bot says about itself, and a bot that presses its own button."""

import asyncio
import os

from telethon import Button, events, functions, types

from telethon_common import refused, say

DEFAULT, USERS = types.BotCommandScopeDefault(), types.BotCommandScopeUsers()


def command(name, text):
    return types.BotCommand(name, text)


def plain(commands):
    return [(one.command, one.description) for one in commands]


async def bot(client):
    await client.start(bot_token=os.environ["TOKEN"])

    async def get(scope):
        return plain(await client(functions.bots.GetBotCommandsRequest(scope, "")))

    for scope, name in ((DEFAULT, "start"), (USERS, "knob")):
        done = await client(functions.bots.SetBotCommandsRequest(scope, "", [command(name, name.title())]))
        say(f"set commands, {name}", done is True)
    say("get commands", await get(DEFAULT) == [("start", "Start")] and await get(USERS) == [("knob", "Knob")])
    wrong = functions.bots.SetBotCommandsRequest(DEFAULT, "", [command("Not A Name", "x")])
    await refused("command invalid", client(wrong), "BotCommandInvalidError")
    done = await client(functions.bots.ResetBotCommandsRequest(DEFAULT, ""))
    say("reset commands", done is True and await get(DEFAULT) == [])
    about = {"name": "Knob", "about": "Turns", "description": "Turns the volume up and down"}
    done = await client(functions.bots.SetBotInfoRequest("", **about))
    info = await client(functions.bots.GetBotInfoRequest(""))
    say("info", done is True and {key: getattr(info, key) for key in about} == about)

    # Bots may press too; here the only one to ask is the bot itself.
    @client.on(events.CallbackQuery)
    async def _(event):
        await event.answer("I heard myself")

    menu = await client.send_message(int(os.environ["USER_ID"]), "Mine", buttons=[[Button.inline("own", b"own")]])
    answer = await asyncio.wait_for(menu.click(data=b"own"), 20)
    say("a bot presses", answer is not None and answer.message == "I heard myself")


async def user(client):
    full = await client(functions.users.GetFullUserRequest(os.environ["PEER"]))
    info = full.full_user.bot_info
    say("full user", plain(info.commands) == [("knob", "Knob")], commands=plain(info.commands))
    say("about", full.full_user.about == "Turns" and info.description == "Turns the volume up and down")
    say("name", full.users[0].first_name == "Knob")
    start = functions.messages.StartBotRequest(os.environ["PEER"], os.environ["PEER"], "from-a-link")
    sent = await client(start)
    texts = [update.message.message for update in sent.updates if isinstance(update, types.UpdateNewMessage)]
    say("start bot", texts == ["/start from-a-link"], texts=texts)
