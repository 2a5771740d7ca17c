"""The commands in Telegram's menu, and what the bot says of itself, in three languages.

Knows which command is offered where. Must not know what commands do.
"""

import logging
from typing import Final

from aiogram import Bot
from aiogram.exceptions import TelegramAPIError
from aiogram.types import (
    BotCommand,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
    BotCommandScopeUnion,
)

from soso.bot.talk import Talk
from soso.i18n.language import Language, match_language

log = logging.getLogger(__name__)

PRIVATE: Final = (
    *("start", "hot", "new", "random", "watch", "watches"),
    *("submit", "report", "remove", "lang", "settings", "help", "id"),
)
GROUP: Final = ("s", "hot", "new", "random", "watch", "watches", "settings", "help")
OPERATOR: Final = (
    *("add", "drop", "sources", "stats", "queue", "accept", "refuse"),
    *("block", "unblock", "reindex", "broadcast"),
)
_MENUS: Final = ((Language.ENGLISH, None), (Language.SIMPLIFIED, "zh"), (Language.ENGLISH, "en"))
"""Telegram knows a menu's language by two letters, so there is one Chinese; the menu without one is
for all others. Who chooses a language with /lang gets a menu of their own in it: offer_menu."""


async def announce(talk: Talk, bot: Bot) -> None:
    """Set commands and descriptions; what Telegram refuses stays as it was."""
    try:
        for language, code in _MENUS:
            await _announce(talk, bot, language, code)
        for number in sorted(talk.operators):
            kept = await talk.run(talk.app.get_bot_chat, number)
            language = match_language(kept.language or "") or Language.SIMPLIFIED
            await offer_menu(talk, bot, number, language)
    except TelegramAPIError as error:
        log.warning("the bot's commands could not be set: %s", type(error).__name__)


async def offer_menu(talk: Talk, bot: Bot, person: int, language: Language) -> None:
    """Set the menu that one person sees: in the language they chose, with what they may do."""
    names = (*PRIVATE, *OPERATOR) if person in talk.operators else PRIVATE
    await _set(talk, bot, language, names, BotCommandScopeChat(chat_id=person), None)


async def _announce(talk: Talk, bot: Bot, language: Language, code: str | None) -> None:
    say = talk.speaker(language)
    await _set(talk, bot, language, PRIVATE, BotCommandScopeAllPrivateChats(), code)
    await _set(talk, bot, language, GROUP, BotCommandScopeAllGroupChats(), code)
    about = say.text("bot.about", site=talk.app.settings.site_name)
    short = say.text("bot.about_short", site=talk.app.settings.site_name)
    await bot.set_my_description(description=about[:512], language_code=code)
    await bot.set_my_short_description(short_description=short[:120], language_code=code)


async def _set(
    talk: Talk,
    bot: Bot,
    language: Language,
    names: tuple[str, ...],
    scope: BotCommandScopeUnion,
    code: str | None,
) -> None:
    say = talk.speaker(language)
    commands = [
        BotCommand(command=name, description=say.text(f"bot_command.{name}")) for name in names
    ]
    await bot.set_my_commands(commands, scope=scope, language_code=code)
