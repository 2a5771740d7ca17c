"""From the text typed to a page of results: parse, plan, find, rank, cut, lay out.

Pages are stable. By relevance the first answer's best KEPT documents are kept under a token and
pages are cut from them; the other sorts page by the key of their last row.
"""

import hashlib
import logging
from collections.abc import Callable, Iterable, Sequence
from datetime import tzinfo
from time import perf_counter
from typing import Final, NamedTuple

import msgspec

from soso.flows.did_you_mean import FEW
from soso.flows.fold import count_copies, fold_copies
from soso.flows.gather import Asking, Gathered, Ranked, describe, gather
from soso.flows.kept_answer import KeptAnswer, find_kept, keep_answer
from soso.flows.lay_facets import FACETS, lay_facets, lay_tabs
from soso.flows.lay_out import NO_MARKS, WIDTH, CardMaker
from soso.flows.meaning import Asked, Meaning
from soso.flows.name_chats import find_named_chats
from soso.model.errors import BadInput, Unavailable
from soso.model.ids import DocId
from soso.ports.clock import Clock
from soso.ports.engine import Engine, Explained
from soso.ports.store import Store
from soso.query.ast import Query
from soso.query.clauses import Range
from soso.query.loosen import without_quotes
from soso.query.marks import marks_of, said, telling_words
from soso.query.page_tokens import KeptPage, KeyPage, parse_page, unparse_page
from soso.query.parse import parse
from soso.query.plan import Context, is_scored, make_plan, narrow
from soso.query.plan_types import Filter, Found, Hit, Mode, Plan, Sort
from soso.query.results import (
    KIND_TABS,
    Card,
    Notice,
    ResultPage,
    SearchRequest,
)
from soso.query.unparse import unparse
from soso.ranking.weights import BOOSTS
from soso.schema import fields
from soso.schema.build import order_of, read_post
from soso.text.analyzers import Analyzers
from soso.text.snippet import cut_snippet

log = logging.getLogger(__name__)

KEPT: Final = 500
FARTHEST: Final = 20_000
"""How deep a reader's pages are followed behind what they have seen copies of."""

OFFERED: Final = 20
"""How many are shown that have no word of the query."""

MOST_ROWS: Final = 100


class Searching(NamedTuple):
    """What a search needs."""

    store: Store
    engine: Engine
    analyzers: Analyzers
    clock: Clock
    zone: tzinfo
    meaning: Meaning | None = None
    guess: Callable[[str], tuple[str, ...]] | None = None  # flows/did_you_mean.py


def search(request: SearchRequest, needs: Searching) -> ResultPage:
    """Answer a request; odd text gives notices. Raises Unavailable, IndexMismatch."""
    return _Search(request, needs).answer()


class _Search:
    def __init__(self, request: SearchRequest, needs: Searching) -> None:
        self.started = perf_counter()
        self.request = request
        self.needs = needs
        self.limit = min(max(request.limit, 1), MOST_ROWS)
        parsed = parse(request.text)
        self.query = parsed.query
        self.notices = list(parsed.notices)
        now = needs.clock.now()
        self.now_s = int(now.timestamp())
        chats, unclear = find_named_chats(self.query, needs.store)
        self.notices += unclear
        self.context = Context(now=now, zone=needs.zone, chats=chats)
        plan = make_plan(self.query, needs.analyzers, BOOSTS, self.context)
        self.sort = request.sort
        if self.sort is Sort.RELEVANCE and not is_scored(plan):
            self.sort = Sort.NEWEST
        kind = request.kind if request.kind in KIND_TABS else None
        self.kind = kind
        self.plan = narrow(plan, kind=kind, sensitive=request.sensitive, sort=self.sort)
        self.marks = marks_of(self.query, needs.analyzers)
        self.mode = request.mode or Mode.WORDS
        self.gathering = KEPT  # how many were asked for
        self.ranked: dict[DocId, Ranked] = {}  # what this answer gathered, where it did
        self.passages: dict[DocId, int] = {}  # which of a document's is nearest
        self.by_words = True  # whether any document has a word of it
        asked = (
            f"{unparse(self.query)}\0{kind}\0{request.sensitive}\0{self.mode}\0{request.collapse}"
        )
        self.asked = hashlib.blake2b(asked.encode(), digest_size=8).digest()

    def note(self, code: str, **args: str) -> None:
        notice = Notice(code=code, args=args)
        if notice not in self.notices:
            self.notices.append(notice)

    def answer(self) -> ResultPage:
        page = parse_page(self.request.page) if self.request.page else None
        if isinstance(page, KeyPage) and page.sort is not self.sort:
            page = None
        if self.request.page and page is None:
            self.note("page_invalid")
        if self.sort is Sort.RELEVANCE:
            return self.by_relevance(page if isinstance(page, KeptPage) else None)
        return self.by_key(page if isinstance(page, KeyPage) else None)

    def by_key(self, page: KeyPage | None) -> ResultPage:
        """Newest, oldest, most viewed: the next page begins behind the last row's key."""
        self.mode = Mode.WORDS
        after = (page.order, page.doc) if page else None
        found = self.find(self.limit + 1, after=after)
        hits = [(hit, hit.score) for hit in found.hits[: self.limit]]
        rows = self.fold(hits)  # within the page: the next begins behind its last row
        number = page.number if page else 1
        following = None
        if len(found.hits) > self.limit:
            last = hits[-1][0]
            following = KeyPage(sort=self.sort, number=number + 1, order=last.order, doc=last.doc)
        return self.page(found, rows, number=number, following=following)

    def fold(self, hits: Sequence[tuple[Hit, float]]) -> list[tuple[Hit, float]]:
        if not self.request.collapse:
            return list(hits)
        folded = set(fold_copies([hit.doc for hit, _ in hits], self.needs.store))
        return [(hit, score) for hit, score in hits if hit.doc in folded]

    def by_relevance(self, page: KeptPage | None) -> ResultPage:
        if page is None:
            return self.first()
        kept = self.load(page.token)
        if kept is not None and kept.asked != self.asked:  # the address of another answer's page
            self.note("page_invalid")
            return self.first()
        if kept is None:
            self.note("page_expired")
            kept = self.kept(self.gather(KEPT, as_of=page.as_of_s))
            page = msgspec.structs.replace(page, token=self.keep(kept))
        if self.request.explain and not self.ranked:
            self.gather(KEPT, as_of=page.as_of_s)
        if kept.limit != self.limit:
            kept, page = self.recut(kept, page)
        if kept.start(page.number - page.first) >= len(kept.docs) and not kept.is_all:
            self.note("past_end")
            kept, page = self.beyond(kept, page)
        return self.cut(kept, page)

    def first(self) -> ResultPage:
        gathered = self.gather(KEPT)
        kept = self.kept(gathered)
        token = self.keep(kept) if len(kept.docs) > self.limit or not kept.is_all else ""
        page = KeptPage(token=token, number=1, first=1, as_of_s=self.now_s)
        found = msgspec.structs.replace(gathered.found, total=kept.total, full=kept.all_full)
        return self.cut(kept, page, found)

    def beyond(self, kept: KeptAnswer, page: KeptPage) -> tuple[KeptAnswer, KeptPage]:
        """Run the query again without what was shown, for readers who come past the kept ones."""
        shown = (*kept.shown, *kept.docs)
        looked = len(shown) + KEPT
        fresh = self.kept(self.gather(looked, as_of=page.as_of_s), without=set(shown))
        while not fresh.docs and not fresh.is_all and looked < FARTHEST:  # copies of what was shown
            looked *= 2
            fresh = self.kept(self.gather(looked, as_of=page.as_of_s), without=set(shown))
        following = msgspec.structs.replace(fresh, shown=shown)
        return following, page.of(self.keep(following))

    def recut(self, kept: KeptAnswer, page: KeptPage) -> tuple[KeptAnswer, KeptPage]:
        """Pages of another length go on where those of the first one would have."""
        rest = kept.behind(kept.start(page.number - page.first), limit=self.limit)
        return rest, page.of(self.keep(rest))

    def cut(self, kept: KeptAnswer, page: KeptPage, found: Found | None = None) -> ResultPage:
        self.by_words, self.mode = kept.by_words, kept.mode
        start = kept.start(page.number - page.first)
        end = start + self.limit
        self.passages = dict(zip(kept.docs[start:end], kept.passages[start:end], strict=True))
        every = list(zip(kept.docs, kept.full, kept.scores, strict=True))
        hits = [
            (Hit(doc=doc, full=full, score=score), score) for doc, full, score in every[start:end]
        ]
        if found is None:
            found = self.counted(kept)
        more = end < len(kept.docs) or not kept.is_all
        return self.page(
            found,
            hits,
            number=page.number,
            following=page.at(page.number + 1) if more and hits else None,
            previous=page.at(page.number - 1) if page.number > page.first else None,
        )

    def find(self, limit: int, *, after: tuple[int, DocId] | None = None) -> Found:
        return self.needs.engine.search(self.planned(limit, after=after))

    def gather(self, limit: int, *, as_of: int | None = None) -> Gathered:
        self.gathering = limit
        plan = self.planned(limit)
        if as_of is not None:
            plan = msgspec.structs.replace(plan, filters=(*plan.filters, _not_newer(as_of)))
        words = telling_words(self.query, self.needs.analyzers)
        asking = Asking(self.mode, words, self.ask)
        gathered = gather(plan, self.needs.engine, asking, now_s=self.now_s)
        if gathered.failed:
            log.warning("answered by words alone: %s", gathered.failed)
            self.note("meaning_unavailable")
        self.mode = gathered.mode
        self.ranked = {one.hit.doc: one for one in gathered.ranked}
        return gathered

    def planned(self, limit: int, *, after: tuple[int, DocId] | None = None) -> Plan:
        facets = FACETS if self.request.facets else ()
        return msgspec.structs.replace(self.plan, limit=limit, after=after, facets=facets)

    def ask(self) -> Asked | None:
        """Return the query as a vector, if it is wanted and a model is there to make it."""
        if self.mode is Mode.WORDS:
            return None
        asked, failed = None, False
        try:
            asked = self.needs.meaning.ask(said(self.query)) if self.needs.meaning else None
        except (Unavailable, BadInput) as error:
            log.warning("answered by words alone: %s", error)
            failed = True
        if asked is None and (failed or self.mode is Mode.MEANING):
            self.note("meaning_unavailable")
        return asked

    def counted(self, kept: KeptAnswer) -> Found:
        """The total stays what the first answer said; facets are counted now."""
        facets = self.find(1).facets if self.request.facets else {}
        return Found(total=kept.total, full=kept.all_full, hits=(), facets=facets)

    def kept(self, gathered: Gathered, without: set[DocId] | None = None) -> KeptAnswer:
        ranked = [one for one in gathered.ranked if not without or one.hit.doc not in without]
        is_all = len(gathered.ranked) < self.gathering
        by_words = self.mode is not Mode.MEANING and gathered.found.total > 0
        ranked = list(self.without_noise(ranked))
        if self.request.collapse:
            docs = [one.hit.doc for one in ranked]
            folded = set(fold_copies(docs, self.needs.store, shown=without or ()))
            ranked = [one for one in ranked if one.hit.doc in folded]
        is_all, ranked = is_all and len(ranked) <= KEPT, ranked[:KEPT]
        return KeptAnswer(
            docs=tuple(one.hit.doc for one in ranked),
            full=tuple(one.hit.full for one in ranked),
            scores=tuple(one.score for one in ranked),
            passages=tuple(one.near.passage if one.near else 0 for one in ranked),
            total=gathered.found.total if by_words else len(ranked),
            all_full=by_words and gathered.found.full,
            by_words=by_words,
            is_all=is_all,
            limit=self.limit,
            mode=self.mode,
            asked=self.asked,
        )

    def without_noise(self, ranked: Sequence[Ranked]) -> Iterable[Ranked]:
        """Something is nearest to any query: a few of them are an offer, hundreds are noise."""
        offered = 0
        for one in ranked:
            if self.mode is Mode.BOTH and one.share is not None and not one.share.words:
                offered += 1
                if offered > OFFERED:
                    continue
            yield one

    def keep(self, kept: KeptAnswer) -> str:
        return keep_answer(kept, self.needs.store, now=self.needs.clock.now())

    def load(self, token: str) -> KeptAnswer | None:
        return find_kept(token, self.needs.store, now=self.needs.clock.now())

    def page(
        self,
        found: Found,
        hits: Sequence[tuple[Hit, float]],
        *,
        number: int,
        following: KeptPage | KeyPage | None,
        previous: KeptPage | KeyPage | None = None,
    ) -> ResultPage:
        if not found.full and found.total and not any(hit.full for hit, _ in hits):
            code = "partial_only" if self.by_words else "meaning_only"
            if self.mode is not Mode.MEANING:
                self.note(code)
        if not hits and number == 1 and not found.total:
            self.offer_unquoted()
        maker = CardMaker(self.needs.store, self.needs.analyzers, sensitive=self.request.sensitive)
        cards = maker.find([hit.doc for hit, _ in hits], self.marks)
        shown = [(hit, score) for hit, score in hits if hit.doc in cards]
        rows = tuple(
            msgspec.structs.replace(
                self.answering(cards[hit.doc]),
                score=round(score, 4),
                full=hit.full or not found.full,
            )
            for hit, score in shown
        )
        rows = tuple(count_copies(rows, self.needs.store))
        return ResultPage(
            text=unparse(self.query),
            total=found.total,
            full=found.full,
            rows=rows,
            sort=self.sort,
            mode=self.mode,
            notices=tuple(self.notices),
            did_you_mean=self.guess(found, number),
            kind=self.kind,
            tabs=lay_tabs(found)
            if self.mode is not Mode.MEANING
            else {},  # counted is what has words
            facets=lay_facets(found, self.needs.store),
            page=number,
            next_page=unparse_page(following) if following else None,
            previous_page=unparse_page(previous) if previous else None,
            explained=tuple(self.explain(hit) for hit, _ in shown) if self.request.explain else (),
            took_ms=round((perf_counter() - self.started) * 1000, 2),
        )

    def offer_unquoted(self) -> None:
        """Nothing has the quoted run: say what the words alone would ask, if that finds anything."""
        loose = without_quotes(self.query)
        if loose is None or (self.mode is Mode.WORDS and not self.finds(loose)):
            return
        self.note("no_phrase", query=unparse(loose))

    def finds(self, query: Query) -> bool:
        plan = make_plan(query, self.needs.analyzers, BOOSTS, self.context)
        asked = msgspec.structs.replace(self.plan, full=plan.full, partial=plan.partial, limit=1)
        return self.needs.engine.search(asked).total > 0

    def guess(self, found: Found, number: int) -> tuple[str, ...]:
        """Guess what was meant, only where little was found: it costs some milliseconds."""
        if self.needs.guess is None or number > 1 or self.sort is not Sort.RELEVANCE:
            return ()
        if found.full and found.total >= FEW:
            return ()
        return self.needs.guess(self.request.text)

    def answering(self, card: Card) -> Card:
        """A post found by what it means further down shows that passage, not how it begins."""
        passage = self.passages.get(card.doc, 0)
        if not passage or card.stored is None or card.snippet.highlights:
            return card
        meaning = self.needs.meaning
        text = meaning.passage(read_post(card.stored), passage) if meaning is not None else ""
        if not text:
            return card
        snippet = cut_snippet(text, NO_MARKS, self.needs.analyzers, width=WIDTH)
        return msgspec.structs.replace(card, snippet=snippet)

    def explain(self, hit: Hit) -> str:
        explained = self.needs.engine.explain(self.plan, hit.doc)
        words = _tree(explained, 0) if explained is not None else "0.0000 no word of it"
        one = self.ranked.get(hit.doc)
        return f"{describe(one)}\n{words}" if one is not None and one.share is not None else words


def _tree(explained: Explained, depth: int) -> str:
    line = f"{'  ' * depth}{explained.value:.4f} {explained.what}"
    return "\n".join([line, *(_tree(part, depth + 1) for part in explained.parts)])


def _not_newer(as_of_s: int) -> Filter:
    latest = Range(field=fields.ORDER, high=order_of(as_of_s + 1, 0) - 1)
    return Filter(field=fields.ORDER, clause=latest)
