"""A user of a bot on the Bot API that has a volume knob: presses, and sees the message change."""

import asyncio
import os

from telethon import events

from telethon_common import say


async def user(client):
    fresh, edits = asyncio.Queue(), asyncio.Queue()
    client.add_event_handler(lambda event: fresh.put(event.message), events.NewMessage(incoming=True))
    client.add_event_handler(lambda event: edits.put(event.message), events.MessageEdited(incoming=True))
    target = await client.get_input_entity(os.environ["PEER"])
    await client.send_message(target, "/start")
    knob = await asyncio.wait_for(fresh.get(), 30)
    say("knob", knob.raw_text == "Volume: 50", text=knob.raw_text)
    answer = await knob.click(0, 0)
    say("press", answer is not None and answer.message == "Volume: 60")
    edited = await asyncio.wait_for(edits.get(), 30)
    say("edit", edited.id == knob.id and edited.raw_text == "Volume: 60" and bool(edited.buttons))
