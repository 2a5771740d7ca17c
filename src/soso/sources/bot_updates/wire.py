"""The raw shapes of the Bot API, and how to read values that nobody vouches for.

A webhook takes what is sent to it and a server may be newer than we are, so every value is checked.
These functions know JSON types and Telegram's ids; what a field means is for parse.py.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final, TypeAlias

from soso.model.chat import ChatKind
from soso.model.ids import Peer, PeerKind

Raw: TypeAlias = Mapping[str, object]

MAX_ID: Final = 2**53
MAX_LABEL_CHARS: Final = 1024
MAX_URL_CHARS: Final = 8192
MAX_TEXT_CHARS: Final = 100_000
_CHANNEL_MARK: Final = 10**12
_NOTHING: Final[Raw] = {}
_KINDS: Final = {
    "channel": ChatKind.CHANNEL,
    "supergroup": ChatKind.GROUP,
    "group": ChatKind.GROUP,
    "private": ChatKind.PERSON,
}
_YEAR_3000_S: Final = 32_503_680_000


def as_map(value: object) -> Raw:
    """Return value if it is an object, otherwise an empty one."""
    return value if isinstance(value, Mapping) else _NOTHING


def as_list(value: object) -> list[object]:
    """Return value if it is an array, otherwise an empty one."""
    return value if isinstance(value, list) else []


def as_text(value: object) -> str:
    """Return value if it is a string, without lone surrogates; otherwise an empty one."""
    if not isinstance(value, str):
        return ""
    return value[:MAX_TEXT_CHARS].encode("utf-8", "replace").decode("utf-8")


def as_label(value: object) -> str | None:
    """Return a short string without the white space around it; None if nothing is left."""
    return as_text(value)[:MAX_LABEL_CHARS].strip() or None


def as_url(value: object) -> str | None:
    """Return an address of a sensible length, or None."""
    text = as_text(value)
    return text if 0 < len(text) <= MAX_URL_CHARS else None


def as_int(value: object, *, low: int = 0, high: int = MAX_ID) -> int | None:
    """Return a whole number in [low, high], also from a float without a fraction; else None."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int):
        return None
    return value if low <= value <= high else None


def as_float(value: object, *, low: float, high: float) -> float | None:
    """Return a number in [low, high]; otherwise None."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if low <= value <= high else None


def as_time(value: object) -> datetime | None:
    """Return the time that Unix seconds tell, None for none and for absurd ones."""
    seconds = as_int(value, low=1, high=_YEAR_3000_S)
    return datetime.fromtimestamp(seconds, UTC) if seconds is not None else None


def as_peer(chat: Raw) -> Peer | None:
    """Return who a chat or user is; ids of channels and supergroups are marked with -100."""
    number = as_int(chat.get("id"), low=-MAX_ID)
    if not number:
        return None
    if number > 0:
        return Peer(kind=PeerKind.USER, id=number)
    if -number > _CHANNEL_MARK:
        return Peer(kind=PeerKind.CHANNEL, id=-number - _CHANNEL_MARK)
    return Peer(kind=PeerKind.GROUP, id=-number)


def as_kind(chat: Raw) -> ChatKind:
    """Return what a chat is."""
    name = chat.get("type")
    return _KINDS.get(name, ChatKind.UNKNOWN) if isinstance(name, str) else ChatKind.UNKNOWN


def as_name(who: Raw) -> str | None:
    """Return a chat's title, or a person's names."""
    names = (as_label(who.get("first_name")), as_label(who.get("last_name")))
    return as_label(who.get("title")) or " ".join(name for name in names if name) or None


def as_username(who: Raw) -> str | None:
    """Return a public name without @, if it can be one."""
    name = as_text(who.get("username")).removeprefix("@")
    is_name = 1 <= len(name) <= 64 and name.isascii() and name.replace("_", "a").isalnum()
    return name if is_name else None
