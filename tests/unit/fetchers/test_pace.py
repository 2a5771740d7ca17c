from datetime import UTC, datetime

import pytest

from soso.fetchers.pace import back_off_s, parse_retry_after, spread_turn

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


def wait(failures: int, status: int | None = 503, asked: float | None = None) -> float:
    return back_off_s(failures, every_s=1.0, retry_after_s=asked, status=status, chance=0.0)


def test_each_failure_in_a_row_doubles_the_wait_up_to_a_quarter_of_an_hour() -> None:
    assert [wait(number) for number in range(1, 5)] == [2, 4, 8, 16]
    assert wait(12) == wait(10_000) == 900


def test_a_network_that_is_gone_is_tried_again_each_minute() -> None:
    assert wait(50, status=None) == 60


def test_too_many_requests_weigh_more() -> None:
    assert wait(1, status=429) == 30
    assert wait(7, status=429) == 128


def test_what_a_host_asks_for_is_kept_to_but_not_for_ever() -> None:
    assert wait(1, 429, asked=7) == 7
    assert wait(9, 503, asked=3600) == 3600
    assert wait(1, 429, asked=1e9) == 24 * 3600
    assert wait(1, 429, asked=0) == 1  # the pace itself is kept


def test_chance_only_makes_it_longer() -> None:
    assert spread_turn(1.0, 0.0) == 1.0
    assert spread_turn(1.0, 1.0) == 1.25
    assert back_off_s(1, every_s=1, retry_after_s=None, status=500, chance=1.0) == 2.5


@pytest.mark.parametrize(
    ("text", "date", "seconds"),
    [
        ("120", None, 120),
        (" 0 ", None, 0),
        ("9" * 300, None, 24 * 3600),
        ("Mon, 23 Nov 2026 12:01:30 GMT", None, 90),
        ("Mon, 23 Nov 2026 11:00:00 GMT", None, 0),
        # The host's clock is an hour behind ours; it means half a minute all the same.
        ("Mon, 23 Nov 2026 11:00:30 GMT", "Mon, 23 Nov 2026 11:00:00 GMT", 30),
        ("-5", None, None),
        ("soon", None, None),
        ("１２", None, None),
        ("Mon, 99 Nov 2026 99:00:00 GMT", None, None),
        (None, None, None),
    ],
)
def test_retry_after_in_seconds_or_as_a_date(
    text: str | None, date: str | None, seconds: float | None
) -> None:
    assert parse_retry_after(text, date, NOW) == seconds
