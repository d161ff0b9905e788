#!/usr/bin/env python3
"""Telethon, unmodified: supergroups and channels, their members, pictures and files.

usage: telethon_chats.py HOST PORT PUBLIC_KEY_PEM members|channel|media
environment: SESSION OTHER OTHER_ID BOT GROUP GROUP_ID PHOTO CONTROL BOT_API
One JSON object for each step; the exit code is 0 only if every step held. What the others do meanwhile it asks the
server for, over the control API and as the bot.
"""

import asyncio
import io
import json
import os
import sys
import traceback
import urllib.request

from telethon import TelegramClient, errors, events, functions, types
from telethon.sessions import StringSession

failures = 0


def say(step, ok=True, **fields):
    global failures
    failures += not ok
    print(json.dumps({"client": "telethon", "step": step, "ok": bool(ok), **fields}, default=str), flush=True)


def ask(url, body, content_type="application/json"):
    """What others do, over HTTP."""
    data = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data, {"Content-Type": content_type})
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(request, timeout=30) as response:
        return json.load(response)


def bot(method, **fields):
    return ask(os.environ["BOT_API"] + method, fields)["result"]


def bot_sends_photo(chat, caption, picture):
    boundary = "a-boundary-that-is-in-no-picture"
    fields = [f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
              for name, value in (("chat_id", chat), ("caption", caption))]
    head = f'--{boundary}\r\nContent-Disposition: form-data; name="photo"; filename="p.png"\r\nContent-Type: image/png\r\n\r\n'
    body = "".join(fields).encode() + head.encode() + picture + f"\r\n--{boundary}--\r\n".encode()
    return ask(os.environ["BOT_API"] + "sendPhoto", body, f"multipart/form-data; boundary={boundary}")["result"]


async def refused(step, call, name):
    try:
        answer = await call
    except errors.RPCError as error:
        say(step, type(error).__name__ == name, error=type(error).__name__, text=str(error))
    else:
        say(step, False, answer=answer)


async def members(client):
    me, other = await client.get_me(), os.environ["OTHER"]
    made = await client(functions.messages.CreateChatRequest([other, os.environ["BOT"]], "Basic"))
    group = made.updates.chats[0]
    say("create group", group.title == "Basic" and group.creator and group.participants_count == 3)
    started = (await client.get_messages(group, limit=1))[0]
    say("group began", isinstance(started.action, types.MessageActionChatCreate))
    await client(functions.messages.EditChatTitleRequest(group.id, "Renamed"))
    say("rename group", (await client.get_entity(group.id)).title == "Renamed")
    await client.edit_admin(group, other, is_admin=True)
    full = await client(functions.messages.GetFullChatRequest(group.id))
    kinds = sorted(type(one).__name__ for one in full.full_chat.participants.participants)
    say("group admin", kinds == ["ChatParticipant", "ChatParticipantAdmin", "ChatParticipantCreator"], kinds=kinds)
    await client.kick_participant(group, other)
    say("put out of group", len(await client.get_participants(group)) == 2)
    await client(functions.messages.AddChatUserRequest(group.id, other, 0))
    say("put into group", len(await client.get_participants(group)) == 3)
    await refused("put in twice", client(functions.messages.AddChatUserRequest(group.id, other, 0)),
                  "UserAlreadyParticipantError")

    made = await client(functions.channels.CreateChannelRequest("Garden", "", megagroup=True))
    garden = made.chats[0]
    say("create supergroup", garden.megagroup and garden.creator)
    say("check name", await client(functions.channels.CheckUsernameRequest(garden, "garden_talk")))
    await client(functions.channels.UpdateUsernameRequest(garden, "garden_talk"))
    say("name", (await client.get_entity("garden_talk")).id == garden.id)
    await client(functions.channels.InviteToChannelRequest(garden, [other, os.environ["BOT"]]))
    everyone = await client.get_participants(garden)
    say("participants", len(everyone) == 3 and everyone.total == 3, total=everyone.total)
    await client.edit_admin(garden, other, is_admin=True)
    found = await client(functions.channels.GetParticipantRequest(garden, other))
    say("promote", isinstance(found.participant, types.ChannelParticipantAdmin))
    admins = await client.get_participants(garden, filter=types.ChannelParticipantsAdmins())
    say("admins", {one.id for one in admins} == {me.id, (await client.get_entity(other)).id})
    await client.edit_admin(garden, other, is_admin=False)
    await client.edit_permissions(garden, other, send_messages=False)
    muted = await client.get_participants(garden, filter=types.ChannelParticipantsBanned(""))
    await client.edit_permissions(garden, other)
    free = await client.get_participants(garden, filter=types.ChannelParticipantsBanned(""))
    say("mute", [one.username for one in muted] == [other] and not free)
    await client.edit_permissions(garden, other, view_messages=False)
    kicked = await client.get_participants(garden, filter=types.ChannelParticipantsKicked(""))
    say("ban", [one.username for one in kicked] == [other] and len(await client.get_participants(garden)) == 2)
    await client.edit_permissions(garden, other)
    say("let again", not await client.get_participants(garden, filter=types.ChannelParticipantsKicked("")))
    full = await client(functions.channels.GetFullChannelRequest(garden))
    say("full channel", full.full_chat.participants_count == 2 and full.full_chat.bot_info[0].user_id > 0)
    link = (await client(functions.messages.ExportChatInviteRequest(garden))).link
    shown = await client(functions.messages.CheckChatInviteRequest(link.rsplit("+", 1)[1]))
    say("invite link", isinstance(shown, types.ChatInviteAlready) and shown.chat.id == garden.id, link=link)
    await refused("no such link", client(functions.messages.ImportChatInviteRequest("nonsense")), "InviteHashExpiredError")
    common = await client(functions.messages.GetCommonChatsRequest(os.environ["BOT"], 0, 100))
    say("common chats", {group.id, garden.id} <= {one.id for one in common.chats})
    found = await client(functions.contacts.SearchRequest("garden", 10))
    say("search chats", any(one.channel_id == garden.id for one in found.my_results if isinstance(one, types.PeerChannel)))
    await refused("owner stays", client(functions.channels.LeaveChannelRequest(garden)), "UserCreatorError")
    news = (await client(functions.channels.CreateChannelRequest("News", "", broadcast=True))).chats[0]
    post = await client.send_message(news, "first")
    say("post", post.post and post.from_id is None)


async def channel(client):
    group = await client.get_input_entity(os.environ["GROUP"])
    chat = int(os.environ["GROUP_ID"])
    heard = asyncio.Queue()
    client.add_event_handler(lambda event: heard.put(("new", event.raw_text)), events.NewMessage(incoming=True))
    client.add_event_handler(lambda event: heard.put(("edit", event.raw_text)), events.MessageEdited(incoming=True))
    client.add_event_handler(lambda event: heard.put(("deleted", event.deleted_id)), events.MessageDeleted())

    async def hears(step, *wanted):
        got = await asyncio.wait_for(heard.get(), 20)
        say(step, got[:len(wanted)] == wanted, got=got, wanted=wanted)

    # Telethon learns where a channel stands from its first update, or from the dialogs.
    await client.get_dialogs()
    mine = await client.send_message(group, "@chats_test_bot hello")
    await hears("bot speaks", "new", "Menu")
    menu = next(one for one in await client.get_messages(group, limit=10) if one.buttons)
    answer = await menu.click(data=b"press")
    say("press in a supergroup", answer.message == "bot says press", answer=answer.message)
    await hears("bot edits", "edit", "Menu, pressed")
    reply = await client.send_message(group, "indeed", reply_to=menu.id)
    say("reply", reply.reply_to.reply_to_msg_id == menu.id)
    say("search", [one.id for one in await client.get_messages(group, search="INDEED")] == [reply.id])
    everywhere = [one.id async for one in client.iter_messages(None, search="indeed")]
    say("search everywhere", everywhere == [reply.id], found=everywhere)
    edited = await client.edit_message(group, mine.id, "@chats_test_bot hello again")
    say("edit", edited.edit_date is not None)
    pin = await client.pin_message(group, menu.id, notify=True)
    say("pin", isinstance(pin.action, types.MessageActionPinMessage))
    pinned = await client.get_messages(group, ids=types.InputMessagePinned())
    say("pinned message", pinned is not None and pinned.id == menu.id and pinned.pinned)
    await client.unpin_message(group, menu.id)
    say("unpin", not await client.get_messages(group, filter=types.InputMessagesFilterPinned()))
    await client.send_read_acknowledge(group)
    dialog = next(one for one in await client.get_dialogs() if one.is_channel)
    say("read", dialog.unread_count == 0)
    forwarded = await client.forward_messages("me", [menu.id, reply.id], group)
    say("forward", [one.fwd_from is not None for one in forwarded] == [True, True])
    gone = await client.delete_messages(group, [reply.id])
    say("delete", gone[0].pts_count == 1 and await client.get_messages(group, ids=reply.id) is None)
    # What happens while nobody is there is told after, in order.
    while not heard.empty():
        heard.get_nowait()
    before = (await client(functions.channels.GetFullChannelRequest(group))).full_chat.pts
    session = client.session.save()
    await client.disconnect()
    ask(os.environ["CONTROL"] + "/messages", {"from": int(os.environ["OTHER_ID"]), "chat": chat, "text": "kept"})
    lost = bot("sendMessage", chat_id=chat, text="soon gone")
    bot("deleteMessage", chat_id=chat, message_id=lost["message_id"])
    bot("editMessageText", chat_id=chat, message_id=menu.id, text="Menu, late")
    again = TelegramClient(StringSession(session), 1, "x", catch_up=True)
    await again.connect()
    missed = await again(functions.updates.GetChannelDifferenceRequest(group, types.ChannelMessagesFilterEmpty(), before, 100))
    texts = [one.message for one in missed.new_messages]
    kinds = [type(one).__name__ for one in missed.other_updates]
    say("channel difference", texts == ["kept"], texts=texts)
    say("what else was missed", kinds == ["UpdateDeleteChannelMessages", "UpdateEditChannelMessage"]
        or sorted(kinds) == ["UpdateDeleteChannelMessages", "UpdateEditChannelMessage"], kinds=kinds)
    later = await again(functions.updates.GetChannelDifferenceRequest(
        group, types.ChannelMessagesFilterEmpty(), missed.pts, 100))
    say("nothing more", isinstance(later, types.updates.ChannelDifferenceEmpty) and later.pts == missed.pts)
    await again.disconnect()
    await client.connect()


async def media(client):
    group = await client.get_input_entity(os.environ["GROUP"])
    with open(os.environ["PHOTO"], "rb") as file:
        picture = file.read()
    sent = await client.send_file(group, os.environ["PHOTO"], caption="mine")
    size = sent.photo.sizes[-1]
    say("send photo", sent.raw_text == "mine" and (size.w, size.h) == (20, 10), size=size)
    say("download photo", await client.download_media(sent, bytes) == picture)
    again = await client.send_file(group, sent.photo)
    say("send it again", again.photo.id == sent.photo.id)
    large = os.urandom(1024) * (11 * 1024) + b"end"
    file = await client.upload_file(large, file_name="large.bin")
    document = await client.send_file(group, file, force_document=True)
    say("send file", document.file.name == "large.bin" and document.file.size == len(large))
    say("download file", await client.download_media(document, bytes) == large)
    part = b"".join([chunk async for chunk in client.iter_download(document, offset=5 << 20, limit=1)])
    say("download from the middle", part and large[5 << 20:].startswith(part), size=len(part))
    place = types.InputPhotoFileLocation(sent.photo.id, sent.photo.access_hash, b"other", size.type)
    await refused("stale reference", client(functions.upload.GetFileRequest(place, 0, 4096)), "FileReferenceInvalidError")
    place = types.InputPhotoFileLocation(sent.photo.id, 1, sent.photo.file_reference, size.type)
    await refused("foreign hash", client(functions.upload.GetFileRequest(place, 0, 4096)), "LocationInvalidError")
    place = types.InputPhotoFileLocation(sent.photo.id, sent.photo.access_hash, sent.photo.file_reference, size.type)
    await refused("odd limit", client(functions.upload.GetFileRequest(place, 0, 1000)), "LimitInvalidError")
    other = io.BytesIO(picture[:-1] + b"\0")
    other.name = "other.png"
    turned = await client.edit_message(group, sent, "turned", file=other)
    fresh = await client.get_messages(group, ids=sent.id)
    say("another picture in its place", turned.photo.id != sent.photo.id and fresh.photo.id == turned.photo.id
        and fresh.raw_text == "turned")
    back = await client.edit_message(group, sent, "mine", file=os.environ["PHOTO"])
    say("the first again", back.photo.id == sent.photo.id and back.raw_text == "mine")
    album = await client.send_file(group, [os.environ["PHOTO"]] * 2, caption=["first", "second"])
    say("album", [one.raw_text for one in album] == ["first", "second"] and album[0].grouped_id is not None
        and album[0].grouped_id == album[1].grouped_id)
    film = await client.upload_file(b"\0\0\0\x18ftypisom", file_name="film.mp4")
    video = types.DocumentAttributeVideo(duration=7, w=4, h=3, supports_streaming=True)
    film = await client.send_file(group, film, attributes=[video])
    say("film", film.video is not None and (film.file.width, film.file.height, film.file.duration) == (4, 3, 7))
    said = await client.upload_file(b"OggS", file_name="said.ogg")
    said = await client.send_file(group, said, voice_note=True,
                                  attributes=[types.DocumentAttributeAudio(duration=2, voice=True)])
    say("voice", said.voice is not None and said.file.duration == 2)
    films = await client.get_messages(group, limit=10, filter=types.InputMessagesFilterVideo())
    say("films found", [one.id for one in films] == [film.id])
    text = io.BytesIO(b"no picture")
    text.name = "text.png"
    await refused("no picture", client.send_file(group, text, force_document=False), "ImageProcessFailedError")
    await refused("missing parts", client(functions.messages.SendMediaRequest(
        group, types.InputMediaUploadedPhoto(types.InputFile(77, 2, "x", "")), "")), "FilePart0MissingError")
    given = bot_sends_photo(int(os.environ["GROUP_ID"]), "from the bot", picture)
    theirs = (await client.get_messages(group, limit=1))[0]
    say("bot's photo", theirs.photo is not None and theirs.raw_text == "from the bot")
    say("download bot's photo", await client.download_media(theirs, bytes) == picture)
    shown = ask(f"{os.environ['CONTROL']}/messages?chat={os.environ['GROUP_ID']}&as={(await client.get_me()).id}", None)
    named = [one["photo"][-1]["file_unique_id"] for one in shown if "photo" in one]
    say("the same picture on both APIs", named.count(given["photo"][-1]["file_unique_id"]) == 5, named=named)


async def main():
    client = TelegramClient(StringSession(os.environ["SESSION"]), 1, "x", request_retries=2, flood_sleep_threshold=0)
    await asyncio.wait_for(client.connect(), 20)
    try:
        await {"members": members, "channel": channel, "media": media}[sys.argv[4]](client)
    finally:
        await client.disconnect()


try:
    asyncio.run(main())
except Exception as error:  # every end is told as a step
    say("end", False, error=repr(error), at=traceback.format_exc()[-600:])
sys.exit(1 if failures else 0)
