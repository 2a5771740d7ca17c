"""The dates of filters: 2026, 2026-11, 2026-11-05, and spans back from now: 7d 2w 3m 1y, 12h."""

import re
from datetime import datetime, timedelta, tzinfo
from typing import Final

_FIXED: Final = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?")
_SPAN: Final = re.compile(r"(\d{1,4})([hdwmy])")
_HOURS: Final = {"h": 1, "d": 24, "w": 24 * 7, "m": 24 * 30, "y": 24 * 365}


def is_date(text: str) -> bool:
    """Whether resolve_date understands the text."""
    if _SPAN.fullmatch(text):
        return True
    found = _FIXED.fullmatch(text)
    if found is None:
        return False
    try:
        datetime(int(found[1]), int(found[2] or 1), int(found[3] or 1))
    except ValueError:
        return False
    return 1 < int(found[1]) < 9999  # the edges have no time in every zone


def resolve_date(text: str, *, now: datetime, zone: tzinfo) -> datetime:
    """Return the beginning of the date in the zone, or the time that long before now.

    now: aware. Raises ValueError for a text that is_date refuses.
    """
    if span := _SPAN.fullmatch(text):
        back = timedelta(hours=int(span[1]) * _HOURS[span[2]])
        return now - min(back, now - datetime(2, 1, 1, tzinfo=now.tzinfo))
    found = _FIXED.fullmatch(text)
    if found is None:
        raise ValueError(text)
    return datetime(int(found[1]), int(found[2] or 1), int(found[3] or 1), tzinfo=zone)
