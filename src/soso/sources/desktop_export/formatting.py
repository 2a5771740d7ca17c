"""Text with formatting: `text` and `text_entities` of a message.

Text is a string, or a list of strings and of objects with a type and their stretch of the text;
put together they are the text, so offsets are sums of lengths. Pure.
"""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final

from msgspec.structs import replace

from soso.model.post import Entity, EntityKind
from soso.sources.desktop_export.peers import read_user
from soso.sources.desktop_export.wire import MAX_URL_CHARS, Raw, as_label

Formatted = tuple[str, tuple[Entity, ...]]
"""A text and the entities that point into it, sorted by start."""

ENTITY_KINDS: Final[Mapping[str, EntityKind]] = MappingProxyType(
    {
        "mention": EntityKind.MENTION,
        "hashtag": EntityKind.HASHTAG,
        "cashtag": EntityKind.CASHTAG,
        "bot_command": EntityKind.COMMAND,
        "link": EntityKind.LINK,
        "email": EntityKind.EMAIL,
        "phone": EntityKind.PHONE,
        "bank_card": EntityKind.BANK_CARD,
        "bold": EntityKind.BOLD,
        "italic": EntityKind.ITALIC,
        "underline": EntityKind.UNDERLINE,
        "strikethrough": EntityKind.STRIKE,
        "spoiler": EntityKind.SPOILER,
        "code": EntityKind.CODE,
        "pre": EntityKind.PRE,
        "blockquote": EntityKind.QUOTE,
        "text_link": EntityKind.TEXT_LINK,
        "mention_name": EntityKind.MENTION_NAME,
        "custom_emoji": EntityKind.CUSTOM_EMOJI,
    }
)


def read_text(raw: Raw) -> Formatted:
    """Return a message's text: of text_entities, which names the type of every part, or of text."""
    entities = raw.get("text_entities")
    if isinstance(entities, list) and entities:
        read = read_formatted(entities)
        if read[0]:
            return read
    return read_formatted(raw.get("text"))


def read_formatted(value: object) -> Formatted:
    """Return the text of a string, a part, or a list of both; anything else is no text."""
    if isinstance(value, str):
        return value, ()
    if isinstance(value, dict):
        value = [value]
    if not isinstance(value, list):
        return "", ()
    pieces: list[str] = []
    entities: list[Entity] = []
    at = 0
    for part in value:
        text = part.get("text") if isinstance(part, dict) else part
        if not isinstance(text, str) or not text:
            continue
        pieces.append(text)
        if isinstance(part, dict) and (entity := read_entity(part, at, at + len(text))) is not None:
            entities.append(entity)
        at += len(text)
    return "".join(pieces), tuple(entities)


def read_entity(part: Raw, start: int, end: int) -> Entity | None:
    """Return what a part says of the stretch of text [start, end); None if it is plain."""
    name = part.get("type")
    kind = ENTITY_KINDS.get(name) if isinstance(name, str) else None
    if kind is None:
        return None
    if kind is EntityKind.TEXT_LINK:
        href = part.get("href")
        if not isinstance(href, str) or not 0 < len(href) <= MAX_URL_CHARS:
            return None
        return Entity(kind=kind, start=start, end=end, url=href)
    if kind is EntityKind.PRE:
        return Entity(kind=kind, start=start, end=end, language=as_label(part.get("language")))
    if kind is EntityKind.MENTION_NAME:
        return Entity(kind=kind, start=start, end=end, peer=read_user(part.get("user_id")))
    return Entity(kind=kind, start=start, end=end)


def read_plain(value: object) -> str:
    """Return a text without its formatting and without the white space around it."""
    return read_formatted(value)[0].strip()


def join_formatted(texts: Iterable[Formatted]) -> Formatted:
    """Return texts as one, each beginning on a new line; empty ones leave no line."""
    pieces: list[str] = []
    entities: list[Entity] = []
    at = 0
    for text, marks in texts:
        if not text:
            continue
        pieces.append(text)
        entities.extend(shift_entity(entity, at) for entity in marks)
        at += len(text) + 1
    return "\n".join(pieces), tuple(entities)


def shift_entity(entity: Entity, by: int) -> Entity:
    """Return an entity that much further into the text."""
    return replace(entity, start=entity.start + by, end=entity.end + by) if by else entity
