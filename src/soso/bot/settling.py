"""What is set for a chat: its language, and whether sensitive content shows. In groups by admins.

Knows commands and buttons of settings. Must not know where settings are kept.
"""

from typing import Final

import msgspec
from aiogram import Bot, F, Router
from aiogram.filters import Command, CommandObject
from aiogram.types import CallbackQuery, ChatMemberUpdated, Message

from soso.alerts.watch import Door, Owner
from soso.bot.commands import offer_menu
from soso.bot.filters import Pressed, may_set
from soso.bot.lists import LANGUAGE, SENSITIVE, render_languages, render_settings
from soso.bot.render import join, ours, plain
from soso.bot.screen import Screen
from soso.bot.showing import read_words
from soso.bot.talk import Reader, Talk
from soso.i18n.language import match_language
from soso.text.foreign import clip

_GONE: Final = frozenset({"kicked", "left"})


def make_settling_router(talk: Talk) -> Router:
    """Return the handlers of settings, and of the bot's coming and going."""
    router = Router(name="settling")

    @router.message(Command("lang", ignore_case=True))
    async def choose_language(
        message: Message, command: CommandObject, reader: Reader, bot: Bot
    ) -> None:
        if not await may_set(bot, message):
            return
        wanted = match_language((command.args or "").strip())
        if wanted is not None:
            await talk.set_chat(reader.chat, language=wanted.value)
            reader = msgspec.structs.replace(reader, language=wanted)
            if reader.private:
                await offer_menu(talk, bot, reader.chat, wanted)
        await talk.answer(message, render_languages(talk.show(reader)))

    @router.message(Command("settings", ignore_case=True))
    async def show_settings(message: Message, reader: Reader, bot: Bot) -> None:
        if await may_set(bot, message):
            await talk.answer(message, render_settings(talk.show(reader)))

    @router.callback_query(Pressed(talk.sealer, LANGUAGE))
    async def take_language(pressed: CallbackQuery, rest: str, reader: Reader, bot: Bot) -> None:
        _, words = read_words(rest)
        wanted = match_language(words[0]) if words else None
        if wanted is None or not await _allowed(talk, pressed, reader, bot):
            return
        await talk.set_chat(reader.chat, language=wanted.value)
        reader = msgspec.structs.replace(reader, language=wanted)
        await pressed.answer(talk.speaker(wanted).text("bot.language_set"))
        await talk.edit(pressed, render_settings(talk.show(reader)))
        if reader.private:
            await offer_menu(talk, bot, reader.chat, wanted)

    @router.callback_query(Pressed(talk.sealer, SENSITIVE))
    async def take_sensitive(pressed: CallbackQuery, rest: str, reader: Reader, bot: Bot) -> None:
        _, words = read_words(rest)
        if not words or not await _allowed(talk, pressed, reader, bot):
            return
        changed = await talk.set_chat(reader.chat, sensitive=words[0] == "1")
        reader = msgspec.structs.replace(reader, sensitive=changed.sensitive)
        await pressed.answer()
        await talk.edit(pressed, render_settings(talk.show(reader)))

    @router.my_chat_member(F.chat.type == "private")
    async def note_person(event: ChatMemberUpdated) -> None:
        await _note(talk, event)

    @router.my_chat_member(F.chat.type.in_({"group", "supergroup"}))
    async def note_group(event: ChatMemberUpdated) -> None:
        await _note(talk, event)

    @router.my_chat_member(F.chat.type == "channel")
    async def guide_owner(event: ChatMemberUpdated, bot: Bot) -> None:
        if event.new_chat_member.status != "administrator":
            return
        if event.old_chat_member.status == "administrator":
            return  # only its rights have changed
        reader = await talk.get_reader(event.from_user, None)
        say = talk.speaker(reader.language)
        name = event.chat.username or ""
        title = clip(event.chat.title or name, 64)
        lines = (
            plain(say.text("bot.added_channel", title=title)),
            ours(
                say.text("bot.added_public", name=name) if name else say.text("bot.added_private")
            ),
        )
        await talk.send(bot, event.from_user.id, Screen(text=join(lines, "\n")))

    return router


async def _note(talk: Talk, event: ChatMemberUpdated) -> None:
    """Remember whether a chat can be written to; who stopped the bot is told nothing any more."""
    reachable = event.new_chat_member.status not in _GONE
    await talk.set_chat(event.chat.id, reachable=reachable)
    if not reachable:
        owner = Owner(door=Door.BOT, id=str(event.chat.id))
        await talk.run(talk.app.stop_watches_of, owner, reason="the bot was stopped")


async def _allowed(talk: Talk, pressed: CallbackQuery, reader: Reader, bot: Bot) -> bool:
    if await may_set(bot, pressed):
        return True
    await pressed.answer(talk.speaker(reader.language).text("bot.admins_only"), show_alert=True)
    return False
