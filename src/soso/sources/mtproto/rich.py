"""rich_message: a tree of blocks and texts instead of text with entities (layer 225 and later).

Every layer adds blocks, so this knows which fields hold words and walks the rest. Blocks begin on
lines of their own. Pure.
"""

from typing import Any, Final

from soso.model.media import Media
from soso.model.post import Button, Entity, EntityKind
from soso.model.value import Value
from soso.sources.lines import Lines
from soso.sources.mtproto.formatting import KINDS, make_entity
from soso.sources.mtproto.media import read_document, read_photo
from soso.sources.mtproto.wire import as_label, as_text, field, items_of, kind_of

_INLINE: Final = {
    **{f"Text{name}": kind for name, kind in KINDS.items()},
    "TextFixed": EntityKind.CODE,
    "TextUrl": EntityKind.TEXT_LINK,
    "TextAutoUrl": EntityKind.LINK,
    "TextAutoEmail": EntityKind.EMAIL,
    "TextAutoPhone": EntityKind.PHONE,
}
_BLOCKS: Final = {
    **{f"PageBlockHeading{level}": EntityKind.HEADING for level in range(1, 7)},
    "PageBlockTitle": EntityKind.HEADING,
    "PageBlockSubtitle": EntityKind.HEADING,
    "PageBlockHeader": EntityKind.HEADING,
    "PageBlockSubheader": EntityKind.HEADING,
    "PageBlockKicker": EntityKind.HEADING,
    "PageBlockPreformatted": EntityKind.PRE,
    "PageBlockBlockquote": EntityKind.QUOTE,
    "PageBlockBlockquoteBlocks": EntityKind.QUOTE,
    "PageBlockPullquote": EntityKind.QUOTE,
}
_SILENT: Final = frozenset({"PageBlockUnsupported", "PageBlockDivider", "PageBlockAnchor"})
_WORDS: Final = ("title", "text", "source", "author", "description", "caption", "credit")
_NESTED: Final = ("cover", "blocks", "items", "rows", "articles")
_FILES: Final = ("photo_id", "video_id", "audio_id", "document_id")
INSIDE: Final = "inside a rich message"
_MAX_DEPTH: Final = 100  # real ones have less than ten


class Rich(Value):
    """What a rich message holds; entities may lie in one another."""

    text: str
    entities: tuple[Entity, ...]
    media: tuple[Media, ...]
    buttons: tuple[Button, ...]


def read_rich(message: Any) -> Rich:
    """Return what can be read of a rich message. Its files have no place that could be named."""
    walk = _Walk(message)
    for block in items_of(message, "blocks"):
        walk.block(block, 0)
    return Rich(
        text=walk.lines.text(),
        entities=tuple(sorted(walk.entities, key=lambda entity: (entity.start, -entity.end))),
        media=tuple(walk.media),
        buttons=tuple(walk.buttons),
    )


def read_button(raw: Any) -> Button | None:
    """Return a button that opens an address; the others do nothing outside of Telegram."""
    url = as_text(field(raw, "url")) or as_text(field(field(raw, "type"), "url"))
    text = as_label(field(raw, "text"))
    if text is None or not url.lower().startswith(("https://", "http://", "tg://")):
        return None
    return Button(text=text, url=url[:8192])


class _Walk:
    def __init__(self, message: Any) -> None:
        self.lines = Lines()
        self.entities: list[Entity] = []
        self.media: list[Media] = []
        self.buttons: list[Button] = []
        files = [read_photo(raw, None, INSIDE) for raw in items_of(message, "photos")]
        files += [read_document(raw, None, INSIDE) for raw in items_of(message, "documents")]
        raws = [*items_of(message, "photos"), *items_of(message, "documents")]
        self._files = {
            field(raw, "id"): file
            for raw, file in zip(raws, files, strict=True)
            if file is not None
        }

    def block(self, raw: Any, depth: int) -> None:
        """Collect a block from a new line, with all in it."""
        kind = kind_of(raw)
        if depth > _MAX_DEPTH or kind in _SILENT:
            return
        for name in _FILES:
            if (file := self._files.get(field(raw, name))) is not None and file not in self.media:
                self.media.append(file)
        self.lines.new_line()
        start = self.lines.next
        for name in _WORDS:
            self.lines.new_line()
            self.inline(field(raw, name), depth + 1)
        for name in _NESTED:
            content = field(raw, name)
            for child in content if isinstance(content, list) else [content]:
                if child is not None:
                    self.block(child, depth + 1)
        self._cells(items_of(raw, "cells"), depth + 1)
        for button in items_of(raw, "buttons"):
            if (found := read_button(button)) is not None:
                self.buttons.append(found)
        if kind in _BLOCKS:
            self._mark(_BLOCKS[kind], raw, start)

    def inline(self, raw: Any, depth: int) -> None:
        """Collect a text: a string, an object with a mark, or a caption, without breaks."""
        if depth > _MAX_DEPTH or raw is None:
            return
        if isinstance(raw, str):
            self.lines.say(raw)
            return
        kind = kind_of(raw)
        if kind == "PageCaption":
            self.inline(field(raw, "text"), depth + 1)
            self.lines.new_line()
            self.inline(field(raw, "credit"), depth + 1)
            return
        start = self.lines.next
        for part in items_of(raw, "texts"):
            self.inline(part, depth + 1)
        if kind == "TextCustomEmoji":
            self.lines.say(as_text(field(raw, "alt")))
        elif kind == "TextMath":
            self.lines.say(as_text(field(raw, "source")))
        else:
            self.inline(field(raw, "text"), depth + 1)
        if kind in _INLINE:
            self._mark(_INLINE[kind], raw, start)

    def _cells(self, cells: list[Any], depth: int) -> None:
        for number, cell in enumerate(cells):
            if number:
                self.lines.say("\t")
            self.inline(field(cell, "text"), depth + 1)

    def _mark(self, kind: EntityKind, raw: Any, start: int) -> None:
        if self.lines.length > start:
            entity = make_entity(kind, start, self.lines.length, raw)
            self.entities.extend([entity] if entity is not None else [])
