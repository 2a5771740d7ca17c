"""What stands before every handler: who asks, whether they may, how often, and errors in words.

An inner middleware of the conversation's routers: it runs when a handler was found, so a message in
a group that is not for the bot costs nobody anything.
"""

import logging
import time
from collections.abc import Awaitable, Callable
from typing import Any

from aiogram import BaseMiddleware
from aiogram.types import CallbackQuery, InlineQuery, Message, TelegramObject

from soso.bot.render import plain
from soso.bot.screen import Screen
from soso.bot.talk import Reader, Talk
from soso.model.errors import BadInput, Busy, NotFound, Refused, SosoError

Handler = Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]]

log = logging.getLogger(__name__)


class Gate(BaseMiddleware):
    """Gives handlers their reader; keeps out who is blocked, slows down who asks too often."""

    def __init__(self, talk: Talk) -> None:
        self._talk = talk

    async def __call__(self, handler: Handler, event: TelegramObject, given: dict[str, Any]) -> Any:
        """Call the handler if the event may pass."""
        user = given.get("event_from_user")
        chat = None if isinstance(event, InlineQuery) else given.get("event_chat")
        reader = await self._talk.get_reader(user, chat)
        if reader.blocked:
            return await _stay_silent(event)
        if isinstance(event, Message | CallbackQuery | InlineQuery) and not self._may_ask(reader):
            return await self._slow_down(event, reader)
        given["reader"] = reader
        try:
            return await handler(event, given)
        except SosoError as error:
            log.info("%s: %s", type(event).__name__, type(error).__name__)
            return await self._apologize(event, reader, error)

    def _may_ask(self, reader: Reader) -> bool:
        if reader.person in self._talk.operators:
            return True
        now = time.monotonic()
        if not self._talk.people.hit(reader.person, now):
            return False
        return reader.private or self._talk.groups.hit(reader.chat, now)

    def _is_told(self, reader: Reader) -> bool:
        """Once in a row, and in private: a group is not to be filled with it."""
        return reader.private and self._talk.people.warn(reader.person)

    async def _slow_down(self, event: TelegramObject, reader: Reader) -> None:
        text = self._talk.speaker(reader.language).text("bot.slow_down")
        if isinstance(event, CallbackQuery):
            await event.answer(text)
        elif isinstance(event, InlineQuery):
            await event.answer([], cache_time=1, is_personal=True)
        elif isinstance(event, Message) and self._is_told(reader):
            await self._talk.answer(event, Screen(text=plain(text)))

    async def _apologize(self, event: TelegramObject, reader: Reader, error: SosoError) -> None:
        text = self._say(reader, error)
        if isinstance(event, CallbackQuery):
            await event.answer(text[:200], show_alert=True)
        elif isinstance(event, InlineQuery):
            await event.answer([], cache_time=1, is_personal=True)
        elif isinstance(event, Message):
            await self._talk.answer(event, Screen(text=plain(text)))

    def _say(self, reader: Reader, error: SosoError) -> str:
        say = self._talk.speaker(reader.language)
        match error:
            case NotFound():
                return say.text("bot.gone")
            case Busy():
                return say.text("bot.busy")
            case Refused():
                return say.text("bot.refused")
            case BadInput():
                # Its text is in English and for operators; readers' input has its own wordings.
                operator = reader.person in self._talk.operators
                return str(error) if operator else say.text("bot.bad_input")
            case _:
                return say.text("bot.unavailable")


async def _stay_silent(event: TelegramObject) -> None:
    if isinstance(event, CallbackQuery):
        await event.answer()
    elif isinstance(event, InlineQuery):
        await event.answer([], cache_time=300, is_personal=True)
