"""search: what only very many documents or ties would show in the contract."""

import pytest
import tantivy

from soso.engines.tantivy import search
from soso.engines.tantivy.document import build_native
from soso.engines.tantivy.mapping import build_schema
from soso.engines.tantivy.search import Search
from soso.model.ids import DocId
from soso.query.clauses import AllOf, AnyOf, Boost, Clause, Everything, Not, Nothing, OneOf, Term
from soso.query.plan_types import Filter, Plan, Sort
from soso.schema.document import Document
from soso.schema.fields import CHAT, KIND, LANG, WORDS

SAME = Term(field=WORDS, term="same")
POSTS = OneOf(field=KIND, terms=("post",))


@pytest.fixture(scope="module")
def index() -> tantivy.Index:
    index = tantivy.Index(build_schema())
    writer = index.writer(15_000_000, 1)
    for doc in range(1000):
        document = Document(doc=DocId(doc), terms={WORDS: ["same"]}, keywords={KIND: ["post"]})
        writer.add_document(build_native(document))
    writer.commit()
    index.reload()
    return index


def top(index: tantivy.Index, plan: Plan) -> list[int]:
    found = Search(plan, index.searcher(), index.schema).answer()
    return [hit.doc for hit in found.hits]


def test_ties_are_searched_as_deep_as_they_go(index: tantivy.Index) -> None:
    assert top(index, Plan(full=SAME, score=SAME, limit=5)) == [999, 998, 997, 996, 995]


def test_there_is_an_end_to_it(index: tantivy.Index, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "_MOST_TIED", 100)
    found = top(index, Plan(full=SAME, score=SAME, limit=5))
    assert found == sorted(found, reverse=True)
    assert len(set(found)) == 5


@pytest.mark.parametrize(
    "score",
    [
        Everything(),
        Nothing(),
        POSTS,
        Boost(clause=POSTS, factor=2.0),
        Not(clause=SAME),
        AllOf(clauses=(POSTS, Everything())),
    ],
)
def test_one_score_for_all_needs_no_looking_for_ties(
    index: tantivy.Index, monkeypatch: pytest.MonkeyPatch, score: Clause
) -> None:
    monkeypatch.setattr(search, "_MOST_TIED", 100)
    plan = Plan(full=score if isinstance(score, AllOf) else POSTS, score=score, limit=5)
    found = Search(plan, index.searcher(), index.schema).answer()
    assert [hit.doc for hit in found.hits] == [999, 998, 997, 996, 995]
    # The same scores as the long way gives.
    long_way = Plan(full=plan.full, score=AnyOf(clauses=(score, Nothing())), limit=5)
    other = Search(long_way, index.searcher(), index.schema).answer()
    assert [hit.score for hit in found.hits] == [hit.score for hit in other.hits]


def test_facets_without_a_filter_of_their_own_share_one_call(index: tantivy.Index) -> None:
    calls: list[list[str]] = []

    class Counting:
        """The searcher, noting what it is asked to count."""

        def __init__(self) -> None:
            self._searcher = index.searcher()

        def aggregate(self, query: tantivy.Query, asked: dict[str, object]) -> object:
            calls.append(list(asked))
            return self._searcher.aggregate(query, asked)

        def __getattr__(self, name: str) -> object:
            return getattr(self._searcher, name)

    filters = (Filter(field=KIND, clause=POSTS), Filter(field="after", clause=Everything()))
    plan = Plan(full=SAME, filters=filters, facets=(KIND, CHAT, LANG), sort=Sort.NEWEST)
    found = Search(plan, Counting(), index.schema).answer()  # type: ignore[arg-type]
    assert calls == [[CHAT, LANG], [KIND]]
    assert found.facets == {KIND: (("post", 1000),), CHAT: (), LANG: ()}
