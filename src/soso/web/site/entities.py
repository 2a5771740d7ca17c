"""A post's text with its formatting, as HTML.

Knows entity kinds and the few tags they may become; knows no page. Nothing of the text goes into
the result without being escaped here, once. Entities may nest, overlap, lie outside the text or
name hostile addresses: tags always come out well nested, and what can't be linked is plain.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Final
from urllib.parse import quote

from markupsafe import Markup, escape

from soso.model.post import Entity, EntityKind
from soso.web.site.foreign import clean_text, email_link, safe_link

_TAGS: Final[Mapping[EntityKind, tuple[str, str]]] = {
    EntityKind.QUOTE: ("<blockquote>", "</blockquote>"),
    EntityKind.HEADING: ('<strong class="heading">', "</strong>"),
    EntityKind.SPOILER: ('<span class="spoiler" tabindex="0">', "</span>"),
    EntityKind.BOLD: ("<b>", "</b>"),
    EntityKind.ITALIC: ("<i>", "</i>"),
    EntityKind.UNDERLINE: ("<u>", "</u>"),
    EntityKind.STRIKE: ("<s>", "</s>"),
    EntityKind.CODE: ("<code>", "</code>"),
    EntityKind.COMMAND: ('<span class="command">', "</span>"),
    EntityKind.MENTION_NAME: ('<span class="mention">', "</span>"),
}
"""Kinds that always become the same tag."""

_LINKS: Final = frozenset(
    {
        EntityKind.LINK,
        EntityKind.TEXT_LINK,
        EntityKind.MENTION,
        EntityKind.HASHTAG,
        EntityKind.CASHTAG,
        EntityKind.EMAIL,
    }
)
_BLOCKS: Final = frozenset({EntityKind.QUOTE, EntityKind.PRE, EntityKind.HEADING})
# Outermost first; all links share a rank, since a link can't stand in a link.
_ORDER: Final = (
    EntityKind.QUOTE,
    EntityKind.PRE,
    EntityKind.HEADING,
    EntityKind.SPOILER,
    EntityKind.LINK,
    EntityKind.MENTION_NAME,
    EntityKind.COMMAND,
    EntityKind.BOLD,
    EntityKind.ITALIC,
    EntityKind.UNDERLINE,
    EntityKind.STRIKE,
    EntityKind.CODE,
)
_RANK: Final = {kind: rank for rank, kind in enumerate(_ORDER)} | dict.fromkeys(
    _LINKS, _ORDER.index(EntityKind.LINK)
)
_MOST_AT_ONCE: Final = 32  # entities open at one place; Telegram allows about ten kinds

_PLAIN_LINK: Final = re.compile(
    r"https?://[!#-;=?-~]{3,500}|(?<![\w@/])@[A-Za-z][A-Za-z0-9_]{3,31}\b"
    r"|(?<![\w./@])t\.me/[A-Za-z0-9_+/-]{3,64}"
)
_TRAILING: Final = ".,;:!?)]}"

_Tag = tuple[str, str, Entity]
"""What opens it, what closes it, and the entity it is of."""


def render_text(
    text: str, entities: Sequence[Entity], *, known: Mapping[str, str] | None = None, start: int = 0
) -> Markup:
    """Return text[start:] with its entities as HTML; line breaks stay as they are (pre-wrap).

    entities: [start, end) in code points of text, any order, anything may be wrong with them.
    known: lower case username -> path of its page here; other mentions lead to Telegram.
    O(len(text) + entities).  Raises nothing.
    """
    tag_of = _tag_maker(text, known or {})
    parts: list[str] = [""]
    said = 0  # where in parts the latest stretch of text is
    open_tags: list[_Tag] = []
    for begin, end, active in _iter_stretches(text, entities, min(start, len(text))):
        wanted = [tag for entity in active if (tag := tag_of(entity)) is not None]
        same = _shared(open_tags, wanted)
        closed, opened = open_tags[same:], wanted[same:]
        stretch = clean_text(text[begin:end])
        if _any_block(closed):  # a block ends the line before and behind it by itself
            stretch = stretch.removeprefix("\n")
        elif _any_block(opened):
            parts[said] = parts[said].removesuffix("\n")
        parts += [close for _, close, _ in reversed(closed)]
        parts += [tag for tag, _, _ in opened]
        said = len(parts)
        parts.append(str(escape(stretch)))
        open_tags = wanted
    parts += [close for _, close, _ in reversed(open_tags)]
    return Markup("".join(parts))  # every part is a tag of ours or was escaped


def render_plain(text: str) -> Markup:
    """Return text that came without entities, with its addresses and @names linked."""
    entities = []
    for match in _PLAIN_LINK.finditer(text):
        kind = EntityKind.MENTION if match[0].startswith("@") else EntityKind.LINK
        size = len(match[0].rstrip(_TRAILING))
        entities.append(Entity(kind=kind, start=match.start(), end=match.start() + size))
    return render_text(text, entities)


def _iter_stretches(
    text: str, entities: Sequence[Entity], start: int
) -> Iterator[tuple[int, int, list[Entity]]]:
    """Yield (begin, end, entities in force, outermost first) for stretches that cover the text."""
    size = len(text)
    inside = [e for e in entities if max(e.start, start) < min(e.end, size) and e.kind in _RANK]
    inside.sort(key=lambda entity: (entity.start, -entity.end))
    edges = {start, size}
    edges.update(max(entity.start, start) for entity in inside)
    edges.update(min(entity.end, size) for entity in inside)
    places = sorted(edges)
    waiting = iter(inside)
    upcoming = next(waiting, None)
    active: list[Entity] = []
    for begin, end in pairwise(places):
        active = [entity for entity in active if entity.end > begin]
        while upcoming is not None and upcoming.start <= begin:
            if len(active) < _MOST_AT_ONCE:
                active.append(upcoming)
            upcoming = next(waiting, None)
        yield begin, end, _one_of_each_rank(active)


def _one_of_each_rank(active: Sequence[Entity]) -> list[Entity]:
    """Return the entities in nesting order, of each rank the one that began first."""
    chosen: dict[int, Entity] = {}
    for entity in active:
        chosen.setdefault(_RANK[entity.kind], entity)
    return [chosen[rank] for rank in sorted(chosen)]


def _shared(open_tags: Sequence[_Tag], wanted: Sequence[_Tag]) -> int:
    """Return how many of the outermost tags stay open."""
    same = 0
    for mine, other in zip(open_tags, wanted, strict=False):
        if mine[2] is not other[2]:
            break
        same += 1
    return same


def _any_block(tags: Sequence[_Tag]) -> bool:
    return any(entity.kind in _BLOCKS for _, _, entity in tags)


def _tag_maker(text: str, known: Mapping[str, str]) -> Callable[[Entity], _Tag | None]:
    """Return what makes an entity's tags, None where the entity adds nothing."""
    made: dict[int, _Tag | None] = {}  # by identity: an entity is asked for at every stretch

    def tag_of(entity: Entity) -> _Tag | None:
        if id(entity) not in made:
            made[id(entity)] = _make_tag(entity, text, known)
        return made[id(entity)]

    return tag_of


def _make_tag(entity: Entity, text: str, known: Mapping[str, str]) -> _Tag | None:
    if entity.kind in _TAGS:
        before, after = _TAGS[entity.kind]
        return before, after, entity
    if entity.kind is EntityKind.PRE:
        language = escape(clean_text(entity.language or "")[:30])
        label = f' data-language="{language}"' if language else ""
        return f"<pre{label}><code>", "</code></pre>", entity
    link = _link_of(entity, text[max(0, entity.start) : entity.end], known)
    if link is None:
        return None
    rel = "" if link.startswith("/") else ' rel="nofollow noopener ugc"'
    return f'<a href="{escape(link)}"{rel}>', "</a>", entity


def _link_of(entity: Entity, marked: str, known: Mapping[str, str]) -> str | None:
    """Return where a link-like entity leads: marked is the text it stands on."""
    match entity.kind:
        case EntityKind.TEXT_LINK:
            return safe_link(entity.url)
        case EntityKind.EMAIL:
            return email_link(marked)
        case EntityKind.MENTION:
            name = marked.removeprefix("@")
            return known.get(name.lower()) or safe_link(f"https://t.me/{quote(name, safe='')}")
        case EntityKind.HASHTAG | EntityKind.CASHTAG:
            return f"/search?q={quote(marked, safe='')}"
        case _:
            return safe_link(entity.url or marked)
