"""Sliding windows, and failures that a test asks for."""

import pytest

from soso.doubles.bot_api.errors import ApiError
from soso.doubles.bot_api.limits import Brake, Failure, Limits, Script

STRICT = Limits(slack=0.0)


def refused_at(brake: Brake, chat: int, now_s: float, *, is_group: bool = False) -> int:
    """Return the retry_after of a message, 0 if it passed."""
    try:
        brake.take(chat, is_group=is_group, now_s=now_s)
    except ApiError as error:
        return error.retry_after or -error.code
    return 0


def test_one_a_second_in_a_chat() -> None:
    brake = Brake(STRICT)
    assert [refused_at(brake, 1, at) for at in (0.0, 0.5, 0.99, 1.0, 1.5)] == [0, 1, 1, 0, 1]


def test_twenty_a_minute_in_a_group_and_what_is_refused_is_not_counted() -> None:
    brake = Brake(STRICT)
    assert [refused_at(brake, -1, at, is_group=True) for at in range(21)] == [0] * 20 + [40]
    assert refused_at(brake, -1, 60.0, is_group=True) == 0


def test_a_person_may_get_more_than_twenty_a_minute() -> None:
    brake = Brake(STRICT)
    assert not any(refused_at(brake, 1, at) for at in range(30))


def test_thirty_a_second_in_all() -> None:
    brake = Brake(STRICT)
    assert [refused_at(brake, chat, 0.0) for chat in range(31)] == [0] * 30 + [1]
    assert brake.refused == [(0.0, 30, "overall")]


def test_slack_forgives_a_network() -> None:
    brake = Brake(Limits(slack=0.1))
    assert [refused_at(brake, 1, at) for at in (0.0, 0.95)] == [0, 0]


def test_failures_come_in_order_to_the_methods_they_are_for() -> None:
    script = Script()
    script.add(Failure(429, left=2, methods=frozenset({"sendmessage"})))
    script.add(Failure(500))
    met = [script.next(name) for name in ("sendmessage", "getme", "sendmessage", "sendmessage")]
    assert [failure.status if failure else None for failure in met] == [429, 500, 429, None]


@pytest.mark.parametrize("count", [0, 5])
def test_no_limits_when_they_are_off(count: int) -> None:
    brake = Brake(Limits(enforced=False))
    assert not any(refused_at(brake, 1, 0.0) for _ in range(count + 100))
