"""Text with entities, whose offsets Telegram counts in UTF-16 units, as text with code points."""

from collections.abc import Sequence
from typing import Any, Final

from soso.model.ids import Peer, PeerKind
from soso.model.post import Entity, EntityKind
from soso.sources.mtproto.wire import MAX_URL_CHARS, as_int, as_label, as_text, field, kind_of

KINDS: Final = {
    "Mention": EntityKind.MENTION,
    "Hashtag": EntityKind.HASHTAG,
    "Cashtag": EntityKind.CASHTAG,
    "BotCommand": EntityKind.COMMAND,
    "Url": EntityKind.LINK,
    "Email": EntityKind.EMAIL,
    "Phone": EntityKind.PHONE,
    "BankCard": EntityKind.BANK_CARD,
    "Bold": EntityKind.BOLD,
    "Italic": EntityKind.ITALIC,
    "Underline": EntityKind.UNDERLINE,
    "Strike": EntityKind.STRIKE,
    "Spoiler": EntityKind.SPOILER,
    "Code": EntityKind.CODE,
    "Pre": EntityKind.PRE,
    "Blockquote": EntityKind.QUOTE,
    "TextUrl": EntityKind.TEXT_LINK,
    "MentionName": EntityKind.MENTION_NAME,
    "CustomEmoji": EntityKind.CUSTOM_EMOJI,
}
_PREFIX: Final = "MessageEntity"
_WIDE: Final = 0xFFFF

Formatted = tuple[str, tuple[Entity, ...]]
"""A text and the entities that point into it, sorted by start, outer ones first."""


def read_formatted(text: Any, entities: Sequence[Any]) -> Formatted:
    """Return a text with its marks. Marks of unknown kinds, or outside the text, are left out."""
    written = as_text(text)
    places = _Places(written)
    found = []
    for raw in entities:
        kind = KINDS.get(kind_of(raw).removeprefix(_PREFIX))
        offset, length = as_int(field(raw, "offset")), as_int(field(raw, "length"), low=1)
        if kind is None or offset is None or length is None:
            continue
        start, end = places.of(offset), places.of(offset + length)
        if start is None or end is None or end <= start:
            continue
        if (entity := make_entity(kind, start, end, raw)) is not None:
            found.append(entity)
    found.sort(key=lambda entity: (entity.start, -entity.end))
    return written, tuple(found)


def make_entity(kind: EntityKind, start: int, end: int, raw: Any) -> Entity | None:
    """Return a mark with what its kind carries; None for a link without an address."""
    if kind is EntityKind.TEXT_LINK:
        url = as_text(field(raw, "url"))
        if not 0 < len(url) <= MAX_URL_CHARS:
            return None
        return Entity(kind=kind, start=start, end=end, url=url)
    if kind is EntityKind.PRE:
        language = as_label(field(raw, "language"))
        return Entity(kind=kind, start=start, end=end, language=language)
    if kind is EntityKind.MENTION_NAME:
        number = as_int(field(raw, "user_id"), low=1)
        peer = Peer(kind=PeerKind.USER, id=number) if number is not None else None
        return Entity(kind=kind, start=start, end=end, peer=peer)
    return Entity(kind=kind, start=start, end=end)


class _Places:
    """Where a UTF-16 offset lies in code points; one inside a pair belongs to the character."""

    def __init__(self, text: str) -> None:
        self._length = len(text)
        self._table: list[int] | None = None
        if any(ord(char) > _WIDE for char in text):
            table: list[int] = []
            for place, char in enumerate(text):
                table += [place, place] if ord(char) > _WIDE else [place]
            self._table = [*table, len(text)]

    def of(self, offset: int) -> int | None:
        if self._table is None:
            return offset if offset <= self._length else None
        return self._table[offset] if offset < len(self._table) else None
