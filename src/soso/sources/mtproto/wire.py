"""TL objects as Telethon hands them over, read by the name of their type.

By name and not by class, so that nothing here needs the optional library, a type of another layer
is unknown and no error, and a test can make its own. Must not know what a post is.
"""

import math
from datetime import UTC, datetime
from typing import Any, Final

from soso.model.ids import Peer, PeerKind

MAX_LABEL_CHARS: Final = 1024
MAX_URL_CHARS: Final = 8192
MAX_POST_ID: Final = 2**31 - 1
_MAX_PEER_ID: Final = 2**53
_YEARS: Final = range(1990, 2100)
_PEERS: Final = {
    "PeerChannel": ("channel_id", PeerKind.CHANNEL),
    "PeerChat": ("chat_id", PeerKind.GROUP),
    "PeerUser": ("user_id", PeerKind.USER),
}


def kind_of(value: Any) -> str:
    """Return the name of a TL object's type."""
    return type(value).__name__


def field(value: Any, name: str) -> Any:
    """Return a field, None where the object has none of that name."""
    return getattr(value, name, None)


def items_of(value: Any, name: str) -> list[Any]:
    """Return a field that is a list, otherwise an empty one."""
    found = field(value, name)
    return list(found) if isinstance(found, (list, tuple)) else []


def as_text(value: Any) -> str:
    """Return a string; of a TextWithEntities its text; otherwise an empty one."""
    if not isinstance(value, str):
        value = field(value, "text")
    return value if isinstance(value, str) else ""


def as_label(value: Any) -> str | None:
    """Return a short string without the white space around it; None if nothing is left."""
    return as_text(value)[:MAX_LABEL_CHARS].strip() or None


def as_int(value: Any, *, low: int = 0, high: int = _MAX_PEER_ID) -> int | None:
    """Return a whole number in [low, high], also of a float's; otherwise None."""
    if isinstance(value, float) and math.isfinite(value):
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        return None
    return value


def as_time(value: Any) -> datetime | None:
    """Return a time as UTC; Telethon's times are aware, and TL's zero is none."""
    if not isinstance(value, datetime) or value.year not in _YEARS:
        return None
    return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def read_peer(value: Any) -> Peer | None:
    """Return who a PeerChannel, PeerChat or PeerUser names."""
    name, kind = _PEERS.get(kind_of(value), (None, None))
    number = as_int(field(value, name), low=1) if name is not None else None
    return Peer(kind=kind, id=number) if kind is not None and number is not None else None
