"""The volume-knob bot on aiogram, with one button for every way a press can end.

Environment:
  API_BASE      the server, e.g. http://127.0.0.1:8081
  TOKEN         the bot's token
  BOT_USERNAME  its username, for the link of the "url" button
  ALLOWED       ids that may turn the knob, separated by commas
  WEBHOOK_PORT  listen there for webhooks instead of polling
  ANSWER_IN_RESPONSE  with a webhook: the answer rides in the response instead of being a call of its own
"""

import asyncio
import json
import logging
import os
import signal

from aiogram import Bot, Dispatcher, F, Router
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import TelegramBadRequest
from aiogram.filters import Command, CommandStart
from aiogram.types import (
    BufferedInputFile,
    CallbackQuery,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaDocument,
    InputMediaPhoto,
    Message,
)
from aiogram.webhook.aiohttp_server import SimpleRequestHandler, setup_application
from aiohttp import web

ALLOWED = {int(x) for x in os.environ.get("ALLOWED", "").split(",") if x}
RIDE = bool(os.environ.get("ANSWER_IN_RESPONSE"))
SECRET = "s3cret"
MENU = ["alert", "url", "cache", "none", "never", "mute", "twice", "same", "delete", "hold"]

volumes: dict[int, int] = {}
gate = asyncio.Event()
router = Router()


def data(**fields) -> str:
    return json.dumps({"type": "volume", **fields}, separators=(",", ":"))


def button(text: str, payload: str) -> InlineKeyboardButton:
    return InlineKeyboardButton(text=text, callback_data=payload)


KNOB = InlineKeyboardMarkup(
    inline_keyboard=[[button("up", data(direction=True)), button("down", data(direction=False))]]
)
PANEL = InlineKeyboardMarkup(
    inline_keyboard=[[button(name, data(a=name))] for name in MENU]
    + [[button("foreign", json.dumps({"type": "other"}, separators=(",", ":")))]]
)

TURN = InlineKeyboardMarkup(inline_keyboard=[[button(name, f"photo {name}") for name in ("first", "next", "file")]])
firsts: dict[int, str] = {}


def level(chat_id: int) -> str:
    return f"Volume: {volumes.get(chat_id, 50)}"


@router.message(CommandStart())
async def start(message: Message):
    await message.answer(level(message.chat.id), reply_markup=KNOB)


@router.message(Command("menu"))
async def menu(message: Message):
    await message.answer("Menu", reply_markup=PANEL)


@router.message(Command("photos"))
async def photos(message: Message):
    await message.answer_photo(picture(1), caption="Picture 1", reply_markup=TURN)


@router.message(Command("release"))
async def release(message: Message):
    """Lets every press that "hold" is holding go on."""
    global gate
    gate.set()
    gate = asyncio.Event()


def volume_data(query: CallbackQuery):
    try:
        parsed = json.loads(query.data or "")
    except ValueError:
        return False
    return {"d": parsed} if isinstance(parsed, dict) and parsed.get("type") == "volume" else False


def picture(width: int) -> BufferedInputFile:
    """A PNG of that width, as far as anybody looks: its header."""
    header = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + width.to_bytes(4, "big") + b"\0\0\0\1\x08\2\0\0\0"
    return BufferedInputFile(header, "picture.png")


async def finish(answer):
    """The last answer of a handler: sent here, or handed back to ride in the webhook's response."""
    if RIDE:
        return answer
    await answer


@router.callback_query(volume_data, ~F.from_user.id.in_(ALLOWED))
async def denied(query: CallbackQuery):
    return await finish(query.answer("Permission denied."))


@router.callback_query(volume_data)
async def press(query: CallbackQuery, d: dict, bot: Bot):
    chat = query.message.chat.id
    match d.get("a"):
        case None:
            volumes[chat] = max(0, min(100, volumes.get(chat, 50) + (10 if d["direction"] else -10)))
            text = level(chat)
            try:
                await query.message.edit_text(text, reply_markup=KNOB)
            except TelegramBadRequest as error:
                # Polling handles presses side by side: another one's edit may have said the same just before.
                logging.info("edit: %s", error.message)
            return await finish(query.answer(text))
        case "alert":
            return await finish(query.answer("An alert", show_alert=True))
        case "url":
            return await finish(query.answer(url=f"https://t.me/{os.environ['BOT_USERNAME']}?start=x"))
        case "cache":
            return await finish(query.answer("Cached", cache_time=30))
        case "none":
            return await finish(query.answer())
        case "never":
            return
        case "mute":
            await query.message.edit_text("Muted", reply_markup=PANEL)
        case "twice":
            await query.answer("first")
            return await finish(query.answer("second"))
        case "same":
            try:
                await query.message.edit_text(query.message.text, reply_markup=PANEL)
                said = "edited"
            except TelegramBadRequest as error:
                said = error.message
            return await finish(query.answer(said))
        case "delete":
            await query.message.delete()
            return await finish(query.answer("deleted"))
        case "hold":
            held = gate
            # Tells whoever watches that from here on a "/release" will find it.
            await bot.send_chat_action(chat, "typing")
            await held.wait()
            return await finish(query.answer("held"))


@router.callback_query(F.data.startswith("photo "))
async def turn(query: CallbackQuery):
    """Puts another picture in the place of the one whose button was pressed."""
    match query.data.removeprefix("photo "):
        case "next":
            firsts[query.message.chat.id] = query.message.photo[-1].file_id
            media, said = InputMediaPhoto(media=picture(2), caption="Picture 2"), "Picture 2"
        case "first":
            media, said = InputMediaPhoto(media=firsts[query.message.chat.id], caption="Picture 1"), "Picture 1"
        case _:
            media, said = InputMediaDocument(media=BufferedInputFile(b"words", "picture.txt")), "A file"
    try:
        await query.message.edit_media(media, reply_markup=TURN)
    except TelegramBadRequest as error:
        said = error.message.removeprefix("Bad Request: ")
    return await finish(query.answer(said))


async def main():
    session = AiohttpSession(api=TelegramAPIServer.from_base(os.environ["API_BASE"]))
    bot = Bot(os.environ["TOKEN"], session=session)
    dispatcher = Dispatcher()
    dispatcher.include_router(router)
    port = int(os.environ.get("WEBHOOK_PORT") or 0)
    if not port:
        await dispatcher.start_polling(bot)
        return
    app = web.Application()
    SimpleRequestHandler(dispatcher, bot, secret_token=SECRET, handle_in_background=False).register(app, path="/hook")
    setup_application(app, dispatcher, bot=bot)
    runner = web.AppRunner(app, shutdown_timeout=1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    await bot.set_webhook(
        f"http://127.0.0.1:{port}/hook",
        secret_token=SECRET,
        allowed_updates=dispatcher.resolve_used_update_types(),
    )
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    await stop.wait()
    await runner.cleanup()


logging.basicConfig(level=logging.INFO)
asyncio.run(main())
