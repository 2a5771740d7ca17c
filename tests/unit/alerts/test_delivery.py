from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from soso.alerts.delivery import (
    DELIVERED,
    GIVE_UP_AFTER,
    LONGEST_WAIT_S,
    PAUSES_S,
    Delivery,
    DeliveryState,
    End,
    Outcome,
    in_doubt,
    proceed,
)
from soso.alerts.watch import Door

AT = datetime(2026, 1, 1, tzinfo=UTC)
LATER = Outcome(end=End.LATER, reason="503")
UNKNOWN = Outcome(end=End.UNKNOWN, reason="no answer")
MADE = Delivery(number=1, watch=2, made_at=AT, next_at=AT, state=DeliveryState.SENDING)


def after(
    delivery: Delivery, outcome: Outcome, door: Door = Door.BOT, now: datetime = AT
) -> Delivery:
    return proceed(delivery, outcome, door, now=now)


def test_what_was_delivered_is_sent() -> None:
    assert after(MADE, DELIVERED) == msgspec.structs.replace(MADE, state=DeliveryState.SENT)


def test_who_is_gone_is_told_nothing_more() -> None:
    ended = after(MADE, Outcome(end=End.GONE, reason="blocked"))
    assert (ended.state, ended.reason) == (DeliveryState.GONE, "blocked")


def test_refusals_are_tried_again_after_growing_pauses_and_given_up_after_days() -> None:
    delivery, now, pauses = MADE, AT, []
    while (delivery := after(delivery, LATER, now=now)).state is DeliveryState.PENDING:
        pauses.append((delivery.next_at - now).total_seconds())
        now = delivery.next_at
    assert delivery.state is DeliveryState.FAILED
    assert now - AT >= GIVE_UP_AFTER
    assert pauses[: len(PAUSES_S)] == list(map(float, PAUSES_S[: len(pauses)]))
    assert delivery.doubts == 0
    assert delivery.attempts == len(pauses) + 1


@pytest.mark.parametrize(("asked", "kept_to"), [(7.0, 7.0), (-5.0, 0.0), (9e9, LONGEST_WAIT_S)])
def test_what_the_other_side_asks_for_is_kept_to(asked: float, kept_to: float) -> None:
    later = after(MADE, Outcome(end=End.LATER, after_s=asked))
    assert later.next_at == AT + timedelta(seconds=kept_to)


def test_a_door_that_is_down_uses_up_no_attempts() -> None:
    delivery = MADE
    for _ in range(500):
        delivery = after(
            delivery, Outcome(end=End.LATER, all_wait=True, after_s=60), now=AT + timedelta(days=9)
        )
    assert (delivery.state, delivery.attempts) == (DeliveryState.PENDING, 0)


def test_no_answer_is_a_doubt_only_where_a_person_would_see_it_twice() -> None:
    assert after(MADE, UNKNOWN, Door.BOT).doubts == 1
    assert after(MADE, UNKNOWN, Door.WEBHOOK).doubts == 0
    assert after(MADE, UNKNOWN, Door.BOT).next_at > AT
    twice = after(after(MADE, UNKNOWN, Door.BOT), UNKNOWN, Door.BOT)
    assert twice.doubts == 2
    assert twice.next_at - AT > after(MADE, UNKNOWN, Door.BOT).next_at - AT


def test_a_dead_sender_leaves_the_same_doubt() -> None:
    assert in_doubt(MADE, Door.BOT, now=AT).doubts == 1
    again = in_doubt(MADE, Door.WEBHOOK, now=AT)
    assert (again.doubts, again.state, again.next_at) == (0, DeliveryState.PENDING, AT)
