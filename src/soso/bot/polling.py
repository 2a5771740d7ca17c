"""Asking Telegram for updates, one long poll after another.

Knows offsets: asking for what comes after an update says that it may be forgotten, so nothing is
asked before the intake has it. Must not know what an update tells.
"""

import asyncio
import logging
from collections.abc import Callable, Mapping
from typing import Any, ClassVar, Final

from aiogram import Bot
from aiogram.exceptions import (
    TelegramAPIError,
    TelegramConflictError,
    TelegramNetworkError,
    TelegramRetryAfter,
    TelegramUnauthorizedError,
)
from aiogram.methods.base import TelegramMethod

from soso.bot.errors import kind_of
from soso.bot.intake import Intake

log = logging.getLogger(__name__)

WAIT_S: Final = 25
_SPARE_S: Final = 15  # beyond WAIT_S until a poll counts as lost
_LOOK_S: Final = 0.2
_FIRST_PAUSE_S: Final = 1.0
_LONGEST_PAUSE_S: Final = 60.0


class GetRawUpdates(TelegramMethod[list[dict[str, Any]]]):
    """getUpdates with the answer as it came: one update that can't be read must not hide others,
    and the archive reads posts by itself."""

    __returning__: ClassVar[Any] = list[dict[str, Any]]
    __api_method__: ClassVar[str] = "getUpdates"

    offset: int | None = None
    limit: int = 100
    timeout: int = WAIT_S
    allowed_updates: list[str] | None = None


async def poll(
    bot: Bot,
    intake: Intake,
    stopping: asyncio.Event,
    *,
    leads: Callable[[], bool] = lambda: True,
) -> None:
    """Take updates until stopping is set; then confirm what was taken.

    leads: whether this is the one process that asks, now; while it is not, this waits.
    A network that is away, another process that polls: tried again, ever more rarely. Raises
    TelegramUnauthorizedError when the token is not (or no longer) good.
    """
    offset: int | None = None
    pause_s = _FIRST_PAUSE_S
    while not stopping.is_set():
        if not leads():
            offset = None  # another process knows better by the time it is our turn
            await _sleep(_LOOK_S, stopping)
            continue
        try:
            updates = await _ask(bot, intake, offset, stopping)
        except TelegramUnauthorizedError:
            raise
        except TelegramRetryAfter as error:
            await _sleep(error.retry_after, stopping)
            continue
        except TelegramConflictError:
            log.warning("another process asks for this bot's updates; only one may")
            await _sleep(pause_s, stopping)
            pause_s = min(pause_s * 2, _LONGEST_PAUSE_S)
            continue
        except TelegramAPIError as error:
            log.warning("Telegram does not answer, asked again in %.0f s: %s", pause_s, _say(error))
            await _sleep(pause_s, stopping)
            pause_s = min(pause_s * 2, _LONGEST_PAUSE_S)
            continue
        pause_s = _FIRST_PAUSE_S
        for update in updates:
            await intake.take(update)
            number = _number(update)
            offset = offset if number is None else number + 1
    if offset is not None:
        await _confirm(bot, offset)


async def _ask(
    bot: Bot, intake: Intake, offset: int | None, stopping: asyncio.Event
) -> list[dict[str, Any]]:
    """Return the next updates; none if it is time to stop."""
    asked = GetRawUpdates(offset=offset, allowed_updates=intake.kinds)
    poll = asyncio.ensure_future(bot(asked, request_timeout=WAIT_S + _SPARE_S))
    end = asyncio.ensure_future(stopping.wait())
    try:
        await asyncio.wait((poll, end), return_when=asyncio.FIRST_COMPLETED)
        return poll.result() if poll.done() else []
    finally:
        for task in (poll, end):
            task.cancel()
        await asyncio.gather(poll, end, return_exceptions=True)


async def _confirm(bot: Bot, offset: int) -> None:
    """Say at the end what was taken, so that the next start does not answer it again."""
    try:
        await bot(GetRawUpdates(offset=offset, limit=1, timeout=0), request_timeout=5)
    except TelegramAPIError as error:
        log.warning("the last updates could not be confirmed: %s", kind_of(error))


async def _sleep(seconds: float, stopping: asyncio.Event) -> None:
    try:
        await asyncio.wait_for(stopping.wait(), seconds)
    except TimeoutError:
        return


def _number(update: Mapping[str, Any]) -> int | None:
    number = update.get("update_id")
    return number if isinstance(number, int) and not isinstance(number, bool) else None


def _say(error: TelegramAPIError) -> str:
    """Return what an answer says; what a client says of a network may hold the token's address."""
    return kind_of(error) if isinstance(error, TelegramNetworkError) else error.message
