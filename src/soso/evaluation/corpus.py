"""A labelled set as an archive: its documents written as rows that the importer reads.

Posts become posts of one public channel without a title, all of one moment, so that neither the
chat's words nor age tell them apart; chats become public chats with members and usernames.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import msgspec

from soso.evaluation.sets import LabelledDocument, LabelledSet
from soso.model.chat import ChatKind
from soso.query.results import Card

CHANNEL: Final = "1000000001"
_FIRST_CHAT: Final = 2_000_000_000
AT: Final = "2024-01-01T00:00:00Z"


class Corpus:
    """Which document is which post or chat of the archive."""

    def __init__(self, labelled: LabelledSet) -> None:
        self._documents = labelled.documents
        self._names: dict[str, str] = {}
        self._places: dict[str, int] = {}
        for place, document in enumerate(labelled.documents, 1):
            self._places[document.id] = place
            self._names[_ref(document, place)] = document.id

    def write(self, file: Path) -> None:
        """Write the rows as JSON Lines."""
        encode = msgspec.json.Encoder().encode
        with file.open("wb") as out:
            for row in self._rows():
                out.write(encode(row) + b"\n")

    def find(self, card: Card) -> str | None:
        """Return the document that a card shows, None for the channel that holds the posts."""
        stored = card.stored
        ref = card.chat.ref if stored is None else f"{card.chat.ref}/{stored.post.id}"
        return self._names.get(ref)

    def post_of(self, document: str) -> tuple[str, int]:
        """Return the chat and post id of a document that is a post."""
        return CHANNEL, self._places[document]

    def _rows(self) -> Iterator[dict[str, Any]]:
        if any(document.chat is None for document in self._documents):
            yield {"type": "chat", "chat": CHANNEL, "kind": "channel", "is_public": True}
        used: set[str] = set()
        for place, document in enumerate(self._documents, 1):
            if document.chat is None:
                head = {"type": "post", "chat": CHANNEL, "id": place, "at": AT}
                yield {**head, "text": document.whole}
            else:
                yield _chat_row(document, place, used)


def _ref(document: LabelledDocument, place: int) -> str:
    if document.chat is None:
        return f"{CHANNEL}/{place}"
    prefix = "u" if document.chat.kind is ChatKind.BOT else ""
    return f"{prefix}{_FIRST_CHAT + place}"


def _chat_row(document: LabelledDocument, place: int, used: set[str]) -> dict[str, Any]:
    """A username that an earlier chat of the set holds is left out; it would rename that one."""
    facts = document.chat
    if facts is None:
        raise TypeError("a post has no row of a chat")
    first, _, rest = document.text.partition("\n")
    title, description = (document.title, document.text) if document.title else (first, rest)
    row: dict[str, Any] = {
        "type": "chat",
        "chat": _ref(document, place),
        "kind": facts.kind,
        "title": title,
        "description": description,
        "is_public": True,
    }
    if facts.members is not None:
        row["members"] = facts.members
    if facts.username is not None and facts.username.lower() not in used:
        used.add(facts.username.lower())
        row["username"] = facts.username
    return row
