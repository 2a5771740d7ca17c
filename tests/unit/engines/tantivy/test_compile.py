"""compile: the corners of Tantivy's query language. What each clause finds is in the contract."""

import pytest
import tantivy

from soso.engines.tantivy.compile import compile_clause, compile_ranked, compile_unscored
from soso.engines.tantivy.document import build_native
from soso.engines.tantivy.mapping import build_schema
from soso.model.errors import BadInput
from soso.model.ids import DocId
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
from soso.schema.document import Document
from soso.schema.fields import AT, DOC, KIND, SCHEMA, TITLE, WORDS

SCHEMA_NATIVE = build_schema()


@pytest.fixture(scope="module")
def searcher() -> tantivy.Searcher:
    index = tantivy.Index(SCHEMA_NATIVE)
    writer = index.writer(15_000_000, 1)
    for doc, words in enumerate(("a b", "a", "c")):
        terms = {WORDS: words.split(), TITLE: ["t"]}
        keywords = {KIND: ["post"]}
        document = Document(doc=DocId(doc), terms=terms, keywords=keywords, numbers={AT: doc})
        writer.add_document(build_native(document))
    writer.commit()
    index.reload()
    return index.searcher()


def scores(searcher: tantivy.Searcher, query: tantivy.Query) -> dict[int, float]:
    hits = searcher.search(query, limit=10).hits
    found = searcher.fast_field_values(DOC, [address for _, address in hits])
    return {int(doc): score for doc, (score, _) in zip(found, hits, strict=True)}


def word(term: str) -> Term:
    return Term(field=WORDS, term=term)


CONSTANTS: list[tuple[Clause, dict[int, float]]] = [
    (Everything(), {0: 1, 1: 1, 2: 1}),
    (Nothing(), {}),
    (OneOf(field=KIND, terms=("post",)), {0: 1, 1: 1, 2: 1}),
    (OneOf(field=KIND, terms=("post", "video")), {0: 1, 1: 1, 2: 1}),
    (OneOf(field=KIND, terms=()), {}),
    (Range(field=AT, low=1), {1: 1, 2: 1}),
    (Not(clause=word("a")), {2: 0}),
    (AllOf(clauses=()), {0: 0, 1: 0, 2: 0}),
    (AnyOf(clauses=()), {}),
    (AllOf(clauses=(Everything(), Everything())), {0: 2, 1: 2, 2: 2}),
    (AnyOf(clauses=(Everything(), Range(field=AT, high=0))), {0: 2, 1: 1, 2: 1}),
    (AllOf(clauses=(Not(clause=word("a")), Not(clause=word("b")))), {2: 0}),
    (AllOf(clauses=(Everything(), Not(clause=word("c")))), {0: 1, 1: 1}),
    (Boost(clause=Everything(), factor=2.5), {0: 2.5, 1: 2.5, 2: 2.5}),
    (Boost(clause=AnyOf(clauses=(Everything(), Everything())), factor=3), {0: 6, 1: 6, 2: 6}),
]


@pytest.mark.parametrize(("clause", "expected"), CONSTANTS)
def test_what_has_no_bm25_scores_what_it_says(
    searcher: tantivy.Searcher, clause: Clause, expected: dict[int, float]
) -> None:
    assert scores(searcher, compile_clause(clause, SCHEMA_NATIVE)) == expected


def test_a_phrase_of_one_term_is_a_term(searcher: tantivy.Searcher) -> None:
    phrase = compile_clause(Phrase(field=WORDS, terms=("a",)), SCHEMA_NATIVE)
    assert scores(searcher, phrase) == scores(searcher, compile_clause(word("a"), SCHEMA_NATIVE))
    assert set(scores(searcher, phrase)) == {0, 1}
    # A field without positions has phrases of one term too.
    title = compile_clause(Phrase(field=TITLE, terms=("t",)), SCHEMA_NATIVE)
    assert set(scores(searcher, title)) == {0, 1, 2}
    assert scores(searcher, compile_clause(Phrase(field=WORDS, terms=()), SCHEMA_NATIVE)) == {}


def test_unscored_and_ranked(searcher: tantivy.Searcher) -> None:
    either = AnyOf(clauses=(word("a"), word("b")))
    assert scores(searcher, compile_unscored(either, SCHEMA_NATIVE)) == {0: 0, 1: 0}
    alone = scores(searcher, compile_clause(word("b"), SCHEMA_NATIVE))
    ranked = scores(searcher, compile_ranked(either, word("b"), SCHEMA_NATIVE))
    assert ranked == {0: alone[0], 1: 0}
    flat = scores(searcher, compile_ranked(either, Everything(), SCHEMA_NATIVE))
    assert flat == {0: 1, 1: 1}


def test_many_levels_and_alternatives_do_no_harm(searcher: tantivy.Searcher) -> None:
    clause: Clause = word("c")
    for _ in range(49):
        clause = Not(clause=AnyOf(clauses=(clause, Nothing())))
    assert set(scores(searcher, compile_clause(clause, SCHEMA_NATIVE))) == {0, 1}
    wide = AnyOf(clauses=(*(word(f"w{n}") for n in range(5000)), word("c")))
    assert set(scores(searcher, compile_clause(wide, SCHEMA_NATIVE))) == {2}
    many = OneOf(field=WORDS, terms=(*(f"w{n}" for n in range(5000)), "c"))
    assert set(scores(searcher, compile_clause(many, SCHEMA_NATIVE))) == {2}


def test_a_schema_without_the_field_is_a_value_error() -> None:
    lean = build_schema([field for field in SCHEMA if field.name not in {WORDS, AT}])
    for clause in (word("a"), Range(field=AT), OneOf(field=WORDS, terms=("a", "b"))):
        with pytest.raises(ValueError, match="not defined"):
            compile_clause(clause, lean)


def test_an_unknown_clause_is_refused() -> None:
    with pytest.raises(BadInput):
        compile_clause(Clause(), SCHEMA_NATIVE)
