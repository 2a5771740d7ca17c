"""When a source is asked next. Pure.

A chat that posts often is asked often: half the usual time between its posts, from one minute to
six hours. What does not answer, or has nothing to show, is asked ever more rarely. When more is due
than the pace of requests allows, sources are taken in the order in which they were due, so that
all wait equally long beyond their time; lag_s tells how long.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

import msgspec

from soso.model.following import Followed, Route, SourceState
from soso.model.value import Value

SHORTEST_S: Final = 60.0
LONGEST_S: Final = 6 * 3600.0
DAY_S: Final = 24 * 3600.0
_WEEK_S: Final = 7 * DAY_S
MOST_MISSING: Final = 500
"""Ids that are noted as not shown at a time, as the row is written whole. While there are so many,
no round goes on; afterwards one begins anew."""

_FEW: Final = 5
_DEAD_S: Final = 180 * DAY_S
_SPREAD: Final = 0.1

OPEN: Final = frozenset(
    {
        SourceState.NEW,
        SourceState.BACKFILLING,
        SourceState.FOLLOWING,
        SourceState.QUIET,
        SourceState.FAILING,
    }
)
"""What is asked at its own pace."""


class Habits(Value):
    """What can be set. confirm_s: between the two readings that bury a post.

    young_s: posts up to this age are read again every round_s. sweep_s: all is read again so often;
    0: never.
    """

    confirm_s: float = 300.0
    young_s: float = 2 * DAY_S
    round_s: float = 6 * 3600.0
    sweep_s: float = 30 * DAY_S


def interval_of(recent_s: Sequence[int], now: datetime) -> float:
    """Return seconds between visits for a chat whose last posts were published then, newest first.

    The last few posts and all known ones are looked at, and the livelier of both counts, so that
    it is quick after a burst and slow to forget; silence since the last post counts as time too.
    """
    if not recent_s:
        return LONGEST_S
    now_s = int(now.timestamp())
    gaps = []
    for count in {min(_FEW, len(recent_s)), len(recent_s)}:
        gaps.append(max(now_s - recent_s[count - 1], 0) / count)
    return min(max(min(gaps) / 2, SHORTEST_S), LONGEST_S)


def failing_s(failures: int) -> float:
    """Return how long to wait after so many failed visits in a row: 5 s, 30 s, … a day."""
    return min(5.0 * 6.0 ** min(max(failures, 1) - 1, 10), LONGEST_S if failures < 20 else DAY_S)


def closed_s(times: int) -> float:
    """Return how long to wait after a name showed nothing so many times: 10 min, 1 h, … a week."""
    return min(600.0 * 6.0 ** min(max(times, 1) - 1, 10), _WEEK_S)


def schedule(
    followed: Followed, now: datetime, habits: Habits, *, background: bool = False
) -> Followed:
    """Return the source with the times of its next visit and its next work.

    background: its newest posts were not asked for; their time stays.
    """
    if followed.state is SourceState.PAUSED or followed.route is Route.BOT:
        return msgspec.structs.replace(
            followed, next_visit_at=None, next_work_at=None, planned_at=now
        )
    if followed.state not in OPEN:
        interval = closed_s(followed.failures)
    else:
        interval = interval_of(followed.recent_s, now)
        if followed.last_post_at is not None and _silent_s(followed, now) > _DEAD_S:
            interval = DAY_S
        if followed.failures:
            interval = failing_s(followed.failures)
    if followed.newest_id is not None and followed.next_round_at is None:
        followed = msgspec.structs.replace(
            followed, next_round_at=now + timedelta(seconds=habits.round_s)
        )
    spread = 1 + _SPREAD * (followed.number * 2654435761 % 1024) / 1024
    next_at = now + timedelta(seconds=interval * spread)
    if background and not followed.failures and followed.next_visit_at is not None:
        next_at = min(next_at, followed.next_visit_at)
    return msgspec.structs.replace(
        followed,
        interval_s=interval,
        next_visit_at=next_at,
        next_work_at=work_at(followed, now, next_at, habits),
        planned_at=now,
    )


def work_at(
    followed: Followed, now: datetime, next_visit_at: datetime, habits: Habits
) -> datetime | None:
    """Return when there is work beside the newest posts; None if there is none in sight."""
    if followed.route is not Route.PREVIEW or followed.newest_id is None:
        return _account_work_at(followed, next_visit_at)
    if followed.state not in OPEN:
        return None
    if followed.failures:
        return next_visit_at if _has_work(followed) else None
    if _has_work(followed):
        return now
    times = [one.noted_at + timedelta(seconds=habits.confirm_s) for one in followed.missing]
    times += [at for at in (followed.next_round_at, sweep_at(followed, habits)) if at is not None]
    return max(min(times), now) if times else None


def _account_work_at(followed: Followed, next_visit_at: datetime) -> datetime | None:
    """Its own route says when history goes on; while visits fail, not before the next of them."""
    if followed.route is not Route.ACCOUNT or followed.state not in OPEN:
        return None
    if followed.next_work_at is None or not followed.failures:
        return followed.next_work_at
    return max(followed.next_work_at, next_visit_at)


def _has_work(followed: Followed) -> bool:
    is_going = followed.round is not None and len(followed.missing) < MOST_MISSING
    is_wanted = followed.sweep_wanted and not followed.missing
    return bool(followed.gaps) or is_going or is_wanted or not followed.is_backfilled


def sweep_at(followed: Followed, habits: Habits) -> datetime | None:
    """Return when all of a source is to be read again; None: never, or not before it was read."""
    if not followed.is_backfilled or not habits.sweep_s:
        return None
    return (followed.last_sweep_at or followed.added_at) + timedelta(seconds=habits.sweep_s)


def _silent_s(followed: Followed, now: datetime) -> float:
    last = followed.last_post_at or followed.added_at
    return (now - last).total_seconds()


def lag_s(followed: Followed, now: datetime) -> float:
    """Return how many seconds a source waits beyond its time; 0 if its time has not come."""
    if followed.next_visit_at is None:
        return 0.0
    return max((now - followed.next_visit_at).total_seconds(), 0.0)
