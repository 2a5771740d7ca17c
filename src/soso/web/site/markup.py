"""Jinja filters that turn values into safe HTML.

Knows snippets and foreign text; knows no page.
"""

from collections.abc import Callable
from typing import Any, Final

import msgspec
from markupsafe import Markup, escape

from soso.text.snippet import Snippet
from soso.web.site.foreign import clean_line, clip, host_of, safe_link


def render_snippet(snippet: Snippet) -> Markup:
    """Return a snippet with its highlights in <mark>; ranges outside the text are ignored."""
    parts: list[Markup | str] = []
    place = 0
    for start, end in snippet.highlights:
        if not place <= start < end <= len(snippet.text):
            continue
        parts += (_piece(snippet.text[place:start]), Markup("<mark>"))
        parts += (_piece(snippet.text[start:end]), Markup("</mark>"))
        place = end
    parts.append(_piece(snippet.text[place:]))
    return Markup("").join(parts).strip()


def embed_json(value: object) -> Markup:
    """Return JSON that may stand in a script element: nothing in it can end the element."""
    text = msgspec.json.encode(value).decode()
    for sign in "<>&\u2028\u2029":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return Markup(text)


def _piece(text: str) -> Markup:
    """Return a stretch on one line; spaces at its ends matter, as it stands between others."""
    line = clean_line(text)
    before = " " if text[:1].isspace() and line else ""
    after = " " if text[-1:].isspace() else ""
    return escape(f"{before}{line}{after}")


FILTERS: Final[dict[str, Callable[..., Any]]] = {
    "line": clean_line,
    "clip": clip,
    "marked": render_snippet,
    "safe_link": safe_link,
    "host": host_of,
    "embed_json": embed_json,
}
