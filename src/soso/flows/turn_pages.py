"""Pages that can be turned both ways, by a token of one size, in every order.

An answer by relevance is kept by flows/search.py, and its pages are numbered. The other orders only
go on behind a row: the tokens of the pages that were seen are kept here, as long as an answer is,
so that one can go back. When that is forgotten the query runs again from its beginning.
"""

import hashlib
from collections.abc import Callable
from datetime import timedelta
from typing import Final

import msgspec

from soso.flows.kept_answer import find_kept
from soso.model.value import Value
from soso.ports.clock import Clock
from soso.ports.store import Store
from soso.query.page_tokens import KeptPage, parse_page, unparse_page
from soso.query.plan_types import Sort
from soso.query.results import Notice, ResultPage, SearchRequest

Search = Callable[[SearchRequest], ResultPage]

KEPT_FOR: Final = timedelta(hours=24)
MOST_STEPS: Final = 60
"""Pages that are walked again when the way there is forgotten; beyond it the first is shown."""


class Turned(Value):
    """A page and its neighbours. pages: how many there are; exact where all of them are known."""

    page: ResultPage
    number: int = 1
    pages: int = 1
    previous: KeptPage | None = None
    following: KeptPage | None = None


def turn_to(
    request: SearchRequest, place: KeptPage | None, search: Search, store: Store, clock: Clock
) -> Turned:
    """Return the page of an answer that begins at a place, or its first. Raises as search does.

    request.page is not looked at. A place of another answer, or of one that is forgotten, gives a
    page of a new answer, and a notice.
    """
    now_s = int(clock.now().timestamp())
    turning = _Turning(request, search, store, clock)
    if place is None:
        return turning.first(now_s)
    walked = turning.find_walk(place.token)
    if walked is not None:
        return turning.walk(place, walked)
    if request.sort is not Sort.RELEVANCE:
        return turning.walk_again(place)
    page = search(msgspec.structs.replace(request, page=unparse_page(place)))
    if page.sort is not Sort.RELEVANCE:  # it asks for nothing that could be ranked
        return turning.walk_again(place)
    return turning.kept(page)


class _Turning:
    def __init__(self, request: SearchRequest, search: Search, store: Store, clock: Clock) -> None:
        self.request = msgspec.structs.replace(request, page=None)
        self.search = search
        self.store = store
        self.clock = clock

    def first(self, now_s: int) -> Turned:
        page = self.search(self.request)
        if page.sort is Sort.RELEVANCE:
            return self.kept(page)
        asked = hashlib.blake2b(digest_size=9)
        asked.update(msgspec.msgpack.encode((self.request, now_s)))
        place = KeptPage(token=asked.hexdigest(), number=1, first=1, as_of_s=now_s)
        return self.walked(page, place, [""])

    def kept(self, page: ResultPage) -> Turned:
        following = parse_page(page.next_page) if page.next_page else None
        previous = parse_page(page.previous_page) if page.previous_page else None
        after = following if isinstance(following, KeptPage) else None
        before = previous if isinstance(previous, KeptPage) else None
        return Turned(
            page=page,
            number=page.page,
            pages=self.count(page, after),
            previous=before,
            following=after,
        )

    def count(self, page: ResultPage, following: KeptPage | None) -> int:
        """All pages of a kept answer, or what the total lets expect where there are more."""
        if following is None:
            return page.page
        kept = find_kept(following.token, self.store, now=self.clock.now())
        if kept is not None and kept.is_all:
            return following.first - 1 + -(-len(kept.docs) // self.request.limit)
        return max(following.number, -(-page.total // self.request.limit))

    def find_walk(self, token: str) -> list[str] | None:
        content = self.store.find_answer(f"walk.{token}", now=self.clock.now())
        return msgspec.msgpack.decode(content, type=list[str]) if content is not None else None

    def walk(self, place: KeptPage, tokens: list[str]) -> Turned:
        if not 1 <= place.number <= len(tokens):
            return self.walk_again(place)
        wanted = tokens[place.number - 1] or None
        page = self.search(msgspec.structs.replace(self.request, page=wanted))
        return self.walked(page, place, tokens)

    def walked(self, page: ResultPage, place: KeptPage, tokens: list[str]) -> Turned:
        """Remember where the next page begins."""
        number = place.number
        if page.next_page and len(tokens) == number:
            tokens = [*tokens, page.next_page]
            content = msgspec.msgpack.encode(tokens)
            expires_at = self.clock.now() + KEPT_FOR
            self.store.keep_answer(f"walk.{place.token}", content, expires_at=expires_at)
        expected = -(-page.total // self.request.limit)
        return Turned(
            page=page,
            number=number,
            pages=max(number + 1, expected) if page.next_page else number,
            previous=place.at(number - 1) if number > 1 else None,
            following=place.at(number + 1) if page.next_page else None,
        )

    def walk_again(self, place: KeptPage) -> Turned:
        """Go the way again that is forgotten; what is new since then moves pages."""
        plain = msgspec.structs.replace(self.request, facets=False)
        tokens = [""]
        wanted = place.number if place.number <= MOST_STEPS else 1
        while len(tokens) < wanted:
            token = tokens[-1] or None
            step = self.search(msgspec.structs.replace(plain, page=token))
            if not step.next_page:
                break
            tokens.append(step.next_page)
        page = self.search(msgspec.structs.replace(self.request, page=tokens[-1] or None))
        if page.sort is Sort.RELEVANCE:
            return self.kept(page)
        number = len(tokens)
        found = msgspec.structs.replace(
            place, number=number, first=1, as_of_s=int(self.clock.now().timestamp())
        )
        said = (*page.notices, Notice(code="page_expired"))
        return self.walked(msgspec.structs.replace(page, notices=said), found, tokens)
