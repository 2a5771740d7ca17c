"""How chats, posts and documents are named.

A chat has a key of our own (a row number) and, once known, its peer: the kind and the bare positive
id that Telegram uses. A post is named by its chat and Telegram's message id. A document is what the
index knows a post or a chat by.
"""

import re
from enum import StrEnum
from typing import Final, NewType

from soso.model.value import Value

ChatKey = NewType("ChatKey", int)
"""A chat's row in the store: positive, never used twice."""

PostKey = NewType("PostKey", int)
"""A post's row in the store: positive, never used twice."""

DocId = NewType("DocId", int)
"""What the index calls a post (even) or a chat (odd)."""


class PeerKind(StrEnum):
    """Telegram numbers these three apart from each other."""

    CHANNEL = "channel"  # channels and supergroups
    GROUP = "group"  # basic groups
    USER = "user"  # people and bots


_PREFIX: Final = {PeerKind.CHANNEL: "", PeerKind.GROUP: "g", PeerKind.USER: "u"}
_REF: Final = re.compile(r"([gux]?)([1-9][0-9]{0,18})")


class Peer(Value):
    """Who something is on Telegram, independent of its name."""

    kind: PeerKind
    id: int  # the bare positive id: without -100, 2**32 or any other mark

    @property
    def ref(self) -> str:
        """The peer in addresses and answers: 1500000001, g42, u77."""
        return f"{_PREFIX[self.kind]}{self.id}"


def parse_peer(ref: str) -> Peer | None:
    """Return the peer that a ref such as 1500000001, g42 or u77 names, or None."""
    match = _REF.fullmatch(ref)
    if match is None or match[1] == "x":
        return None
    kind = next(kind for kind, prefix in _PREFIX.items() if prefix == match[1])
    return Peer(kind=kind, id=int(match[2]))


def parse_provisional(ref: str) -> ChatKey | None:
    """Return the chat key in a ref such as x17, which names a chat whose peer is not known yet."""
    match = _REF.fullmatch(ref)
    return ChatKey(int(match[2])) if match is not None and match[1] == "x" else None


def provisional_ref(key: ChatKey) -> str:
    """The ref of a chat whose peer is not known yet."""
    return f"x{key}"


def post_doc(key: PostKey) -> DocId:
    """The document of a post."""
    return DocId(key * 2)


def chat_doc(key: ChatKey) -> DocId:
    """The document of a chat."""
    return DocId(key * 2 + 1)


def is_chat_doc(doc: DocId) -> bool:
    """Whether a document is a chat; otherwise it is a post."""
    return doc % 2 == 1


def doc_key(doc: DocId) -> int:
    """The chat key or post key that a document stands for."""
    return doc // 2
