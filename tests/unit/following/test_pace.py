from datetime import timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from soso.following.pace import (
    DAY_S,
    LONGEST_S,
    SHORTEST_S,
    Habits,
    closed_s,
    failing_s,
    interval_of,
    lag_s,
    schedule,
)
from soso.model.following import Gap, Missing, Route, SourceState

from .chats import NOW, later, source

HABITS = Habits()
NOW_S = int(NOW.timestamp())


def every(gap_s: int, *, silent_s: int = 0, count: int = 20) -> tuple[int, ...]:
    return tuple(NOW_S - silent_s - place * gap_s for place in range(count))


def test_a_lively_chat_is_asked_every_minute_and_a_slow_one_four_times_a_day() -> None:
    assert interval_of(every(10), NOW) == SHORTEST_S
    assert interval_of(every(5 * 86400), NOW) == LONGEST_S
    assert interval_of((), NOW) == LONGEST_S
    assert interval_of(every(1200), NOW) == pytest.approx(600, rel=0.3)


def test_a_burst_is_seen_at_once_and_silence_lets_go() -> None:
    slow = every(4 * 3600)
    burst = tuple(NOW_S - 30 * n for n in range(5)) + slow[:15]
    assert interval_of(burst, NOW) == SHORTEST_S
    assert interval_of(every(30, silent_s=86400), NOW) > 1800


@given(st.lists(st.integers(0, 2 * NOW_S), max_size=20))
def test_the_pace_has_bounds(recent: list[int]) -> None:
    """Posts of the future and of 1970, too."""
    interval = interval_of(sorted(recent, reverse=True), NOW)
    assert SHORTEST_S <= interval <= LONGEST_S


def test_refusals_and_failures_are_asked_ever_more_rarely() -> None:
    for waits, longest in ((closed_s, 7 * DAY_S), (failing_s, DAY_S)):
        grown = [waits(times) for times in range(0, 2000)]
        assert grown == sorted(grown)
        assert grown[-1] == longest
    assert failing_s(1) == 5
    assert closed_s(1) == 600


def test_the_times_of_an_open_source() -> None:
    row = source(
        state=SourceState.FOLLOWING,
        newest_id=9,
        backfill_before=None,
        is_backfilled=True,
        recent_s=every(1200),
    )
    after = schedule(row, NOW, HABITS)
    assert after.next_visit_at is not None
    assert 300 <= (after.next_visit_at - NOW).total_seconds() <= 700
    assert after.next_round_at == later(seconds=HABITS.round_s)
    assert after.next_work_at == after.next_round_at
    assert after.planned_at == NOW


def test_work_is_due_at_once_or_when_it_can_be_confirmed() -> None:
    row = source(state=SourceState.FOLLOWING, newest_id=9, is_backfilled=True, recent_s=every(60))

    def work(**fields: object) -> timedelta | None:
        due = schedule(msgspec.structs.replace(row, **fields), NOW, HABITS).next_work_at
        return None if due is None else due - NOW

    assert work(gaps=(Gap(low=1, high=2),)) == timedelta(0)
    assert work(is_backfilled=False) == timedelta(0)
    assert work(sweep_wanted=True) == timedelta(0)
    noted = (Missing(post_id=3, noted_at=NOW),)
    assert work(missing=noted) == timedelta(seconds=300)
    assert work(missing=noted, sweep_wanted=True) == timedelta(seconds=300), "settled first"
    assert work(newest_id=None) is None
    assert work(state=SourceState.GONE) is None
    assert work(failures=2, is_backfilled=False) != timedelta(0)


def test_a_visit_for_history_does_not_put_off_the_newest_posts() -> None:
    row = source(
        state=SourceState.BACKFILLING,
        newest_id=9,
        recent_s=every(60 * 60),
        next_visit_at=later(seconds=20),
    )
    assert schedule(row, NOW, HABITS, background=True).next_visit_at == later(seconds=20)
    assert schedule(row, NOW, HABITS).next_visit_at > later(minutes=10)  # type: ignore[operator]


def test_what_is_pushed_or_paused_is_never_due() -> None:
    for row in (source(route=Route.BOT), source(state=SourceState.PAUSED)):
        after = schedule(row, NOW, HABITS)
        assert (after.next_visit_at, after.next_work_at) == (None, None)


def test_the_dead_are_asked_once_a_day() -> None:
    row = source(state=SourceState.QUIET, recent_s=every(60, silent_s=200 * 86400))
    row = msgspec.structs.replace(row, last_post_at=later(days=-200))
    assert schedule(row, NOW, HABITS).interval_s == DAY_S


def test_lag() -> None:
    assert lag_s(source(next_visit_at=later(seconds=-30)), NOW) == 30
    assert lag_s(source(next_visit_at=later(seconds=30)), NOW) == 0
    assert lag_s(source(), NOW) == 0
