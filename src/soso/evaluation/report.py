"""Outcomes for machines and for tables. Pure; must not print."""

from collections.abc import Mapping, Sequence
from typing import Any

from soso.evaluation.baselines.choose import TITLES
from soso.evaluation.measures import NAMES, Interval
from soso.evaluation.outcome import Line, Outcome


def build_json(outcomes: Mapping[str, Outcome]) -> dict[str, Any]:
    """Return {set: {"ndcg@10", "mrr@10", "recall@10", "intervals", "p50_ms", ...}}."""
    return {name: _row(outcome) for name, outcome in outcomes.items()}


def _row(outcome: Outcome) -> dict[str, Any]:
    row = _line(outcome.soso)
    row |= {
        "queries": outcome.queries,
        "documents": outcome.documents,
        "asked": "related" if outcome.related else "search",
    }
    if outcome.baselines:
        row["baselines"] = {line.name: _line(line) for line in outcome.baselines}
    return row


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


HEAD = ("searched by", *NAMES, "p50 ms", "p99 ms", "Soso ahead in ndcg@10")


def build_title(name: str, outcome: Outcome) -> str:
    """Return what stands over a set's table."""
    asked = "related posts" if outcome.related else "search"
    return f"{name}: {asked}, {outcome.queries:,} queries, {outcome.documents:,} documents"


def build_table(outcome: Outcome) -> list[Sequence[str]]:
    """Return the rows under HEAD, Soso's first."""
    return [
        (
            TITLES.get(line.name, "Soso"),
            *(_spread(line.measures[measured]) for measured in NAMES),
            f"{line.p50_ms:.1f}",
            f"{line.p99_ms:.1f}",
            _lead(line.ahead.get(NAMES[0])),
        )
        for line in (outcome.soso, *outcome.baselines)
    ]


def _spread(found: Interval) -> str:
    """The wider side of the interval, which is nearly the same on both."""
    return f"{found.mean:.3f} ±{max(found.high - found.mean, found.mean - found.low):.3f}"


def _lead(found: Interval | None) -> str:
    if found is None:
        return ""
    is_sure = found.low > 0 or found.high < 0
    return f"{found.mean:+.3f} ({found.low:+.3f} to {found.high:+.3f}){' *' if is_sure else ''}"
