"""What the query log tells: to the operator everything, to readers what many have asked.

Readers are shown a query only if it was asked in so many different hours on several days, found
something, and names nothing that is not for everybody: no sensitive or blocked word, no chat that is
not listed.
"""

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from datetime import date, tzinfo
from itertools import islice, takewhile
from typing import Final, NamedTuple

from soso.flows.count import since_of
from soso.model.value import Value
from soso.model.visibility import is_listed
from soso.ports.clock import Clock
from soso.ports.queries import QueryRow
from soso.ports.store import Store
from soso.text.analyzers import Analyzers
from soso.text.personal import is_personal
from soso.text.prefixes import cut_beginning, list_beginnings
from soso.text.sensitive import SensitiveWords

WINDOW_DAYS: Final = 30
LEAST_DAYS: Final = 3
MOST_POPULAR: Final = 500
LONGEST_SHOWN: Final = 40

_MOST_READ: Final = 1_000
_MOST_NAMES: Final = 200
_NAME: Final = re.compile(
    r"(?:@|(?:t|telegram)\.(?:me|dog)/(?:s/)?)([A-Za-z][A-Za-z0-9_]{3,31})(?![A-Za-z0-9_])"
)
_BARE_NAME: Final = re.compile(r"(?<![A-Za-z0-9_])[A-Za-z][A-Za-z0-9_]{3,31}(?![A-Za-z0-9_])")
_NOT_NAMES: Final = frozenset(
    ("joinchat", "addstickers", "addemoji", "addlist", "share", "proxy", "socks", "login", "boost")
)


class Wanted(Value):
    """A word or name that failing queries have in common. times: how often they were asked."""

    text: str
    times: int
    queries: int


class QueryReport(Value):
    """What was asked since a day, each list with most of it first.

    missed: found nothing. partial: found posts with some of the words only. unclicked: found
    something and nobody opened any of it. words: of queries that found nothing or only a part.
    names: @names and t.me links that were asked for and are not in the archive.
    """

    since: date
    popular: tuple[QueryRow, ...]
    missed: tuple[QueryRow, ...]
    unclicked: tuple[QueryRow, ...]
    partial: tuple[QueryRow, ...]
    words: tuple[Wanted, ...]
    names: tuple[Wanted, ...]


def report_queries(store: Store, analyzers: Analyzers, *, since: date, limit: int) -> QueryReport:
    """Return what the operator may want to know. Raises Unavailable."""
    asked = store.list_queries(since=since, limit=max(limit, _MOST_READ))
    missed = store.list_queries(since=since, order="missed", limit=max(limit, _MOST_READ))
    partial = store.list_queries(since=since, order="partial", limit=max(limit, _MOST_READ))
    failing = {row.key: row for row in (*missed, *partial)}
    every = {row.key: row for row in (*asked, *missed)}
    return QueryReport(
        since=since,
        popular=tuple(asked[:limit]),
        missed=tuple(missed[:limit]),
        unclicked=tuple(store.list_queries(since=since, order="unclicked", limit=limit)),
        partial=tuple(partial[:limit]),
        words=tuple(_failing_words(failing.values(), analyzers)[:limit]),
        names=tuple(_missing_names(every.values(), store)[:limit]),
    )


def _failing_words(rows: Iterable[QueryRow], analyzers: Analyzers) -> list[Wanted]:
    """The words that queries failed on more than once."""
    found: dict[str, list[int]] = {}
    for row in rows:
        words = {whole for whole, *_ in analyzers.query_words(_NAME.sub(" ", row.text))}
        for word in words:
            if len(word) > 1 and not analyzers.is_stop(word):
                found.setdefault(word, []).append(row.missed + row.partial)
    wanted = [
        Wanted(text=word, times=sum(times), queries=len(times)) for word, times in found.items()
    ]
    return _sorted(one for one in wanted if one.times > 1)


def _missing_names(rows: Iterable[QueryRow], store: Store) -> list[Wanted]:
    found: dict[str, list[int]] = {}
    for row in rows:
        for name in {name.lower() for name in _NAME.findall(row.text)} - _NOT_NAMES:
            found.setdefault(name, []).append(row.asked)
    wanted = _sorted(
        Wanted(text=name, times=sum(times), queries=len(times)) for name, times in found.items()
    )
    return [
        Wanted(text=f"@{one.text}", times=one.times, queries=one.queries)
        for one in wanted[:_MOST_NAMES]
        if store.find_chat_by_username(one.text) is None
    ]


def _sorted(wanted: Iterable[Wanted]) -> list[Wanted]:
    return sorted(wanted, key=lambda one: (-one.times, -one.queries, one.text))


class Popular:
    """The queries that readers may be shown, most asked first, found by their beginnings."""

    def __init__(self, texts: Sequence[str], analyzers: Analyzers) -> None:
        self.texts = tuple(texts)
        self._keys = sorted(
            (key, place)
            for place, text in enumerate(texts)
            for key in list_beginnings(text, analyzers, spoken=True, words=True)
        )

    def find(self, beginning: str, *, limit: int) -> list[str]:
        """Return those that begin so, most asked first. beginning: folded."""
        typed = cut_beginning(beginning)
        if not typed:
            return []
        first = bisect_left(self._keys, (typed, -1))
        alike = takewhile(lambda pair: pair[0].startswith(typed), self._keys[first:])
        places = sorted({place for _, place in alike})
        return [self.texts[place] for place in places[:limit]]


class Showing(NamedTuple):
    """What decides which queries readers are shown. hours: in so many different ones; 0: none."""

    store: Store
    analyzers: Analyzers
    words: SensitiveWords
    clock: Clock
    zone: tzinfo
    hours: int


def load_popular(needs: Showing) -> Popular:
    """Return the queries that readers may be shown. Raises Unavailable."""
    if needs.hours <= 0:
        return Popular((), needs.analyzers)
    since = since_of(needs.clock.now().astimezone(needs.zone), WINDOW_DAYS)
    rows = needs.store.list_queries(since=since, limit=_MOST_READ)
    blocked = [block.word for block in needs.store.list_blocks() if block.word]
    words = SensitiveWords(blocked, needs.analyzers)
    shown = (
        row.text
        for row in rows
        if row.hours >= needs.hours
        and row.days >= LEAST_DAYS
        and 2 * row.missed < row.asked
        and len(row.text) <= LONGEST_SHOWN
        and not is_personal(row.text)
        and not needs.words.found_in(row.text)
        and not words.found_in(row.text)
        and not _names_unlisted(row.text, needs.store)
    )
    return Popular(list(islice(shown, MOST_POPULAR)), needs.analyzers)


def _names_unlisted(text: str, store: Store) -> bool:
    """Whether a query is the name or title of a chat that is not listed."""
    for name in {*_NAME.findall(text), *_BARE_NAME.findall(text)}:
        chat = store.find_chat_by_username(name)
        if chat is not None and not is_listed(chat):
            return True
    titled = store.find_chats_by_title(text)
    return bool(titled) and not any(is_listed(chat) for chat in titled)
