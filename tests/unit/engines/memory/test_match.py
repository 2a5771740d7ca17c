"""match: what a clause means."""

from soso.engines.memory.match import build_entry, explain, matches
from soso.model.ids import DocId
from soso.query.clauses import AllOf, AnyOf, Boost, Clause, Everything, Not, Nothing, Phrase, Term
from soso.schema.document import Document
from soso.schema.fields import DOC, KIND, WORDS

TERMS = ["a", "b", "a", "c"]
ENTRY = build_entry(Document(doc=DocId(2), terms={WORDS: TERMS}, keywords={KIND: ["post"]}))


def a_phrase(*terms: str) -> Phrase:
    return Phrase(field=WORDS, terms=terms)


def test_an_entry_does_not_follow_its_document() -> None:
    terms = ["a"]
    entry = build_entry(Document(doc=DocId(2), terms={WORDS: terms}))
    terms.append("b")
    assert entry.texts == {WORDS: ("a",)}
    assert entry.numbers == {DOC: 2}


def test_phrases_are_runs_of_whole_terms() -> None:
    for found in (("a",), ("a", "b"), ("b", "a", "c"), ("a", "b", "a", "c")):
        assert matches(a_phrase(*found), ENTRY)
    for missed in ((), ("a", "c", "b"), ("b", "c"), ("ab",), ("a", "b", "a", "c", "a")):
        assert not matches(a_phrase(*missed), ENTRY)


def test_weights_are_added_multiplied_and_left_out() -> None:
    a, post, none = (
        Term(field=field, term=term) for field, term in ((WORDS, "a"), (KIND, "post"), (WORDS, "z"))
    )
    weights: list[tuple[Clause, float | None]] = [
        (a, 1.0),
        (none, None),
        (Nothing(), None),
        (Everything(), 1.0),
        (AllOf(clauses=(a, post)), 2.0),
        (AllOf(clauses=(a, none)), None),
        (AllOf(clauses=()), 0.0),
        (AnyOf(clauses=(a, none, post)), 2.0),
        (AnyOf(clauses=(none,)), None),
        (AnyOf(clauses=()), None),
        (Boost(clause=AllOf(clauses=(a, post)), factor=2.5), 5.0),
        (Boost(clause=none, factor=2.5), None),
        (Not(clause=none), 0.0),
        (Not(clause=a), None),
    ]
    for clause, weight in weights:
        explained = explain(clause, ENTRY)
        assert (None if explained is None else explained.value) == weight
        assert matches(clause, ENTRY) == (weight is not None)
