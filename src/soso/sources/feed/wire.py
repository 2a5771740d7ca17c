"""The raw shape of a feed, the same for RSS, Atom and JSON Feed, and nothing vouched for.

Knows no format and no producer; xml.py and json_feed.py fill it.
"""

import re
from datetime import datetime
from typing import Final
from urllib.parse import urljoin, urlsplit

from soso.model.value import Value

MAX_LABEL_CHARS: Final = 1024
MAX_ADDRESS_CHARS: Final = 4096

_SCHEME: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")


class Enclosure(Value):
    """A file that an entry carries or shows. mime: as told, may be empty."""

    url: str
    mime: str = ""
    bytes: int | None = None
    width: int | None = None
    height: int | None = None


class Entry(Value):
    """One entry. html: its body; a plain one is in text instead. base: what its links start from.

    at: None where no usable time is told; at_certain: False where its zone is not.
    """

    guid: str | None = None
    link: str | None = None
    title: str = ""
    html: str = ""
    text: str = ""
    base: str = ""
    author: str | None = None
    at: datetime | None = None
    at_certain: bool = True
    updated_at: datetime | None = None
    enclosures: tuple[Enclosure, ...] = ()
    views: int | None = None


class RawFeed(Value):
    """A feed as it came. left_out: entries beyond those that are read; cut: it ends too early."""

    title: str = ""
    link: str | None = None
    description: str = ""
    picture: str | None = None
    entries: tuple[Entry, ...] = ()
    left_out: int = 0
    cut: bool = False


def as_text(value: object) -> str:
    """Return a string, or an empty one for anything else."""
    return value if isinstance(value, str) else ""


def as_label(value: object) -> str:
    """Return a short text on one line."""
    return " ".join(as_text(value)[:MAX_LABEL_CHARS].split())


def as_count(value: object) -> int | None:
    """Return a whole number of at most 15 digits, also from a string; otherwise None."""
    text = str(value) if isinstance(value, int) and not isinstance(value, bool) else as_text(value)
    text = text.strip()
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= 15 else None


def absolute(address: object, base: str) -> str | None:
    """Return a web address, a relative one from base; None for what is none or of another scheme."""
    text = as_text(address).strip()
    if not text or len(text) > MAX_ADDRESS_CHARS:
        return None
    try:
        whole = urljoin(base, text) if base else text
        parts = urlsplit(whole)
        host = parts.hostname
    except ValueError:  # such as an IPv6 host that is none
        return None
    return whole if parts.scheme in ("http", "https") and host else None


def has_scheme(address: str) -> bool:
    """Whether an address says itself how it is reached."""
    return _SCHEME.match(address) is not None
