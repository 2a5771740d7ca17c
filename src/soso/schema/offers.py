"""What a post or a chat offers to be suggested: its title, tags, names of files.

Knows what is worth suggesting; must not know weights or how suggestions are kept. Nothing of what
may not be listed is offered, and nothing that is sensitive or holds somebody's number.
"""

from collections.abc import Iterator
from hashlib import blake2b
from typing import Final

from soso.model.chat import Chat, ChatKind
from soso.model.media import MediaKind
from soso.model.post import StoredPost
from soso.model.value import Value
from soso.model.visibility import is_listed, is_sensitive
from soso.schema.build import is_indexed
from soso.text.analyzers import Analyzers
from soso.text.entities import find_tags
from soso.text.personal import is_personal
from soso.text.prefixes import fold_typed, list_beginnings
from soso.text.title import LONGEST, is_device_name, make_title

CHAT: Final = "chat"
TAG: Final = "tag"
POST: Final = "post"
FILE: Final = "file"
KINDS: Final = (CHAT, TAG, POST, FILE)

VERSION: Final = 1
"""Raised when the same text is to be found by other beginnings; all offers are then made anew."""

_SHORTEST: Final = {TAG: 1, POST: 2, FILE: 3}
_SHORTEST_SAID: Final = 4  # of a group's message: below it, it is hardly a title
_MOST_TAGS: Final = 10
_MOST_FILES: Final = 5
_FILE_KINDS: Final = (MediaKind.FILE, MediaKind.AUDIO, MediaKind.VIDEO)
_BEGINNINGS_OF_NAMES: Final = 4
_BEGINNINGS_OF_TEXTS: Final = 2


class Offer(Value):
    """Something that may be suggested.

    entry: what equal offers have in common: posts with one title offer the same. A hash of 52
    bits: among a million, two unlike ones are the same once in 10,000 archives.
    text: as it is shown.
    """

    entry: int
    kind: str
    text: str


def offer_chat(chat: Chat, analyzers: Analyzers) -> Offer | None:
    """Return what a chat offers, None if it may not be listed or has no name."""
    text = " ".join(chat.title.split()) or (f"@{chat.username}" if chat.username else "")
    if not is_listed(chat) or not text:
        return None
    told = f"{chat.key}\0{text}\0{chat.username}"  # under another name it is another entry
    return Offer(entry=_entry(CHAT, told, analyzers), kind=CHAT, text=text)


def offer_post(stored: StoredPost, chat: Chat, analyzers: Analyzers) -> list[Offer]:
    """Return what a post offers, each once: its title, its tags, the names of its files."""
    if not is_indexed(stored, chat) or is_sensitive(chat, stored):
        return []
    found: dict[int, Offer] = {}
    for kind, text in _texts(stored, chat):
        folded = fold_typed(text, analyzers)
        if len(folded) < _SHORTEST[kind] or is_personal(text):
            continue
        entry = _entry(kind, folded, analyzers)
        found.setdefault(entry, Offer(entry=entry, kind=kind, text=text))
    return list(found.values())


def list_keys(
    offer: Offer, analyzers: Analyzers, *, username: str | None = None, whole: bool = False
) -> list[str]:
    """Return the beginnings by which an offer is found. username: of a chat. whole: uncut."""
    named = offer.kind in (CHAT, TAG)
    keys = list_beginnings(
        offer.text,
        analyzers,
        spoken=named,
        words=named,
        most=_BEGINNINGS_OF_NAMES if named else _BEGINNINGS_OF_TEXTS,
        whole=whole,
    )
    names = list_beginnings(username, analyzers, whole=whole) if username else ()
    return list(dict.fromkeys((*keys, *names)))


def _texts(stored: StoredPost, chat: Chat) -> Iterator[tuple[str, str]]:
    post = stored.post
    title = make_title(post, chat.title)
    if title.text and "://" not in title.text and (title.start is not None or not post.media):
        shortest = _SHORTEST_SAID if chat.kind is ChatKind.GROUP else 0
        if len(title.text) >= shortest:
            yield POST, title.text
    for tag in find_tags(post)[:_MOST_TAGS]:
        if len(tag) <= LONGEST:
            yield TAG, tag
    for media in post.media[:_MOST_FILES]:
        name = " ".join((media.file_name or "").split())
        if media.kind in _FILE_KINDS and 0 < len(name) <= 2 * LONGEST and not is_device_name(name):
            yield FILE, name


def _entry(kind: str, told: str, analyzers: Analyzers) -> int:
    """The analyzers are part of it: where they give other beginnings, it is another entry."""
    content = f"{VERSION}\0{analyzers.fingerprint}\0{kind}\0{told}".encode("utf-8", "ignore")
    digest = blake2b(content, digest_size=8).digest()
    return int.from_bytes(digest, "big") >> 12
