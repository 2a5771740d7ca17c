"""The one table: each figure beside a peer's, with the ratio, and the same for machines."""

import os
import platform
from collections.abc import Sequence
from typing import Any

import msgspec
from rich.table import Table

from soso.model.value import Value


class Figure(Value):
    """One measurement beside a peer's.

    more_is_better: whether the larger number wins. goal: what the number, or with goal_of_ratio
    the ratio, has to reach; None: it is only told.
    """

    posts: int
    what: str
    unit: str
    ours: float
    peer: str
    theirs: float
    more_is_better: bool = False
    goal: float | None = None
    goal_of_ratio: bool = False

    @property
    def ratio(self) -> float:
        """Return how many times better ours is than the peer's."""
        better, worse = (
            (self.ours, self.theirs) if self.more_is_better else (self.theirs, self.ours)
        )
        return better / worse if worse else 0.0

    @property
    def reached(self) -> bool | None:
        """Return whether the goal was reached, None without one."""
        if self.goal is None:
            return None
        if self.goal_of_ratio:
            return self.ratio >= self.goal
        return self.ours >= self.goal if self.more_is_better else self.ours <= self.goal


def build_table(figures: Sequence[Figure]) -> Table:
    """Return the table for people."""
    table = Table("posts", "what", "Soso", "peer", "its figure", "times as good", "goal", box=None)
    last = 0
    for one in figures:
        table.add_row(
            f"{one.posts:,}" if one.posts != last else "",
            f"{one.what}, {one.unit}",
            _number(one.ours),
            one.peer,
            _number(one.theirs),
            f"{one.ratio:.2f}",
            _goal(one),
        )
        last = one.posts
    for column in (0, 2, 4, 5):
        table.columns[column].justify = "right"
    return table


def _goal(one: Figure) -> str:
    if one.goal is None:
        return ""
    sign = ">=" if one.goal_of_ratio or one.more_is_better else "<="
    wanted = f"{sign} {one.goal:g}{' times' if one.goal_of_ratio else ''}"
    return f"{wanted} reached" if one.reached else f"{wanted} MISSED"


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:,.2f}"


def build_json(figures: Sequence[Figure], *, text: str) -> dict[str, Any]:
    """Return all figures, and on what they were measured. text: where the posts come from."""
    rows = [
        {**msgspec.structs.asdict(one), "ratio": one.ratio, "reached": one.reached}
        for one in figures
    ]
    machine = {
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}",
        "load": round(os.getloadavg()[0], 1),  # far above the cores: others were at work
    }
    return {"machine": machine, "text": text, "figures": rows}
