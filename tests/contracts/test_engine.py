"""The port engine, reading: which documents match, in which order, and how they are counted."""

import random
from pathlib import Path

import pytest

from soso.model.errors import BadInput
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
from soso.schema.fields import AT, AUDIENCE, BIGRAMS, CHARS, CHAT, DOC, KIND, LANG, TAG, WORDS

from .engine_cases import (
    EVERY_ENGINE,
    all_words,
    any_words,
    docs,
    fill,
    kind,
    matching,
    open_engine,
    post,
    quote,
    word,
)


@pytest.fixture(params=EVERY_ENGINE)
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Engine:
    return open_engine(request, tmp_path)


ARCHIVE = (
    post(2, "北京 地铁 新线", kinds=("post",), chat=("7",), lang=("zh",), audience=10),
    post(4, "北京 烤鸭 北京", kinds=("post", "photo"), chat=("7",), lang=("zh",), audience=500),
    post(6, "上海 地铁", kinds=("post", "video"), chat=("9",), lang=("zh",), audience=10),
    post(7, "metro news", kinds=("channel",), chat=("9",), lang=("en",), audience=90, tag=("a b",)),
    post(8, "", kinds=("post", "file"), chat=("9",)),
)
ALL = {2, 4, 6, 7, 8}

CLAUSES: list[tuple[Clause, set[int]]] = [
    (Everything(), ALL),
    (Nothing(), set()),
    (word("北京"), {2, 4}),
    (word("北"), set()),
    (word(""), set()),
    (word("北京 地铁"), set()),
    (word("\ud83d"), set()),
    (word("x" * 70_000), set()),
    (Term(field=KIND, term="video"), {6}),
    (Term(field=TAG, term="a b"), {7}),
    (Term(field=BIGRAMS, term="北京"), set()),
    (OneOf(field=KIND, terms=("video", "photo", "none")), {4, 6}),
    (OneOf(field=KIND, terms=("video",)), {6}),
    (OneOf(field=KIND, terms=()), set()),
    (OneOf(field=KIND, terms=("\udc00", "video")), {6}),
    (OneOf(field=WORDS, terms=("地铁", "news")), {2, 6, 7}),
    (quote("京地铁新"), {2}),
    (quote("京铁"), set()),
    (quote("京"), {2, 4}),
    (Phrase(field=CHARS, terms=()), set()),
    (Phrase(field=CHARS, terms=("京", "\ud800")), set()),
    (Phrase(field=WORDS, terms=("北京", "烤鸭", "北京")), {4}),
    (Phrase(field=WORDS, terms=("烤鸭", "烤鸭")), set()),
    (Phrase(field=KIND, terms=("photo",)), {4}),
    (Range(field=AUDIENCE, low=10, high=90), {2, 6, 7}),
    (Range(field=AUDIENCE, low=91), {4}),
    (Range(field=AUDIENCE, high=0), {8}),
    (Range(field=AUDIENCE), ALL),
    (Range(field=AUDIENCE, low=90, high=10), set()),
    (Range(field=AUDIENCE, low=-5, high=2**70), ALL),
    (Range(field=AUDIENCE, high=-1), set()),
    (Range(field=AUDIENCE, low=2**63), set()),
    (Range(field="reactions"), set()),
    (Range(field=DOC, low=4, high=7), {4, 6, 7}),
    (AllOf(clauses=()), ALL),
    (AnyOf(clauses=()), set()),
    (all_words("北京 地铁"), {2}),
    (any_words("烤鸭 上海 nothing"), {4, 6}),
    (AllOf(clauses=(word("北京"), Not(clause=word("地铁")))), {4}),
    (AllOf(clauses=(Not(clause=word("北京")), Not(clause=word("news")))), {6, 8}),
    (AnyOf(clauses=(word("news"), Not(clause=word("地铁")))), {4, 7, 8}),
    (Not(clause=word("地铁")), {4, 7, 8}),
    (Not(clause=Not(clause=word("地铁"))), {2, 6}),
    (Not(clause=Everything()), set()),
    (Not(clause=Nothing()), ALL),
    (Boost(clause=word("news"), factor=3.0), {7}),
    (Boost(clause=Not(clause=word("news")), factor=0.0), ALL - {7}),
]


@pytest.mark.parametrize(("clause", "expected"), CLAUSES)
def test_each_clause_finds_what_it_says(engine: Engine, clause: Clause, expected: set[int]) -> None:
    fill(engine, ARCHIVE)
    assert matching(engine, clause) == expected


def test_an_empty_index_answers(engine: Engine) -> None:
    found = engine.search(Plan(full=Everything(), facets=(KIND,)))
    assert (found.total, found.hits, found.facets) == (0, (), {KIND: ()})
    assert list(engine.iter_doc_ids()) == []
    assert engine.status().documents == 0


def test_full_documents_come_before_better_scored_partial_ones(engine: Engine) -> None:
    rare = "稀 " * 30
    fill(engine, [post(2, "甲 乙"), post(4, rare + "甲"), post(6, "丙"), post(8, "甲 乙 丁 戊 己")])
    plan = Plan(
        full=all_words("甲 乙"),
        partial=any_words("甲 乙 稀"),
        score=AnyOf(clauses=(any_words("甲 乙"), Boost(clause=word("稀"), factor=5000.0))),
    )
    found = engine.search(plan)
    assert [(hit.doc, hit.full) for hit in found.hits][2:] == [(4, False)]
    assert {hit.doc for hit in found.hits[:2]} == {2, 8}
    assert all(hit.full for hit in found.hits[:2])
    assert found.hits[2].score > found.hits[0].score
    assert (found.total, found.full) == (2, True)


def test_without_a_full_document_the_partial_ones_are_counted(engine: Engine) -> None:
    fill(engine, ARCHIVE)
    plan = Plan(full=all_words("烤鸭 上海"), partial=any_words("烤鸭 上海"), facets=(KIND,))
    for sort in Sort:
        found = engine.search(Plan(full=plan.full, partial=plan.partial, sort=sort, facets=(KIND,)))
        assert (found.total, found.full, set(docs(found))) == (2, False, {4, 6})
        assert not any(hit.full for hit in found.hits)
        assert found.facets[KIND] == (("post", 2), ("photo", 1), ("video", 1))


def test_sorts_other_than_relevance_list_full_documents_alone(engine: Engine) -> None:
    fill(engine, ARCHIVE)
    for sort in (Sort.NEWEST, Sort.OLDEST, Sort.VIEWS):
        plan = Plan(full=all_words("北京 地铁"), partial=any_words("北京 地铁"), sort=sort)
        found = engine.search(plan)
        assert (docs(found), found.total, found.full) == ([2], 1, True)


def test_nothing_found_is_not_partial_if_everything_was_required(engine: Engine) -> None:
    fill(engine, ARCHIVE)
    for sort in Sort:
        assert engine.search(Plan(full=Nothing(), sort=sort)).full
        assert not engine.search(Plan(full=Nothing(), partial=Nothing(), sort=sort)).full


def test_filters_narrow_and_give_no_score(engine: Engine) -> None:
    fill(engine, ARCHIVE)
    free = Plan(full=word("地铁"), score=word("地铁"))
    narrow = Plan(full=free.full, score=free.score, filters=(kind("video"),))
    found = engine.search(narrow)
    assert (docs(found), found.total) == ([6], 1)
    scores = {hit.doc: hit.score for hit in engine.search(free).hits}
    assert found.hits[0].score == scores[6] > 0
    banned = Filter(field=KIND, clause=Not(clause=OneOf(field=KIND, terms=("video",))))
    assert docs(engine.search(Plan(full=word("地铁"), filters=(banned,)))) == [2]


def test_filters_hold_for_partial_documents_too(engine: Engine) -> None:
    fill(engine, ARCHIVE)
    plan = Plan(full=word("烤鸭"), partial=any_words("烤鸭 地铁"), filters=(kind("video"),))
    found = engine.search(plan)
    assert (docs(found), found.full, found.total) == ([6], False, 1)


def test_what_scores_need_not_match_and_what_matches_need_not_score(engine: Engine) -> None:
    fill(engine, ARCHIVE)
    found = engine.search(Plan(full=any_words("地铁 烤鸭"), score=word("烤鸭")))
    assert docs(found) == [4, 6, 2]
    assert found.hits[0].score > 0
    assert [hit.score for hit in found.hits[1:]] == [0.0, 0.0]


@pytest.mark.parametrize("score", [Everything(), word("同"), OneOf(field=KIND, terms=("post",))])
def test_ties_by_relevance_fall_by_document(engine: Engine, score: Clause) -> None:
    order = list(range(0, 400, 2))
    random.Random(5).shuffle(order)
    for start in range(0, 200, 50):  # several commits: several segments
        fill(engine, [post(doc, "同") for doc in order[start : start + 50]])
    found = engine.search(Plan(full=word("同"), score=score, limit=30))
    assert docs(found) == list(range(398, 338, -2))


def test_hits_carry_what_ranking_needs(engine: Engine) -> None:
    fill(engine, [post(2, "甲", at=77, audience=5, order=123), post(4, "甲")])
    (hit,) = engine.search(Plan(full=Range(field=AT, low=77))).hits
    assert (hit.at_s, hit.audience, hit.order, hit.full) == (77, 5, 123, True)
    (hit,) = engine.search(Plan(full=Range(field=AT, low=77), sort=Sort.VIEWS)).hits
    assert hit == Hit(doc=DocId(2), score=0.0, order=5, at_s=77, audience=5)


def test_a_limit_cuts_the_hits_and_not_the_count(engine: Engine) -> None:
    fill(engine, ARCHIVE)
    for sort in Sort:
        for limit in (-1, 0, 1, 3, 10**12):
            found = engine.search(Plan(full=Everything(), sort=sort, limit=limit))
            assert len(found.hits) == min(max(limit, 0), 5)
            assert found.total == 5
        unfound = Plan(full=Nothing(), partial=Everything(), sort=sort, limit=0)
        assert (engine.search(unfound).total, engine.search(unfound).full) == (5, False)


def test_an_uncounted_total_is_at_least_what_is_shown(engine: Engine) -> None:
    fill(engine, ARCHIVE)
    for sort in Sort:
        for partial in (None, Everything()):
            plan = Plan(full=word("北京"), partial=partial, sort=sort, count=False)
            assert engine.search(plan).total == 2


NUMBERS = (0, 0, 5, 5, 5, 5, 5, 9, 2**63 - 1, 2**63 - 1)


@pytest.mark.parametrize("sort", [Sort.NEWEST, Sort.OLDEST, Sort.VIEWS])
@pytest.mark.parametrize("size", [1, 2, 3, 7, 50])
def test_pages_by_key_repeat_nothing_and_leave_nothing_out(
    engine: Engine, sort: Sort, size: int
) -> None:
    many = [post(2 * k, order=n, audience=n) for k, n in enumerate(NUMBERS)]
    bare = post(50)
    many.append(type(bare)(doc=DocId(51), terms=bare.terms))  # no numbers at all: counts as 0
    random.Random(size).shuffle(many)
    fill(engine, many[:6])
    fill(engine, many[6:])
    seen: list[tuple[int, int]] = []
    after = None
    while page := engine.search(Plan(full=Everything(), sort=sort, limit=size, after=after)).hits:
        assert len(page) <= size
        seen += [(hit.order, hit.doc) for hit in page]
        after = page[-1].order, page[-1].doc
    expected = [(n, 2 * k) for k, n in enumerate(NUMBERS)] + [(0, 51)]
    assert seen == sorted(expected, reverse=sort is not Sort.OLDEST)


@pytest.mark.parametrize("sort", [Sort.NEWEST, Sort.OLDEST, Sort.VIEWS])
@pytest.mark.parametrize("value", [-(2**70), -1, 0, 11, 2**63 - 1, 2**63, 2**70])
def test_a_forged_place_gives_a_page(engine: Engine, sort: Sort, value: int) -> None:
    fill(engine, [post(2, order=0, audience=0), post(4, order=11, audience=11)])
    for doc in (-(2**70), 0, 3, 2**70):
        place = value, DocId(doc)
        found = engine.search(Plan(full=Everything(), sort=sort, after=place))
        both = [(0, 2), (11, 4)] if sort is Sort.OLDEST else [(11, 4), (0, 2)]
        behind = [row for row in both if (row > place if sort is Sort.OLDEST else row < place)]
        assert [(hit.order, hit.doc) for hit in found.hits] == behind
        assert found.total == 2


def test_a_page_past_the_full_documents_does_not_go_on_with_partial_ones(engine: Engine) -> None:
    fill(engine, ARCHIVE)
    plan = Plan(
        full=word("烤鸭"),
        partial=Everything(),
        sort=Sort.NEWEST,
        after=(40, DocId(4)),
        count=False,
    )
    assert docs(engine.search(plan)) == []


def test_each_facet_is_counted_under_all_filters_but_its_own(engine: Engine) -> None:
    fill(engine, ARCHIVE)
    chat9 = Filter(field=CHAT, clause=OneOf(field=CHAT, terms=("9",)))
    plan = Plan(full=Everything(), filters=(kind("post"), chat9), facets=(KIND, CHAT, LANG))
    found = engine.search(plan)
    assert found.total == 2
    assert found.facets == {
        KIND: (("post", 2), ("channel", 1), ("file", 1), ("video", 1)),
        CHAT: (("7", 2), ("9", 2)),
        LANG: (("zh", 1),),
    }


def test_two_filters_of_one_field_are_both_left_out_of_its_facet(engine: Engine) -> None:
    fill(engine, ARCHIVE)
    found = engine.search(
        Plan(full=all_words("地铁"), filters=(kind("post"), kind("video")), facets=(KIND,))
    )
    assert docs(found) == [6]
    assert found.facets[KIND] == (("post", 2), ("video", 1))


def test_a_facet_counts_documents_and_is_cut(engine: Engine) -> None:
    fill(engine, [post(2 * k, chat=(f"{k:03}",), lang=(f"{k:03}",)) for k in range(60)])
    fill(engine, [post(2 * k + 1, chat=("059", "059"), lang=("059",)) for k in range(2)])
    found = engine.search(Plan(full=Everything(), facets=(CHAT, LANG)))
    for name, size in ((CHAT, 20), (LANG, 40)):
        assert found.facets[name] == (("059", 3), *((f"{k:03}", 1) for k in range(size - 1)))


def test_frequencies_and_ids(engine: Engine) -> None:
    fill(engine, ARCHIVE)
    terms = ("北京", "地铁", "none", "", "\ud800", "x" * 300)
    assert engine.doc_freqs(WORDS, terms) == [2, 2, 0, 0, 0, 0]
    assert engine.doc_freqs(KIND, ["post"]) == [4]
    assert engine.doc_freqs(WORDS, ()) == []
    assert list(engine.iter_doc_ids()) == sorted(ALL)


def test_an_explanation_adds_up_to_the_score(engine: Engine) -> None:
    fill(engine, ARCHIVE)
    plan = Plan(
        full=all_words("北京 地铁"),
        partial=any_words("北京 地铁"),
        score=AnyOf(
            clauses=(Boost(clause=word("北京"), factor=2.0), quote("京地铁"), word("none"))
        ),
        filters=(kind("post"),),
    )
    hits = engine.search(plan).hits
    assert docs(engine.search(plan)) == [2, 4, 6]
    for hit in hits:
        explained = engine.explain(plan, hit.doc)
        assert explained is not None
        assert explained.value == pytest.approx(hit.score)
        assert explained.what == ("full match" if hit.full else "partial match")
    explained = engine.explain(plan, DocId(2))
    assert explained is not None
    told = [part.what for part in explained.parts[0].parts]
    assert told == ["times 2", "chars:京 地 铁"]
    assert engine.explain(plan, DocId(7)) is None
    assert engine.explain(plan, DocId(999)) is None


REFUSED: list[Plan] = [
    Plan(full=word("a"), sort=Sort.RELEVANCE, after=(1, DocId(2))),
    Plan(full=Term(field="nowhere", term="a")),
    Plan(full=Term(field=AT, term="5")),
    Plan(full=Range(field=WORDS, low=1)),
    Plan(full=Phrase(field=BIGRAMS, terms=("a", "b"))),
    Plan(full=Phrase(field=KIND, terms=("a", "b"))),
    Plan(full=Everything(), facets=("words",)),
    Plan(full=Everything(), facets=("nowhere",)),
    Plan(full=Everything(), score=Boost(clause=word("a"), factor=float("nan"))),
    Plan(full=Everything(), score=Boost(clause=word("a"), factor=-1.0)),
    Plan(full=Everything(), partial=OneOf(field="nowhere", terms=())),
    Plan(full=Everything(), filters=(Filter(field="x", clause=Term(field="x", term="a")),)),
]


@pytest.mark.parametrize("plan", REFUSED)
def test_a_plan_that_makes_no_sense_is_refused(engine: Engine, plan: Plan) -> None:
    with pytest.raises(BadInput):
        engine.search(plan)


def test_depth_is_limited_before_anything_crashes(engine: Engine) -> None:
    fill(engine, ARCHIVE)
    clause: Clause = word("北京")
    for _ in range(33):  # to 100 levels
        clause = AllOf(clauses=(Boost(clause=Not(clause=clause), factor=1.0),))
    assert docs(engine.search(Plan(full=clause))) == [8, 7, 6]
    for _ in range(5000):
        clause = Not(clause=AnyOf(clauses=(clause, word("地铁"))))
    with pytest.raises(BadInput, match="nested"):
        engine.search(Plan(full=clause))
