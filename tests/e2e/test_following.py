"""The real program follows a double of Telegram: killed, refused and cut off, it loses nothing."""

from pathlib import Path

import pytest

from benchmarks.following import Plan, run_plan
from benchmarks.likeness import is_in_order


@pytest.mark.timeout(170)
def test_after_a_sweep_the_archive_is_what_the_double_is(tmp_path: Path) -> None:
    plan = Plan(channels=6, posts=1200, rate=50.0, failing=0.05, kills=2, media=0.2, seed=4)
    folder = tmp_path / "soso"
    folder.mkdir()
    found = run_plan(plan, folder, lambda _: None)
    assert found.differences == []
    assert found.kills == 2
    assert found.failed > 0
    assert found.posts > 900
    assert found.dead > 0
    assert found.revisions > 0
    assert found.busiest <= plan.rate


@pytest.mark.parametrize(
    ("part", "whole", "is_part"),
    [("", "abc", True), ("ac", "abc", True), ("ca", "abc", False), ("aa", "abc", False)],
)
def test_what_is_in_order(part: str, whole: str, is_part: bool) -> None:
    assert is_in_order(part, whole) is is_part
