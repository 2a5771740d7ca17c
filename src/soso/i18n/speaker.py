"""A speaker: all that a door needs to talk to one reader, in one language and zone.

Knows wordings, numbers and dates; knows no HTML. Pages, the bot and the command line use it.
"""

from datetime import datetime, timedelta, tzinfo
from functools import lru_cache

from soso.i18n.dates import Moment, format_day, format_moment, format_month, format_span
from soso.i18n.language import Language
from soso.i18n.numbers import (
    babel_locale,
    format_count,
    format_duration,
    format_number,
    format_size,
)
from soso.i18n.wording import fill, load_wording
from soso.query.results import Notice, Reason


class Speaker:
    """Says things in one language; made for every answer, since it knows the present."""

    def __init__(self, language: Language, zone: tzinfo, now: datetime) -> None:
        self.language = language
        self._zone = zone
        self._now = now
        self._wording = load_wording(language)

    def text(self, key: str, *, n: int | None = None, **args: object) -> str:
        """Return a wording with its places filled; n fills {n}, grouped, and picks the plural.

        Raises KeyError for a key that the wordings do not have: a mistake in our own code.
        """
        filled = {name: str(value) for name, value in args.items()}
        if n is not None:
            filled["n"] = format_number(n, self.language)
        return fill(self._wording[key], self.language, filled, n)

    def pick(self, group: str, name: str) -> str:
        """Return the wording group.name, or group.other where the name is not known to us."""
        key = f"{group}.{name}"
        return self.text(key if key in self._wording else f"{group}.other")

    def notice(self, notice: Notice) -> str:
        """Return a notice in words; one whose code has no wording yet says its code."""
        key = f"notice.{notice.code}"
        if key not in self._wording:
            return self.text("notice.other", code=notice.code)
        return fill(self._wording[key], self.language, notice.args, None)

    def reason(self, reason: Reason) -> str:
        """Return in words why something is in a list."""
        named = ""
        for one in reason.named:
            named = self.text("reason.and", one=named, more=one) if named else one
        return self.text(f"reason.{reason.code}", named=named)

    def number(self, number: int) -> str:
        """Return all digits of a number, grouped."""
        return format_number(number, self.language)

    def count(self, number: int) -> str:
        """Return a number short enough for a list: 1.2万, 12K."""
        return format_count(number, self.language)

    def size(self, size_bytes: int) -> str:
        """Return a size: 3.4 MB."""
        return format_size(size_bytes)

    def duration(self, duration_s: int) -> str:
        """Return a playing time: 12:30."""
        return format_duration(duration_s)

    def span(self, span: timedelta) -> str:
        """Return how long something took: 3 hours."""
        return format_span(span, self.language)

    def day(self, at: datetime) -> str:
        """Return the day of a time."""
        return format_day(at, self._zone, self.language)

    def moment(self, at: datetime) -> Moment:
        """Return an aware time, in the archive's zone."""
        return format_moment(at, self._now, self._zone, self.language)

    def month(self, month: str) -> str:
        """Return a month such as 2026-11."""
        return format_month(month, self.language)

    def tongue(self, tag: str) -> str:
        """Return a language's name, such as "日语" for ja; of an unknown one, "other languages"."""
        key = f"tongue.{tag}"
        if key in self._wording:
            return self.text(key)
        return _name_language(tag, self.language) or self.text("tongue.other")


@lru_cache(maxsize=512)
def _name_language(tag: str, language: Language) -> str | None:
    """Return the name of a tag of one part; und and mul are not languages."""
    if not tag.isalpha():
        return None
    return babel_locale(language).languages.get(tag.lower())
