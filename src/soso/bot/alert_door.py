"""Alerts as messages of the bot.

Knows how calls of the Bot API end, and what each end says about the message. Must not know what is
said. The deliverer calls from its threads; messages go out in the bot's own event loop, through its
queue, behind what people wait for.

Telegram gives a message no number of ours and can't be asked what was sent: when no answer comes,
nobody knows whether the message did. alerts/delivery.py says what is done then.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from concurrent.futures import TimeoutError as FutureTimeout
from typing import Final

import aiohttp
from aiogram.exceptions import (
    TelegramAPIError,
    TelegramBadRequest,
    TelegramForbiddenError,
    TelegramMigrateToChat,
    TelegramNetworkError,
    TelegramNotFound,
    TelegramRetryAfter,
    TelegramServerError,
    TelegramUnauthorizedError,
)

from soso.alerts.delivery import DELIVERED, End, Outcome
from soso.alerts.digest import Digest
from soso.bot.errors import kind_of
from soso.bot.outgoing import Outgoing, calmly

log = logging.getLogger(__name__)

LONGEST_S: Final = 110.0
"""The port allows two minutes; a call of the API takes 30 s at most."""

FULL_S: Final = 60.0
"""A chat whose turn is further away is asked again later instead of holding up the others."""

_GONE: Final = ("chat not found", "user is deactivated", "peer_id_invalid", "bot was kicked")

Send = Callable[[Digest], Awaitable[object]]
"""Renders a digest and sends it to the chat that is its watch's owner."""


class BotAlertDoor:
    """Fills ports.alert_door.AlertDoor."""

    def __init__(
        self,
        send: Send,
        outgoing: Outgoing,
        loop: asyncio.AbstractEventLoop,
        *,
        moved: Callable[[int, int], object] = lambda _old, _new: None,
    ) -> None:
        """loop: that of the bot; outgoing: its queue. moved: told when a group has another id."""
        self._send = send
        self._outgoing = outgoing
        self._loop = loop
        self._moved = moved

    def send(self, digest: Digest) -> Outcome:
        """Send a digest; see the port. Not to be called in the bot's event loop."""
        delivering = self._deliver(digest)
        try:
            sending = asyncio.run_coroutine_threadsafe(delivering, self._loop)
        except RuntimeError:  # the loop is closed
            delivering.close()
            return Outcome(end=End.LATER, reason="the bot has stopped", all_wait=True)
        try:
            return sending.result(LONGEST_S)
        except FutureTimeout:
            sending.cancel()
            return Outcome(end=End.UNKNOWN, reason="no answer in time", all_wait=True)

    async def _deliver(self, digest: Digest) -> Outcome:
        chat = int(digest.watch.owner.id)
        wait_s = self._outgoing.wait_s(chat)
        if wait_s > FULL_S:
            return Outcome(end=End.LATER, reason="the queue is full", after_s=wait_s)
        try:
            with calmly() as departures:
                await asyncio.wait_for(self._send(digest), LONGEST_S - 10)
        except TelegramMigrateToChat as error:
            await asyncio.to_thread(self._moved, chat, error.migrate_to_chat_id)
            return Outcome(end=End.LATER, reason="the group has another id", after_s=1.0)
        except TelegramAPIError as error:
            return outcome_of(error)
        except TimeoutError:
            if departures.count == 0:  # it stood in the queue all the time
                wait_s = max(self._outgoing.wait_s(chat), 1.0)
                return Outcome(end=End.LATER, reason="asked to wait", after_s=wait_s)
            return Outcome(end=End.UNKNOWN, reason="no answer in time", all_wait=True)
        except Exception as error:  # noqa: BLE001 - one that fails must not hold up the others
            log.error("an alert failed: %s", kind_of(error))
            end = End.UNKNOWN if departures.count else End.LATER
            return Outcome(end=end, reason=type(error).__name__)
        return DELIVERED


def outcome_of(error: TelegramAPIError) -> Outcome:
    """Return what a failed call says about the message it was to send."""
    match error:
        case TelegramRetryAfter():
            return Outcome(end=End.LATER, reason="429", after_s=float(error.retry_after))
        case TelegramForbiddenError():
            return Outcome(end=End.GONE, reason=error.message)
        case TelegramBadRequest() if any(one in error.message.lower() for one in _GONE):
            return Outcome(end=End.GONE, reason=error.message)
        case TelegramUnauthorizedError() | TelegramNotFound():  # the token, for everybody
            return Outcome(end=End.LATER, reason=error.message, after_s=60.0, all_wait=True)
        case TelegramServerError():  # an answer, and it says that it failed
            return Outcome(end=End.LATER, reason="Telegram answers 5xx", all_wait=True)
        case TelegramNetworkError() if _was_unsent(error):
            return Outcome(end=End.LATER, reason="Telegram can't be reached", all_wait=True)
        case TelegramNetworkError():
            return Outcome(end=End.UNKNOWN, reason="Telegram gave no answer", all_wait=True)
        case _:
            log.error("a message was refused: %s", error.message)
            return Outcome(end=End.LATER, reason=error.message)


def _was_unsent(error: BaseException) -> bool:
    """Whether there was no connection to send anything over."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, aiohttp.ClientConnectorError | aiohttp.ConnectionTimeoutError):
            return True
        cause = cause.__cause__ or cause.__context__
    return False
