"""How good answers over the sample archive are, topic by topic, and what they must not fall below.

The floors lie some 0.02 under what was measured. Another mode, such as "both", is another key of
FLOORS: the archive is then embedded once. Who raises a figure raises its floor; who must lower one
says why. Paraphrases and other languages are what words alone can't find: their floors show how
little is left without meaning.
"""

from statistics import fmean

import pytest

from tests.relevance.conftest import ENGINES, Archive
from tests.relevance.judgements import Judgements, load_judgements, ndcg, reciprocal_rank

FLOORS = {
    "words": {
        # topic: nDCG@10 and MRR@10, memory; nDCG@10 and MRR@10, Tantivy
        "simplified": ((0.80, 0.98), (0.80, 0.98)),
        "traditional": ((0.75, 0.92), (0.75, 0.92)),
        "mixed": ((0.83, 0.98), (0.82, 0.98)),
        "latin": ((0.88, 0.98), (0.89, 0.98)),
        "pinyin": ((0.84, 0.94), (0.88, 0.98)),
        "initials": ((0.91, 0.93), (0.92, 0.93)),
        "chats_by_name": ((0.96, 0.98), (0.95, 0.98)),
        "files": ((0.95, 0.98), (0.94, 0.98)),
        "one_character": ((0.91, 0.98), (0.91, 0.98)),
        "slips": ((0.59, 0.63), (0.58, 0.64)),
        "questions": ((0.57, 0.80), (0.60, 0.85)),
        "paraphrases": ((0.21, 0.38), (0.22, 0.37)),
        "other_language": ((0.12, 0.33), (0.13, 0.34)),
        "filters": ((0.97, 0.98), (0.97, 0.98)),
        "full_width": ((0.92, 0.98), (0.94, 0.98)),
    },
    "both": {
        "simplified": ((0.83, 0.98), (0.83, 0.98)),
        "traditional": ((0.80, 0.92), (0.79, 0.92)),
        "mixed": ((0.87, 0.98), (0.87, 0.98)),
        "latin": ((0.89, 0.98), (0.89, 0.98)),
        "pinyin": ((0.75, 0.85), (0.85, 0.93)),
        "initials": ((0.91, 0.93), (0.93, 0.98)),
        "chats_by_name": ((0.94, 0.98), (0.95, 0.98)),
        "files": ((0.95, 0.98), (0.95, 0.98)),
        "one_character": ((0.91, 0.98), (0.92, 0.98)),
        "slips": ((0.74, 0.82), (0.78, 0.86)),
        "questions": ((0.71, 0.88), (0.70, 0.87)),
        "paraphrases": ((0.53, 0.69), (0.44, 0.55)),
        "other_language": ((0.34, 0.50), (0.34, 0.50)),
        "filters": ((0.92, 0.91), (0.96, 0.98)),
        "full_width": ((0.92, 0.92), (0.94, 0.98)),
    },
}
CASES = [
    pytest.param(mode, engine, topic, floors[place], id=f"{mode}-{engine}-{topic}")
    for mode, topics in FLOORS.items()
    for place, engine in enumerate(ENGINES)
    for topic, floors in topics.items()
]
PRIVATE = "1500000031"


@pytest.fixture(scope="module")
def judgements() -> Judgements:
    return load_judgements()


@pytest.mark.parametrize(("mode", "engine", "topic", "floor"), CASES)
def test_a_topic_does_not_fall(
    archive: Archive,
    judgements: Judgements,
    mode: str,
    engine: str,
    topic: str,
    floor: tuple[float, float],
) -> None:
    gains, ranks, worst = [], [], []
    for query in judgements.queries:
        if query.topic != topic:
            continue
        cards = archive.search(query.text, engine=engine, mode=mode).rows
        assert PRIVATE not in {card.chat.ref for card in cards}
        found = judgements.ranking(cards)
        gains.append(ndcg(query.grades, found))
        ranks.append(reciprocal_rank(query.grades, found))
        worst.append((round(gains[-1], 2), query.text, found[:3]))
    measured = (round(fmean(gains), 3), round(fmean(ranks), 3))
    assert measured[0] >= floor[0], (measured, sorted(worst)[:5])
    assert measured[1] >= floor[1], (measured, sorted(worst)[:5])


def test_every_topic_has_a_floor(judgements: Judgements) -> None:
    assert len(judgements.queries) >= 120
    for topics in FLOORS.values():
        assert list(topics) == judgements.topics


def test_judgements_name_what_the_archive_shows(archive: Archive, judgements: Judgements) -> None:
    shown = archive.names(judgements)
    named = {ref for query in judgements.queries for ref in query.grades}
    assert named - shown == set()
    assert {*judgements.copies, *judgements.copies.values()} - shown == set()
    assert named & set(judgements.copies) == set(), "judge what they are copies of"
    assert [query.text for query in judgements.queries if 3 not in query.grades.values()] == []


def test_the_measures_are_those_of_ir_measures() -> None:
    from soso.evaluation.measures import measure

    grades = {"a": 3, "b": 2, "c": 1, "d": 0}
    for found in (["a", "b", "c"], ["x", "d", "c", "a"], ["x"], []):
        scores = measure({"q": grades}, {"q": found})
        assert ndcg(grades, found) == pytest.approx(scores["ndcg@10"][0])
        assert reciprocal_rank(grades, found) == pytest.approx(scores["mrr@10"][0])
