from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from soso.query.dates import is_date, resolve_date

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026", datetime(2026, 1, 1, tzinfo=SHANGHAI)),
        ("2026-11", datetime(2026, 11, 1, tzinfo=SHANGHAI)),
        ("2026-11-5", datetime(2026, 11, 5, tzinfo=SHANGHAI)),
        ("7d", datetime(2026, 11, 13, 12, tzinfo=UTC)),
        ("2w", datetime(2026, 11, 6, 12, tzinfo=UTC)),
        ("12h", datetime(2026, 11, 20, tzinfo=UTC)),
        ("9999y", datetime(2, 1, 1, tzinfo=UTC)),
    ],
)
def test_dates_resolve_in_the_zone(text: str, expected: datetime) -> None:
    assert is_date(text)
    assert resolve_date(text, now=NOW, zone=SHANGHAI) == expected


@pytest.mark.parametrize("text", ["", "26", "2026-13", "2026-02-30", "0000", "9999", "7x", "d"])
def test_what_is_no_date_is_refused(text: str) -> None:
    assert not is_date(text)
