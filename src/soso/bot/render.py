"""HTML as Telegram reads it: the one place where foreign text is escaped, once.

An Html value is sound by itself: its tags are closed, its text is escaped, and it knows how long
Telegram will find it, in UTF-16 units behind the parsing, and how many entities it makes.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from soso.model.value import Value
from soso.text.borders import is_border
from soso.text.foreign import clean_line, clean_text, uncommand, unlink, unlink_parts
from soso.text.snippet import Snippet

MOST_UNITS: Final = 4096
MOST_CAPTION: Final = 1024
MOST_ENTITIES: Final = 100
_ESCAPES: Final = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"})


class Html(Value):
    """A piece of a message. units: of UTF-16, as shown; entities: how many it makes."""

    source: str = ""
    units: int = 0
    entities: int = 0

    def __add__(self, other: "Html") -> "Html":
        return join((self, other))

    def __bool__(self) -> bool:
        return bool(self.source)


def units_of(text: str) -> int:
    """Return how many UTF-16 units a text has."""
    return len(text) + sum(char > "\uffff" for char in text)


def plain(text: str) -> Html:
    """Return text of ours or others on one line, with nothing in it that would be linked."""
    return _escaped(unlink(clean_line(text)))


def ours(text: str) -> Html:
    """Return a wording of ours, in which commands and names are to be linked."""
    return _escaped(clean_text(text))


def paragraphs(text: str, *, most: int) -> Html:
    """Return text of others with its lines, cut at so many units; nothing in it is linked."""
    return _escaped(cut(unlink(clean_text(text).strip()), most))


def announcement(text: str, *, most: int) -> Html:
    """Return what the operator wrote to all, cut at so many units; its addresses work."""
    return _escaped(cut(uncommand(clean_text(text)).strip(), most))


def bold(inner: Html) -> Html:
    """Return it in bold."""
    return _wrapped("<b>", inner, "</b>") if inner else inner


def code(inner: Html) -> Html:
    """Return it so that a tap copies it."""
    return _wrapped("<code>", inner, "</code>") if inner else inner


def quote(inner: Html) -> Html:
    """Return it as a quotation that can be unfolded."""
    return _wrapped("<blockquote expandable>", inner, "</blockquote>") if inner else inner


def link(inner: Html, address: str | None) -> Html:
    """Return it as a link, or as it is where there is no address. It must not hold a link."""
    if not address or not inner:
        return inner
    return _wrapped(f'<a href="{address.translate(_ESCAPES)}">', inner, "</a>")


def marked(snippet: Snippet, *, most: int, marks: int = 8) -> Html:
    """Return a snippet with what was asked for in bold. most: units; marks: how many at most."""
    stretches = list(_stretches(snippet, most, marks))
    # Telegram looks for links in the whole text, whatever of it is bold.
    texts = unlink_parts([text for text, _ in stretches])
    return join(
        bold(_escaped(text)) if is_mark else _escaped(text)
        for text, (_, is_mark) in zip(texts, stretches, strict=True)
    )


def _stretches(snippet: Snippet, most: int, marks: int) -> Iterator[tuple[str, bool]]:
    """Yield a snippet's text piece by piece, cut at so many units, and whether each is marked."""
    place = used = 0
    for start, end in (*snippet.highlights[:marks], (len(snippet.text), len(snippet.text))):
        if not place <= start <= end <= len(snippet.text):
            continue
        for stretch, is_mark in (
            (snippet.text[place:start], False),
            (snippet.text[start:end], True),
        ):
            piece = _on_line(stretch)
            room = most - used
            is_cut = units_of(piece) > room
            piece = cut(piece, room) if is_cut else piece
            used += units_of(piece)
            yield piece, is_mark and bool(piece.strip(" …"))
            if is_cut or used >= most:
                return
        place = end


def join(parts: Iterable[Html], between: str = "") -> Html:
    """Return pieces as one; empty ones are left out."""
    kept = [part for part in parts if part]
    gaps = units_of(between) * max(len(kept) - 1, 0)
    return Html(
        source=between.join(part.source for part in kept),
        units=sum(part.units for part in kept) + gaps,
        entities=sum(part.entities for part in kept),
    )


def fits(html: Html, most: int = MOST_UNITS) -> bool:
    """Whether it can be sent as one message."""
    return html.units <= most and html.entities <= MOST_ENTITIES


def fill(lines: Sequence[Html], *, most: int = MOST_UNITS, between: str = "\n") -> Html:
    """Return as many of the lines as fit, from the first on."""
    kept: list[Html] = []
    for line in lines:
        if not fits(join((*kept, line), between), most):
            break
        kept.append(line)
    return join(kept, between)


def cut(text: str, most: int) -> str:
    """Return the beginning of a text, of at most so many UTF-16 units, no character cut in half."""
    if most <= 0:
        return ""
    if units_of(text) <= most:
        return text
    used = place = 0
    for place, char in enumerate(text):  # noqa: B007 - the place is wanted behind the loop
        used += 2 if char > "\uffff" else 1
        if used > most - 1:
            break
    while place > 0 and not is_border(text, place):
        place -= 1
    return f"{text[:place].rstrip()}…"


def _on_line(text: str) -> str:
    """A stretch on one line; spaces at its ends matter, as it stands between others."""
    line = clean_line(text)
    before = " " if text[:1].isspace() and line else ""
    after = " " if text[-1:].isspace() else ""
    return f"{before}{line}{after}"


def _escaped(text: str) -> Html:
    return Html(source=text.translate(_ESCAPES), units=units_of(text))


def _wrapped(before: str, inner: Html, after: str) -> Html:
    return Html(
        source=f"{before}{inner.source}{after}", units=inner.units, entities=inner.entities + 1
    )
