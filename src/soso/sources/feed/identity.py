"""Which post an entry is: Telegram's own, or one of a feed that has its own numbers.

Knows how guids and links are written. Must not know what an entry says.

An entry is a post of Telegram only if its guid says so, or if its guid says nothing and its link
does: in a blog that writes about other people's posts the link leads to such a post and the entry
is not it.
"""

import hashlib
from collections import Counter
from collections.abc import Sequence
from typing import Final

from soso.model.ids import Peer
from soso.model.value import Value
from soso.sources.feed.wire import Entry, RawFeed
from soso.sources.web_preview.values import TelegramLink, parse_telegram_link, query_values

_FIRST_OWN_ID: Final = 2**52
"""Own ids are in [2**52, 2**53): far from Telegram's 31 bits, and exact in a JSON number."""


class PostName(Value):
    """A post's place on Telegram."""

    post_id: int
    username: str | None = None
    peer: Peer | None = None


def find_post(entry: Entry, feed: RawFeed) -> PostName | None:
    """Return the post of Telegram that an entry is, None if it is none."""
    told = _post_of(entry.guid)
    if told is not None:
        return told
    linked = _post_of(entry.link)
    if linked is None or entry.guid is None or entry.guid == str(linked.post_id):
        return linked
    if "://" in entry.guid:
        return None
    owner = parse_telegram_link(feed.link)
    same = owner is not None and (owner.username or "").lower() == (linked.username or "").lower()
    return linked if same else None


def number_entries(entries: Sequence[Entry]) -> list[int]:
    """Return an id of our own for each entry: the same one whenever and wherever it is met.

    52 bits of a hash of the guid, or of the link, or of title and time. A hash and not a kept
    table: a table grows for as long as the feed is followed, and an archive that lost it, or
    another one that imports this one's dump, would number the same posts anew. Of 100,000 entries
    two meet with a probability of one in a million; the later one would then seem to be an edit.
    Guids that a broken feed gives to several entries are not used.
    """
    counts = Counter(entry.guid for entry in entries)
    return [_number(_key(entry, use_guid=counts[entry.guid] == 1)) for entry in entries]


def _post_of(address: str | None) -> PostName | None:
    link: TelegramLink | None = parse_telegram_link(address)
    if link is None or link.post_id is None or query_values(address, "comment"):
        return None
    return PostName(post_id=link.post_id, username=link.username, peer=link.peer)


def _key(entry: Entry, *, use_guid: bool) -> str:
    if use_guid and entry.guid:
        return _without_scheme(entry.guid)
    if entry.link:
        return _without_scheme(entry.link)
    if entry.title or entry.at:
        return f"{entry.title}\n{entry.at.isoformat() if entry.at else ''}"
    return entry.html or entry.text


def _without_scheme(address: str) -> str:
    """A site that moves to https keeps its posts."""
    return address.removeprefix("https://").removeprefix("http://")


def _number(key: str) -> int:
    digest = hashlib.sha256(key.encode("utf-8", "surrogatepass")).digest()
    return _FIRST_OWN_ID + int.from_bytes(digest[:8]) % _FIRST_OWN_ID
