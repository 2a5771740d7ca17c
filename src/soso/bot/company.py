"""The other processes that send for the same bot: turns that are shared, and work that one does.

Knows when this process may send without asking. Must not know aiogram.

Who is alone keeps the limits in memory and tells the store once a second what was sent; where there
are several, every message takes its turn from the store. Nobody relies on what it knew of the others
for more than VIEW_S, and a newcomer that meets others sends nothing for NEW_S, which is longer: by
then the others know of it, or have stopped. So the limits hold whoever is slow, stands still or is
killed.
"""

import asyncio
import logging
import uuid
from collections.abc import Hashable
from contextlib import suppress
from typing import Final

from soso.bot.pace import Ticket, Turns
from soso.model.errors import SosoError
from soso.ports.hosts import Turn
from soso.ports.senders import Met, Sent
from soso.ports.store import Store

log = logging.getLogger(__name__)

LOOK_S: Final = 1.0
VIEW_S: Final = 3.0
NEW_S: Final = 4.5
LEASE_S: Final = 10.0
_OURS: Final = Turn(True, 0.0)


class Company:
    """One process among the bot's; run() must be running for anything to be sent."""

    def __init__(self, store: Store, turns: Turns) -> None:
        """turns: of this process's queue; to be used in one event loop with it."""
        self.me = uuid.uuid4().hex
        self._store = store
        self._turns = turns
        self._noted: list[tuple[Hashable, float]] = []
        self._looked_at = float("-inf")
        self._opens_at = 0.0
        self._others = -1  # nobody has looked yet
        self._leads = False
        self._meeting: asyncio.Task[Met] | None = None
        self._looked = asyncio.Event()

    @property
    def others(self) -> int:
        """How many other processes send."""
        return max(self._others, 0)

    @property
    def leads(self) -> bool:
        """Whether what only one process may do is this one's to do, now."""
        return self._leads and self._is_fresh(_now())

    async def run(self) -> None:
        """Look who is there, again and again, until cancelled; then leave."""
        try:
            while True:
                try:
                    await self._look()
                except SosoError as error:
                    log.warning("the store does not say who else sends: %s", error)
                await asyncio.sleep(LOOK_S)
        finally:
            if self._meeting is not None:  # its thread goes on, and must not come after our leaving
                await asyncio.gather(self._meeting, return_exceptions=True)
            with suppress(SosoError):  # the lease ends by itself
                await asyncio.to_thread(
                    self._store.leave_senders, self.me, sent=_as_sent(self._take_noted(), _now())
                )

    async def take_turn(self, ticket: Ticket) -> Turn:
        """Take the turn of a ticket that this process would send now; see ports/senders.py."""
        await self._until_known()
        if not self._others:
            self._noted.append((ticket.chat, _now()))
            return _OURS
        pace = self._turns.pace
        return await asyncio.to_thread(
            self._store.take_sending_turn,
            str(ticket.chat),
            chat_every_s=pace.per_chat_s,
            chat_most=pace.group_count if ticket.is_group else 0,
            most=pace.overall_count,
            within_s=pace.overall_window_s,
        )

    async def _until_known(self) -> None:
        while True:
            now = _now()
            if self._is_fresh(now) and now >= self._opens_at:
                return
            self._looked.clear()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._looked.wait(), LOOK_S)

    def _is_fresh(self, now: float) -> bool:
        return now < self._looked_at + VIEW_S

    async def _look(self) -> None:
        begun = _now()
        noted = self._take_noted()
        try:
            met = await self._meet(_as_sent(noted, begun))
        except BaseException:
            self._noted[:0] = noted
            raise
        if not met.was_known and met.others:
            self._opens_at = begun + NEW_S
        was_alone, self._leads = self._others == 0, met.is_first
        if met.others == 0 and not was_alone:
            await self._recall()
        self._others = met.others
        if was_alone and met.others:
            log.info("%d other processes send for this bot; turns are shared", met.others)
            await self._meet(_as_sent(self._take_noted(), _now()))
        self._looked_at = begun
        self._looked.set()

    async def _meet(self, sent: list[Sent]) -> Met:
        meeting = asyncio.to_thread(self._store.meet_senders, self.me, for_s=LEASE_S, sent=sent)
        self._meeting = asyncio.create_task(meeting)
        return await asyncio.shield(self._meeting)

    async def _recall(self) -> None:
        """Know again what all have sent, to keep the limits alone."""
        sent = await asyncio.to_thread(self._store.list_sent)
        now = _now()
        self._turns.recall([(_chat_of(one.chat), now - one.ago_s) for one in sent])

    def _take_noted(self) -> list[tuple[Hashable, float]]:
        noted, self._noted = self._noted, []
        return noted


def _as_sent(noted: list[tuple[Hashable, float]], now: float) -> list[Sent]:
    return [Sent(str(chat), now - at) for chat, at in noted]


def _chat_of(name: str) -> Hashable:
    return int(name) if name.removeprefix("-").isdecimal() else name


def _now() -> float:
    return asyncio.get_running_loop().time()
