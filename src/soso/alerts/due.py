"""When the owner of a watch is told.

Knows rhythms, quiet hours and mutes. Must not know a clock: now is given.
"""

from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from soso.alerts.watch import Quiet, Rhythm, Watch, zone_of

SPACED: Final = timedelta(seconds=20)
"""Between two messages of one watch that tells at once: what comes meanwhile is told together."""


def due_at(watch: Watch, found_at: datetime, *, told_at: datetime | None = None) -> datetime:
    """Return when a match is to be told that was found at found_at.

    told_at: when the watch last told something. Never before found_at; not in quiet hours, not
    while it is muted. Raises BadInput for a watch whose zone is none.
    """
    zone = zone_of(watch)
    at = found_at if told_at is None else max(found_at, told_at + SPACED)
    if watch.muted_until is not None:
        at = max(at, watch.muted_until)
    match watch.rhythm:
        case Rhythm.HOURLY:
            at = _next_hour(at)
        case Rhythm.DAILY:
            at = _next_time(at, watch.hour, zone)
    return _after_quiet(at, watch.quiet, zone)


def is_muted(watch: Watch, now: datetime) -> bool:
    """Whether its owner has asked for silence that has not ended yet."""
    return watch.muted_until is not None and now < watch.muted_until


def _next_hour(at: datetime) -> datetime:
    hour = at.replace(minute=0, second=0, microsecond=0)
    return at if hour == at else hour + timedelta(hours=1)


def _next_time(at: datetime, hour: int, zone: ZoneInfo) -> datetime:
    """Return the next time the clock of the zone shows the hour; a skipped hour is the one after.

    Worked out on the wall clock, so that it stays the same hour when summer time begins.
    """
    local = at.astimezone(zone)
    today = local.replace(hour=hour, minute=0, second=0, microsecond=0, fold=0)
    for day in (today, today + timedelta(days=1)):
        found = day.astimezone(at.tzinfo)
        if found >= at:
            return found
    return (today + timedelta(days=2)).astimezone(at.tzinfo)


def _after_quiet(at: datetime, quiet: Quiet | None, zone: ZoneInfo) -> datetime:
    if quiet is None:
        return at
    hour = at.astimezone(zone).hour
    length = (quiet.end - quiet.start) % 24
    is_quiet = (hour - quiet.start) % 24 < length
    return _next_time(at, quiet.end, zone) if is_quiet else at
