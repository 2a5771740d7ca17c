import io

import pytest
from rich.console import Console

from benchmarks.figures import Figure, build_json, build_table


def a_figure(**given: object) -> Figure:
    shape: dict[str, object] = {
        "posts": 3_000,
        "what": "search, p99",
        "unit": "ms",
        "ours": 2.0,
        "peer": "LIKE scan",
        "theirs": 50.0,
    }
    return Figure(**{**shape, **given})  # type: ignore[arg-type]


def test_the_ratio_says_how_many_times_better_ours_is() -> None:
    assert a_figure().ratio == 25.0
    assert a_figure(more_is_better=True).ratio == pytest.approx(0.04)
    assert a_figure(ours=0.0).ratio == 0.0


@pytest.mark.parametrize(
    ("given", "reached"),
    [
        ({}, None),
        ({"goal": 10.0}, True),
        ({"goal": 1.0}, False),
        ({"goal": 20.0, "goal_of_ratio": True}, True),
        ({"goal": 30.0, "goal_of_ratio": True}, False),
        ({"goal": 1.0, "more_is_better": True}, True),
        ({"goal": 3.0, "more_is_better": True}, False),
        ({"goal": 0.35, "goal_of_ratio": True, "more_is_better": True}, False),
    ],
)
def test_a_goal_is_of_the_number_or_of_the_ratio(
    given: dict[str, object], reached: bool | None
) -> None:
    assert a_figure(**given).reached is reached


def test_the_table_and_the_json_hold_every_figure() -> None:
    figures = [a_figure(goal=1.0), a_figure(posts=30_000, what="index", unit="MiB", ours=1234.5)]
    console = Console(width=160, file=io.StringIO(), record=True)
    console.print(build_table(figures))
    printed = console.export_text()
    for text in ("search, p99, ms", "LIKE scan", "25.00", "<= 1 MISSED", "30,000", "1,23"):
        assert text in printed
    found = build_json(figures, text="made of word pairs")
    assert [row["reached"] for row in found["figures"]] == [False, None]
    assert found["figures"][0]["ratio"] == 25.0
    assert found["text"] == "made of word pairs"
    assert found["machine"]["cores"] >= 1
