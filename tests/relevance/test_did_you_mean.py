"""Labelled slips, asked of an archive of what was meant; all of them: python -m benchmarks.spelling."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.slips import (
    archive_of,
    draw,
    load_pairs,
    load_texts,
    measure_correct,
    measure_slips,
)
from soso.bootstrap import App
from soso.evaluation.sets import Half

pytestmark = pytest.mark.shared
CORPUS = 6_000


@pytest.fixture(scope="module")
def app(shared: Path) -> Iterator[App]:
    meant = [pair.b for pair in load_pairs(shared, "mcsc")]
    corpus = load_texts(shared / "eval" / "kuake_qtr" / "corpus.jsonl.gz")[:CORPUS]
    with archive_of([*meant, *corpus]) as (opened, _):
        yield opened


def test_one_slip_is_mended_first(app: App, shared: Path) -> None:
    pairs = [pair for pair in load_pairs(shared, "mcsc") if pair.is_one_slip]
    found = measure_slips(app.did_you_mean, draw(pairs, Half.REPORT, 250), [])
    assert found.first >= 0.75
    assert found.wrong <= 0.03


def test_correct_queries_are_left_alone(app: App, shared: Path) -> None:
    correct = [pair.b for pair in draw(load_pairs(shared, "mcsc"), Half.REPORT, 300)]
    assert measure_correct(app.did_you_mean, correct, []) <= 0.005


def test_queries_of_another_field_are_left_alone(app: App, shared: Path) -> None:
    foreign = load_texts(shared / "eval" / "query_log" / "queries.jsonl.gz")[-300:]
    assert measure_correct(app.did_you_mean, foreign, []) <= 0.02
