"""A text of a call: its markup parsed, trimmed, marked and measured as the server does.

Knows lengths and entities. Must not know messages.
"""

import re
from collections.abc import Mapping
from typing import Any, Final

from soso.doubles.bot_api.errors import bad_request
from soso.doubles.bot_api.html import Formatted, parse_html, utf16_length

MOST_TEXT: Final = 4096
MOST_CAPTION: Final = 1024
MOST_ENTITIES: Final = 100

_FOUND: Final = re.compile(
    r"(?P<url>https?://[^\s<>\"]+[^\s<>\".,;:!?，。；：！？）)])"
    r"|(?<![\w/@])(?P<bot_command>/[A-Za-z0-9_]{1,32}(?:@[A-Za-z0-9_]{3,32})?)(?![\w/])"
    r"|(?<![\w@])(?P<mention>@[A-Za-z][A-Za-z0-9_]{3,31})"
    r"|(?<![\w#])(?P<hashtag>#\w*[^\W\d]\w*)"
)
_UNMARKED: Final = frozenset({"code", "pre", "text_link"})


def read_text(args: Mapping[str, Any], name: str, entities_name: str, *, most: int) -> Formatted:
    """Return the text of an argument. Raises ApiError when it is empty, too long or unreadable.

    most: UTF-16 units after the markup was parsed. A caption may be empty.
    """
    is_caption = most == MOST_CAPTION
    raw = args.get(name)
    text = raw if isinstance(raw, str) else "" if raw is None else str(raw)
    mode = str(args.get("parse_mode") or "").lower()
    if mode and mode not in ("html", "none"):
        raise bad_request("unsupported parse_mode")  # the double reads HTML and entities only
    given = args.get(entities_name)
    marked = parse_html(text) if mode == "html" else Formatted(text, _read_entities(given), [])
    found = _trim(marked)
    if not found.text and not is_caption:
        raise bad_request("message text is empty")
    if utf16_length(found.text) > most:
        raise bad_request("message caption is too long" if is_caption else "message is too long")
    return Formatted(found.text, mark(found.text, found.entities)[:MOST_ENTITIES], found.slips)


def mark(text: str, entities: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return entities with those that the server finds by itself: addresses, names, commands."""
    taken = [
        (one["offset"], one["offset"] + one["length"])
        for one in entities
        if one["type"] in _UNMARKED
    ]
    marked = list(entities)
    for match in _FOUND.finditer(text):
        start = utf16_length(text[: match.start()])
        end = start + utf16_length(match[0])
        if not any(start < last and first < end for first, last in taken):
            kind = match.lastgroup or ""
            marked.append({"type": kind, "offset": start, "length": end - start})
    marked.sort(key=lambda one: (one["offset"], -one["length"]))
    return marked


def _read_entities(given: Any) -> list[dict[str, Any]]:
    if given in (None, ""):
        return []
    if not isinstance(given, list) or not all(isinstance(one, dict) for one in given):
        raise bad_request("can't parse entities: expected an Array of MessageEntity")
    read = []
    for one in given:
        kind, offset, length = one.get("type"), one.get("offset"), one.get("length")
        if not isinstance(kind, str) or not isinstance(offset, int) or not isinstance(length, int):
            raise bad_request("can't parse entities: Can't parse MessageEntity")
        if length > 0 <= offset:
            read.append(dict(one))
    return read


def _trim(found: Formatted) -> Formatted:
    """Cut white space off both ends and move the entities along."""
    text = found.text.strip()
    if text == found.text:
        return found
    cut = utf16_length(found.text[: len(found.text) - len(found.text.lstrip())])
    length = utf16_length(text)
    kept = []
    for one in found.entities:
        start = max(0, one["offset"] - cut)
        end = min(length, one["offset"] + one["length"] - cut)
        if end > start:
            kept.append({**one, "offset": start, "length": end - start})
    return Formatted(text, kept, found.slips)
