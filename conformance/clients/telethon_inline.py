"""Inline mode: a bot that offers results and edits what became of them, and someone who sends one."""

import asyncio
import os

from telethon import Button, errors, events, functions, types

from telethon_common import refused, say


def keyboard(count):
    return [[Button.inline(f"{count} +1", b"more")]]


async def bot(client):
    await client.start(bot_token=os.environ["TOKEN"])
    done, chosen = asyncio.Event(), asyncio.Event()

    @client.on(events.InlineQuery)
    async def _(event):
        say("inline query", event.text == "count", query=event.text, kind=str(event.query.peer_type))
        geo = types.InputBotInlineMessageMediaGeo(types.InputGeoPointEmpty())
        foreign = types.InputBotInlineResult("x", "geo", geo)
        try:
            await event.answer([foreign])
            say("foreign result", False)
        except errors.BadRequestError as error:
            say("foreign result", "inputBotInlineMessageMediaGeo" in error.message, text=error.message)
        article = event.builder.article(
            "Counter", description="Counts", id="counter", text="Count: **0**", buttons=keyboard(0))
        await event.answer([article], cache_time=5, next_offset="", switch_pm="Settings", switch_pm_param="set")

    @client.on(events.Raw(types.UpdateBotInlineSend))
    async def _(update):
        say("inline result sent", update.id == "counter" and update.query == "count" and update.msg_id is not None)
        chosen.set()

    @client.on(events.CallbackQuery(data=b"more"))
    async def _(event):
        inline = isinstance(event.query, types.UpdateInlineBotCallbackQuery)
        say("inline press", inline, id=type(event.query.msg_id).__name__)
        # An edit by this library answers too, with nothing, unless it was answered before.
        await event.answer("counted")
        await event.edit("Count: 1", buttons=keyboard(1))
        await chosen.wait()
        done.set()

    say("ready")
    await asyncio.wait_for(done.wait(), 60)
    await asyncio.sleep(0.2)


async def user(client):
    heard = asyncio.Queue()
    client.add_event_handler(lambda event: heard.put(event.message), events.MessageEdited())
    results = await client.inline_query(os.environ["PEER"], "count", entity="me")
    one = results[0]
    say("inline results", one.title == "Counter" and one.description == "Counts" and one.type == "article")
    pm = results.result.switch_pm
    say("switch to private chat", pm is not None and (pm.text, pm.start_param) == ("Settings", "set"))
    sent = await one.click("me")
    say("result sent", sent.raw_text == "Count: 0" and sent.via_bot_id == int(os.environ["PEER_ID"]))
    say("its button", sent.buttons[0][0].text == "0 +1")
    answer = await sent.click(data=b"more")
    say("inline press", answer is not None and answer.message == "counted")
    edited = await asyncio.wait_for(heard.get(), 20)
    text = edited.buttons[0][0].text
    say("inline edit", edited.id == sent.id and edited.raw_text == "Count: 1" and text == "1 +1", text=text)
    press = functions.messages.GetBotCallbackAnswerRequest("me", sent.id, data=b"other")
    await refused("data invalid", client(press), "DataInvalidError")
    again = functions.messages.SendInlineBotResultRequest(types.InputPeerSelf(), results.query_id, "nothing")
    await refused("result id invalid", client(again), "ResultIdInvalidError")
