"""Times with and without a zone."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from soso.sources.desktop_export.times import Moment, from_local, from_offset, read_moment

SHANGHAI = ZoneInfo("Asia/Shanghai")
BERLIN = ZoneInfo("Europe/Berlin")
NOON = datetime(2021, 7, 1, 12)


def test_unix_seconds_win_over_local_time() -> None:
    raw = {"date": "2021-07-01T12:00:00", "date_unixtime": "1625112000"}
    expected = Moment(at=datetime(2021, 7, 1, 4, tzinfo=UTC))
    assert read_moment(raw, "date", None) == expected
    assert read_moment(raw, "date", BERLIN) == expected


def test_local_time_is_utc_and_uncertain_unless_a_zone_is_given() -> None:
    raw = {"date": "2021-07-01T12:00:00"}
    assert read_moment(raw, "date", None) == Moment(at=NOON.replace(tzinfo=UTC), certain=False)
    assert read_moment(raw, "date", SHANGHAI) == Moment(at=datetime(2021, 7, 1, 4, tzinfo=UTC))


@pytest.mark.parametrize("seconds", ["0", "-1", "x", None, [], 2**40, True])
def test_unusable_seconds_fall_back_to_local_time(seconds: object) -> None:
    raw = {"date": "2021-07-01T12:00:00", "date_unixtime": seconds}
    assert read_moment(raw, "date", None) == Moment(at=NOON.replace(tzinfo=UTC), certain=False)


@pytest.mark.parametrize(
    "written",
    ["", "yesterday", "1969-12-31T23:59:59", "9999-12-31T23:59:59", "0001-01-01T00:00:00", 5, None],
)
def test_absurd_times_are_none(written: object) -> None:
    assert read_moment({"date": written}, "date", None) is None
    assert read_moment({"date": written}, "date", SHANGHAI) is None


def test_the_ends_of_time_do_not_overflow() -> None:
    assert from_local(datetime.min, SHANGHAI) is None
    assert from_local(datetime.max, ZoneInfo("America/New_York")) is None


def test_a_written_offset_is_believed_without_a_zone() -> None:
    moment = from_offset(NOON, timedelta(hours=8), None)
    assert moment == Moment(at=datetime(2021, 7, 1, 4, tzinfo=UTC))


def test_the_offset_of_standard_time_is_mended_in_summer_by_the_zone() -> None:
    # Berlin writes UTC+01:00 all year round; in July its clocks are at UTC+02:00.
    summer = from_offset(NOON, timedelta(hours=1), BERLIN)
    winter = from_offset(datetime(2021, 1, 1, 12), timedelta(hours=1), BERLIN)
    assert summer is not None
    assert winter is not None
    assert (summer.at.hour, winter.at.hour) == (10, 11)


def test_a_zone_with_another_offset_does_not_overrule_the_file() -> None:
    moment = from_offset(NOON, timedelta(hours=8), BERLIN)
    assert moment == Moment(at=datetime(2021, 7, 1, 4, tzinfo=UTC))
