"""From the change log to what is to be told: new posts against all saved queries.

Knows the order of steps. What a query demands says alerts/demand.py, who satisfies it
alerts/matcher.py; telling is flows/deliver.py.

Told are posts that may be listed and are not sensitive, were first seen after the watch was made,
and were fresh then: an import of old posts tells nobody. A post that comes to match later, by an
edit or as more people read it, is told then, once.
"""

import threading
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta, tzinfo
from typing import Final

from soso.alerts.demand import demand_of, moves_with_time, named_chats
from soso.alerts.due import due_at
from soso.alerts.matcher import Questions
from soso.alerts.watch import Watch
from soso.flows.identify import find_chat
from soso.model.batch import Change
from soso.model.chat import Chat
from soso.model.errors import BadInput, NotFound
from soso.model.ids import ChatKey, PostKey, doc_key, is_chat_doc
from soso.model.post import StoredPost
from soso.model.value import Value
from soso.ports.clock import Clock
from soso.ports.store import Store
from soso.ports.watches import Match
from soso.query.plan import Context
from soso.ranking.weights import BOOSTS
from soso.schema.build import build_document, is_indexed
from soso.text.analyzers import Analyzers

CONSUMER: Final = "alert"
STEP: Final = 1_000
REMEMBERED: Final = timedelta(days=60)
"""How long it is known what was told; who was first seen before matches nothing new any more."""

_PLANNED_ANEW: Final = timedelta(minutes=10)
"""How exactly after:12h is kept."""


class AlertReport(Value):
    """Of one step: how many changes it took, posts that were new enough, and new matches."""

    changes: int = 0
    posts: int = 0
    matches: int = 0


class Alerter:
    """Matches what is new; keeps all saved queries in memory, about 3 KB each.

    Several processes may do so at once: whose step is kept first has done it.
    """

    def __init__(
        self, store: Store, analyzers: Analyzers, clock: Clock, zone: tzinfo, *, fresh: timedelta
    ) -> None:
        """fresh: how old a post may be when it is first seen."""
        self._store = store
        self._analyzers = analyzers
        self._clock = clock
        self._zone = zone
        self._fresh = fresh
        self._lock = threading.Lock()
        self._questions = Questions()
        self._turns: dict[int, int] = {}
        self._watches: dict[int, Watch] = {}
        self._naming: set[int] = set()  # name chats
        self._moving: set[int] = set()  # ask for what is so and so old
        self._planned_at = clock.now()

    def step(self) -> AlertReport:
        """Match the next changes. Raises Unavailable; then nothing of the step is kept."""
        with self._lock:
            return self._step()

    def _step(self) -> AlertReport:
        store = self._store
        last = store.last_seq()
        if not store.watch_turns():
            if store.lag(CONSUMER):
                store.ack(CONSUMER, last)  # what comes before the first watch is old to it
            return AlertReport()
        changes = store.changes(CONSUMER, limit=STEP)
        if not changes:
            return AlertReport()
        # Read after the changes, so that no change is matched without a watch made before it.
        self._learn(changes)
        posts = self._new_posts(changes)
        found = self._match(posts)
        done = (CONSUMER, changes[-1].seq)
        kept = store.put_matches(found, self._due(found), done=done)
        return AlertReport(changes=len(changes), posts=len(posts), matches=kept)

    # Saved queries

    def _learn(self, changes: Sequence[Change]) -> None:
        """Bring the queries in memory up to the store's."""
        now = self._clock.now()
        turns = self._store.watch_turns()
        stale = {number for number, turn in turns.items() if self._turns.get(number) != turn}
        for number in self._turns.keys() - turns.keys():
            self._drop(number)
        if any(is_chat_doc(change.doc) for change in changes):
            stale |= self._naming
        if now - self._planned_at >= _PLANNED_ANEW:
            stale |= self._moving
            self._planned_at = now
        found = self._store.get_watches(stale) if stale else {}
        for number in stale:
            if number in found:
                self._put(found[number], now)
        self._turns = turns

    def _put(self, watch: Watch, now: datetime) -> None:
        number, names = watch.number, named_chats(watch)
        context = Context(now=now, zone=self._zone, chats=self._chats(names))
        self._questions.put(number, demand_of(watch, self._analyzers, BOOSTS, context))
        self._watches[number] = watch
        _mark(self._naming, number, is_in=bool(names))
        _mark(self._moving, number, is_in=moves_with_time(watch))

    def _drop(self, number: int) -> None:
        self._questions.drop(number)
        self._watches.pop(number, None)
        self._naming.discard(number)
        self._moving.discard(number)

    def _chats(self, names: Iterable[str]) -> dict[str, ChatKey]:
        found: dict[str, ChatKey] = {}
        for name in names:
            try:
                found[name] = find_chat(self._store, name).key
            except NotFound:
                continue  # it matches nothing until the chat comes
        return found

    # Posts

    def _new_posts(self, changes: Sequence[Change]) -> list[tuple[StoredPost, Chat]]:
        keys = dict.fromkeys(PostKey(doc_key(c.doc)) for c in changes if not is_chat_doc(c.doc))
        oldest = self._clock.now() - REMEMBERED
        posts = [
            post
            for post in self._store.get_posts(list(keys))
            if post.first_seen_at - post.post.at <= self._fresh and post.first_seen_at > oldest
        ]
        chats = self._store.get_chats([*{post.chat for post in posts}]) if posts else {}
        return [
            (post, chats[post.chat])
            for post in posts
            if post.chat in chats and is_indexed(post, chats[post.chat])
        ]

    def _match(self, posts: Sequence[tuple[StoredPost, Chat]]) -> list[Match]:
        documents = [
            build_document(post, chat, self._analyzers, zone=self._zone) for post, chat in posts
        ]
        seen_at = {post.key: post.first_seen_at for post, _ in posts}
        now = self._clock.now()
        return [
            Match(watch=number, post=key, found_at=now)
            for number, docs in self._questions.match(documents).items()
            for key in (PostKey(doc_key(doc)) for doc in docs)
            if seen_at[key] > self._watches[number].since
        ]

    def _due(self, found: Iterable[Match]) -> dict[int, datetime]:
        due: dict[int, datetime] = {}
        for match in found:
            watch = self._watches[match.watch]
            if match.watch in due or not watch.is_sent:
                continue
            try:
                due[match.watch] = due_at(watch, match.found_at)
            except BadInput:  # its zone is known no more on this machine: tell it at once
                due[match.watch] = match.found_at
        return due


def _mark(where: set[int], number: int, *, is_in: bool) -> None:
    if is_in:
        where.add(number)
    else:
        where.discard(number)
