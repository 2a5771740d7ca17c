"""Outcomes for machines and for tables. Pure; must not print."""

from collections.abc import Mapping, Sequence
from itertools import zip_longest
from typing import Any, Final

from soso.evaluation.baselines.choose import TITLES
from soso.evaluation.measures import NAMES, Interval
from soso.evaluation.outcome import Comparison, Line, Outcome, Pair, Placed


def build_json(outcomes: Mapping[str, Outcome]) -> dict[str, Any]:
    """Return {set: {"ndcg@10", "mrr@10", "recall@10", "intervals", "p50_ms", ...}}."""
    return {name: _row(outcome) for name, outcome in outcomes.items()}


def _row(outcome: Outcome) -> dict[str, Any]:
    row = _line(outcome.soso)
    row |= {
        "queries": outcome.queries,
        "documents": outcome.documents,
        "asked": "related" if outcome.related else "search",
        "judged@10": round(outcome.judged, 4),
    }
    if outcome.baselines:
        row["baselines"] = {line.name: _line(line) for line in outcome.baselines}
    if outcome.comparison is not None:
        row["against"] = _comparison(outcome.comparison)
    return row


def _comparison(found: Comparison) -> dict[str, Any]:
    return {
        "configuration": found.line.name,
        **_line(found.line),
        "wins": found.wins,
        "losses": found.losses,
        "ties": found.ties,
        "worst": [_pair(pair) for pair in found.worst],
        "best": [_pair(pair) for pair in found.best],
    }


def _pair(pair: Pair) -> dict[str, Any]:
    return {
        "query": pair.query,
        "text": pair.text,
        "ndcg@10": round(pair.ours, 4),
        "against": round(pair.theirs, 4),
        "first": [_placed(one) for one in pair.our_first],
        "first_against": [_placed(one) for one in pair.their_first],
    }


def _placed(one: Placed) -> dict[str, Any]:
    return {"document": one.document, "title": one.title, "grade": one.grade}


def _line(line: Line) -> dict[str, Any]:
    row: dict[str, Any] = {name: round(found.mean, 4) for name, found in line.measures.items()}
    row["intervals"] = _bounds(line.measures)
    row["p50_ms"], row["p99_ms"] = round(line.p50_ms, 2), round(line.p99_ms, 2)
    if line.ahead:
        row["soso_ahead"] = {name: round(found.mean, 4) for name, found in line.ahead.items()}
        row["soso_ahead_intervals"] = _bounds(line.ahead)
    return row


def _bounds(found: Mapping[str, Interval]) -> dict[str, list[float]]:
    return {name: [round(one.low, 4), round(one.high, 4)] for name, one in found.items()}


_NAMES: Final = {**TITLES, "soso": "Soso"}
SHORT: Final = 30
"""Characters of a title or query in a table; Chinese ones are twice as wide."""

HEAD = ("searched by", *NAMES, "p50 ms", "p99 ms", "Soso ahead in ndcg@10")


def build_title(name: str, outcome: Outcome) -> str:
    """Return what stands over a set's table."""
    asked = "related posts" if outcome.related else "search"
    documents = f"{outcome.documents:,} documents" if outcome.documents else "this archive"
    return f"{name}: {asked}, {outcome.queries:,} queries, {documents}"


def build_table(outcome: Outcome) -> list[Sequence[str]]:
    """Return the rows under HEAD, Soso's first."""
    others = list(outcome.baselines)
    if outcome.comparison is not None:
        others.insert(0, outcome.comparison.line)
    return [
        (
            _NAMES.get(line.name, line.name),
            *(_spread(line.measures[measured]) for measured in NAMES),
            f"{line.p50_ms:.1f}",
            f"{line.p99_ms:.1f}",
            _lead(line.ahead.get(NAMES[0])),
        )
        for line in (outcome.soso, *others)
    ]


def build_verdict(found: Comparison) -> str:
    """Return wins, losses and ties in a line."""
    return (
        f"against {found.line.name}: {found.wins:,} won, {found.losses:,} lost, "
        f"{found.ties:,} alike (nDCG@10 of each query)"
    )


PAIR_HEAD = ("nDCG@10", "found", "against")


def build_pair(pair: Pair) -> list[Sequence[str]]:
    """Return the rows under PAIR_HEAD of one query: its figures, then document by document."""
    rows: list[Sequence[str]] = [
        (f"{pair.ours:.2f} : {pair.theirs:.2f}", f"“{_short(pair.text)}”", "")
    ]
    for one, other in zip_longest(pair.our_first, pair.their_first):
        rows.append(("", _said(one), _said(other)))
    return rows


def _said(one: Placed | None) -> str:
    if one is None:
        return ""
    grade = "?" if one.grade is None else str(one.grade)
    return f"[{grade}] {_short(one.title) or one.document}"


def _short(text: str) -> str:
    on_one_line = " ".join(text.split())
    return on_one_line if len(on_one_line) <= SHORT else on_one_line[: SHORT - 1] + "…"


def _spread(found: Interval) -> str:
    """The wider side of the interval, which is nearly the same on both."""
    return f"{found.mean:.3f} ±{max(found.high - found.mean, found.mean - found.low):.3f}"


def _lead(found: Interval | None) -> str:
    if found is None:
        return ""
    is_sure = found.low > 0 or found.high < 0
    return f"{found.mean:+.3f} ({found.low:+.3f} to {found.high:+.3f}){' *' if is_sure else ''}"
