"""The raw shapes of a Telegram Desktop export, and how to read values that nobody vouches for.

A message arrives as a mapping with whatever was in the file: numbers as strings, nulls, floats,
lists where a string belongs. These functions return the value a field should have, or None.
They know JSON types only; what a field means is for parse.py and its neighbours.
"""

import math
from collections.abc import Mapping
from typing import Final, TypeAlias

Raw: TypeAlias = Mapping[str, object]
"""One JSON object of an export, unchecked."""

MAX_ID: Final = 2**53
"""Beyond what Telegram gives out (32 bits for messages, 52 for peers); larger ids are absurd."""

MAX_LABEL_CHARS: Final = 1024
"""Names, captions of buttons and the like are cut here; real ones have at most 255."""

MAX_URL_CHARS: Final = 8192
"""Longer addresses are no addresses."""

_MAX_DIGITS: Final = 19


def as_map(value: object) -> Raw:
    """Return value if it is an object, otherwise an empty one."""
    return value if isinstance(value, dict) else {}


def as_list(value: object) -> list[object]:
    """Return value if it is an array, otherwise an empty one."""
    return value if isinstance(value, list) else []


def as_text(value: object) -> str:
    """Return value if it is a string, otherwise an empty one."""
    return value if isinstance(value, str) else ""


def as_label(value: object) -> str | None:
    """Return a short string without the white space around it; None if nothing is left."""
    if not isinstance(value, str):
        return None
    return value[:MAX_LABEL_CHARS].strip() or None


def as_int(value: object, *, low: int = 0, high: int = MAX_ID) -> int | None:
    """Return a whole number in [low, high], also written as a string or a float; else None."""
    number: int
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        number = value
    elif isinstance(value, str):
        digits = value.strip()
        if not 0 < len(digits) <= _MAX_DIGITS or not digits.removeprefix("-").isdecimal():
            return None
        number = int(digits)
    elif isinstance(value, float) and math.isfinite(value) and value.is_integer():
        number = int(value)
    else:
        return None
    return number if low <= number <= high else None


def as_number(value: object, *, low: float, high: float) -> float | None:
    """Return a number in [low, high], also from a string; otherwise None."""
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return number if low <= number <= high else None


def as_flag(value: object) -> bool:
    """Whether value is true, also when it is written as a string."""
    return value is True or value == "true"
