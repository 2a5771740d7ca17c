"""One delivery: from what waits to what was sent, whatever happens on the way.

    PENDING --taken--> SENDING --sent---------> SENT
       ^                  | `---refused-------> GONE (its watch too) | FAILED (after days)
       |                  |
       `---later----------+---nobody knows----> PENDING again, marked as a possible repeat

Knows the states and the pauses. Must not know doors' protocols, a clock or a store.

SENDING is written before the first byte leaves. A process that dies then leaves a lease behind that
runs out; whoever finds it can't know whether the other side has the message. A webhook is given the
same delivery number again and drops what it has. Telegram has no such number and no way to ask what
was sent, so there a delivery in doubt is sent again with a line that says so: it is never lost, and
never comes twice without being said to be a possible repeat.
"""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

import msgspec

from soso.alerts.watch import Door
from soso.model.value import Value

DROPS_REPEATS: Final = frozenset({Door.WEBHOOK})
"""Doors whose other side knows the number of a delivery and drops one it has already."""

PAUSES_S: Final = (30, 120, 600, 1_800, 3_600, 3 * 3_600, 6 * 3_600, 12 * 3_600, 24 * 3_600)
"""After the first failure, the second …; the last of them again and again."""

_HURRIES: Final = 3
DOUBT_PAUSES_S: Final = (60, 1_800, 6 * 3_600, 24 * 3_600)
"""After an end that nobody knows, where a repeat is seen by a person."""

LONGEST_WAIT_S: Final = 24 * 3_600
"""The longest that the other side may ask to wait."""

GIVE_UP_AFTER: Final = timedelta(days=4)


class DeliveryState(StrEnum):
    """Where a delivery is."""

    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"  # refused for days
    GONE = "gone"  # the other side is no more
    EMPTY = "empty"  # all of its posts were taken down before it was sent


class Delivery(Value):
    """What is to be sent of a watch at once.

    more: posts that matched beyond those kept with it. doubts: how often nobody knew its end; in
    doubt, what is sent says that it may be a repeat. next_at: when it may be tried.
    """

    number: int
    watch: int
    made_at: datetime
    next_at: datetime
    state: DeliveryState = DeliveryState.PENDING
    attempts: int = 0
    doubts: int = 0
    reason: str = ""


class End(StrEnum):
    """How sending ended."""

    DELIVERED = "delivered"
    LATER = "later"  # certainly not delivered: try again
    UNKNOWN = "unknown"  # sent, and no answer came
    GONE = "gone"  # the owner can't be reached any more


class Outcome(Value):
    """What came of sending.

    after_s: LATER: not before so long, where the other side said so. all_wait: LATER: no delivery
    through this door would do better now (the API is down, or the whole bot is to wait).
    """

    end: End
    reason: str = ""
    after_s: float | None = None
    all_wait: bool = False


DELIVERED: Final = Outcome(end=End.DELIVERED)


def proceed(delivery: Delivery, outcome: Outcome, door: Door, *, now: datetime) -> Delivery:
    """Return a SENDING delivery as it is after an outcome of this door."""
    match outcome.end:
        case End.DELIVERED:
            return _ended(delivery, DeliveryState.SENT, "")
        case End.GONE:
            return _ended(delivery, DeliveryState.GONE, outcome.reason)
        case End.LATER if outcome.all_wait:  # no fault of this one: it is not counted
            return _again(delivery, now, outcome.after_s or 0.0, outcome.reason)
        case _:
            return _tried(delivery, outcome, door, now)


def in_doubt(delivery: Delivery, door: Door, *, now: datetime) -> Delivery:
    """Return a delivery whose sender died: due at once, marked where a person would see it twice."""
    doubts = delivery.doubts + (0 if door in DROPS_REPEATS else 1)
    return msgspec.structs.replace(
        delivery, state=DeliveryState.PENDING, doubts=doubts, next_at=now, reason="interrupted"
    )


def _tried(delivery: Delivery, outcome: Outcome, door: Door, now: datetime) -> Delivery:
    attempts = delivery.attempts + 1
    if now - delivery.made_at >= GIVE_UP_AFTER:
        ended = _ended(delivery, DeliveryState.FAILED, outcome.reason)
        return msgspec.structs.replace(ended, attempts=attempts)
    doubts = delivery.doubts
    if outcome.end is End.UNKNOWN and door not in DROPS_REPEATS:
        wait_s = float(DOUBT_PAUSES_S[min(doubts, len(DOUBT_PAUSES_S) - 1)])
        doubts += 1
    else:
        wait_s = float(PAUSES_S[min(delivery.attempts, len(PAUSES_S) - 1)])
        if outcome.after_s is not None:  # a host that goes on saying 0 is not asked every second
            hurried = delivery.attempts >= _HURRIES
            wait_s = max(outcome.after_s, wait_s) if hurried else outcome.after_s
    again = _again(delivery, now, wait_s, outcome.reason)
    return msgspec.structs.replace(again, attempts=attempts, doubts=doubts)


def _again(delivery: Delivery, now: datetime, wait_s: float, reason: str) -> Delivery:
    wait_s = min(max(wait_s, 0.0), LONGEST_WAIT_S)
    return msgspec.structs.replace(
        delivery,
        state=DeliveryState.PENDING,
        next_at=now + timedelta(seconds=wait_s),
        reason=reason,
    )


def _ended(delivery: Delivery, state: DeliveryState, reason: str) -> Delivery:
    return msgspec.structs.replace(delivery, state=state, reason=reason)
