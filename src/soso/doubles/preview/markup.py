"""Texts as the pages mark them up.

Pure. Knows HTML. Links, names, tags and emoji in a text become what Telegram makes of them.
"""

import re
from html import escape
from typing import Final
from urllib.parse import quote

_MARKED: Final = re.compile(
    r"(?P<url>https?://[^\s<>]+)"
    r"|(?P<tag>#\w+)"
    r"|(?P<name>@[A-Za-z]\w{3,31})"
    r"|(?P<emoji>[\U0001F300-\U0001FAFF☔🔥]\uFE0F?)"
    r"|(?P<bold>\*\*[^*\n]+\*\*)"
)


def mark_up(text: str) -> str:
    """Return a text as HTML; **so** is bold, and the stars are gone."""
    pieces: list[str] = []
    done = 0
    for match in _MARKED.finditer(text):
        pieces.append(_plain(text[done : match.start()]))
        pieces.append(_mark(match.lastgroup or "", match[0]))
        done = match.end()
    pieces.append(_plain(text[done:]))
    return "".join(pieces)


def attribute(text: str) -> str:
    """Return a text as it stands in quotes."""
    return escape(text, quote=True)


def emoji(sign: str) -> str:
    """Return an emoji as the pages draw it."""
    name = sign.replace("\ufe0f", "").encode().hex().upper()
    return (
        f'<i class="emoji" style="background-image:url(\'//telegram.org/img/emoji/40/{name}.png\')">'
        f"<b>{sign}</b></i>"
    )


def _plain(text: str) -> str:
    safe = escape(text, quote=False).replace("'", "&#39;").replace('"', "&quot;")
    return safe.replace("!", "&#33;").replace("\n", "<br/>")


def _mark(kind: str, text: str) -> str:
    match kind:
        case "url":
            target = attribute(text)
            return (
                f'<a href="{target}" target="_blank" rel="noopener" onclick="return confirm('
                f"'Open this link?\\n\\n'+this.href);\">{_plain(text)}</a>"
            )
        case "tag":
            return f'<a href="?q={quote(text, safe="")}">{_plain(text)}</a>'
        case "name":
            return f'<a href="https://t.me/{text[1:]}" target="_blank">{text}</a>'
        case "emoji":
            return emoji(text)
        case _:
            return f"<b>{_plain(text[2:-2])}</b>"


def shown(text: str) -> str:
    """Return what a reader sees of a text: without the stars of bold."""
    return _MARKED.sub(lambda m: m[0][2:-2] if m.lastgroup == "bold" else m[0], text).strip()
