"""The HTML of an entry: its text with marks, and the pictures, videos and sounds in it.

Knows HTML as feeds carry it. Must not know who made the feed. Nothing of the markup gets out: a
text, ranges and addresses of http and https do.
"""

from typing import Final

import msgspec
from selectolax.lexbor import LexborHTMLParser, LexborNode

from soso.model.media import Media, MediaKind
from soso.sources.feed.wire import Enclosure, absolute, as_count, has_scheme
from soso.sources.web_preview.richtext import RichText, read_text
from soso.sources.web_preview.wire import attribute, class_tokens

MAX_MEDIA: Final = 30
_TINY_PIXELS: Final = 3  # smaller pictures count readers
_SEARCH: Final = "?q="  # of a tag; richtext.py reads it as one
_KINDS: Final = (
    ("image/", MediaKind.PHOTO),
    ("video/", MediaKind.VIDEO),
    ("audio/", MediaKind.AUDIO),
)


def read_body(html: str, base: str) -> LexborNode | None:
    """Return the tree of an entry's HTML with its links absolute; None when there is none.

    Links that lead nowhere on the web lose their address, and their words stay.
    """
    body = LexborHTMLParser(html).body
    if body is None:
        return None
    for link in body.css("a[href]"):
        href = attribute(link, "href") or ""
        if href.startswith(_SEARCH) or (has_scheme(href) and not href.lower().startswith("http")):
            continue  # richtext.py decides which schemes are shown
        link.attrs["href"] = absolute(href, base) or ""
    return body


def is_html(text: str) -> bool:
    """Whether a text has an element or an entity in it; many titles are HTML and do not say so."""
    return "<" in text or "&" in text


def read_title(title: str) -> str:
    """Return a title, which may be HTML, as one line of text."""
    if is_html(title) and (body := LexborHTMLParser(title).body) is not None:
        title = read_text(body).text
    return " ".join(title.split())


def read_rich(body: LexborNode | None) -> RichText:
    """Return the text of a tree with its marks."""
    return read_text(body) if body is not None else RichText()


def read_media(body: LexborNode | None, base: str) -> list[Media]:
    """Return the pictures, videos and sounds of a tree, in its order."""
    found: list[Media] = []
    for node in body.css("img, video, audio") if body is not None else ():
        if len(found) >= MAX_MEDIA:
            break
        item = _picture(node, base) if node.tag == "img" else _playable(node, base)
        if item is not None:
            found.append(item)
    return found


def enclosed_media(enclosures: tuple[Enclosure, ...]) -> list[Media]:
    """Return what an entry carries beside its body."""
    return [_enclosed(enclosure) for enclosure in enclosures[:MAX_MEDIA]]


def without_repeats(media: list[Media]) -> tuple[Media, ...]:
    """Return media, each address once, and a preview beneath another's address as its thumbnail."""
    previews = {
        item.source.partition("/preview")[0]: item
        for item in media
        if item.kind is MediaKind.PHOTO and item.source is not None and "/preview" in item.source
    }
    whole = {item.source for item in media}
    covers = {source: item for source, item in previews.items() if source in whole}
    media = [
        msgspec.structs.replace(item, thumb_source=covers[item.source].source)
        if item.source in covers
        else item
        for item in media
        if item not in covers.values()
    ]
    seen: set[str] = set()
    kept = []
    for item in media:
        addresses = {address for address in (item.source, item.thumb_source) if address}
        if not addresses or not addresses <= seen:
            kept.append(item)
        seen |= addresses
    return tuple(kept[:MAX_MEDIA])


def _picture(node: LexborNode, base: str) -> Media | None:
    source = absolute(attribute(node, "src"), base)
    width, height = _pixels(node, "width"), _pixels(node, "height")
    tiny = any(side is not None and side < _TINY_PIXELS for side in (width, height))
    if source is None or tiny or "emoji" in class_tokens(node):
        return None
    return Media(kind=MediaKind.PHOTO, source=source, width=width, height=height)


def _playable(node: LexborNode, base: str) -> Media | None:
    inner = node.css_first("source[src]")
    source = absolute(attribute(node, "src"), base)
    if source is None and inner is not None:
        source = absolute(attribute(inner, "src"), base)
    poster = absolute(attribute(node, "poster"), base)
    if source is None and poster is None:
        return None
    kind = MediaKind.VIDEO if node.tag == "video" else MediaKind.AUDIO
    return Media(kind=kind, source=source, thumb_source=poster)


def _pixels(node: LexborNode, name: str) -> int | None:
    return as_count((attribute(node, name) or "").partition(".")[0].removesuffix("px"))


def _enclosed(enclosure: Enclosure) -> Media:
    kinds = (kind for prefix, kind in _KINDS if enclosure.mime.startswith(prefix))
    kind = next(kinds, MediaKind.FILE)
    name = enclosure.url.partition("?")[0].rpartition("/")[2]
    return Media(
        kind=kind,
        source=enclosure.url,
        file_name=(name[:255] or None) if kind is MediaKind.FILE else None,
        mime=enclosure.mime if not enclosure.mime.endswith("/") and enclosure.mime else None,
        bytes=enclosure.bytes,
        width=enclosure.width,
        height=enclosure.height,
    )
