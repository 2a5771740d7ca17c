"""Rows out: chats, posts, tombstones and blocks as lines that end with a new line.

Pure. Parts of a post are written as the model has them, without those that are at their default.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from soso.model.batch import Block, Tombstone
from soso.model.chat import Chat
from soso.model.post import Revision, StoredPost

_ENCODER = msgspec.json.Encoder()


def encode_chat(chat: Chat) -> bytes:
    """Return the row of a chat that was not merged into another.

    What a decision may have set is always written, so that a restore sets the same.
    """
    row = {
        "type": "chat",
        "chat": chat.ref,
        "kind": chat.kind,
        "title": chat.title,
        "username": chat.username,
        "usernames": chat.usernames,
        "description": chat.description,
        "members": chat.members,
        "verified": chat.verified,
        "counters": chat.counters,
        "picture": chat.picture,
        "is_public": chat.is_public,
        "visibility": chat.visibility,
        "visibility_fixed": chat.visibility_fixed,
        "sensitive": chat.sensitive,
        "no_index": chat.no_index,
    }
    return _line({name: value for name, value in row.items() if value not in (None, (), {})})


def encode_post(stored: StoredPost, chat: Chat, revisions: Sequence[Revision]) -> bytes:
    """Return the row of a post of the chat, buried and hidden ones too.

    revisions: what it said before its edits, oldest first.
    """
    row: dict[str, Any] = {"type": "post", "chat": chat.ref, **msgspec.to_builtins(stored.post)}
    row["first_seen_at"] = stored.first_seen_at
    row["observed_at"] = stored.observed_at
    if stored.version_at is not None:
        row["version_at"] = stored.version_at
    if revisions:
        row["revisions"] = revisions
    if stored.hidden:
        row["hidden"] = True
    if stored.sensitive:
        row["sensitive"] = True
    if stored.buried_at is not None:
        row["buried_at"] = stored.buried_at
    return _line(row)


def encode_tombstone(tombstone: Tombstone, chat: Chat) -> bytes:
    """Return the row of a post that is known to be deleted; buried posts have rows of their own."""
    return _line(
        {"type": "tombstone", "chat": chat.ref, "id": tombstone.post_id, "at": tombstone.at}
    )


def encode_block(block: Block) -> bytes:
    """Return the row of something that must not come in; blocks stand before all posts."""
    return _line({"type": "block", **msgspec.to_builtins(block)})


def _line(row: Mapping[str, Any]) -> bytes:
    return _ENCODER.encode(row) + b"\n"
