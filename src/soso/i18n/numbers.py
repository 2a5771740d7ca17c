"""Counts, sizes and durations as people write them.

Knows how each language groups and shortens numbers; knows no wording of ours.
"""

from functools import cache, lru_cache
from typing import Final

from babel import Locale
from babel.numbers import format_compact_decimal, format_decimal

from soso.i18n.language import Language

_MYRIADS: Final = (13, 9, 5)  # digits at which Chinese goes on to 万亿, 亿, 万
_THOUSANDS: Final = (13, 10, 7, 4)  # and English to T, B, M, K
_UNITS: Final = ("B", "KB", "MB", "GB", "TB")


@cache
def babel_locale(language: Language) -> Locale:
    """Return Babel's locale of a language."""
    return Locale.parse(language.value, sep="-")


def format_number(number: int, language: Language) -> str:
    """Return a number with all its digits, grouped: 12,345."""
    return format_decimal(number, locale=babel_locale(language))


@lru_cache(maxsize=4096)
def format_count(number: int, language: Language) -> str:
    """Return a number short enough for a list: 1.2万, 1.2萬, 12K; two digits or more are kept."""
    digits = len(str(abs(number)))
    steps = _THOUSANDS if language is Language.ENGLISH else _MYRIADS
    single = digits in steps  # one digit is left before the unit, so it gets one behind the point
    return format_compact_decimal(
        number, locale=babel_locale(language), fraction_digits=1 if single else 0
    )


def format_size(size_bytes: int) -> str:
    """Return a size in the units that Telegram shows, 1 KB being 1024 bytes: 3.4 MB."""
    amount = float(max(0, size_bytes))
    unit = 0
    while amount >= 1000 and unit < len(_UNITS) - 1:
        amount /= 1024
        unit += 1
    shown = f"{amount:.1f}" if unit and amount < 100 else f"{amount:.0f}"
    return f"{shown.removesuffix('.0')} {_UNITS[unit]}"


def format_duration(duration_s: int) -> str:
    """Return a playing time: 0:07, 12:30, 1:02:03."""
    minutes, seconds = divmod(max(0, duration_s), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"
