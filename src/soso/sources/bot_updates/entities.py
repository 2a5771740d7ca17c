"""Text and its marks: offsets of the Bot API count UTF-16 units, ours count code points. Pure."""

from collections.abc import Iterable
from typing import Final

from soso.model.post import Entity, EntityKind
from soso.sources.bot_updates.wire import Raw, as_int, as_label, as_map, as_peer, as_url

KINDS: Final = {
    "mention": EntityKind.MENTION,
    "hashtag": EntityKind.HASHTAG,
    "cashtag": EntityKind.CASHTAG,
    "bot_command": EntityKind.COMMAND,
    "url": EntityKind.LINK,
    "email": EntityKind.EMAIL,
    "phone_number": EntityKind.PHONE,
    "bank_card": EntityKind.BANK_CARD,
    "bold": EntityKind.BOLD,
    "italic": EntityKind.ITALIC,
    "underline": EntityKind.UNDERLINE,
    "strikethrough": EntityKind.STRIKE,
    "spoiler": EntityKind.SPOILER,
    "blockquote": EntityKind.QUOTE,
    "expandable_blockquote": EntityKind.QUOTE,
    "code": EntityKind.CODE,
    "pre": EntityKind.PRE,
    "text_link": EntityKind.TEXT_LINK,
    "text_mention": EntityKind.MENTION_NAME,
    "custom_emoji": EntityKind.CUSTOM_EMOJI,
}


def read_entities(text: str, raw: Iterable[object]) -> tuple[Entity, ...]:
    """Return the marks of a text, sorted; those that do not fit into it are left out."""
    points = _points(text)
    found: list[Entity] = []
    for one in map(as_map, raw):
        offset, length = as_int(one.get("offset")), as_int(one.get("length"), low=1)
        if offset is None or length is None or offset + length >= len(points):
            continue
        entity = make_entity(one, points[offset], points[offset + length])
        if entity is not None:
            found.append(entity)
    return tuple(sorted(found, key=lambda one: (one.start, -one.end)))


def make_entity(raw: Raw, start: int, end: int) -> Entity | None:
    """Return what a mark says of [start, end) in code points; None if it says nothing to us."""
    name = raw.get("type")
    kind = KINDS.get(name) if isinstance(name, str) else None
    if kind is None or start >= end:
        return None
    match kind:
        case EntityKind.TEXT_LINK:
            url = as_url(raw.get("url"))
            return Entity(kind=kind, start=start, end=end, url=url) if url else None
        case EntityKind.PRE:
            return Entity(kind=kind, start=start, end=end, language=as_label(raw.get("language")))
        case EntityKind.MENTION_NAME:
            peer = as_peer(as_map(raw.get("user")))
            return Entity(kind=kind, start=start, end=end, peer=peer)
    return Entity(kind=kind, start=start, end=end)


def _points(text: str) -> list[int]:
    """Return for every UTF-16 offset the code point it lies in, the end included."""
    points: list[int] = []
    for place, char in enumerate(text):
        points.append(place)
        if char > "\uffff":
            points.append(place)
    points.append(len(text))
    return points
