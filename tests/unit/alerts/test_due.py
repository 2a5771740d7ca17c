from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from soso.alerts.due import SPACED, due_at, is_muted
from soso.alerts.watch import Door, Owner, Quiet, Rhythm, Watch

ZONES = ("UTC", "Asia/Shanghai", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu")


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def watch(**fields: object) -> Watch:
    told: dict[str, object] = {"owner": Owner(door=Door.BOT, id="1"), "text": "台风"}
    told |= {"created_at": utc("2026-01-01"), "since": utc("2026-01-01")}
    return Watch(**(told | fields))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("fields", "found", "due"),
    [
        ({}, "2026-03-01T10:20:30", "2026-03-01T10:20:30"),
        ({"rhythm": Rhythm.HOURLY}, "2026-03-01T10:20:30", "2026-03-01T11:00"),
        ({"rhythm": Rhythm.HOURLY}, "2026-03-01T10:00", "2026-03-01T10:00"),
        ({"rhythm": Rhythm.DAILY}, "2026-03-01T08:59", "2026-03-01T09:00"),
        ({"rhythm": Rhythm.DAILY}, "2026-03-01T09:01", "2026-03-02T09:00"),
        ({"rhythm": Rhythm.DAILY, "zone": "Asia/Shanghai"}, "2026-03-01T00:30", "2026-03-01T01:00"),
        ({"rhythm": Rhythm.DAILY, "zone": "Asia/Shanghai"}, "2026-03-01T02:00", "2026-03-02T01:00"),
        # New York goes to summer time on the 8th of March: still nine by its clocks.
        (
            {"rhythm": Rhythm.DAILY, "zone": "America/New_York"},
            "2026-03-07T15:00",
            "2026-03-08T13:00",
        ),
        ({"quiet": Quiet(start=23, end=7)}, "2026-03-01T23:00", "2026-03-02T07:00"),
        ({"quiet": Quiet(start=23, end=7)}, "2026-03-01T06:59", "2026-03-01T07:00"),
        ({"quiet": Quiet(start=23, end=7)}, "2026-03-01T07:00", "2026-03-01T07:00"),
        ({"quiet": Quiet(start=12, end=14)}, "2026-03-01T13:00", "2026-03-01T14:00"),
        ({"muted_until": utc("2026-03-02T05:00")}, "2026-03-01T13:00", "2026-03-02T05:00"),
        (
            {"muted_until": utc("2026-03-02T05:00"), "quiet": Quiet(start=23, end=7)},
            "2026-03-01T13:00",
            "2026-03-02T07:00",
        ),
        (
            {"rhythm": Rhythm.DAILY, "quiet": Quiet(start=8, end=10)},
            "2026-03-01T05:00",
            "2026-03-01T10:00",
        ),
    ],
)
def test_when_a_match_is_told(fields: dict[str, object], found: str, due: str) -> None:
    assert due_at(watch(**fields), utc(found)) == utc(due)


def test_a_mute_ends() -> None:
    muted = watch(muted_until=utc("2026-11-23 12:00"))
    assert is_muted(muted, utc("2026-11-23 11:59"))
    assert not is_muted(muted, utc("2026-11-23 12:00"))
    assert not is_muted(watch(), utc("2026-11-23 12:00"))


def test_messages_are_apart() -> None:
    found = utc("2026-03-01T10:00")
    assert due_at(watch(), found, told_at=found) == found + SPACED
    assert due_at(watch(), found, told_at=found - timedelta(days=1)) == found


@given(
    found=st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC)),
    rhythm=st.sampled_from(Rhythm),
    zone=st.sampled_from(ZONES),
    hour=st.integers(0, 23),
    quiet=st.none() | st.tuples(st.integers(0, 23), st.integers(0, 23)),
    muted=st.none() | st.timedeltas(timedelta(days=-2), timedelta(days=9)),
)
def test_never_too_early_never_in_quiet_hours_never_days_late(
    found: datetime,
    rhythm: Rhythm,
    zone: str,
    hour: int,
    quiet: tuple[int, int] | None,
    muted: timedelta | None,
) -> None:
    hours = Quiet(start=quiet[0], end=quiet[1]) if quiet and quiet[0] != quiet[1] else None
    until = None if muted is None else found + muted
    one = watch(rhythm=rhythm, zone=zone, hour=hour, quiet=hours, muted_until=until)
    due = due_at(one, found)
    begin = max(found, until or found)
    assert begin <= due <= begin + timedelta(hours=51)
    assert due.utcoffset() == timedelta(0)
    if hours is not None:
        local = due.astimezone(ZoneInfo(zone)).hour
        inside = (
            hours.start <= local < hours.end
            if hours.start < hours.end
            else local >= hours.start or local < hours.end
        )
        assert not inside
    if rhythm is Rhythm.AT_ONCE and hours is None:
        assert due == begin
