"""What readers ask is counted: by text, day and outcome, and by nothing else.

No line here knows who asked. Counts wait in memory and are written every few seconds, so that no
search waits for the store; a crash loses the seconds since the last writing.
"""

import threading
from datetime import date, datetime, timedelta, tzinfo
from typing import Final

import msgspec

from soso.model.errors import SosoError
from soso.ports.clock import Clock
from soso.ports.queries import QueryCount
from soso.ports.store import Store
from soso.query.plain import words_of
from soso.query.results import ResultPage
from soso.text.analyzers import Analyzers
from soso.text.personal import is_personal

LONGEST: Final = 100
"""Characters of a query that is counted; what is longer was pasted, and may be anything."""

MOST_WAITING: Final = 10_000
"""Different queries that wait to be written; beyond it new ones are not counted."""

FOLDED_AFTER: Final = timedelta(days=60)
LEAST_A_MONTH: Final = 3
"""Queries asked less often in a month are forgotten when it is folded: hardly anybody's but one."""


class SearchCounter:
    """Counts searches and clicks of one process. May be used from many threads."""

    def __init__(
        self, store: Store, analyzers: Analyzers, clock: Clock, zone: tzinfo, *, on: bool = True
    ) -> None:
        """zone: in which days and hours are counted. on: whether anything is counted at all."""
        self._store = store
        self._analyzers = analyzers
        self._clock = clock
        self._zone = zone
        self._on = on
        self._lock = threading.Lock()
        self._waiting: dict[tuple[str, date], QueryCount] = {}

    def count_search(self, text: str, page: ResultPage) -> None:
        """Count a search by what it found. Raises nothing, and waits for nothing."""
        missed = page.total == 0
        self._count(text, asked=1, missed=int(missed), partial=int(not missed and not page.full))

    def count_click(self, text: str) -> None:
        """Count that a result of a search was opened."""
        self._count(text, clicked=1)

    def flush(self) -> int:
        """Write what waits; return how many queries. Raises Unavailable; then it waits on."""
        with self._lock:
            taken, self._waiting = self._waiting, {}
        if not taken:
            return 0
        try:
            self._store.add_queries(list(taken.values()))
        except SosoError:
            with self._lock:
                for count in taken.values():
                    self._add(count)
            raise
        return len(taken)

    def _count(self, text: str, **more: int) -> None:
        words = normalize_query(text) if self._on else ""
        key = self._analyzers.keyword(words) if words else ""
        if not key:
            return
        now = self._clock.now().astimezone(self._zone)
        hours = 1 << now.hour if more.get("asked") else 0
        with self._lock:
            self._add(QueryCount(key=key, text=words, day=now.date(), hours=hours, **more))

    def _add(self, more: QueryCount) -> None:
        place = (more.key, more.day)
        old = self._waiting.get(place)
        if old is not None:
            self._waiting[place] = msgspec.structs.replace(
                more,
                asked=old.asked + more.asked,
                missed=old.missed + more.missed,
                partial=old.partial + more.partial,
                clicked=old.clicked + more.clicked,
                hours=old.hours | more.hours,
            )
        elif len(self._waiting) < MOST_WAITING:
            self._waiting[place] = more


def normalize_query(text: str) -> str:
    """Return what of a query is kept: its words on one line; empty if it is not to be kept.

    Not kept: what is longer than LONGEST, and what holds somebody's number or address.
    """
    words = words_of(text.encode("utf-8", "ignore").decode())
    line = " ".join("".join(char for char in words if char.isprintable()).split())
    return "" if len(line) > LONGEST or is_personal(line) else line


def forget_old_queries(store: Store, now: datetime, *, days: int) -> int:
    """Fold months that are over for a while, forget what is too old; return how many rows went.

    days: how long counts are kept; 0 keeps none.
    """
    forgotten = store.forget_queries(before=None if days <= 0 else now.date() - timedelta(days))
    before = (now.date() - FOLDED_AFTER).replace(day=1)
    return forgotten + store.fold_queries(before=before, least=LEAST_A_MONTH)


def since_of(now: datetime, days: int) -> date:
    """Return the first of so many days, today the last of them."""
    return now.date() - timedelta(days=max(min(days, 36_500), 1) - 1)
