"""What ties a post to others beside its words: addresses, forwards, pictures, names, tags.

Knows when two posts have the same thing. Must not know how much that says (similarity/related.py)
nor which posts there are. The index keeps the terms in fields.BOND, so that all posts with the same
thing are found at once, and how many there are.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum
from typing import Final, NamedTuple
from urllib.parse import urlsplit

from soso.model.chat import Chat
from soso.model.post import EntityKind, Post
from soso.text.entities import entities_of, find_links, find_tags

MOST: Final = 40
"""Of one post; a digest of a hundred links is tied to nothing by any of them."""

_TELEGRAM: Final = frozenset(("t.me", "telegram.me", "telegram.dog"))
_NAME: Final = re.compile(r"[A-Za-z]\w{3,31}", re.ASCII)
_POST: Final = re.compile(r"/(?:s/)?([A-Za-z]\w{3,31}|c/\d{1,19})/(\d{1,18})", re.ASCII)
_CHAT: Final = re.compile(r"/(?:s/)?([A-Za-z]\w{3,31})", re.ASCII)
_TRACKING: Final = re.compile(
    r"(?:utm_\w+|spm|share\w*|fbclid|gclid|igshid|si)(?:=.*)?", re.I | re.S
)
_NO_NAMES: Final = frozenset(
    ("joinchat", "addstickers", "addemoji", "share", "proxy", "socks", "setlanguage", "iv", "login")
)


class BondKind(StrEnum):
    """What two posts may have in common."""

    LINK = "link"  # the same address outside Telegram
    POST = "post"  # a link to, or a forward of, the same post
    PICTURE = "picture"  # the same file, or one that looks the same
    SOURCE = "source"  # forwarded from the same chat
    NAME = "name"  # the same @name
    TAG = "tag"  # the same hashtag


class Bond(NamedTuple):
    """One such thing. value: as people read it, folded so that equal things are equal."""

    kind: BondKind
    value: str

    @property
    def term(self) -> str:
        """What the index knows it by: a hash of 60 bits, as 15 hexadecimal digits."""
        digest = hashlib.blake2b(
            f"{self.kind}:{self.value}".encode("utf-8", "surrogatepass"), digest_size=8
        )
        return digest.hexdigest()[:15]


def find_bonds(post: Post) -> list[Bond]:
    """Return what a post may have in common with others, each once, at most MOST. Raises nothing."""
    found = dict.fromkeys(_iter_bonds(post))
    return list(found)[:MOST]


def anchors_of(chat: Chat, ids: Iterable[int]) -> list[Bond]:
    """Return the bonds by which other posts point at posts of a chat."""
    names = [f"@{name}" for name in _names(chat)]
    if chat.peer is not None:
        names.append(chat.peer.ref)
    return [Bond(BondKind.POST, f"{name}/{id_}") for id_ in ids for name in names]


def names_of(chat: Chat) -> list[Bond]:
    """Return the bonds of posts that mention a chat or were forwarded from it."""
    names = [f"@{name}" for name in _names(chat)]
    found = [Bond(kind, name) for name in names for kind in (BondKind.NAME, BondKind.SOURCE)]
    if chat.peer is not None:
        found.append(Bond(BondKind.SOURCE, chat.peer.ref))
    return found


def _names(chat: Chat) -> list[str]:
    names = (chat.username or "", *(name.name for name in chat.usernames))
    return list(dict.fromkeys(name.lower() for name in names if name))


def _iter_bonds(post: Post) -> Iterator[Bond]:
    for media in post.media:
        if media.picture is not None:
            yield Bond(BondKind.PICTURE, media.picture.blob)
            if media.picture.look:
                yield Bond(BondKind.PICTURE, media.picture.look)
    yield from _of_forward(post)
    for link in find_links(post):
        yield from _of_link(link)
    for entity in entities_of(post):
        if entity.kind is EntityKind.MENTION:
            name = post.text[max(entity.start, 0) : max(entity.end, 0)].strip("@＠ ")
            if _NAME.fullmatch(name):
                yield Bond(BondKind.NAME, f"@{name.lower()}")
    for tag in find_tags(post):
        yield Bond(BondKind.TAG, f"#{tag.casefold()}")


def _of_forward(post: Post) -> Iterator[Bond]:
    forward = post.forward
    if forward is None:
        return
    names: Sequence[str] = (
        f"@{forward.username.lower()}" if forward.username else "",
        forward.peer.ref if forward.peer is not None else "",
    )
    for name in filter(None, names):
        yield Bond(BondKind.SOURCE, name)
        if forward.post_id is not None:
            yield Bond(BondKind.POST, f"{name}/{forward.post_id}")


def _of_link(link: str) -> Iterator[Bond]:
    try:
        parts = urlsplit(link)
        host = (parts.hostname or "").removeprefix("www.").removeprefix("m.")
    except ValueError:  # a bracket that opens no address of a machine
        return
    if host in _TELEGRAM:
        yield from _of_telegram(parts.path)
        return
    if not host or parts.scheme not in ("http", "https"):
        return
    pairs = [pair for pair in parts.query.split("&") if pair and not _TRACKING.fullmatch(pair)]
    path, query = parts.path.rstrip("/"), "&".join(pairs)
    if path or query:  # the front page of a site says as little as its name
        yield Bond(BondKind.LINK, f"{host}{path}?{query}" if query else f"{host}{path}")


def _of_telegram(path: str) -> Iterator[Bond]:
    post = _POST.match(path)
    if post is not None:
        name = post[1]
        holder = name[2:] if name.startswith("c/") else f"@{name.lower()}"
        yield Bond(BondKind.POST, f"{holder}/{int(post[2])}")
        return
    chat = _CHAT.match(path)
    if chat is not None and chat[1].lower() not in _NO_NAMES:
        yield Bond(BondKind.NAME, f"@{chat[1].lower()}")
