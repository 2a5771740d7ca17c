from hypothesis import given
from hypothesis import strategies as st

from soso.query.ast import (
    HAVINGS,
    KINDS,
    After,
    And,
    Before,
    Choice,
    Exact,
    Node,
    Not,
    Or,
    Query,
    Views,
    Word,
)
from soso.query.parse import parse
from soso.query.unparse import unparse

_letters = st.text(alphabet="abc流浪地球é1", min_size=1, max_size=6)
_free = st.text(alphabet="ab流 浪,-:@", min_size=1, max_size=8).map(str.strip).filter(bool)
_spaced = _free.map(lambda text: " ".join(text.split()))
_dates = st.sampled_from(["2026", "2026-11", "2026-11-05", "7d", "1y"])
_numbers = st.integers(0, 10**15)

_leaves: st.SearchStrategy[Node] = st.one_of(
    _letters.map(lambda text: Word(text=text)),
    _spaced.map(lambda text: Exact(text=text)),
    st.sampled_from(KINDS).map(lambda kind: Choice(name="kind", values=(kind,))),
    st.lists(st.sampled_from(HAVINGS), min_size=1, unique=True).map(
        lambda values: Choice(name="has", values=tuple(values))
    ),
    st.lists(_spaced, min_size=1, max_size=3, unique=True).map(
        lambda values: Choice(name="from", values=tuple(values))
    ),
    _letters.map(lambda tag: Choice(name="tag", values=(tag,))),
    _dates.map(lambda date: After(date=date)),
    _dates.map(lambda date: Before(date=date)),
    _numbers.map(lambda low: Views(low=low)),
    _numbers.map(lambda high: Views(high=high)),
    _numbers.map(lambda both: Views(low=both, high=both)),
)


def _inner(children: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    def group(
        kind: type[And] | type[Or], allowed: st.SearchStrategy[Node]
    ) -> st.SearchStrategy[Node]:
        return st.lists(allowed, min_size=2, max_size=3).map(lambda parts: kind(parts=tuple(parts)))

    return st.one_of(
        group(And, children.filter(lambda node: not isinstance(node, And))),
        group(Or, children.filter(lambda node: not isinstance(node, Or))),
        children.filter(lambda node: not isinstance(node, Not)).map(lambda node: Not(part=node)),
    )


_nodes = st.recursive(_leaves, _inner, max_leaves=12)
_queries = st.lists(_nodes.filter(lambda node: not isinstance(node, And)), max_size=4).map(
    lambda parts: Query(parts=tuple(parts))
)


@given(_queries)
def test_a_printed_query_asks_for_the_same(query: Query) -> None:
    text = unparse(query)
    if len(text) <= 500:
        assert parse(text).query == query


def test_it_reads_like_what_people_type() -> None:
    query = parse("彗星 -台风 kind:video (a OR b) views:>10").query
    assert unparse(query) == "彗星 -台风 kind:video a OR b views:>=11"
