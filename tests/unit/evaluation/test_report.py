import msgspec

from soso.evaluation.measures import NAMES, Interval
from soso.evaluation.outcome import Comparison, Line, Outcome, Pair, Placed
from soso.evaluation.report import (
    HEAD,
    PAIR_HEAD,
    SHORT,
    build_json,
    build_pair,
    build_table,
    build_title,
    build_verdict,
)


def a_line(name: str, mean: float, ahead: Interval | None = None) -> Line:
    found = Interval(mean=mean, low=mean - 0.05, high=mean + 0.05)
    return Line(
        name=name,
        measures=dict.fromkeys(NAMES, found),
        p50_ms=1.234,
        p99_ms=5.678,
        ahead=dict.fromkeys(NAMES, ahead) if ahead is not None else {},
    )


def an_outcome() -> Outcome:
    sure, unsure = (
        Interval(mean=0.1, low=0.05, high=0.15),
        Interval(mean=-0.01, low=-0.03, high=0.01),
    )
    return Outcome(
        name="news",
        related=False,
        documents=1_000,
        queries=50,
        soso=a_line("soso", 0.61234),
        baselines=(a_line("bm25", 0.5, sure), a_line("whoosh", 0.62, unsure)),
    )


def a_comparison() -> Comparison:
    sure = Interval(mean=-0.2, low=-0.3, high=-0.1)
    pair = Pair(
        query="q1",
        text="彗星\n什么时候",
        ours=0.25,
        theirs=1.0,
        our_first=(Placed(document="d1", title="很长的题目" * 20, grade=None),),
        their_first=(
            Placed(document="d2", title="彗星", grade=3),
            Placed(document="d3", title="", grade=0),
        ),
    )
    line = a_line("mode=words", 0.8, sure)
    return Comparison(line=line, wins=3, losses=1_200, ties=5, worst=(pair,), best=())


def test_machines_get_a_flat_row_for_each_set() -> None:
    row = build_json({"news": an_outcome()})["news"]
    assert [row[name] for name in NAMES] == [0.6123] * 3
    assert row["intervals"]["ndcg@10"] == [0.5623, 0.6623]
    assert (row["queries"], row["documents"], row["asked"]) == (50, 1_000, "search")
    assert (row["p50_ms"], row["p99_ms"]) == (1.23, 5.68)
    assert set(row["baselines"]) == {"bm25", "whoosh"}
    assert row["baselines"]["bm25"]["ndcg@10"] == 0.5
    assert row["baselines"]["bm25"]["soso_ahead"]["mrr@10"] == 0.1


def test_people_see_who_is_ahead_and_whether_it_is_sure() -> None:
    rows = build_table(an_outcome())
    assert all(len(row) == len(HEAD) for row in rows)
    assert [row[0] for row in rows] == ["Soso", "BM25, jieba words", "Whoosh, jieba"]
    assert rows[0][1:] == (*["0.612 ±0.050"] * 3, "1.2", "5.7", "")
    assert [row[-1] for row in rows[1:]] == [
        "+0.100 (+0.050 to +0.150) *",
        "-0.010 (-0.030 to +0.010)",
    ]
    assert build_title("news", an_outcome()) == "news: search, 50 queries, 1,000 documents"


def test_a_comparison_for_machines() -> None:
    outcome = msgspec.structs.replace(an_outcome(), comparison=a_comparison())
    row = build_json({"news": outcome})["news"]
    against = row["against"]
    assert row["ndcg@10"] == 0.6123
    assert (against["configuration"], against["ndcg@10"]) == ("mode=words", 0.8)
    assert against["soso_ahead_intervals"]["ndcg@10"] == [-0.3, -0.1]
    assert (against["wins"], against["losses"], against["ties"]) == (3, 1_200, 5)
    worst = against["worst"][0]
    assert (worst["text"], worst["ndcg@10"], worst["against"]) == ("彗星\n什么时候", 0.25, 1.0)
    assert worst["first_against"][0] == {"document": "d2", "title": "彗星", "grade": 3}
    assert against["best"] == []


def test_a_comparison_for_people() -> None:
    found = a_comparison()
    outcome = msgspec.structs.replace(an_outcome(), comparison=found)
    rows = build_table(outcome)
    assert [row[0] for row in rows[:2]] == ["Soso", "mode=words"]
    assert rows[1][-1].endswith("*")
    assert "3 won, 1,200 lost, 5 alike" in build_verdict(found)
    lines = build_pair(found.worst[0])
    assert all(len(line) == len(PAIR_HEAD) for line in lines)
    assert lines[0][:2] == ("0.25 : 1.00", "“彗星 什么时候”")
    assert lines[1][1].startswith("[?] 很长的题目")
    assert len(lines[1][1]) == len("[?] ") + SHORT
    assert lines[1][2] == "[3] 彗星"
    assert lines[2] == ("", "", "[0] d3")


def test_an_archive_that_was_there() -> None:
    outcome = msgspec.structs.replace(an_outcome(), documents=0)
    assert build_title("own", outcome) == "own: search, 50 queries, this archive"
