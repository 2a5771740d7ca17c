"""What to ask next of a source. Pure."""

from datetime import datetime, timedelta

import msgspec

from soso.following.absences import next_confirmation
from soso.following.pace import MOST_MISSING, Habits, sweep_at
from soso.following.pages import Ask, Purpose
from soso.model.following import Followed, Round


def plan_work(followed: Followed, now: datetime, habits: Habits) -> tuple[Followed, Ask | None]:
    """Return the next request beside the newest page, and the source with a round begun for it.

    First what may be dead, then the gap next to the newest posts, then history, then rounds.
    """
    if followed.newest_id is None:
        return followed, None
    confirmation = next_confirmation(followed, now, confirm_s=habits.confirm_s)
    if confirmation is not None:
        return followed, confirmation
    if (ask := plan_gap(followed)) is not None:
        return followed, ask
    if not followed.is_backfilled and followed.backfill_before is not None:
        return followed, Ask(purpose=Purpose.BACKFILL, before=followed.backfill_before)
    followed = _begin_round(followed, now, habits)
    if followed.round is None or len(followed.missing) >= MOST_MISSING:
        return followed, None
    return followed, Ask(purpose=Purpose.ROUND, before=followed.round.before)


def plan_gap(followed: Followed) -> Ask | None:
    """Return the request that fills the highest gap from its top."""
    if not followed.gaps:
        return None
    highest = max(followed.gaps, key=lambda gap: gap.high)
    return Ask(purpose=Purpose.GAP, before=highest.high + 1)


def _begin_round(followed: Followed, now: datetime, habits: Habits) -> Followed:
    """Begin a round if one is due and none is going on; a sweep takes the place of a short one."""
    next_round_at = followed.next_round_at
    is_far = next_round_at is not None and next_round_at - now > timedelta(seconds=habits.round_s)
    if next_round_at is None or is_far:  # not planned yet, or by a clock that was ahead
        next_round_at = now + timedelta(seconds=habits.round_s)
        followed = msgspec.structs.replace(followed, next_round_at=next_round_at)
    if followed.round is not None and (followed.missing or not followed.sweep_wanted):
        return followed
    sweep = sweep_at(followed, habits)
    if followed.sweep_wanted or (sweep is not None and sweep <= now):
        if followed.missing:  # what is noted is settled first
            return followed
        return msgspec.structs.replace(
            followed, round=Round(started_at=now), sweep_wanted=False, unlisted=()
        )
    if next_round_at > now:
        return followed
    followed = msgspec.structs.replace(
        followed, next_round_at=now + timedelta(seconds=habits.round_s)
    )
    down_to = now - timedelta(seconds=habits.young_s)
    if followed.recent_s and followed.recent_s[-1] < down_to.timestamp():
        return followed  # the newest page holds all that are young, and is read anyway
    return msgspec.structs.replace(followed, round=Round(started_at=now, down_to=down_to))
