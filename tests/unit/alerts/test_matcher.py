"""What clauses mean is held to the engines in tests/contracts/test_engine_alerts.py."""

import pytest

from soso.alerts.matcher import Questions
from soso.model.ids import DocId
from soso.query.clauses import AllOf, AnyOf, Clause, Docs, Not, Phrase, Range, Term
from soso.schema.document import Document
from soso.schema.fields import AT, CHARS, DOC, WORDS

BATCH = [
    Document(
        doc=DocId(number),
        terms={WORDS: text.split(), CHARS: list(text.replace(" ", ""))},
        numbers={AT: number * 10},
    )
    for number, text in ((2, "台风 登陆"), (4, "登陆 台风"), (6, "天气"), (8, "台风"))
]


def found(clause: Clause) -> list[int]:
    questions = Questions()
    questions.put(7, clause)
    return list(questions.match(BATCH).get(7, []))


@pytest.mark.parametrize(
    ("clause", "docs"),
    [
        (Term(field=WORDS, term="台风"), [2, 4, 8]),
        (Phrase(field=CHARS, terms=tuple("风登")), [2]),
        (Phrase(field=CHARS, terms=("风",)), [2, 4, 8]),
        (Phrase(field=CHARS, terms=()), []),
        (Phrase(field=CHARS, terms=tuple("台台")), []),
        (Range(field=AT, low=40, high=60), [4, 6]),
        (Range(field=AT, low=61, high=60), []),
        (Range(field=DOC, high=4), [2, 4]),
        (Docs(docs=(DocId(8), DocId(9))), [8]),
        (Not(clause=Term(field=WORDS, term="台风")), [6]),
        (AllOf(clauses=()), [2, 4, 6, 8]),
        (AnyOf(clauses=()), []),
    ],
)
def test_what_a_clause_finds(clause: Clause, docs: list[int]) -> None:
    assert found(clause) == docs


def test_a_question_is_replaced_and_dropped() -> None:
    questions = Questions()
    questions.put(1, Term(field=WORDS, term="台风"))
    questions.put(1, Term(field=WORDS, term="天气"))
    questions.put(2, Term(field=WORDS, term="天气"))
    assert questions.match(BATCH) == {1: [6], 2: [6]}
    questions.drop(1)
    questions.drop(1)
    assert questions.match(BATCH) == {2: [6]}
    assert len(questions) == 1


def test_what_many_were_dropped_of_is_made_anew() -> None:
    questions = Questions()
    for number in range(3_000):
        questions.put(number, Term(field=WORDS, term=f"词{number}"))
    for number in range(2_999):
        questions.drop(number)
    assert len(questions._nodes) < 2_000
    questions.put(3_000, Term(field=WORDS, term="天气"))
    assert questions.match(BATCH) == {3_000: [6]}
