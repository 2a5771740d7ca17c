"""The engines agree: what the memory engine says matches is what the others find."""

import math
import random
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from soso.model.ids import DocId
from soso.ports.engine import Engine
from soso.query.clauses import (
    AllOf,
    AnyOf,
    Boost,
    Clause,
    Everything,
    Not,
    Nothing,
    OneOf,
    Phrase,
    Range,
    Term,
)
from soso.query.plan_types import Filter, Hit, Plan, Sort
from soso.schema.document import Document
from soso.schema.fields import AT, AUDIENCE, CHARS, CHAT, KIND, LANG, ORDER, TITLE, WORDS

from .engine_cases import ENGINES, EVERYTHING, fill, make_engine

TERMS = st.sampled_from(["a", "b", "c", "北", "京", "北京", "\x00", "é"])
VALUES = st.sampled_from(["post", "video", "a b", "", "7"])
NUMBERS = st.sampled_from([0, 1, 2, 3, 50, 2**63 - 1])
FACETS = (KIND, CHAT, LANG)
TEXT_FIELDS = st.sampled_from([WORDS, CHARS, TITLE, KIND])

documents = st.builds(
    Document,
    doc=st.integers(0, 25).map(DocId),
    terms=st.dictionaries(st.sampled_from([WORDS, CHARS, TITLE]), st.lists(TERMS, max_size=8)),
    keywords=st.dictionaries(st.sampled_from(FACETS), st.lists(VALUES, max_size=3)),
    numbers=st.dictionaries(st.sampled_from([ORDER, AT, AUDIENCE]), NUMBERS),
)
texts = TERMS | VALUES
leaves = st.one_of(
    st.builds(Everything),
    st.builds(Nothing),
    st.builds(Term, field=TEXT_FIELDS, term=texts),
    st.builds(OneOf, field=TEXT_FIELDS, terms=st.lists(texts, max_size=3).map(tuple)),
    st.builds(
        Phrase,
        field=st.sampled_from([WORDS, CHARS]),
        terms=st.lists(TERMS, max_size=3).map(tuple),
    ),
    st.builds(
        Range,
        field=st.sampled_from([ORDER, AT, AUDIENCE]),
        low=st.none() | NUMBERS,
        high=st.none() | NUMBERS,
    ),
)


def _grow(inner: st.SearchStrategy[Clause]) -> st.SearchStrategy[Clause]:
    several = st.lists(inner, max_size=3).map(tuple)
    return st.one_of(
        st.builds(AllOf, clauses=several),
        st.builds(AnyOf, clauses=several),
        st.builds(Not, clause=inner),
        st.builds(Boost, clause=inner, factor=st.sampled_from([0.0, 0.5, 1000.0])),
    )


clauses = st.recursive(leaves, _grow, max_leaves=12)
plans = st.builds(
    Plan,
    full=clauses,
    score=clauses,
    filters=st.lists(
        st.builds(Filter, field=st.sampled_from(FACETS), clause=clauses), max_size=2
    ).map(tuple),
    limit=st.integers(0, 30),
    facets=st.just(FACETS),
)


@pytest.fixture(scope="module")
def engines() -> Iterator[list[Engine]]:
    with TemporaryDirectory() as folder:
        yield [make_engine(name, Path(folder)) for name in ENGINES]


def _refill(engines: list[Engine], batches: list[list[Document]]) -> None:
    for engine in engines:
        with engine.rebuild() as writer:
            for batch in batches:
                writer.apply(batch, ())
                writer.commit()


@settings(max_examples=60, deadline=None)
@given(
    batches=st.lists(st.lists(documents, max_size=12), max_size=3),
    asked=st.lists(plans, min_size=1, max_size=10),
)
def test_random_plans_match_the_same_documents(
    engines: list[Engine], batches: list[list[Document]], asked: list[Plan]
) -> None:
    _refill(engines, batches)
    memory, *others = engines
    for plan in asked:
        expected = memory.search(plan)
        for engine in others:
            found = engine.search(plan)
            assert (found.total, found.full, found.facets) == (
                expected.total,
                expected.full,
                expected.facets,
            )
            everything = Plan(full=plan.full, filters=plan.filters, limit=100)
            assert engine.search(everything) == memory.search(everything)
            assert [_explained(engine, plan, hit) for hit in found.hits] == [True] * len(found.hits)


def _explained(engine: Engine, plan: Plan, hit: Hit) -> bool:
    explained = engine.explain(plan, hit.doc)
    return explained is not None and math.isclose(
        explained.value, hit.score, rel_tol=1e-4, abs_tol=1e-4
    )


@settings(max_examples=40, deadline=None)
@given(
    batches=st.lists(st.lists(documents, max_size=12), max_size=3),
    full=clauses,
    extra=clauses,
    sort=st.sampled_from([Sort.NEWEST, Sort.OLDEST, Sort.VIEWS]),
    limit=st.integers(1, 5),
)
def test_random_documents_are_paged_alike(
    engines: list[Engine],
    batches: list[list[Document]],
    full: Clause,
    extra: Clause,
    sort: Sort,
    limit: int,
) -> None:
    _refill(engines, batches)
    partial = AnyOf(clauses=(full, extra))
    after = None
    while True:
        plan = Plan(full=full, partial=partial, sort=sort, limit=limit, after=after)
        expected, *others = [engine.search(plan) for engine in engines]
        assert others == [expected] * len(others)
        if not expected.hits:
            return
        after = expected.hits[-1].order, expected.hits[-1].doc


@settings(max_examples=40, deadline=None)
@given(
    steps=st.lists(
        st.tuples(
            st.lists(documents, max_size=5), st.lists(st.integers(0, 25).map(DocId), max_size=3)
        ),
        max_size=6,
    )
)
def test_random_steps_leave_the_same_index(
    engines: list[Engine], steps: list[tuple[list[Document], list[DocId]]]
) -> None:
    _refill(engines, [])
    for engine in engines:
        with engine.writer() as writer:
            for upserts, deletes in steps:
                writer.apply(upserts, deletes)
            writer.commit()
            writer.commit()
        fill(engine, [document for upserts, _ in steps[:1] for document in upserts])
    expected, *others = [engine.search(EVERYTHING) for engine in engines]
    assert others == [expected] * len(others)
    ids, *others_ids = [list(engine.iter_doc_ids()) for engine in engines]
    assert others_ids == [ids] * len(others_ids)


def _random_document(dice: random.Random, doc: int) -> Document:
    words = [f"w{int(dice.expovariate(0.12))}" for _ in range(dice.randrange(14))]
    return Document(
        doc=DocId(doc),
        terms={WORDS: words},
        keywords={KIND: dice.sample(["post", "video", "photo"], dice.randrange(3))},
        numbers={AT: dice.randrange(100), ORDER: doc} if dice.random() < 0.9 else {},
    )


def _random_clause(dice: random.Random, depth: int = 0) -> Clause:
    if depth > 4 or dice.random() < 0.45:
        words = tuple(f"w{int(dice.expovariate(0.12))}" for _ in range(2))
        low, high = sorted(dice.sample(range(100), 2))
        leaves: list[Clause] = [
            Term(field=WORDS, term=words[0]),
            Phrase(field=WORDS, terms=words),
            Range(field=AT, low=low, high=high),
            OneOf(field=KIND, terms=("video", "photo")),
            Everything(),
        ]
        return dice.choices(leaves, weights=(10, 2, 3, 3, 1))[0]
    inner = tuple(_random_clause(dice, depth + 1) for _ in range(dice.randrange(1, 4)))
    kinds = [AllOf(clauses=inner), AnyOf(clauses=inner), Not(clause=inner[0])]
    return dice.choices(kinds, weights=(4, 4, 2))[0]


def test_many_documents_match_alike(engines: list[Engine]) -> None:
    """Tantivy skips over blocks of 128 documents, which small indexes never show."""
    dice = random.Random(20)
    batches = [[_random_document(dice, 3 * k + n) for k in range(400)] for n in range(3)]
    _refill(engines, batches)
    sizes = set()
    for _ in range(60):
        plan = Plan(full=_random_clause(dice), limit=2000, facets=(KIND,), sort=Sort.NEWEST)
        expected, *others = [engine.search(plan) for engine in engines]
        assert others == [expected] * len(others)
        sizes.add(expected.total)
    assert len(sizes) > 30


def test_partial_and_full_are_told_apart_alike(engines: list[Engine]) -> None:
    batch = [
        Document(doc=DocId(k), terms={WORDS: [w for n, w in enumerate("abc") if k >> n & 1]})
        for k in range(8)
    ]
    _refill(engines, [batch])
    full, partial = (
        kind(clauses=tuple(Term(field=WORDS, term=w) for w in "abc")) for kind in (AllOf, AnyOf)
    )
    for engine in engines:
        found = engine.search(Plan(full=full, partial=partial))
        assert [(hit.doc, hit.full) for hit in found.hits] == [
            (7, True),
            *((k, False) for k in range(6, 0, -1)),
        ]
