"""Rich messages (Bot API 10): a tree of blocks instead of a text. Pure.

Every version adds blocks, so this knows where words stand rather than every block: under text,
summary, credit, caption, items, cells and blocks; what else there is, is walked through. Blocks
begin on lines of their own.
"""

from typing import Final

from soso.model.media import Media
from soso.model.post import Button, Entity, EntityKind, Location
from soso.model.value import Value
from soso.sources.bot_updates.entities import KINDS, make_entity
from soso.sources.bot_updates.media import read_media
from soso.sources.bot_updates.parts import make_button, read_location
from soso.sources.bot_updates.wire import MAX_TEXT_CHARS, Raw, as_list, as_map, as_text
from soso.sources.lines import Lines

_BLOCKS: Final = {
    "heading": EntityKind.HEADING,
    "blockquote": EntityKind.QUOTE,
    "expandable_blockquote": EntityKind.QUOTE,
    "pullquote": EntityKind.QUOTE,
}
_RENAMED: Final = {
    "url": "text_link",
    "email_address": "email",
    "bank_card_number": "bank_card",
}
_WORDS: Final = ("summary", "text", "expression")
_AFTER: Final = ("caption", "credit")
_MAX_DEPTH: Final = 60  # real ones have less than ten


class Rich(Value):
    """What a rich message holds; entities may lie in one another."""

    text: str
    entities: tuple[Entity, ...]
    media: tuple[Media, ...]
    buttons: tuple[Button, ...]
    location: Location | None


def read_rich(raw: Raw) -> Rich:
    """Return what can be read of a rich message, of whatever shape."""
    walk = _Walk()
    walk.blocks(raw.get("blocks"), 0)
    return Rich(
        text=walk.lines.text(),
        entities=tuple(sorted(walk.entities, key=lambda one: (one.start, -one.end))),
        media=tuple(walk.media),
        buttons=tuple(walk.buttons),
        location=walk.location,
    )


class _Walk:
    def __init__(self) -> None:
        self.lines = Lines(limit=MAX_TEXT_CHARS)
        self.entities: list[Entity] = []
        self.media: list[Media] = []
        self.buttons: list[Button] = []
        self.location: Location | None = None

    def blocks(self, value: object, depth: int) -> None:
        """Collect blocks, each from a new line."""
        if depth > _MAX_DEPTH:
            return
        for block in as_list(value):
            self.lines.new_line()
            self._block(as_map(block), depth)

    def _block(self, raw: Raw, depth: int) -> None:
        kind = as_text(raw.get("type"))
        self.media.extend(read_media(raw, None))
        self.location = self.location or read_location(raw)
        for button in as_list(raw.get("buttons")):
            self._button(as_map(button))
        start = self.lines.next
        if label := as_text(raw.get("label")):
            self.lines.label(label)  # an item begins on the line of its number
        for key in _WORDS:
            self.inline(raw.get(key), depth + 1)
        self.blocks(raw.get("blocks"), depth + 1)
        self.blocks(raw.get("items"), depth + 1)
        for row in as_list(raw.get("cells")):
            self._row(row, depth + 1)
        if kind in _BLOCKS:
            self._mark(Entity(kind=_BLOCKS[kind], start=start, end=self.lines.length))
        elif kind == "pre":
            self._mark(make_entity({**raw, "type": "pre"}, start, self.lines.length))
        for key in _AFTER:
            self.lines.new_line()
            caption = as_map(raw.get(key))
            if "type" in caption or not caption:
                self.inline(raw.get(key), depth + 1)
            else:
                self.inline(caption.get("text"), depth + 1)
                self.lines.new_line()
                self.inline(caption.get("credit"), depth + 1)

    def inline(self, value: object, depth: int) -> None:
        """Collect a text: a string, an object with a mark, or a list of them, without breaks."""
        if depth > _MAX_DEPTH:
            return
        if isinstance(value, str):
            self.lines.say(as_text(value))
        elif isinstance(value, list):
            for item in value:
                self.inline(item, depth + 1)
        elif isinstance(value, dict):
            start = self.lines.next
            self._button(as_map(value.get("button")))
            for key in (*_WORDS, "alternative_text"):
                self.inline(value.get(key), depth + 1)
            name = as_text(value.get("type"))
            told = {**value, "type": _RENAMED.get(name, name)}
            if told["type"] in KINDS:
                self._mark(make_entity(told, start, self.lines.length))

    def _row(self, cells: object, depth: int) -> None:
        """Collect a row of a table, its cells set apart by tabs."""
        self.lines.new_line()
        for place, cell in enumerate(as_list(cells)):
            if place:
                self.lines.say("\t")
            self.inline(as_map(cell).get("text"), depth + 1)

    def _button(self, raw: Raw) -> None:
        button = make_button(raw) if raw else None
        if button is not None:
            self.buttons.append(button)

    def _mark(self, entity: Entity | None) -> None:
        if entity is not None and entity.end > entity.start:
            self.entities.append(entity)
