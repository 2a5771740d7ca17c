"""How exports number people, groups and channels, which changed with the versions.

Since 2.7.2 ids are strings such as user77, chat42, channel1500000001. From 1.4.8 to 2.7.1 they were
numbers, with 2**32 added for users and 2**33 for groups and channels in all places or in some.
Today's user ids have passed 2**32, so what a number means is decided per file, by its first sender.
Knows no field names but those of senders.
"""

import re
from enum import Enum
from typing import BinaryIO, Final

from soso.model.ids import Peer, PeerKind
from soso.sources.desktop_export.wire import MAX_ID, as_int


class Numbering(Enum):
    """How a file writes ids."""

    TYPED = "typed"  # strings for senders, bare numbers for chats; also files without any sender
    SHIFTED = "shifted"  # numbers, from which the mark of their kind must be taken off


_USER_MARK: Final = 2**32
_CHAT_MARK: Final = 2**33
_TYPED: Final = re.compile(r"(user|chat|channel)([1-9][0-9]{0,15})")
_KINDS: Final = {"user": PeerKind.USER, "chat": PeerKind.GROUP, "channel": PeerKind.CHANNEL}

# A quote inside a string is preceded by a backslash, so this finds keys and never text.
_SENDER: Final = re.compile(rb'(?<!\\)"(?:from|actor)_id"\s*:\s*(["0-9-])')
_OVERLAP_BYTES: Final = 64
_BLOCK_BYTES: Final = 1 << 20


def sniff_numbering(stream: BinaryIO) -> Numbering:
    """Return how a file writes ids, by the first sender in it; reads no further than that."""
    tail = b""
    while block := stream.read(_BLOCK_BYTES):
        window = tail + block
        if (found := _SENDER.search(window)) is not None:
            return Numbering.TYPED if found[1] == b'"' else Numbering.SHIFTED
        tail = window[-_OVERLAP_BYTES:]
    return Numbering.TYPED


def read_peer(value: object) -> Peer | None:
    """Return who an id in a message names, or None.

    A number without a mark is a user. Groups and channels share one mark; a channel is meant,
    because basic groups do not send.
    """
    if isinstance(value, str) and (match := _TYPED.fullmatch(value)) is not None:
        number = int(match[2])
        return Peer(kind=_KINDS[match[1]], id=number) if number <= MAX_ID else None
    marked = as_int(value, low=1)
    if marked is None:
        return None
    bare = _bare(marked)
    if bare < 1:
        return None
    return Peer(kind=PeerKind.CHANNEL if marked >= _CHAT_MARK else PeerKind.USER, id=bare)


def read_user(value: object) -> Peer | None:
    """Return the person that a bare number names, as in a mention without a username."""
    number = as_int(value, low=1)
    return Peer(kind=PeerKind.USER, id=number) if number is not None else None


def read_chat_peer(value: object, kind: PeerKind, numbering: Numbering) -> Peer | None:
    """Return the peer of an exported chat whose type told its kind; None without a usable id."""
    number = as_int(value, low=1)
    if number is not None and numbering is Numbering.SHIFTED:
        number = _bare(number)
    return Peer(kind=kind, id=number) if number else None


def _bare(marked: int) -> int:
    if marked >= _CHAT_MARK:
        return marked - _CHAT_MARK
    return marked - _USER_MARK if marked >= _USER_MARK else marked
