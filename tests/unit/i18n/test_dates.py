from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from soso.i18n.dates import format_day, format_moment, format_month
from soso.i18n.language import Language

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 23, 15, 43, tzinfo=UTC)  # 23:43 in Shanghai
HANS, HANT, EN = Language.SIMPLIFIED, Language.TRADITIONAL, Language.ENGLISH


def short(ago: timedelta, language: Language) -> str:
    return format_moment(NOW - ago, NOW, SHANGHAI, language).short


@pytest.mark.parametrize(
    ("ago", "hans", "hant", "english"),
    [
        (timedelta(0), "1分钟前", "1 分鐘前", "1 minute ago"),
        (timedelta(seconds=119), "1分钟前", "1 分鐘前", "1 minute ago"),
        (timedelta(minutes=59, seconds=59), "59分钟前", "59 分鐘前", "59 minutes ago"),
        (timedelta(hours=23, minutes=59), "23小时前", "23 小時前", "23 hours ago"),
        (timedelta(days=6, hours=23), "6天前", "6 天前", "6 days ago"),
        (timedelta(days=7), "11月16日", "11月16日", "Nov 16"),
        (timedelta(days=400), "2025年10月19日", "2025年10月19日", "Oct 19, 2025"),
        (timedelta(minutes=-5), "11月23日", "11月23日", "Nov 23"),
    ],
)
def test_lists_say_how_long_ago_or_which_day(
    ago: timedelta, hans: str, hant: str, english: str
) -> None:
    assert short(ago, HANS) == hans
    assert short(ago, HANT) == hant
    assert short(ago, EN) == english


def test_times_are_shown_in_the_zone() -> None:
    moment = format_moment(datetime(2026, 1, 31, 16, 5, tzinfo=UTC), NOW, SHANGHAI, HANS)
    assert moment.iso == "2026-02-01T00:05:00+08:00"
    assert moment.full == "2026年2月1日 00:05"
    assert moment.short == "2月1日"


def test_this_year_is_that_of_the_zone() -> None:
    new_year = datetime(2026, 12, 31, 16, 1, tzinfo=UTC)  # 2027 in Shanghai
    assert format_moment(new_year - timedelta(days=30), new_year, SHANGHAI, HANS).short.startswith(
        "2026年"
    )


@pytest.mark.parametrize("at", [datetime.min, datetime.max])
def test_the_ends_of_time_do_no_harm(at: datetime) -> None:
    assert format_moment(at.replace(tzinfo=UTC), NOW, ZoneInfo("Etc/GMT-14"), HANS).full
    assert format_moment(at.replace(tzinfo=UTC), NOW, ZoneInfo("Etc/GMT+12"), HANS).full


def test_months() -> None:
    assert format_month("2026-11", HANS) == "2026年11月"
    assert format_month("2026-11", EN) == "Nov 2026"
    assert format_month("2026-13", EN) == "2026-13"
    assert format_month("<b>", HANT) == "<b>"


def test_days() -> None:
    at = datetime(2026, 11, 15, 20, tzinfo=UTC)
    assert format_day(at, ZoneInfo("Asia/Shanghai"), HANS) == "2026年11月16日"
    assert format_day(at, ZoneInfo("UTC"), EN) == "Nov 15, 2026"
    assert format_day(datetime.min.replace(tzinfo=UTC), ZoneInfo("Etc/GMT+12"), HANT)
