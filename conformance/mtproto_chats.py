"""Supergroups, channels, members, pictures and files, with unmodified MTProto libraries: scenarios for `mtproto.py`."""

import struct
import zlib

from harness.mtproto_bot import EchoBot

SIDES = ("members", "channel", "media")


class MenuBot(EchoBot):
    """Shows a menu to who speaks to it in a group; answers its presses, and edits it then."""

    def handle(self, update):
        message = update.get("message")
        if message and message.get("text", "").endswith(" hello"):
            button = {"text": "press", "callback_data": "press"}
            self.call("sendMessage", chat_id=message["chat"]["id"], text="Menu",
                      reply_markup={"inline_keyboard": [[button]]})
        query = update.get("callback_query")
        if query:
            self.call("answerCallbackQuery", callback_query_id=query["id"], text=f"bot says {query['data']}")
            own = query["message"]
            self.call("editMessageText", chat_id=own["chat"]["id"], message_id=own["message_id"], text="Menu, pressed",
                      reply_markup=own["reply_markup"])


def png(width, height):
    """A picture of one colour."""
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    rows = (b"\0" + b"\x10\x80\xf0" * width) * height
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def run(stage, library, side, finish):
    """One side of one library's program: `clients/<library>_chats`."""
    control = stage.control
    bot = control.bot("chats_test_bot")
    other = control.user("Ben", username="ben_the_other")
    group = control.call("POST", "/chats", {
        "type": "supergroup", "title": "Kitchen", "username": "kitchen",
        "members": [stage.user["id"], other["id"], bot["id"]],
    })
    picture = stage.server.folder / "picture.png"
    picture.write_bytes(png(20, 10))
    speaking = MenuBot(stage.server.url, bot["token"], "chats_test_bot")
    try:
        finish(stage.program(
            library, side, program="chats", SESSION=stage.session(library), OTHER="ben_the_other", OTHER_ID=other["id"],
            BOT="chats_test_bot", GROUP="kitchen", GROUP_ID=group["id"], PHOTO=picture,
            BOT_API=f"{stage.server.url}/bot{bot['token']}/"))
    finally:
        speaking.stop()


def scenarios(libraries, finish):
    """(name, libraries, what to run with a stage)"""
    for library in libraries:
        for side in SIDES:
            yield f"{library.name}:{side}", [library], lambda s, l=library, d=side: run(s, l, d, finish)
