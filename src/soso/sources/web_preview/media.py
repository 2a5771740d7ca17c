"""The pictures, videos, sounds and files of a message.

Knows how preview pages show each kind. Must not know the rest of the message.
Addresses are kept as the page gives them; they expire after a day or two and are nothing lasting.
"""

from collections.abc import Callable
from typing import Final

from selectolax.lexbor import LexborNode

from soso.model.media import Media, MediaKind
from soso.sources.web_preview.richtext import read_plain
from soso.sources.web_preview.values import (
    media_address,
    parse_background,
    parse_duration,
    parse_lengths,
    parse_size,
    parse_telegram_link,
)
from soso.sources.web_preview.wire import PREFIX, Parts, attribute, has_class

NOT_ON_PAGE: Final = "not on the preview page"
# What a video's label says about the reader's browser rather than about the video.
_BROWSER: Final = "not supported in your browser"
_MAX_PIXELS: Final = 100_000
# An album has at most ten items, and their ids follow each other closely.
_ALBUM_REACH: Final = 100


def read_media(parts: Parts, post_id: int) -> tuple[Media, ...]:
    """Return a message's media in the page's order.

    Items of an album carry their own ids, which stand in their links (…/ID?single).
    """
    grouped = len(parts.media) > 1 or parts.first("grouped_wrap") is not None
    found = []
    for token, node in parts.media:
        item_id = _item_id(node, post_id) if grouped else None
        found.append(_READERS[token](node, item_id))
    return tuple(found)


def album_ids(media: tuple[Media, ...], post_id: int) -> tuple[int, ...]:
    """Return the ids of an album, lowest first; empty for a single post."""
    ids = {item.post_id for item in media if item.post_id is not None} | {post_id}
    return tuple(sorted(ids)) if len(ids) > 1 else ()


def _item_id(node: LexborNode, post_id: int) -> int | None:
    link = parse_telegram_link(attribute(node, "href"))
    if link is None or link.post_id is None or abs(link.post_id - post_id) > _ALBUM_REACH:
        return None
    return link.post_id


def _photo(node: LexborNode, item_id: int | None) -> Media:
    source = parse_background(attribute(node, "style"))
    inner = node.css_first(f".{PREFIX}photo")
    width, height = (None, None) if has_class(node, "grouped_media_wrap") else _size(node, inner)
    return Media(
        kind=MediaKind.PHOTO,
        post_id=item_id,
        source=source,
        missing=None if source else NOT_ON_PAGE,
        width=width,
        height=height,
    )


def _service_photo(node: LexborNode, item_id: int | None) -> Media:
    image = node if node.tag == "img" else node.css_first("img")
    source = media_address(attribute(image, "src")) if image is not None else None
    return Media(
        kind=MediaKind.PHOTO,
        post_id=item_id,
        source=source,
        missing=None if source else NOT_ON_PAGE,
    )


def _video(node: LexborNode, item_id: int | None) -> Media:
    wrap = node.css_first(f".{PREFIX}video_wrap")
    video = (wrap.css_first("video") if wrap is not None else None) or node.css_first("video")
    source = media_address(attribute(video, "src")) if video is not None else None
    plays_itself = video is not None and not {"autoplay", "loop"}.isdisjoint(video.attributes)
    moving = plays_itself and node.css_first(".message_video_play") is None
    # Of tall videos, which have a blurred double behind them, and of album items the page tells
    # the frame's size, not the video's.
    framed = node.css_first(".js-message_video_blured") is not None
    framed = framed or wrap is None or has_class(node, "grouped_media_wrap")
    width, height = (None, None) if wrap is None or framed else _size(wrap, None)
    return Media(
        kind=MediaKind.ANIMATION if moving else MediaKind.VIDEO,
        post_id=item_id,
        source=source,
        thumb_source=_thumb(node, "video_thumb"),
        missing=None if source else _missing(node),
        duration_s=_duration(node, ".message_video_duration"),
        width=width,
        height=height,
    )


def _round_video(node: LexborNode, item_id: int | None) -> Media:
    video = node.css_first("video")
    source = media_address(attribute(video, "src")) if video is not None else None
    return Media(
        kind=MediaKind.ROUND_VIDEO,
        post_id=item_id,
        source=source,
        thumb_source=_thumb(node, "roundvideo_thumb"),
        missing=None if source else _missing(node),
        duration_s=_duration(node, f".{PREFIX}roundvideo_duration"),
    )


def _voice(node: LexborNode, item_id: int | None) -> Media:
    audio = node.css_first("audio")
    source = media_address(attribute(audio, "src")) if audio is not None else None
    return Media(
        kind=MediaKind.VOICE,
        post_id=item_id,
        source=source,
        missing=None if source else NOT_ON_PAGE,
        duration_s=_duration(node, f".{PREFIX}voice_duration"),
    )


def _document(node: LexborNode, item_id: int | None) -> Media:
    icon = node.css_first(f".{PREFIX}document_icon")
    name = read_plain(node.css_first(f".{PREFIX}document_title"))
    extra = read_plain(node.css_first(f".{PREFIX}document_extra"))
    size = parse_size(extra or "")
    if icon is not None and has_class(icon, "audio"):
        return Media(
            kind=MediaKind.AUDIO,
            post_id=item_id,
            missing=NOT_ON_PAGE,
            title=name,
            performer=extra if size is None else None,
            bytes=size,
        )
    return Media(
        kind=MediaKind.FILE, post_id=item_id, missing=NOT_ON_PAGE, file_name=name, bytes=size
    )


def _sticker(node: LexborNode, item_id: int | None) -> Media:
    still = node.css_first("[data-webp]")
    moving = node.css_first('source[type="application/x-tgsticker"]') or node.css_first("video")
    source = mime = None
    if moving is not None:
        source = media_address(attribute(moving, "srcset") or attribute(moving, "src"))
        mime = "video/webm" if moving.tag == "video" else "application/x-tgsticker"
    elif still is not None:
        source, mime = media_address(attribute(still, "data-webp")), "image/webp"
    image = node.css_first("img")
    thumb = media_address(attribute(image, "src")) if image is not None else None
    return Media(
        kind=MediaKind.STICKER,
        post_id=item_id,
        source=source,
        thumb_source=thumb,
        missing=None if source else NOT_ON_PAGE,
        mime=mime,
    )


def _thumb(node: LexborNode, token: str) -> str | None:
    thumb = node.css_first(f".{PREFIX}{token}")
    return parse_background(attribute(thumb, "style")) if thumb is not None else None


def _duration(node: LexborNode, selector: str) -> int | None:
    time = node.css_first(selector)
    return parse_duration(time.text()) if time is not None else None


def _missing(node: LexborNode) -> str:
    """Return the reason that the page gives for a video without a file (Media is too big)."""
    label = read_plain(node.css_first(".message_media_not_supported_label"))
    return label if label and _BROWSER not in label else NOT_ON_PAGE


def _size(outer: LexborNode, inner: LexborNode | None) -> tuple[int | None, int | None]:
    """Return width and height in pixels from the frame's styles.

    The height is a padding in percent of the frame's width; a tall photo's frame is narrower than
    the width it is a percentage of, and says by how much.
    """
    lengths = parse_lengths(attribute(outer, "style"))
    width = round(lengths.get("widthpx", 0))
    if inner is not None:
        lengths = parse_lengths(attribute(inner, "style"))
    share = lengths.get("width%", 100.0)
    padding = lengths.get("padding-top%", 0.0)
    height = round(width * padding / share) if share else 0
    if not (0 < width <= _MAX_PIXELS and 0 < height <= _MAX_PIXELS):
        return None, None
    return width, height


_READERS: Final[dict[str, Callable[[LexborNode, int | None], Media]]] = {
    "photo_wrap": _photo,
    "service_photo": _service_photo,
    "video_player": _video,
    "roundvideo_player": _round_video,
    "voice_player": _voice,
    "document_wrap": _document,
    "sticker_wrap": _sticker,
}
