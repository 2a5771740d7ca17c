"""How long a host is left alone. Pure: times and chances are arguments."""

import math
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final

JITTER: Final = 0.25
"""Turns are up to so much further apart than they must be, never nearer."""

LONGEST_S: Final = 15 * 60.0
LONGEST_UNREACHED_S: Final = 60.0
"""When nothing answers at all it is most often our own network, which comes back at any time."""

LONGEST_ASKED_S: Final = 24 * 3600.0
_TOO_MANY: Final = 30
"""After a 429 that tells no time: as many turns."""
_MOST_DOUBLINGS: Final = 20


def spread_turn(every_s: float, chance: float) -> float:
    """Return how far the next turn is; chance: 0 to 1."""
    return every_s * (1 + JITTER * chance)


def back_off_s(
    failures: int, *, every_s: float, retry_after_s: float | None, status: int | None, chance: float
) -> float:
    """Return how long to leave a host alone after its failures in a row, 1 being the first.

    Twice the pace, then twice as long each time; what the host asks for is kept to in full, up to a
    day. status: None when there was no answer. chance: 0 to 1, adds up to a quarter.
    """
    if retry_after_s is not None:
        return min(max(retry_after_s, every_s), LONGEST_ASKED_S)
    base = max(every_s, 0.01) * math.ldexp(1.0, min(max(failures, 1), _MOST_DOUBLINGS))
    if status == 429:
        base = max(base, every_s * _TOO_MANY, 1.0)
    longest = LONGEST_UNREACHED_S if status is None else LONGEST_S
    return min(base, longest) * (1 + JITTER * chance)


def parse_retry_after(text: str | None, date: str | None, now: datetime) -> float | None:
    """Return the seconds that a Retry-After asks for, as a number or a time; None for nonsense.

    date: the answer's Date, from which a time is counted, whatever the clock here says; now: if
    there is none.
    """
    if text is None:
        return None
    text = text.strip()
    if text.isascii() and text.isdigit():
        return min(float(text[:12]), LONGEST_ASKED_S)
    until = _parse_date(text)
    if until is None:
        return None
    seconds = (until - (_parse_date(date or "") or now)).total_seconds()
    return min(max(seconds, 0.0), LONGEST_ASKED_S) if math.isfinite(seconds) else None


def _parse_date(text: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text)
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
