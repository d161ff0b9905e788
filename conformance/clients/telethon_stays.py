"""A client that stays while the server goes: it connects again by itself and gets what it missed."""

import asyncio
import os

from telethon import events, functions

from telethon_common import say


async def user(client):
    heard = asyncio.Queue()
    client.add_event_handler(lambda event: heard.put(event.raw_text), events.NewMessage(incoming=True))
    await client.get_dialogs()
    say("ready")
    say("before", await asyncio.wait_for(heard.get(), 60) == "before")
    # The server is killed now, is told a message elsewhere, and comes back.
    while not os.path.exists(os.environ["GO"]):
        await asyncio.sleep(0.05)
    await asyncio.wait_for(client(functions.updates.GetStateRequest()), 60)
    say("connected again")
    # The library asks what it missed when it sees that it missed something.
    texts = [await asyncio.wait_for(heard.get(), 60) for _ in range(2)]
    say("caught up", texts == ["while you were away", "after"], texts=texts)
