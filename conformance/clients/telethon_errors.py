"""Every way in which a press can be refused."""

import asyncio
import os

from telethon import functions, types

from telethon_common import control, faults, proof, refused, say

METHOD = "messages.getBotCallbackAnswer"


async def user(client):
    bot = await client.get_input_entity(os.environ["PEER"])
    menu = next(one for one in await client.get_messages(bot, limit=20) if one.buttons)

    def press(data, number=menu.id, peer=bot, **fields):
        return client(functions.messages.GetBotCallbackAnswerRequest(peer, number, data=data, **fields))

    async def timeout():
        waiting = asyncio.ensure_future(press(b"never"))
        await asyncio.sleep(0.3)
        control("POST", "/clock/advance", {"by": "10s"})
        await waiting

    await refused("BOT_RESPONSE_TIMEOUT", timeout(), "BotResponseTimeoutError", code=400)
    strange = types.InputPeerChannel(1, 1)
    await refused("CHANNEL_INVALID", press(b"press", peer=strange), "ChannelInvalidError", code=400)
    left = await client.get_input_entity(os.environ["LEFT"])
    number = int(os.environ["LEFT_MESSAGE"])
    await refused("CHANNEL_PRIVATE", press(b"press", number, left), "ChannelPrivateError", code=400)
    await refused("DATA_INVALID", press(b"bogus"), "DataInvalidError", code=400)
    await refused("DATA_INVALID, no data", press(None), "DataInvalidError", code=400)
    await refused("MESSAGE_ID_INVALID", press(b"press", 99999), "MessageIdInvalidError", code=400)
    strange = types.InputPeerUser(bot.user_id, bot.access_hash + 1)
    await refused("PEER_ID_INVALID", press(b"press", peer=strange), "PeerIdInvalidError", code=400)
    await refused("PEER_ID_INVALID, a group", press(b"press", peer=types.InputPeerChat(1)), "PeerIdInvalidError", code=400)

    await refused("PASSWORD_MISSING", press(b"xfer"), "PasswordMissingError")
    wrong = await proof(client, "wrong")
    await refused("PASSWORD_HASH_INVALID", press(b"xfer", password=wrong), "PasswordHashInvalidError")
    empty = types.InputCheckPasswordEmpty()
    await refused("PASSWORD_HASH_INVALID, none", press(b"xfer", password=empty), "PasswordHashInvalidError")
    right = await proof(client, os.environ["PASSWORD"])
    answer = await press(b"xfer", password=right)
    say("the right password", answer.message == "bot says xfer")
    answer = await press(b"press", game=True, password=await proof(client, os.environ["PASSWORD"]))
    say("every optional field at once", answer.message == "bot says press")
    await refused("SRP_ID_INVALID", press(b"xfer", password=right), "SrpIdInvalidError")

    # This library sends again after −503, and so the second try has its answer.
    faults({"method": METHOD, "error_code": 503, "description": "Timeout", "times": 1})
    answer = await press(b"press")
    left_over = control("GET", "/faults")["faults"]
    say("-503 Timeout", answer.message == "bot says press" and not any(rule.get("times") for rule in left_over), left=left_over)
    # After this one the library refuses by itself for a while.
    faults({"method": METHOD, "retry_after": 7, "times": 1})
    await refused("FLOOD_WAIT_7", press(b"press"), "FloodWaitError", seconds=7)
    faults()
