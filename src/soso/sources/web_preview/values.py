"""Small values as preview pages write them: counts, sizes, durations, styles, addresses.

Everything odd gives None. Must not know elements.
"""

import re
from datetime import UTC, datetime
from decimal import Decimal
from typing import Final, NamedTuple
from urllib.parse import parse_qs, unquote, urlsplit

from soso.model.ids import Peer, PeerKind
from soso.sources.web_preview.wire import read_channel_id, read_post_id

USERNAME: Final = re.compile(r"[A-Za-z][A-Za-z0-9_]{3,31}")
_SPACES: Final = re.compile(r"[\s\u00a0\u2007\u2009\u202f]+")
_COUNT: Final = re.compile(r"([0-9]{1,15})(?:[.,]([0-9]{1,3}))?([KMBkmb]?)")
_THOUSANDS: Final = re.compile(r"[0-9]{1,3}(?:[.,'’][0-9]{3})+")
_POWER: Final = {"": 1, "K": 1000, "M": 10**6, "B": 10**9}
_SIZE: Final = re.compile(r"([0-9]{1,9}(?:[.,][0-9]{1,3})?) ?(B|bytes?|[KMGT]i?B)", re.IGNORECASE)
_UNIT: Final = {"B": 1, "K": 2**10, "M": 2**20, "G": 2**30, "T": 2**40}
_DURATION: Final = re.compile(r"(?:([0-9]{1,4}):)?([0-9]{1,4}):([0-9]{2})")
_BACKGROUND: Final = re.compile(
    r"background-image\s*:\s*url\(\s*(?:'([^']*)'|\"([^\"]*)\"|([^)'\"]*))"
)
_LENGTH: Final = re.compile(
    r"(?:^|;)\s*(width|padding-top)\s*:\s*([0-9]{1,6}(?:\.[0-9]{1,20})?)(px|%)"
)
_SCHEME: Final = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
_LINK_SCHEMES: Final = frozenset({"http", "https", "tg", "ton", "mailto", "tel"})
_HOSTS: Final = frozenset({"t.me", "www.t.me", "telegram.me", "telegram.dog"})
_MAX_ADDRESS: Final = 4096
_MAX_FIELDS: Final = 100
_MAX_COUNT: Final = 10**15


class Count(NamedTuple):
    """A number and whether the page gave all its digits."""

    value: int
    exact: bool


class TelegramLink(NamedTuple):
    """Where a t.me address leads: a name or a channel's id, and perhaps a post."""

    username: str | None = None
    peer: Peer | None = None
    post_id: int | None = None


def parse_count(text: str) -> Count | None:
    """Return a count such as 746, 1 234, 37.2K or 2.38M."""
    compact = _SPACES.sub("", text)
    if _THOUSANDS.fullmatch(compact):
        compact = re.sub(r"[^0-9]", "", compact)
    match = _COUNT.fullmatch(compact)
    if match is None:
        return None
    whole, part, suffix = match[1], match[2] or "", match[3].upper()
    if part and not suffix:
        return None
    value = int(Decimal(f"{whole}.{part or 0}") * _POWER[suffix])
    return Count(value, exact=not suffix) if value <= _MAX_COUNT else None


def parse_size(text: str) -> int | None:
    """Return bytes from a size such as 2.1 MB; Telegram's units are powers of 1024."""
    match = _SIZE.fullmatch(_SPACES.sub(" ", text).strip())
    if match is None:
        return None
    return int(Decimal(match[1].replace(",", ".")) * _UNIT[match[2][0].upper()])


def parse_duration(text: str) -> int | None:
    """Return seconds from 0:34 or 1:02:33."""
    match = _DURATION.fullmatch(text.strip())
    if match is None:
        return None
    return int(match[1] or 0) * 3600 + int(match[2]) * 60 + int(match[3])


def parse_time(text: str) -> datetime | None:
    """Return an ISO time as UTC; a time without a zone is taken as UTC, as Telegram's are."""
    try:
        moment = datetime.fromisoformat(text.strip())
        moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return moment if 1970 <= moment.year < 2100 else None


def parse_background(style: str | None) -> str | None:
    """Return the address of a style's background picture, as media_address gives it."""
    match = _BACKGROUND.search(style or "")
    return media_address(match[1] or match[2] or match[3]) if match else None


def parse_lengths(style: str | None) -> dict[str, float]:
    """Return width and padding-top of a style: width in pixels as "px" or percent as "width%"."""
    found: dict[str, float] = {}
    for name, number, unit in _LENGTH.findall(style or ""):
        found.setdefault(name + unit, float(number))
    return found


def media_address(raw: str | None) -> str | None:
    """Return where a picture or sound is: an address, or a path beside a saved page as it is.

    Embedded data and every scheme but http and https give None.
    """
    text = (raw or "").strip()
    if not text or len(text) > _MAX_ADDRESS:
        return None
    if text.startswith("//"):
        return "https:" + text
    if text.startswith("/"):
        return "https://t.me" + text
    scheme = _SCHEME.match(text)
    if scheme is not None and scheme[1].lower() not in {"http", "https"}:
        return None
    return text


def is_local(address: str) -> bool:
    """Whether media_address gave a path beside the saved page rather than an address."""
    return _SCHEME.match(address) is None


def link_address(raw: str | None, *, twice: bool = False) -> str | None:
    """Return where a link leads, if its scheme is one that may be shown.

    twice: the page escaped it twice, which it does since 2024 beside an onclick.
    """
    text = (raw or "").strip()
    if twice and "&amp;" in text:
        text = text.replace("&amp;", "&")
        for name, sign in (("&quot;", '"'), ("&#39;", "'"), ("&#33;", "!")):
            text = text.replace(name, sign)
    if not text or len(text) > _MAX_ADDRESS:
        return None
    if text.startswith("//"):
        return "https:" + text
    if text.startswith("/"):
        return "https://t.me" + text
    scheme = _SCHEME.match(text)
    return text if scheme is not None and scheme[1].lower() in _LINK_SCHEMES else None


def query_values(address: str | None, name: str) -> list[str]:
    """Return the values of one field of an address's query."""
    try:
        query = parse_qs(urlsplit(address or "").query, max_num_fields=_MAX_FIELDS)
    except ValueError:
        return []
    return query.get(name, [])


def parse_telegram_link(raw: str | None) -> TelegramLink | None:
    """Return what a t.me address names: /NAME, /s/NAME, /NAME/ID, /NAME/TOPIC/ID, /c/<id>/ID."""
    address = link_address(raw)
    if address is None:
        return None
    try:
        parts = urlsplit(address)
    except ValueError:
        return None
    if (parts.hostname or "") not in _HOSTS:
        return None
    steps = [step for step in unquote(parts.path).split("/") if step]
    if steps[:1] == ["s"]:
        steps = steps[1:]
    if steps[:1] == ["c"]:
        channel = read_channel_id(steps[1]) if len(steps) > 1 else None
        peer = Peer(kind=PeerKind.CHANNEL, id=channel) if channel is not None else None
        return TelegramLink(peer=peer, post_id=_last_id(steps[2:])) if peer else None
    if not steps or not USERNAME.fullmatch(steps[0]):
        return None
    return TelegramLink(username=steps[0], post_id=_last_id(steps[1:]))


def _last_id(steps: list[str]) -> int | None:
    return read_post_id(steps[-1]) if steps else None
