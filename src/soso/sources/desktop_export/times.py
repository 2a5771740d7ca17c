"""When something was posted: Unix seconds since 3.7.6, before that local time without a zone.

Knows how exports write times. Reads no clock; the zone of the exporting computer is an argument.
"""

from datetime import UTC, datetime, timedelta, timezone, tzinfo
from typing import Final

from soso.model.value import Value
from soso.sources.desktop_export.wire import Raw, as_int

_LAST_S: Final = 2**32 - 1  # Telegram keeps times in 32 bits


class Moment(Value):
    """A time in UTC; certain is False if it was local time and nobody said of which zone."""

    at: datetime
    certain: bool = True


def read_moment(raw: Raw, key: str, zone: tzinfo | None) -> Moment | None:
    """Return the time under key, from key_unixtime if it is there; None if neither can be read."""
    seconds = as_int(raw.get(f"{key}_unixtime"), low=1, high=_LAST_S)
    if seconds is not None:
        return Moment(at=datetime.fromtimestamp(seconds, UTC))
    written = raw.get(key)
    if not isinstance(written, str):
        return None
    try:
        return from_local(datetime.fromisoformat(written), zone)
    except ValueError:
        return None


def from_local(written: datetime, zone: tzinfo | None) -> Moment | None:
    """Return the moment of a time on the exporting computer's clock; None if it is absurd."""
    certain = written.tzinfo is not None or zone is not None
    if written.tzinfo is None:
        written = written.replace(tzinfo=zone or UTC)
    try:
        at = written.astimezone(UTC)
        seconds = at.timestamp()
    except (OverflowError, ValueError):
        return None
    return Moment(at=at, certain=certain) if 0 < seconds <= _LAST_S else None


def from_offset(written: datetime, offset: timedelta, zone: tzinfo | None) -> Moment | None:
    """Return the moment of a local time that came with its zone's offset, as HTML exports write it.

    The exporter writes the offset of standard time even in summer. With a zone that has this very
    standard offset the hour of summer time is taken into account, otherwise offset is believed.
    """
    if zone is not None:
        local = written.replace(tzinfo=zone)
        if (local.utcoffset() or timedelta()) - (local.dst() or timedelta()) == offset:
            return from_local(local, zone)
    return from_local(written.replace(tzinfo=timezone(offset)), None)
