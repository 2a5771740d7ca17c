"""compile: each clause says in OpenSearch's language what it says in ours."""

import json
from typing import Any

import pytest

from soso.engines.opensearch.compile import (
    compile_clause,
    compile_ranked,
    compile_unscored,
)
from soso.engines.opensearch.mapping import MOST_TERMS
from soso.model.errors import BadInput
from soso.model.ids import DocId
from soso.query.clauses import (
    AllOf,
    AnyOf,
    Boost,
    Clause,
    Docs,
    Everything,
    Not,
    Nothing,
    OneOf,
    Phrase,
    Range,
    Term,
)
from soso.schema.fields import AT, CHARS, DOC, KIND, WORDS

NOTHING = {"match_none": {}}


def word(term: str) -> Term:
    return Term(field=WORDS, term=term)


def term(text: str) -> dict[str, Any]:
    return {"term": {WORDS: {"value": text}}}


def flat(query: dict[str, Any]) -> dict[str, Any]:
    return {"constant_score": {"filter": query}}


NONE_SCORED = {"bool": {"filter": [{"match_all": {}}]}}

CASES: list[tuple[Clause, dict[str, Any]]] = [
    (Everything(), {"match_all": {}}),
    (Nothing(), NOTHING),
    (word("a"), term("a")),
    (word("\ud83d"), NOTHING),
    (word("x" * 256), NOTHING),
    (word("字" * 86), NOTHING),
    (OneOf(field=KIND, terms=("a", "a", "\udc00")), flat({"terms": {KIND: ["a"]}})),
    (OneOf(field=KIND, terms=()), flat(NOTHING)),
    (Docs(docs=(DocId(2), DocId(4))), flat({"terms": {DOC: [2, 4]}})),
    (Docs(docs=()), flat(NOTHING)),
    (Range(field=AT, low=2), flat({"range": {AT: {"gte": 2, "lte": 2**63 - 1}}})),
    (Range(field=AT, low=-5, high=2**70), flat({"range": {AT: {"gte": 0, "lte": 2**63 - 1}}})),
    (Range(field=AT, low=3, high=2), NOTHING),
    (Phrase(field=WORDS, terms=()), NOTHING),
    (Phrase(field=WORDS, terms=("a",)), term("a")),
    (Phrase(field=CHARS, terms=("a", "b c")), NOTHING),
    (Phrase(field=CHARS, terms=("a", "")), NOTHING),
    (Phrase(field=CHARS, terms=("a", "\u3000")), NOTHING),
    (Phrase(field=CHARS, terms=("a", "x" * 256)), NOTHING),
    (AllOf(clauses=()), NONE_SCORED),
    (AnyOf(clauses=()), NOTHING),
    (AllOf(clauses=(word("a"),)), term("a")),
    (AnyOf(clauses=(word("a"),)), term("a")),
    (AllOf(clauses=(word("a"), word("b"))), {"bool": {"must": [term("a"), term("b")]}}),
    (
        AnyOf(clauses=(word("a"), word("b"))),
        {"bool": {"should": [term("a"), term("b")], "minimum_should_match": 1}},
    ),
    (
        AllOf(clauses=(word("a"), Not(clause=word("b")))),
        {"bool": {"must": [term("a")], "must_not": [term("b")]}},
    ),
    (
        Not(clause=word("a")),
        {"bool": {"filter": [{"match_all": {}}], "must_not": [term("a")]}},
    ),
    (Boost(clause=word("a"), factor=0.5), {"bool": {"must": [term("a")], "boost": 0.5}}),
]


@pytest.mark.parametrize(("clause", "expected"), CASES)
def test_a_clause_becomes_a_query(clause: Clause, expected: dict[str, Any]) -> None:
    assert compile_clause(clause) == expected


def test_exclusions_never_stand_in_exclusions() -> None:
    clause: Clause = word("a")
    for _ in range(20):
        clause = Not(clause=AnyOf(clauses=(clause, AllOf(clauses=(word("b"), clause)))))
        if len(json.dumps(compile_clause(clause))) > 100_000:
            break
    _check(compile_clause(clause), banned=False)


def _check(query: object, *, banned: bool) -> None:
    if isinstance(query, dict):
        assert not (banned and "must_not" in query)
        for name, part in query.items():
            _check(part, banned=banned or name == "must_not")
    elif isinstance(query, list):
        for part in query:
            _check(part, banned=banned)


def test_a_phrase_is_said_as_the_text_it_was_cut_from() -> None:
    told = compile_clause(Phrase(field=CHARS, terms=("北", "京")))["match_phrase"][CHARS]
    assert (told["query"], told["analyzer"]) == ("北 京", "whitespace")


def test_more_values_than_one_query_takes_are_divided() -> None:
    clause = Docs(docs=tuple(map(DocId, range(MOST_TERMS + 1))))
    parts = compile_clause(clause)["constant_score"]["filter"]["bool"]["should"]
    assert [len(part["terms"][DOC]) for part in parts] == [MOST_TERMS, 1]


def test_no_boost_is_infinite_in_single_precision() -> None:
    boost = compile_clause(Boost(clause=word("a"), factor=1e300))["bool"]["boost"]
    assert boost < 3.4e38
    json.dumps(boost, allow_nan=False)


def test_conditions_give_no_score_and_the_score_no_conditions() -> None:
    query = compile_ranked([word("a"), Not(clause=word("b"))], word("c"))
    assert query == {
        "bool": {
            "filter": [term("a")],
            "must_not": [term("b")],
            "should": [term("c")],
            "minimum_should_match": 0,
        }
    }
    assert compile_unscored([]) == NONE_SCORED


def test_a_clause_of_another_class_is_refused() -> None:
    class Odd(Clause):
        pass

    with pytest.raises(BadInput, match="Odd"):
        compile_clause(Odd())
