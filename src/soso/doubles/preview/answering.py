"""Which page answers which path.

Pure but for the double it reads. Knows paths and queries; must not know sockets.
"""

import hashlib
import re
from typing import Final, NamedTuple
from urllib.parse import parse_qs, unquote

from soso.doubles.preview.double import PreviewDouble
from soso.doubles.preview.pages import render_card, render_embed, render_history

_HTML: Final = "text/html; charset=utf-8"
_NAME: Final = re.compile(r"/([A-Za-z]\w{3,31})/?")
_HISTORY: Final = re.compile(r"/s/([A-Za-z]\w{3,31})(?:/(\d{1,10}))?/?")
_POST: Final = re.compile(r"/([A-Za-z]\w{3,31})/(\d{1,10})/?")
_INVITE: Final = re.compile(r"/(?:\+|joinchat/)([\w-]{8,40})/?")
_MEDIA: Final = "/file/"


class Answer(NamedTuple):
    """headers: beside type and length."""

    status: int
    content: bytes = b""
    content_type: str = _HTML
    headers: tuple[tuple[str, str], ...] = ()


def is_media(path: str) -> bool:
    """Whether a path leads to a picture."""
    return path.startswith(_MEDIA)


def answer(double: PreviewDouble, path: str, query: str, etag: str) -> Answer:
    """Return what the site answers. etag: the asker's If-None-Match."""
    path = unquote(path)
    fields = {name: values[0] for name, values in parse_qs(query, keep_blank_values=True).items()}
    with double.lock:
        if is_media(path):
            found = double.links.open(path.removeprefix(_MEDIA))
            return Answer(404) if found is None else Answer(200, found[1], found[0])
        if match := _HISTORY.fullmatch(path):
            if match[2]:
                fields["before"] = str(int(match[2]) + 1)
            return _history(double, match[1], fields, etag)
        if (match := _POST.fullmatch(path)) and "embed" in fields:
            return _embed(double, match[1], int(match[2]), alone="single" in fields)
        if match := _INVITE.fullmatch(path):
            chat = double.find(match[1])
            return _page(render_card(chat, double.links, name=match[1]))
        if match := _NAME.fullmatch(path) or _POST.fullmatch(path):
            chat = double.find(match[1])
            known = chat if chat is not None and chat.kind != "invite" else None
            return _page(render_card(known, double.links, name=match[1]))
        if path == "/robots.txt":
            return Answer(200, b"User-agent: *\nAllow: /\n", "text/plain")
    return Answer(302, headers=(("Location", "https://telegram.org/"),))


def _history(double: PreviewDouble, name: str, fields: dict[str, str], etag: str) -> Answer:
    chat = double.find(name)
    if chat is None or chat.kind != "channel" or chat.is_closed:
        return Answer(302, headers=(("Location", f"/{name}"),))
    before, after, sought = _id(fields, "before"), _id(fields, "after"), fields.get("q", "")
    stamp = f"{chat.number} {chat.version} {before} {after} {sought} {name}"
    current = f'W/"{hashlib.sha256(stamp.encode()).hexdigest()[:20]}"'
    tags = (("ETag", current), ("Cache-Control", "no-store"))
    if etag == current:
        return Answer(304, headers=tags)
    found = chat.find(sought, before=before) if sought else None
    ids = chat.cut_page(before=before, after=after) if found is None else found
    html = render_history(chat, ids, double.links, name=name, at_s=double.now(), sought=sought)
    return _page(html)._replace(headers=tags)


def _embed(double: PreviewDouble, name: str, number: int, *, alone: bool) -> Answer:
    chat = double.find(name)
    there = chat is not None and not chat.is_closed and number in chat.messages
    block = []
    if chat is not None and there:
        block = [chat.messages[number]] if alone else chat.album_of(number)
    return _page(render_embed(chat, block, double.links, at_s=double.now()))


def _page(html: str) -> Answer:
    return Answer(200, html.encode())


def _id(fields: dict[str, str], name: str) -> int | None:
    text = fields.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 11 else None
