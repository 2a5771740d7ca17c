"""The part of App that the bot asks for: pages that turn both ways, and what it keeps of its chats.

Mixed into bootstrap.App. Must not know Telegram's wire shapes, wording or buttons.
"""

import random
from collections.abc import Callable
from datetime import timedelta
from typing import Final

import msgspec

from soso.flows.lay_out import CardMaker
from soso.flows.pick_random import pick_random
from soso.flows.turn_pages import Turned, turn_to
from soso.ports.bot_kept import BotChat, Broadcast, BroadcastState
from soso.query.page_tokens import KeptPage
from soso.query.results import Card, ResultPage, SearchRequest
from soso.wiring import Adapters

QUERIES_KEPT: Final = timedelta(days=400)
"""Buttons with a long query work as long after the query was last asked for."""


class ConversingApp(Adapters):
    """What the bot keeps. Methods may be called from many threads."""

    search: Callable[[SearchRequest], ResultPage]

    def turn_to(self, request: SearchRequest, place: KeptPage | None) -> Turned:
        """See flows/turn_pages.py."""
        return turn_to(request, place, self.search, self.store, self.clock)

    def last_change(self) -> int:
        """Return the number of the last change of the archive: while it stays, answers do."""
        return self.store.last_seq()

    def pick_random(self, *, sensitive: bool = False) -> Card | None:
        """Return any post that may stand in lists; see flows/pick_random.py."""
        cards = CardMaker(self.store, self.analyzers, sensitive=sensitive)
        return pick_random(self.store, cards, random.randrange)

    def get_bot_chat(self, number: int) -> BotChat:
        """Return what is kept of a chat of the bot, or what a new one begins with."""
        return self.store.find_bot_chat(number) or BotChat(number=number)

    def find_bot_chat(self, number: int) -> BotChat | None:
        """Return what is kept of a chat of the bot."""
        return self.store.find_bot_chat(number)

    def set_bot_chat(self, number: int, **changes: object) -> BotChat:
        """Change fields of BotChat and keep it; nothing is written where nothing changes."""
        known = self.store.find_bot_chat(number)
        changed = msgspec.structs.replace(known or BotChat(number=number), **changes)
        if changed != known:
            self.store.keep_bot_chat(changed)
        return changed

    def keep_bot_query(self, token: str, text: str) -> None:
        """Keep a query that is too long for a button."""
        self.store.keep_bot_query(token, text, now=self.clock.now())

    def find_bot_query(self, token: str) -> str | None:
        """Return a kept query."""
        return self.store.find_bot_query(token)

    def forget_bot_queries(self) -> int:
        """Forget those that nobody asked for in a long time; return how many."""
        return self.store.forget_bot_queries(before=self.clock.now() - QUERIES_KEPT)

    # Broadcasts: nothing is sent before the operator's second word

    def plan_broadcast(self, text: str, *, told: int) -> tuple[int, int]:
        """Keep a text for everybody; return its number, and how many people would get it."""
        wanted = Broadcast(text=text, told=told, at=self.clock.now())
        return self.store.add_broadcast(wanted), self.store.count_bot_people()

    def get_broadcast(self, number: int) -> Broadcast:
        """Return a broadcast. Raises NotFound."""
        return self.store.get_broadcast(number)

    def start_broadcast(self, number: int) -> bool:
        """Let a waiting or paused broadcast run; whether it was one. Raises NotFound."""
        when = (BroadcastState.WAITING, BroadcastState.PAUSED)
        return self.store.move_broadcast(number, BroadcastState.RUNNING, when=when)

    def pause_broadcast(self, number: int) -> bool:
        """Stop a running broadcast for now; whether it ran. Raises NotFound."""
        when = (BroadcastState.RUNNING,)
        return self.store.move_broadcast(number, BroadcastState.PAUSED, when=when)

    def stop_broadcast(self, number: int) -> bool:
        """Stop one that is not at its end, for good; whether it was not. Raises NotFound."""
        when = (BroadcastState.WAITING, BroadcastState.RUNNING, BroadcastState.PAUSED)
        return self.store.move_broadcast(number, BroadcastState.STOPPED, when=when)

    def end_broadcast(self, number: int) -> bool:
        """Note that everybody has got it. Raises NotFound."""
        when = (BroadcastState.RUNNING,)
        return self.store.move_broadcast(number, BroadcastState.DONE, when=when)

    def list_running_broadcasts(self) -> list[Broadcast]:
        """Return the broadcasts that run, newest first."""
        return self.store.list_broadcasts(state=BroadcastState.RUNNING)

    def list_broadcast_people(self, after: int, *, limit: int = 50) -> list[BotChat]:
        """Return the next people to send to, in rising order."""
        return self.store.list_bot_people(after=after, limit=limit)

    def count_bot_people(self) -> int:
        """Return how many people the bot can write to."""
        return self.store.count_bot_people()

    def advance_broadcast(
        self, number: int, *, after: int, sent: int = 0, failed: int = 0, before: int | None = None
    ) -> bool:
        """Note how far a broadcast has come; see ports/bot_kept.py."""
        return self.store.advance_broadcast(
            number, after=after, sent=sent, failed=failed, before=before
        )
