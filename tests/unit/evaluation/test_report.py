from soso.evaluation.measures import NAMES, Interval
from soso.evaluation.outcome import Line, Outcome
from soso.evaluation.report import HEAD, build_json, build_table, build_title


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
