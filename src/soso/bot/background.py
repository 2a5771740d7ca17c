"""What the bot does unasked while it runs: alerts go out, broadcasts, old buttons are forgotten.

Knows when each is looked at. Must not know what is sent.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Final
from uuid import uuid4

from aiogram import Bot
from aiogram.exceptions import TelegramAPIError

from soso.alerts.delivery import DELIVERED, End, Outcome
from soso.alerts.digest import Digest
from soso.alerts.watch import Door
from soso.bot.alert_door import BotAlertDoor, outcome_of
from soso.bot.digests import render_digest
from soso.bot.errors import kind_of
from soso.bot.outgoing import Outgoing, calmly
from soso.bot.render import announcement
from soso.bot.screen import Screen
from soso.bot.talk import Reader, Talk
from soso.bot.telling import tell, tell_submitters
from soso.bot.watching import owner_of
from soso.i18n.language import Language, match_language
from soso.model.errors import Unavailable
from soso.ports.bot_kept import Broadcast, BroadcastState

Work = Callable[[], Awaitable[bool]]

log = logging.getLogger(__name__)

_PAUSE_S: Final = 2.0
_FAILED_PAUSE_S: Final = 15.0
_SHARED_S: Final = 1.0
_FORGET_S: Final = 6 * 3600.0
_LAST_S: Final = 5.0
"""What is under way when the bot ends has so long."""


class Background:
    """The tasks of one bot, started and stopped with it."""

    def __init__(self, talk: Talk, bot: Bot, outgoing: Outgoing) -> None:
        """To be made in the bot's loop."""
        self._talk = talk
        self._bot = bot
        self._outgoing = outgoing
        loop = asyncio.get_running_loop()
        self._door = BotAlertDoor(self._tell, outgoing, loop, moved=self._move)
        self._closed_until = 0.0
        self._me = uuid4().hex
        self._places: dict[str, int] = {}
        self._tasks: list[asyncio.Task[None]] = []
        self._stopped = asyncio.Event()

    def start(self) -> None:
        """Begin."""
        for work, pause_s in (
            (self._if_first(self._deliver), _PAUSE_S),
            (self._if_first(self._broadcast), _PAUSE_S),
            (self._if_first(self._tell_decisions), _PAUSE_S),
            (self._share_counts, _SHARED_S),
            (self._forget, _FORGET_S),
        ):
            self._tasks.append(asyncio.create_task(self._repeat(work, pause_s)))

    async def stop(self) -> None:
        """End when what is under way is sent."""
        self._stopped.set()
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=_LAST_S)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _repeat(self, work: Work, pause_s: float) -> None:
        """Do some work again and again: at once while there is more, else after a pause."""
        while not self._stopped.is_set():
            wait_s = pause_s
            try:
                if await work():
                    wait_s = 0.05
            except Exception as error:  # noqa: BLE001 - what fails once must not end it
                log.warning("the bot's own work: %s", kind_of(error))
                wait_s = _FAILED_PAUSE_S
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stopped.wait(), wait_s)

    def _if_first(self, work: Work) -> Work:
        """Of several processes of the bot one does such work."""

        async def do() -> bool:
            return self._outgoing.leads and await work()

        return do

    async def _share_counts(self) -> bool:
        """Tell other processes how often people and groups asked here, and hear of theirs."""
        talk = self._talk
        for name, window in (("bot people", talk.people), ("bot groups", talk.groups)):
            self._places[name], told = await asyncio.to_thread(
                talk.app.store.swap_tallies,
                name,
                self._me,
                window.take_fresh(),
                after=self._places.get(name, -1),
            )
            for counts in told:
                window.note(counts, time.monotonic())
        return False

    async def _deliver(self) -> bool:
        """Send alerts that are due; whether there were any."""
        now = asyncio.get_running_loop().time()
        if now < self._closed_until:
            return False
        # A thread of its own: it waits for messages that are sent, and handlers need theirs.
        report = await asyncio.to_thread(self._talk.app.deliver_due, {Door.BOT: self._door})
        paused_s = report.paused_s.get(Door.BOT.value)
        if paused_s is not None:
            self._closed_until = now + max(paused_s, _FAILED_PAUSE_S)
        return bool(report.sent)

    async def _tell(self, digest: Digest) -> None:
        """Send a digest to the chat whose watch it is of."""
        chat = int(digest.watch.owner.id)
        language = match_language(digest.watch.language) or Language.SIMPLIFIED
        reader = Reader(person=0, chat=chat, language=language, private=chat > 0)
        await self._talk.send(self._bot, chat, render_digest(digest, self._talk.show(reader)))

    def _move(self, old: int, new: int) -> None:
        """A group has another id now: its watches go along."""
        self._talk.app.move_watches(owner_of(old), owner_of(new))

    async def _tell_decisions(self) -> bool:
        """Tell submitters what was decided, here or on the operator's pages."""
        talk = self._talk
        for one in await talk.run(talk.app.list_untold_submissions):
            if not self._outgoing.leads:
                break
            await tell_submitters(talk, self._bot, (one,))
            await talk.run(talk.app.mark_submission_told, one.number)
        return False

    async def _broadcast(self) -> bool:
        """Send the next message of a broadcast; whether there was one."""
        running = await self._talk.run(self._talk.app.list_running_broadcasts)
        if not running:
            return False
        await self._go_on(running[-1])
        return True

    async def _go_on(self, broadcast: Broadcast) -> None:
        talk = self._talk
        app, number = talk.app, broadcast.number
        people = await talk.run(app.list_broadcast_people, broadcast.after)
        if not people and await talk.run(app.end_broadcast, number):
            done = await talk.run(app.get_broadcast, number)
            await self._report(done)
            return
        screen = Screen(text=announcement(broadcast.text, most=4000))
        before = broadcast.after
        for person in people:
            if (await talk.run(app.get_broadcast, number)).state is not BroadcastState.RUNNING:
                return
            # Before it leaves: a kill between the two loses one message and doubles none.
            # Who was slow enough for another process to go on finds its place taken.
            here = person.number
            if not await talk.run(app.advance_broadcast, number, after=here, before=before):
                return
            outcome = await self._send(here, screen)
            if _may_come_again(outcome):
                await talk.run(app.advance_broadcast, number, after=before, before=here)
                raise Unavailable("Telegram takes nothing now")
            if outcome.end is End.UNKNOWN:  # neither sent again nor counted
                raise Unavailable("Telegram gave no answer")
            counts = {"sent": 1} if outcome.end is End.DELIVERED else {"failed": 1}
            await talk.run(app.advance_broadcast, number, after=here, before=here, **counts)
            before = here

    async def _send(self, chat: int, screen: Screen) -> Outcome:
        """Send a message of a broadcast; what became of it."""
        try:
            with calmly():
                await self._talk.send(self._bot, chat, screen)
        except TelegramAPIError as error:
            outcome = outcome_of(error)
            if outcome.end is End.GONE:
                await self._talk.set_chat(chat, reachable=False)
            return outcome
        return DELIVERED

    async def _report(self, done: Broadcast) -> None:
        kept = await self._talk.run(self._talk.app.get_bot_chat, done.told)
        say = self._talk.speaker(match_language(kept.language or "") or Language.SIMPLIFIED)
        text = say.text("bot.broadcast_done", n=done.sent, failed=done.failed)
        await tell(self._talk, self._bot, done.told, text)

    async def _forget(self) -> bool:
        """Forget queries of buttons that nobody has pressed for a year."""
        await self._talk.run(self._talk.app.forget_bot_queries)
        return False


def _may_come_again(outcome: Outcome) -> bool:
    """Whether a message was certainly not sent, for no fault of its own."""
    return outcome.end is End.LATER and (outcome.all_wait or outcome.after_s is not None)
