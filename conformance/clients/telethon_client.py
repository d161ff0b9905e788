#!/usr/bin/env python3
"""Telethon, unmodified, against the local server: a user's side and a bot's.

usage: telethon_client.py HOST PORT PUBLIC_KEY_PEM SIDE [--transport full|abridged|intermediate|obfuscated]
The sides: `user` logs in and does everything, `session` does it with a ready-made session, `press` presses once, `bot` is
a bot; the others are in the files `telethon_*.py`.
environment: PHONE CODE PASSWORD TOKEN PEER PEER_ID USER_ID CONTROL SESSION COUNT WAIT LEFT LEFT_MESSAGE AGAIN GO
One JSON object for each step; the exit code is 0 only if every step held.
"""

import argparse
import asyncio
import os
import sys

import telethon_common
import telethon_errors
import telethon_games
import telethon_inline
import telethon_profile
import telethon_stays
import telethon_watch
from telethon import TelegramClient, errors, events, functions, types
from telethon.crypto import rsa
from telethon.network import connection as connections
from telethon.sessions import StringSession
from telethon.tl import alltlobjects
from telethon_common import control, faults, refused, say

TRANSPORTS = {
    "full": connections.ConnectionTcpFull,
    "abridged": connections.ConnectionTcpAbridged,
    "intermediate": connections.ConnectionTcpIntermediate,
    "obfuscated": connections.ConnectionTcpObfuscated,
}


async def bot_side(client):
    left = int(os.environ.get("COUNT", "1"))
    done = asyncio.Event()
    await client.start(bot_token=os.environ["TOKEN"])
    me = await client.get_me()
    say("bot login", me.bot, id=me.id)

    @client.on(events.NewMessage(incoming=True))
    async def _(event):
        sent = await event.respond("echo: " + event.raw_text)
        await sent.edit("edited: " + event.raw_text)

    @client.on(events.CallbackQuery)
    async def _(event):
        nonlocal left
        say("callback query", data=event.data.decode(), message=event.message_id, user=event.sender_id)
        await event.answer("bot says " + event.data.decode(), alert=True)
        left -= 1
        if left <= 0:
            done.set()

    say("ready")
    await asyncio.wait_for(done.wait(), float(os.environ.get("WAIT", "30")))
    await asyncio.sleep(0.2)


async def log_in(client):
    phone = os.environ["PHONE"]
    await client.send_code_request(phone)
    try:
        await client.sign_in(phone, "00000")
    except errors.PhoneCodeInvalidError:
        say("wrong code")
    else:
        say("wrong code", False)
    try:
        await client.sign_in(phone, os.environ["CODE"])
        say("password needed", False)
    except errors.SessionPasswordNeededError:
        say("password needed")
    try:
        await client.sign_in(password="wrong")
        say("wrong password", False)
    except errors.PasswordHashInvalidError:
        say("wrong password")
    await client.sign_in(password=os.environ["PASSWORD"])
    say("signed in")


async def user_side(client):
    me = await client.get_me()
    say("get me", me.is_self, id=me.id, username=me.username)
    heard = asyncio.Queue()
    client.add_event_handler(lambda event: heard.put(("new", event.raw_text)), events.NewMessage(incoming=True))
    client.add_event_handler(lambda event: heard.put(("edit", event.raw_text)), events.MessageEdited(incoming=True))
    bot = await client.get_input_entity(os.environ["PEER"])
    say("resolve", bot.user_id == int(os.environ["PEER_ID"]))
    dialogs = await client.get_dialogs()
    say("dialogs", len(dialogs) > 0, count=len(dialogs))
    message = await client.send_message(bot, "hello")
    say("send", message.id > 0, id=message.id)
    say("new message", await asyncio.wait_for(heard.get(), 10) == ("new", "echo: hello"))
    say("edited message", await asyncio.wait_for(heard.get(), 10) == ("edit", "edited: hello"))
    history = await client.get_messages(bot, limit=20)
    menus = [one for one in history if one.buttons]
    say("history", bool(menus), count=len(history))
    menu = menus[0]
    same = await client.get_messages(bot, ids=menu.id)
    say("message by its number", same.id == menu.id and bool(same.buttons))

    def press(data, number=menu.id, **fields):
        return client(functions.messages.GetBotCallbackAnswerRequest(bot, number, data=data, **fields))

    answer = await press(b"press")
    say("press", isinstance(answer, types.messages.BotCallbackAnswer) and answer.message == "bot says press")
    answer = await menu.click(data=b"press")
    say("click", answer.message == "bot says press")
    answer = await press(b"alert")
    say("alert", answer.alert and answer.message == "bot says alert")
    answer = await press(b"url")
    say("url", (answer.url or "").startswith("https://t.me/"), url=answer.url)
    answer = await press(b"cache")
    say("cache time", answer.cache_time == 30)
    answer = await menu.buttons[0][1].click(password=os.environ["PASSWORD"])
    say("press with password", answer is not None and answer.message == "bot says xfer")
    await refused("press without password", press(b"xfer"), "PasswordMissingError")
    try:
        await menu.buttons[0][1].click(password="wrong")
        say("press with wrong password", False)
    except errors.PasswordHashInvalidError:
        say("press with wrong password")
    await refused("data invalid", press(b"bogus"), "DataInvalidError")
    await refused("message id invalid", press(b"press", 99999), "MessageIdInvalidError")
    strange = types.InputPeerUser(bot.user_id + 1, 1)
    call = functions.messages.GetBotCallbackAnswerRequest(strange, menu.id, data=b"press")
    await refused("peer id invalid", client(call), "PeerIdInvalidError")
    channel = types.InputPeerChannel(1, 1)
    call = functions.messages.GetBotCallbackAnswerRequest(channel, menu.id, data=b"press")
    await refused("channel invalid", client(call), "ChannelInvalidError")
    faults({"method": "messages.getBotCallbackAnswer", "retry_after": 3, "times": 1})
    await refused("flood", press(b"press"), "FloodWaitError", seconds=3)
    faults()
    waiting = asyncio.ensure_future(press(b"never"))
    await asyncio.sleep(0.3)
    control("POST", "/clock/advance", {"by": "10s"})
    await refused("timeout", waiting, "BotResponseTimeoutError")
    await refused("unknown method", client(functions.account.GetThemesRequest("android", 0)), "BadRequestError")
    await client.send_read_acknowledge(bot)
    say("read")
    kept = (await client.get_messages(bot, limit=1))[0]
    forwarded = await client.forward_messages("me", kept)
    say("forward", forwarded.fwd_from is not None)
    deleted = await client.delete_messages(bot, [kept.id])
    say("delete", deleted[0].pts_count == 1)
    say("gone", await client.get_messages(bot, ids=kept.id) is None)


async def log_in_and_use(client):
    await log_in(client)
    await user_side(client)


async def press_once(client):
    """One press, on the newest message with buttons: for two of these programs, one on each side."""
    bot = await client.get_input_entity(os.environ["PEER"])
    menu = next(one for one in await client.get_messages(bot, limit=20) if one.buttons)
    answer = await menu.click(data=b"press")
    say("press", answer is not None and answer.message == "bot says press", answer=answer and answer.message)


SIDES = {
    "user": log_in_and_use,
    "session": user_side,
    "bot": bot_side,
    "press": press_once,
    "errors": telethon_errors.user,
    "game-bot": telethon_games.bot,
    "player": telethon_games.player,
    "inline-bot": telethon_inline.bot,
    "asker": telethon_inline.user,
    "profile-bot": telethon_profile.bot,
    "profile": telethon_profile.user,
    "stays": telethon_stays.user,
    "watch": telethon_watch.user,
}


async def main(options):
    rsa._server_keys.clear()
    with open(options.key) as key:
        rsa.add_key(key.read(), old=False)
    ready = bool(os.environ.get("SESSION"))
    session = StringSession(os.environ["SESSION"] if ready else None)
    if not ready:
        session.set_dc(2, options.host, options.port)
    client = TelegramClient(
        session, 12345, "0123456789abcdef0123456789abcdef", connection=TRANSPORTS[options.transport],
        # One key exchange in 256 fails in this library, and is tried again.
        connection_retries=60, retry_delay=1, request_retries=2, flood_sleep_threshold=0,
    )
    await asyncio.wait_for(client.connect(), 20)
    say("connect", layer=alltlobjects.LAYER, transport=options.transport)
    await SIDES[options.side](client)
    await client.disconnect()


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("host")
    parser.add_argument("port", type=int)
    parser.add_argument("key")
    parser.add_argument("side", choices=SIDES)
    parser.add_argument("--transport", choices=TRANSPORTS, default="full")
    return parser.parse_args()


try:
    asyncio.run(main(arguments()))
except Exception as error:  # every end is told as a step
    say("end", False, error=repr(error))
sys.exit(1 if telethon_common.failures else 0)
