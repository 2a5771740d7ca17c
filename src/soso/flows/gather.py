"""The best of what an archive has for a plan: by words, by meaning, or by both, in one order.

The engine finds by words, the vectors by meaning; what one of them found is then judged by both,
and every document must satisfy the plan's filters and demands, however it was found.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Final, NamedTuple

import msgspec

from soso.flows.meaning import Asked, NotAnswered
from soso.model.ids import DocId
from soso.ports.engine import Engine
from soso.ports.nearest import Near, Nearby
from soso.query.clauses import AllOf, Docs
from soso.query.marks import is_latin
from soso.query.plan_types import Found, Hit, Mode, Plan, Sort
from soso.ranking.fuse import Evidence, Field, Share, fuse, ideal_score
from soso.ranking.score import rank, rank_fused
from soso.schema import fields

NEAREST: Final = 200
"""How many documents meaning adds at most."""

_FEW: Final = 50
"""Fewer than this left by the filters: they are narrow, and looked into one by one."""

_NARROW: Final = 5_000
"""Up to so many documents behind the filters all are compared, which takes about 10 ms."""

_WIDER: Final = 4_000
"""Behind wider filters, so many of the nearest are asked for instead."""


class Ranked(NamedTuple):
    """A hit with its final score. share: what the score was made of, before age and audience."""

    hit: Hit
    score: float
    share: Share | None = None
    near: Near | None = None


class Gathered(NamedTuple):
    """found: by words, for totals and facets. ranked: the best first. mode: what it went by.

    failed: why it went by words alone, where the vectors did not answer.
    """

    found: Found
    ranked: list[Ranked]
    mode: Mode = Mode.WORDS
    failed: str = ""


class Asking(NamedTuple):
    """A query beside its plan. words: those of it that tell, as indexed.

    ask: makes it a vector, in a thread beside the search by words; None where no model serves.
    """

    mode: Mode
    words: Sequence[str] = ()
    ask: Callable[[], Asked | None] | None = None


def gather(plan: Plan, engine: Engine, asking: Asking, *, now_s: int) -> Gathered:
    """Return at most plan.limit hits, the best first. Raises Unavailable, IndexMismatch.

    Without a vector, and in other orders than relevance, by words alone.
    """
    mode, ask = asking.mode, asking.ask
    if ask is None or mode is Mode.WORDS or plan.sort is not Sort.RELEVANCE:
        return _by_words(engine.search(plan), now_s)
    with ThreadPoolExecutor(max_workers=1) as beside:  # the engine needs no interpreter meanwhile
        looking = beside.submit(_look, ask)
        found = engine.search(plan)
    try:
        looked = looking.result()
        if looked is None:
            return _by_words(found, now_s)
        return _by_both(plan, engine, asking, found, *looked, now_s=now_s)
    except NotAnswered as error:
        return _by_words(found, now_s)._replace(failed=str(error))


def _by_both(
    plan: Plan,
    engine: Engine,
    asking: Asking,
    found: Found,
    asked: Asked,
    nearby: Nearby,
    *,
    now_s: int,
) -> Gathered:
    mode = asking.mode
    near, field, others = find_near(plan, engine, asked, nearby)
    hits = {hit.doc: hit for hit in others}
    if mode is Mode.BOTH:
        hits |= {hit.doc: hit for hit in found.hits}
        unknown = [doc for doc in hits if doc not in near]
        near |= {one.doc: one for one in asked.among(unknown).found}
        field = _weigh_words(field, engine, asking.words, found)
    evidence = [_evidence(hit, near.get(hit.doc), mode) for hit in hits.values()]
    shares = dict(zip(hits, fuse(evidence, field), strict=True))
    scored = [msgspec.structs.replace(hit, score=shares[hit.doc].score) for hit in hits.values()]
    ranked = [
        Ranked(hit, score, shares[hit.doc], near.get(hit.doc))
        for hit, score in rank_fused(scored, now_s=now_s)[: plan.limit]
    ]
    return Gathered(found, ranked, mode)


def _by_words(found: Found, now_s: int) -> Gathered:
    return Gathered(found, [Ranked(*pair) for pair in rank(found.hits, now_s=now_s)])


def _look(ask: Callable[[], Asked | None]) -> tuple[Asked, Nearby] | None:
    asked = ask()
    return (asked, asked.near(NEAREST)) if asked is not None else None


def describe(one: Ranked) -> str:
    """Return in a line what a fused score was made of."""
    if one.share is None:
        return f"{one.score:.4f} by words"
    share, near = one.share, one.near
    cosine = f"cosine {near.cosine:.3f} in passage {near.passage}" if near else "no vector yet"
    return (
        f"{one.score:.4f} = words {share.words:.4f} + meaning {share.meaning:.4f} ({cosine})"
        f" + all words {share.full:.4f}, age and audience"
    )


def _weigh_words(field: Field, engine: Engine, words: Sequence[str], found: Found) -> Field:
    """Say what the query's words could give at most, and whether they were read by their sound."""
    freqs = dict(zip(words, engine.doc_freqs(fields.WORDS, words), strict=True))
    # No document has such a word, yet some have all that was asked: only sounds can be why.
    by_sound = (
        found.full
        and found.total > 0
        and any(freq == 0 and is_latin(word) for word, freq in freqs.items())
    )
    ideal = ideal_score(list(freqs.values()), engine.status().documents)
    return msgspec.structs.replace(field, ideal=ideal, by_sound=by_sound)


def find_near(
    plan: Plan, engine: Engine, asked: Asked, nearby: Nearby
) -> tuple[dict[DocId, Near], Field, list[Hit]]:
    """Return what is near a query and allowed by its plan, as hits of the engine too.

    nearby: the nearest of all.
    """
    field = Field(mean=nearby.mean, spread=nearby.spread)
    hits = _judge(plan, engine, nearby.found)
    if len(hits) < _FEW and len(nearby.found) == NEAREST:
        nearby = _look_wider(plan, engine, asked)
        hits = _judge(plan, engine, nearby.found)
    kept = {hit.doc for hit in hits}
    allowed = [one for one in nearby.found if one.doc in kept][:NEAREST]
    near = {one.doc: one for one in allowed}
    return near, field, [hit for hit in hits if hit.doc in near]


def _look_wider(plan: Plan, engine: Engine, asked: Asked) -> Nearby:
    everything = Plan(full=plan.demanded, filters=plan.filters, limit=_NARROW)
    behind = engine.search(everything)
    if behind.total <= _NARROW:
        return asked.among([hit.doc for hit in behind.hits], limit=NEAREST)
    return asked.near(_WIDER)


def _judge(plan: Plan, engine: Engine, near: Sequence[Near]) -> Sequence[Hit]:
    """Return those of some documents that the plan allows, scored by their words."""
    if not near:
        return ()
    these = Docs(docs=tuple(one.doc for one in near))
    narrowed = Plan(
        full=AllOf(clauses=(these, plan.full)),
        partial=AllOf(clauses=(these, plan.demanded)),
        score=plan.score,
        filters=plan.filters,
        limit=len(near),
    )
    return engine.search(narrowed).hits


def _evidence(hit: Hit, near: Near | None, mode: Mode) -> Evidence:
    by_words = mode is Mode.BOTH
    words, full = (hit.score, hit.full) if by_words else (0.0, False)
    if near is None:
        return Evidence(words=words, full=full)
    return Evidence(
        words=words, full=full, cosine=near.cosine, second=near.second, first=near.first
    )
