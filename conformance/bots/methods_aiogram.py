"""Calls methods of the Bot API through aiogram, which checks what it is answered, and says what it got.

Environment:
  API_BASE  the server, e.g. http://127.0.0.1:8081
  TOKEN     the bot's token
  ANN, BEN  two users; Ann has written to the bot (message 1 of both)
  GROUP     a supergroup in which the bot is an administrator, Ann the owner and Ben a member
"""

import asyncio
import os

from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import TelegramAPIError
from aiogram.types import (
    ChatAdministratorRights, InlineKeyboardButton, InlineKeyboardMarkup, MenuButtonCommands, MenuButtonDefault,
    MenuButtonWebApp, WebAppInfo,
)

ANN, BEN, GROUP = (int(os.environ[name]) for name in ("ANN", "BEN", "GROUP"))
RIGHTS = dict.fromkeys(
    ("is_anonymous", "can_manage_chat", "can_delete_messages", "can_manage_video_chats", "can_restrict_members",
     "can_promote_members", "can_change_info", "can_invite_users", "can_post_stories", "can_edit_stories",
     "can_delete_stories", "can_send_welcome_messages"), False)


def same(what, got, wanted):
    if got != wanted:
        raise SystemExit(f"{what}: expected {wanted!r}, got {got!r}")
    print("ok", what, flush=True)


async def pins(bot):
    first = await bot.send_message(GROUP, "first")
    second = await bot.send_message(GROUP, "second")
    same("pinChatMessage", await bot.pin_chat_message(GROUP, first.message_id, disable_notification=True), True)
    await bot.pin_chat_message(GROUP, second.message_id)
    same("getChat: pinned", (await bot.get_chat(GROUP)).pinned_message.text, "second")
    same("unpinChatMessage", await bot.unpin_chat_message(GROUP), True)
    same("getChat: pinned before", (await bot.get_chat(GROUP)).pinned_message.text, "first")
    same("unpinAllChatMessages", await bot.unpin_all_chat_messages(GROUP), True)
    same("getChat: nothing pinned", (await bot.get_chat(GROUP)).pinned_message, None)
    updates = await bot.get_updates(allowed_updates=["message"])
    told = [update.message.pinned_message.text for update in updates
            if update.message and update.message.pinned_message]
    same("updates with pinned_message", told, ["first", "second"])


async def several(bot):
    sent = await bot.forward_messages(chat_id=GROUP, from_chat_id=ANN, message_ids=[1, 999])
    same("forwardMessages", len(sent), 1)
    sent = await bot.copy_messages(chat_id=GROUP, from_chat_id=ANN, message_ids=[1], remove_caption=True)
    same("copyMessages", len(sent), 1)


async def chat(bot):
    same("setChatTitle", await bot.set_chat_title(GROUP, "Cellar"), True)
    same("setChatDescription", await bot.set_chat_description(GROUP, "For all."), True)
    link = await bot.export_chat_invite_link(GROUP)
    full = await bot.get_chat(GROUP)
    same("getChat", (full.title, full.description, full.invite_link), ("Cellar", "For all.", link))
    made = await bot.create_chat_invite_link(GROUP, name="guests", member_limit=2)
    same("createChatInviteLink", (made.name, made.member_limit, made.is_primary), ("guests", 2, False))
    edited = await bot.edit_chat_invite_link(GROUP, made.invite_link, member_limit=3)
    same("editChatInviteLink", edited.member_limit, 3)
    same("revokeChatInviteLink", (await bot.revoke_chat_invite_link(GROUP, made.invite_link)).is_revoked, True)
    promoted = await bot.promote_chat_member(GROUP, BEN, can_pin_messages=True, can_manage_chat=True)
    same("promoteChatMember", promoted, True)
    same("setChatAdministratorCustomTitle", await bot.set_chat_administrator_custom_title(GROUP, BEN, "cook"), True)
    member = await bot.get_chat_member(GROUP, BEN)
    same("getChatMember", (member.status, member.custom_title, member.can_pin_messages), ("administrator", "cook", True))
    await bot.promote_chat_member(GROUP, BEN)
    same("getChatMember: no more", (await bot.get_chat_member(GROUP, BEN)).status, "member")


async def itself(bot):
    same("setMyName", await bot.set_my_name("Knob"), True)
    same("setMyName in German", await bot.set_my_name("Knopf", language_code="de"), True)
    same("getMyName", (await bot.get_my_name()).name, "Knob")
    same("getMyName in German", (await bot.get_my_name(language_code="de")).name, "Knopf")
    same("setMyDescription", await bot.set_my_description("Turns"), True)
    same("getMyDescription", (await bot.get_my_description()).description, "Turns")
    same("setMyShortDescription", await bot.set_my_short_description("Short"), True)
    same("getMyShortDescription", (await bot.get_my_short_description()).short_description, "Short")
    button = MenuButtonWebApp(text="Open", web_app=WebAppInfo(url="https://app.example/"))
    same("setChatMenuButton", await bot.set_chat_menu_button(chat_id=ANN, menu_button=button), True)
    got = await bot.get_chat_menu_button(chat_id=ANN)
    same("getChatMenuButton", (type(got), got.text, got.web_app.url),
         (MenuButtonWebApp, "Open", "https://app.example/"))
    await bot.set_chat_menu_button(menu_button=MenuButtonCommands())
    same("getChatMenuButton for all", type(await bot.get_chat_menu_button()), MenuButtonCommands)
    same("getChatMenuButton of one", type(await bot.get_chat_menu_button(chat_id=BEN)), MenuButtonDefault)
    rights = ChatAdministratorRights(**{**RIGHTS, "can_manage_chat": True, "can_pin_messages": True})
    same("setMyDefaultAdministratorRights", await bot.set_my_default_administrator_rights(rights=rights), True)
    got = await bot.get_my_default_administrator_rights()
    same("getMyDefaultAdministratorRights", (got.can_manage_chat, got.can_pin_messages, got.can_promote_members),
         (True, True, False))
    same("getUserProfilePhotos", (await bot.get_user_profile_photos(ANN)).total_count, 0)


async def content(bot):
    dice = await bot.send_dice(ANN, emoji="🎯")
    same("sendDice", (dice.dice.emoji, 1 <= dice.dice.value <= 6), ("🎯", True))
    contact = await bot.send_contact(ANN, phone_number="+15550100", first_name="Dan", last_name="D.")
    same("sendContact", (contact.contact.phone_number, contact.contact.first_name), ("+15550100", "Dan"))
    keyboard = InlineKeyboardMarkup(inline_keyboard=[[InlineKeyboardButton(text="here", callback_data="here")]])
    place = await bot.send_location(ANN, latitude=52.520008, longitude=13.404954, reply_markup=keyboard)
    same("sendLocation", (place.location.latitude, place.location.longitude), (52.520008, 13.404954))
    same("sendLocation: keyboard", place.reply_markup.inline_keyboard[0][0].callback_data, "here")
    venue = await bot.send_venue(ANN, latitude=1.5, longitude=2, title="Café", address="Here 1", foursquare_id="f1")
    same("sendVenue", (venue.venue.title, venue.venue.foursquare_id, venue.location.latitude), ("Café", "f1", 1.5))


async def refusals(bot):
    for call, wanted in (
        (bot.pin_chat_message(GROUP, 999), "Telegram server says - Bad Request: message to pin not found"),
        (bot.forward_messages(chat_id=GROUP, from_chat_id=ANN, message_ids=[998]),
         "Telegram server says - Bad Request: there are no messages to forward"),
        (bot.leave_chat(ANN), "Telegram server says - Bad Request: can't leave private chats"),
        (bot.send_poll(ANN, "?", ["a", "b"]),
         "Telegram server says - Bad Request: method sendPoll is not supported by this local server"),
    ):
        try:
            same("refusal", await call, wanted)
        except TelegramAPIError as error:
            same("refusal", str(error), wanted)


async def main():
    api = TelegramAPIServer.from_base(os.environ["API_BASE"])
    async with Bot(os.environ["TOKEN"], session=AiohttpSession(api=api)) as bot:
        for part in (pins, several, chat, itself, content, refusals):
            await part(bot)
        same("leaveChat", await bot.leave_chat(GROUP), True)
    print("done", flush=True)


if __name__ == "__main__":
    asyncio.run(main())
