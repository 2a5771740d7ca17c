"""Times as people write them, in the archive's zone.

Knows calendars and how each language writes dates; the present is an argument.
"""

from datetime import datetime, timedelta, tzinfo
from functools import lru_cache

from babel.dates import format_date, format_skeleton, format_timedelta

from soso.i18n.language import Language
from soso.i18n.numbers import babel_locale
from soso.model.value import Value


class Moment(Value):
    """A time in three dresses.

    iso: for machines, with the zone's offset. full: date and time of day. short: for lists;
    relative within a week, else a date, with the year if it is not this one.
    """

    iso: str
    full: str
    short: str


def format_moment(at: datetime, now: datetime, zone: tzinfo, language: Language) -> Moment:
    """Return a time for people.  at, now: aware.  Raises nothing, at the ends of time too."""
    local = _localize(at, zone)
    age = now - at
    if timedelta(0) <= age < timedelta(days=7):
        short = _format_age(_round_age(age), language)
    else:
        this_year = local.year == _localize(now, zone).year
        short = _format_day(local.replace(tzinfo=None), "MMMd" if this_year else "yMMMd", language)
    full = f"{_format_long(local.replace(tzinfo=None), language)} {local:%H:%M}"
    return Moment(iso=local.isoformat(timespec="seconds"), full=full, short=short)


def format_day(at: datetime, zone: tzinfo, language: Language) -> str:
    """Return the day of a time.  Raises nothing, at the ends of time too."""
    return _format_long(_localize(at, zone).replace(tzinfo=None), language)


def format_span(span: timedelta, language: Language) -> str:
    """Return how long something took, in its largest unit: 3 hours; under a minute in seconds."""
    return format_timedelta(
        span, "second", threshold=1, format="long", locale=babel_locale(language)
    )


def format_month(month: str, language: Language) -> str:
    """Return a month such as 2026-11 for people; what is no month comes back as it is."""
    try:
        first = datetime.strptime(month, "%Y-%m")
    except ValueError:
        return month
    return _format_day(first, "yMMM", language)


def _localize(at: datetime, zone: tzinfo) -> datetime:
    try:
        return at.astimezone(zone)
    except OverflowError:  # within a day of the years 1 and 9999
        return at


def _round_age(age: timedelta) -> timedelta:
    """Return an age in whole days, hours or minutes; nobody needs "0 minutes ago"."""
    for unit in (timedelta(days=1), timedelta(hours=1)):
        if age >= unit:
            return age // unit * unit
    return max(timedelta(minutes=1), age // timedelta(minutes=1) * timedelta(minutes=1))


@lru_cache(maxsize=512)
def _format_age(age: timedelta, language: Language) -> str:
    locale = babel_locale(language)
    return format_timedelta(-age, "minute", threshold=1, add_direction=True, locale=locale)


def _format_day(local: datetime, skeleton: str, language: Language) -> str:
    return format_skeleton(skeleton, local, locale=babel_locale(language))


def _format_long(local: datetime, language: Language) -> str:
    return format_date(local, "medium", locale=babel_locale(language))
