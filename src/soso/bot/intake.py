"""What comes in: posts go into the archive at once, what people say goes to their handlers.

Knows which update is which, and when one may be forgotten. Must not know how it came (polling.py,
the web's hook) nor what is answered.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

from aiogram import Bot, Dispatcher
from aiogram.types import Update
from pydantic import ValidationError

from soso.bot.errors import kind_of
from soso.bot.talk import Talk
from soso.model.errors import BadInput, SosoError

log = logging.getLogger(__name__)

ARCHIVED: Final = frozenset({"channel_post", "edited_channel_post"})
"""Applied to the store before they are forgotten."""

BOTH: Final = frozenset({"my_chat_member"})
"""Tells of a chat that is followed, and somebody is to be guided."""

_FIRST_PAUSE_S: Final = 1.0
_LONGEST_PAUSE_S: Final = 60.0
_AT_ONCE: Final = 64  # handlers at work; the archive has fewer threads than that
_LAST_ANSWERS_S: Final = 8.0


class Intake:
    """Takes updates as Telegram sends them, raw."""

    def __init__(self, dispatcher: Dispatcher, bot: Bot, talk: Talk) -> None:
        self._dispatcher = dispatcher
        self._bot = bot
        self._talk = talk
        self._tasks: set[asyncio.Task[None]] = set()
        self._lines: dict[object, asyncio.Task[None]] = {}
        self._room = asyncio.Semaphore(_AT_ONCE)

    @property
    def kinds(self) -> list[str]:
        """Which updates are wanted: those of the archive and those that a handler takes."""
        asked = set(self._dispatcher.resolve_used_update_types()) - {"error", "update"}
        return sorted(asked | ARCHIVED | BOTH)

    async def take(self, raw: Mapping[str, Any]) -> None:
        """Take an update; once this returns it may be forgotten by who sent it.

        Posts are in the store then: while the store does not answer, this waits. What people say
        is being handled.
        """
        if ARCHIVED & raw.keys() or BOTH & raw.keys():
            await self._archive(raw)
        if not ARCHIVED & raw.keys():
            self.hand(raw)

    def hand(self, raw: Mapping[str, Any]) -> None:
        """Give an update to its handlers, after what the same person said before."""
        line = line_of(raw)
        before = self._lines.get(line) if line is not None else None
        task = asyncio.create_task(self._handle(raw, before))
        self._tasks.add(task)
        if line is not None:
            self._lines[line] = task

        def forget(done: asyncio.Task[None]) -> None:
            self._tasks.discard(done)
            if self._lines.get(line) is done:
                del self._lines[line]

        task.add_done_callback(forget)

    async def finish(self) -> None:
        """Let the answers under way come to their end, for a few seconds."""
        if self._tasks:
            _, left = await asyncio.wait(self._tasks, timeout=_LAST_ANSWERS_S)
            for task in left:
                task.cancel()
            await asyncio.gather(*left, return_exceptions=True)

    async def _handle(self, raw: Mapping[str, Any], before: asyncio.Task[None] | None) -> None:
        if before is not None:
            await asyncio.wait((before,))
        async with self._room:
            try:
                update = Update.model_validate(raw, context={"bot": self._bot})
                await self._dispatcher.feed_update(self._bot, update)
            except ValidationError as error:
                # Telegram is ahead of us, or what came is not from Telegram.
                log.warning("an update can't be read: %d fields", error.error_count())
            except Exception as error:  # noqa: BLE001 - one person's update must not end the bot
                log.error("an update failed beside its handlers: %s", kind_of(error))

    async def _archive(self, raw: Mapping[str, Any]) -> None:
        async def apply() -> None:
            await self._talk.run(self._talk.app.apply_update, raw)

        await retried(apply)


async def retried(apply: Callable[[], Awaitable[None]]) -> None:
    """Do something until the archive answers; what can't be used at all is logged and left out."""
    pause_s = _FIRST_PAUSE_S
    while True:
        try:
            await apply()
            return
        except BadInput as error:
            log.warning("a post was left out: %s", kind_of(error))
            return
        except SosoError as error:
            log.error("a post can't be stored, and is tried again: %s", kind_of(error))
        await asyncio.sleep(pause_s)
        pause_s = min(pause_s * 2, _LONGEST_PAUSE_S)


def line_of(raw: Mapping[str, Any]) -> object:
    """Return whose updates come one after another: those of one person in one chat.

    Inline queries are typed letter by letter; the last one must not wait for those before it.
    """
    for kind, content in raw.items():
        if isinstance(content, Mapping) and kind != "inline_query":
            sender = content.get("from")
            message = content.get("message", content)
            chat = message.get("chat") if isinstance(message, Mapping) else None
            ids = [one.get("id") for one in (sender, chat) if isinstance(one, Mapping)]
            return tuple(one for one in ids if isinstance(one, int)) or None
    return None
