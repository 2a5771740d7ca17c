"""Everything the bot sends, in one queue that keeps Telegram's limits.

A middleware of aiogram's session: handlers call the bot's methods as usual and wait their turn.
Messages and edits are counted; answers to buttons and inline queries are not and go at once.
What somebody waits for goes before alerts (calmly()), which are not starved for it (pace.py).
"""

import asyncio
import logging
from collections.abc import Hashable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from typing import Any, Final

from aiogram import Bot
from aiogram.client.session.middlewares.base import (
    BaseRequestMiddleware,
    NextRequestMiddlewareType,
)
from aiogram.exceptions import TelegramNetworkError, TelegramRetryAfter, TelegramServerError
from aiogram.methods import Response, TelegramMethod
from aiogram.methods.base import TelegramType

from soso.bot.company import Company
from soso.bot.errors import kind_of
from soso.bot.pace import Pace, Ticket, Turns
from soso.model.value import Value
from soso.ports.store import Store

log = logging.getLogger(__name__)

LONGEST_WAIT_S: Final = 300.0
"""What somebody waits for is given up when Telegram asks to wait longer than this."""

_SOON_S: Final = 5.0
_FAILED_PAUSE_S: Final = 1.0
_EDIT_TRIES: Final = 3
_STORM_S: Final = 3.0  # refusals in several chats within this mean that all must wait
_STORM_CHATS: Final = 3


class Departures:
    """What became of the messages of one calmly(). count: requests that were begun and that Telegram
    has not put off; 0 means that certainly nothing was sent."""

    def __init__(self) -> None:
        self.count = 0


_calm: ContextVar[Departures | None] = ContextVar("calm", default=None)


@contextmanager
def calmly() -> Iterator[Departures]:
    """What is sent within goes behind what somebody waits for: alerts, broadcasts."""
    departures = Departures()
    token = _calm.set(departures)
    try:
        yield departures
    finally:
        _calm.reset(token)


class OutgoingReport(Value):
    """How the queue is doing. longest_wait_s: of what waits now; refused: 429s since the start."""

    waiting: int
    longest_wait_s: float
    sent: int
    refused: int


class Outgoing(BaseRequestMiddleware):
    """The queue of one bot; run() must be running for anything to be sent."""

    def __init__(self, pace: Pace | None = None, *, store: Store | None = None) -> None:
        """store: where turns are shared with other processes of the bot; None: there are none."""
        self.turns = Turns(pace)
        self.company = Company(store, self.turns) if store is not None else None
        self._go: dict[Ticket, asyncio.Future[None]] = {}
        self._results: dict[Ticket, asyncio.Future[Any]] = {}
        self._wake = asyncio.Event()
        self._refusals: list[tuple[float, Hashable]] = []
        self._sent = 0
        self._refused = 0

    async def run(self) -> None:
        """Give out turns until cancelled."""
        looking = asyncio.create_task(self.company.run()) if self.company is not None else None
        try:
            while True:
                try:
                    await self._give_turn()
                except Exception as error:  # noqa: BLE001 - without this loop nothing is ever sent
                    log.error("the queue failed, and goes on: %s", kind_of(error))
                    await asyncio.sleep(_FAILED_PAUSE_S)
        finally:
            if looking is not None:
                looking.cancel()
                await asyncio.gather(looking, return_exceptions=True)

    async def _give_turn(self) -> None:
        """Give out one turn, or wait until there may be one."""
        self._wake.clear()
        found = self.turns.next(_now())
        if isinstance(found, Ticket):
            if self.company is not None and not await self._share_turn(self.company, found):
                return
            go = self._go.get(found)
            if go is None or go.done():
                self.turns.done(found, _now())
            else:
                go.set_result(None)
            return
        with suppress(TimeoutError):
            await asyncio.wait_for(self._wake.wait(), found)

    async def _share_turn(self, company: Company, ticket: Ticket) -> bool:
        """Take the turn from all processes of the bot; False: the chat was not due after all."""
        try:
            turn = await company.take_turn(ticket)
        except BaseException:
            self._give_back(ticket, _FAILED_PAUSE_S)
            raise
        if not turn.taken:
            self._give_back(ticket, turn.wait_s)
            return False
        await asyncio.sleep(turn.wait_s)
        return True

    def _give_back(self, ticket: Ticket, wait_s: float) -> None:
        self.turns.give_back(ticket, _now(), wait_s=wait_s)
        go = self._go.get(ticket)
        if ticket.replaced_by is not None and go is not None and not go.done():
            go.set_result(None)  # a newer edit came meanwhile, and this one ends with it

    @property
    def leads(self) -> bool:
        """Whether what only one process of the bot may do is this one's to do, now."""
        return self.company is None or self.company.leads

    async def __call__(
        self,
        make_request: NextRequestMiddlewareType[TelegramType],
        bot: Bot,
        method: TelegramMethod[TelegramType],
    ) -> Response[TelegramType]:
        """Make a call when its turn has come."""
        ticket = _ticket_for(method)
        if ticket is None:
            return await _ask(make_request, bot, method)
        loop = asyncio.get_running_loop()
        result = self._results[ticket] = loop.create_future()
        try:
            made = await self._send(ticket, make_request, bot, method)
        except BaseException as error:
            if not result.done():
                result.set_exception(error)
                result.exception()  # nobody else may be waiting for it
            raise
        finally:
            self._results.pop(ticket, None)
        if not result.done():
            result.set_result(made)
        return made

    def report(self) -> OutgoingReport:
        """Return how the queue is doing."""
        waiting, longest_wait_s = self.turns.waiting(_now())
        return OutgoingReport(
            waiting=waiting,
            longest_wait_s=longest_wait_s,
            sent=self._sent,
            refused=self._refused,
        )

    def wait_s(self, chat: int) -> float:
        """Return how long a message to a chat would wait now."""
        return self.turns.ready_in_s(chat, is_group=chat < 0, now=_now())

    async def _send(
        self,
        ticket: Ticket,
        make_request: NextRequestMiddlewareType[TelegramType],
        bot: Bot,
        method: TelegramMethod[TelegramType],
    ) -> Response[TelegramType]:
        tries = 0
        again = False
        departures = _calm.get() or Departures()
        while True:
            await self._turn(ticket, again=again)
            if ticket.replaced_by is not None:
                return await self._result_of(ticket)
            departures.count += 1
            try:
                made = await make_request(bot, method)
                self._sent += 1
                return made
            except TelegramRetryAfter as error:
                departures.count -= 1
                self._refuse(ticket, error.retry_after)
                if ticket.urgent and error.retry_after > LONGEST_WAIT_S:
                    raise
            except (TelegramNetworkError, TelegramServerError):
                # Whether a message was sent cannot be known, so only an edit is made again.
                tries += 1
                if ticket.edits is None or tries >= _EDIT_TRIES:
                    raise
            finally:
                self.turns.done(ticket, _now())
                self._wake.set()
            again = True

    async def _turn(self, ticket: Ticket, *, again: bool) -> None:
        go = self._go[ticket] = asyncio.get_running_loop().create_future()
        self.turns.add(ticket, _now(), again=again)
        self._wake.set()
        for older in [one for one in self._go if one.replaced_by is ticket]:
            if not self._go[older].done():
                self._go[older].set_result(None)
        try:
            await go
        except asyncio.CancelledError:
            self.turns.drop(ticket)
            if go.done() and not go.cancelled():
                self.turns.done(ticket, _now())
            raise
        finally:
            self._go.pop(ticket, None)

    async def _result_of(self, ticket: Ticket) -> Response[Any]:
        """Return what came of the edit that took this one's place."""
        while ticket.replaced_by is not None:
            ticket = ticket.replaced_by
        made: Response[Any] = await asyncio.shield(self._results[ticket])
        return made

    def _refuse(self, ticket: Ticket, retry_after: float) -> None:
        now = _now()
        self._refused += 1
        self.turns.pause(ticket.chat, now + retry_after)
        self._refusals = [(at, chat) for at, chat in self._refusals if at > now - _STORM_S]
        self._refusals.append((now, ticket.chat))
        # Telegram does not say whether a chat has had too much or the bot; several chats at once
        # tell that it is the bot.
        if len({chat for _, chat in self._refusals}) >= _STORM_CHATS:
            self.turns.pause_all(now + retry_after)
        log.warning("Telegram asks to wait %.0f s before more is sent", retry_after)


async def _ask(
    make_request: NextRequestMiddlewareType[TelegramType],
    bot: Bot,
    method: TelegramMethod[TelegramType],
) -> Response[TelegramType]:
    """Make a call that is not counted; a short wait that is asked for is kept once."""
    try:
        return await make_request(bot, method)
    except TelegramRetryAfter as error:
        if error.retry_after > _SOON_S:
            raise
        await asyncio.sleep(error.retry_after)
        return await make_request(bot, method)


def _ticket_for(method: TelegramMethod[Any]) -> Ticket | None:
    """Return the ticket of a call that Telegram counts; None for the others."""
    name = method.__api_method__
    if not name.startswith(("send", "edit", "copy", "forward")) or name == "sendChatAction":
        return None
    chat: Hashable = getattr(method, "chat_id", None)
    message = getattr(method, "message_id", None)
    inline = getattr(method, "inline_message_id", None)
    edits = None
    if name.startswith("edit"):
        edits = inline if inline is not None else (chat, message)
    if chat is None:
        chat = f"inline {inline}"
    is_group = (isinstance(chat, int) and chat < 0) or (isinstance(chat, str) and chat[:1] == "@")
    return Ticket(chat, is_group=is_group, urgent=_calm.get() is None, edits=edits)


def _now() -> float:
    return asyncio.get_running_loop().time()
