"""Posts of 7.x with `rich_message`: a tree of blocks instead of text. Pure.

Every release adds blocks, so this knows where words stand (text, title, caption, content, items,
cells) rather than every block, and walks the rest. Blocks begin on lines of their own.
"""

from typing import Final

from soso.model.media import Media
from soso.model.post import Button, Entity, EntityKind, Location
from soso.model.value import Value
from soso.sources.desktop_export.formatting import ENTITY_KINDS, read_entity
from soso.sources.desktop_export.media import read_media
from soso.sources.desktop_export.parts import read_button, read_location
from soso.sources.desktop_export.wire import Raw, as_label
from soso.sources.lines import Lines

# Marks that only the texts of blocks have; the others are those of plain messages.
_INLINE: Final = {
    "strike": EntityKind.STRIKE,
    "fixed": EntityKind.CODE,
    "url": EntityKind.TEXT_LINK,
}
_BLOCKS: Final = {
    "heading": EntityKind.HEADING,
    "title": EntityKind.HEADING,
    "subtitle": EntityKind.HEADING,
    "header": EntityKind.HEADING,
    "subheader": EntityKind.HEADING,
    "code": EntityKind.PRE,
    "pre": EntityKind.PRE,
    "preformatted": EntityKind.PRE,
    "quote": EntityKind.QUOTE,
    "blockquote": EntityKind.QUOTE,
    "pullquote": EntityKind.QUOTE,
}
_WORDS: Final = ("title", "text", "content", "caption")
_STANDING: Final = frozenset(
    {"heading", "paragraph", "footer", "list", "table", "details", "cover", "collage", "slideshow"}
    | {"photo", "video", "audio", "file", "map", "embed", "embed_post", "channel", "button_row"}
    | {"related_articles", "author_date", "thinking"}
)
_NESTS: Final = frozenset({"blocks", "items", "rows", "cells"})
_CELLS: Final = "cells"
_SILENT: Final = frozenset({"unsupported", "divider", "anchor"})
_MAX_DEPTH: Final = 100  # real ones have less than ten


class Rich(Value):
    """What a rich message holds; entities may lie in one another."""

    text: str
    entities: tuple[Entity, ...]
    media: tuple[Media, ...]
    buttons: tuple[Button, ...]
    location: Location | None


def read_rich(value: object) -> Rich:
    """Return what can be read of a rich message, of whatever shape."""
    walk = _Walk()
    walk.block(value, 0)
    return Rich(
        text=walk.lines.text(),
        entities=tuple(sorted(walk.entities, key=lambda entity: (entity.start, -entity.end))),
        media=tuple(walk.media),
        buttons=tuple(walk.buttons),
        location=walk.location,
    )


class _Walk:
    def __init__(self) -> None:
        self.lines = Lines()
        self.entities: list[Entity] = []
        self.media: list[Media] = []
        self.buttons: list[Button] = []
        self.location: Location | None = None

    def block(self, value: object, depth: int) -> None:
        """Collect a block, or a list of them, each from a new line."""
        if depth > _MAX_DEPTH:
            return
        if isinstance(value, dict):
            self._block(value, depth)
        elif isinstance(value, list):
            for item in value:
                self.lines.new_line()
                if isinstance(item, str):
                    self.lines.say(item)
                else:
                    self.block(item, depth + 1)

    def _block(self, raw: Raw, depth: int) -> None:
        kind = raw.get("type")
        name = kind if isinstance(kind, str) else ""
        if name in _SILENT:
            return
        self.media.extend(read_media(raw))
        here = {"location_information": raw}  # maps may have their point in themselves
        self.location = self.location or read_location(raw) or read_location(here)
        self.lines.new_line()
        start = self.lines.next
        for key in _WORDS:
            self.lines.new_line()
            self.inline(raw.get(key), depth + 1)
        if name in _BLOCKS:
            self._mark(_BLOCKS[name], raw, start)
        for key, child in raw.items():
            if key == _CELLS:
                self._cells(child, depth + 1)
            elif name == "button_row" and isinstance(child, list):
                self._buttons(child, depth + 1)
            elif key not in _WORDS and isinstance(child, (dict, list)):
                self.block(child, depth + 1)

    def inline(self, value: object, depth: int) -> None:
        """Collect a text: a string, an object with a mark, or a list of them, without breaks."""
        if depth > _MAX_DEPTH:
            return
        if isinstance(value, str):
            self.lines.say(value)
        elif isinstance(value, list):
            for item in value:
                self.inline(item, depth + 1)
        elif isinstance(value, dict):
            if _is_block(value):
                self.block(value, depth + 1)
                self.lines.new_line()
                return
            start = self.lines.next
            for key in _WORDS:
                self.inline(value.get(key), depth + 1)
            self._mark(_inline_kind(value), value, start)

    def _cells(self, value: object, depth: int) -> None:
        """Collect a row of a table, its cells set apart by tabs; or a list of rows."""
        if not isinstance(value, list) or depth > _MAX_DEPTH:
            return
        for number, cell in enumerate(value):
            if isinstance(cell, list):
                self.lines.new_line()
                self._cells(cell, depth + 1)
                continue
            if number:
                self.lines.say("\t")
            self.inline(cell, depth + 1)

    def _buttons(self, value: object, depth: int) -> None:
        if isinstance(value, list) and depth <= _MAX_DEPTH:
            for item in value:
                self._buttons(item, depth + 1)
        elif isinstance(value, dict) and (button := read_button(value)) is not None:
            self.buttons.append(button)

    def _mark(self, kind: EntityKind | None, raw: Raw, start: int) -> None:
        end = self.lines.length
        if kind is None or end <= start:
            return
        if kind is EntityKind.PRE:
            language = as_label(raw.get("language"))
            self.entities.append(Entity(kind=kind, start=start, end=end, language=language))
        elif kind is EntityKind.TEXT_LINK:
            href = raw.get("href") or raw.get("url")
            link = read_entity({"type": "text_link", "href": href}, start, end)
            self.entities.extend([link] if link is not None else [])
        elif kind is EntityKind.MENTION_NAME:
            mention = read_entity({**raw, "type": "mention_name"}, start, end)
            self.entities.extend([mention] if mention is not None else [])
        else:
            self.entities.append(Entity(kind=kind, start=start, end=end))


def _inline_kind(raw: Raw) -> EntityKind | None:
    name = raw.get("type")
    return (ENTITY_KINDS.get(name) or _INLINE.get(name)) if isinstance(name, str) else None


def _is_block(raw: Raw) -> bool:
    name = raw.get("type")
    return (isinstance(name, str) and name in _STANDING) or not _NESTS.isdisjoint(raw)
