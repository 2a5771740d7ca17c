"""Words and meaning gathered into one order, under the plan's filters and demands."""

from collections.abc import Sequence

import numpy as np
import pytest

from soso.engines.exact import ExactTable
from soso.engines.memory import MemoryEngine
from soso.flows import gather as module
from soso.flows.gather import Asking, Gathered, describe, gather
from soso.flows.meaning import Asked
from soso.model.ids import DocId
from soso.ports.vectors import DocVectors
from soso.query.clauses import Everything, OneOf
from soso.query.plan_types import Filter, Mode, Plan, Sort
from soso.schema.document import Document
from soso.schema.fields import AT, AUDIENCE, KIND, ORDER, WORDS
from soso.similarity.vectors import pack_vectors
from tests.contracts.engine_cases import all_words, any_words, fill, word

SIZE = 16
RED, BLUE = np.eye(SIZE, dtype=np.float32)[:2]


class Fixture:
    """An engine and a table with the same documents: words, and how red they are."""

    def __init__(self) -> None:
        self.engine = MemoryEngine()
        self.table = ExactTable(SIZE)

    def add(self, doc: int, words: str, red: float | None, kind: str = "post") -> None:
        document = Document(
            doc=DocId(doc),
            terms={WORDS: words.split()},
            keywords={KIND: (kind,)},
            numbers={ORDER: doc, AT: doc, AUDIENCE: 0},
        )
        fill(self.engine, [document])
        if red is not None:
            vector = red * RED + (1 - red) * BLUE
            packed = pack_vectors(vector[None]).tobytes()
            self.table.apply([DocVectors(doc=DocId(doc), mark=b"", packed=packed)])

    def gather(
        self, words: str, *, mode: Mode = Mode.BOTH, filters: Sequence[Filter] = (), **plan: object
    ) -> Gathered:
        asked = Plan(
            full=all_words(words),
            partial=any_words(words),
            score=any_words(words),
            filters=tuple(filters),
            **plan,  # type: ignore[arg-type]
        )
        asking = Asking(mode, words.split(), lambda: Asked(RED, self.table))
        return gather(asked, self.engine, asking, now_s=0)

    def docs(self, words: str, **more: object) -> list[int]:
        return [one.hit.doc for one in self.gather(words, **more).ranked]  # type: ignore[arg-type]


@pytest.fixture
def colours() -> Fixture:
    made = Fixture()
    made.add(2, "a b", 0.1)
    made.add(4, "a", 0.9)
    made.add(6, "c", 1.0)
    made.add(8, "c", 0.0)
    made.add(10, "c", 0.95, kind="channel")
    return made


def test_by_both_what_has_the_words_and_what_means_the_same_is_found(colours: Fixture) -> None:
    assert set(colours.docs("a b")) == {2, 4, 6, 8, 10}
    assert colours.docs("a b", mode=Mode.WORDS) == [2, 4]
    assert colours.docs("a b", mode=Mode.MEANING)[:3] == [6, 10, 4]


def test_each_document_comes_once_and_knows_what_it_has(colours: Fixture) -> None:
    ranked = colours.gather("a b").ranked
    assert len({one.hit.doc for one in ranked}) == len(ranked) == 5
    assert [one.hit.doc for one in ranked if one.hit.full] == [2]
    assert {one.hit.doc for one in ranked if one.share and one.share.words} == {2, 4}


def test_totals_are_those_of_the_words(colours: Fixture) -> None:
    assert colours.gather("a b").found.total == 1
    assert colours.gather("d e").found.total == 0
    assert colours.docs("d e")[0] == 6


def test_filters_and_demands_hold_however_a_document_was_found(colours: Fixture) -> None:
    channels = Filter(field=KIND, clause=OneOf(field=KIND, terms=("channel",)))
    assert colours.docs("a", filters=[channels]) == [10]
    found = colours.gather("d", demanded=word("c")).ranked
    assert {one.hit.doc for one in found} == {6, 8, 10}


def test_a_document_without_a_vector_is_found_by_its_words(colours: Fixture) -> None:
    colours.add(12, "a b", None)
    assert 12 in colours.docs("a b")
    assert 12 not in colours.docs("a b", mode=Mode.MEANING)


def test_a_vector_whose_document_is_gone_finds_nothing(colours: Fixture) -> None:
    with colours.engine.writer() as writer:
        writer.apply((), [DocId(6)])
        writer.commit()
    assert 6 not in colours.docs("c")


def test_other_orders_go_by_words(colours: Fixture) -> None:
    assert colours.docs("a", sort=Sort.NEWEST) == [4, 2]


def test_no_more_than_asked_for(colours: Fixture) -> None:
    assert len(colours.docs("a b", limit=2)) == 2


@pytest.mark.parametrize("narrow", [5, 100])
def test_narrow_filters_are_looked_into(monkeypatch: pytest.MonkeyPatch, narrow: int) -> None:
    """More documents are nearer than all that the filter lets through."""
    monkeypatch.setattr(module, "NEAREST", 10)
    monkeypatch.setattr(module, "_FEW", 5)
    monkeypatch.setattr(module, "_NARROW", narrow)
    made = Fixture()
    for doc in range(60):
        made.add(doc * 2, "x", 1 - doc / 1000)
    for doc in range(60, 80):
        made.add(doc * 2, "x", 0.5 - doc / 1000, kind="channel")
    channels = Filter(field=KIND, clause=OneOf(field=KIND, terms=("channel",)))
    asked = Plan(full=word("d"), partial=word("d"), score=word("d"), filters=(channels,))
    asking = Asking(Mode.BOTH, ["d"], lambda: Asked(RED, made.table))
    found = [one.hit.doc for one in gather(asked, made.engine, asking, now_s=0).ranked]
    assert len(found) == 10
    assert min(found) >= 120  # channels alone, though all posts are nearer


def test_a_score_can_be_described(colours: Fixture) -> None:
    lines = [describe(one) for one in colours.gather("a b").ranked]
    assert all("words" in line and "meaning" in line and "cosine" in line for line in lines)
    assert "by words" in describe(colours.gather("a b", mode=Mode.WORDS).ranked[0])


def test_everything_is_no_demand(colours: Fixture) -> None:
    assert len(colours.docs("c", demanded=Everything())) == 5
