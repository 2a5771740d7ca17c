"""What hangs on a message: pictures, videos, sounds, files. Pure.

A file is named bot/ and its lasting id. The id it is fetched by belongs to one bot and changes, so
it is not kept.
"""

from typing import Final

from soso.model.media import Media, MediaKind
from soso.sources.bot_updates.wire import Raw, as_int, as_label, as_list, as_map, as_text

MAX_FETCH_BYTES: Final = 20 * 2**20
"""The Bot API hands out no larger files."""

_MAX_PIXELS: Final = 1_000_000
_MAX_DURATION_S: Final = 10_000_000
_FIELDS: Final = {
    "animation": MediaKind.ANIMATION,  # before document: it comes with one for old clients
    "video": MediaKind.VIDEO,
    "video_note": MediaKind.ROUND_VIDEO,
    "audio": MediaKind.AUDIO,
    "voice": MediaKind.VOICE,
    "voice_note": MediaKind.VOICE,
    "sticker": MediaKind.STICKER,
    "document": MediaKind.FILE,
}
_ID: Final = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-")


def read_media(raw: Raw, post_id: int | None) -> tuple[Media, ...]:
    """Return the message's media; post_id: of an album's item."""
    found: list[Media] = []
    spoiler = raw.get("has_media_spoiler") is True or raw.get("has_spoiler") is True
    if (photo := read_photo(raw.get("photo"), post_id, spoiler=spoiler)) is not None:
        found.append(photo)
    for field, kind in _FIELDS.items():
        if field in raw and (file := as_map(raw[field])):
            found.append(_read_file(file, kind, post_id, spoiler=spoiler))
            break
    for item in as_list(as_map(raw.get("paid_media")).get("paid_media")):
        found.extend(read_media(as_map(item), post_id))
    return tuple(found)


def read_photo(sizes: object, post_id: int | None, *, spoiler: bool = False) -> Media | None:
    """Return a picture from its sizes: the largest that can be fetched."""
    known = [size for size in map(as_map, as_list(sizes)) if name_file(size)]
    if not known:
        return None
    best = max(known, key=lambda size: (_fits(size), _pixels(size)))
    return Media(
        kind=MediaKind.PHOTO,
        post_id=post_id,
        source=name_file(best),
        bytes=as_int(best.get("file_size"), low=1),
        width=as_int(best.get("width"), low=1, high=_MAX_PIXELS),
        height=as_int(best.get("height"), low=1, high=_MAX_PIXELS),
        spoiler=spoiler,
    )


def name_file(raw: Raw) -> str | None:
    """Return the lasting name of a file, or None if it has no sensible one."""
    unique = as_text(raw.get("file_unique_id"))
    return f"bot/{unique}" if 0 < len(unique) <= 128 and _ID.issuperset(unique) else None


def _read_file(raw: Raw, kind: MediaKind, post_id: int | None, *, spoiler: bool) -> Media:
    thumbnail = as_map(raw.get("thumbnail") or raw.get("thumb"))
    covers = [name_file(size) for size in map(as_map, as_list(raw.get("cover"))) if size]
    size = as_int(raw.get("file_size"), low=1)
    side = as_int(raw.get("length"), low=1, high=_MAX_PIXELS)  # of round videos
    # Moving stickers are no pictures, and neither are files: what shows them is their thumbnail.
    is_whole = kind is MediaKind.STICKER and not (raw.get("is_animated") or raw.get("is_video"))
    too_large = size is not None and size > MAX_FETCH_BYTES
    return Media(
        kind=kind,
        post_id=post_id,
        source=name_file(raw) if is_whole else None,
        thumb_source=next((name for name in reversed(covers) if name), name_file(thumbnail)),
        missing="exceeds maximum size" if too_large else None,
        file_name=as_label(raw.get("file_name")),
        mime=as_label(raw.get("mime_type")),
        bytes=size,
        duration_s=as_int(raw.get("duration"), low=1, high=_MAX_DURATION_S),
        width=as_int(raw.get("width"), low=1, high=_MAX_PIXELS) or side,
        height=as_int(raw.get("height"), low=1, high=_MAX_PIXELS) or side,
        performer=as_label(raw.get("performer")),
        title=as_label(raw.get("title")) if kind is MediaKind.AUDIO else None,
        emoji=as_label(raw.get("emoji")) if kind is MediaKind.STICKER else None,
        spoiler=spoiler,
    )


def _fits(size: Raw) -> bool:
    return (as_int(size.get("file_size")) or 0) <= MAX_FETCH_BYTES


def _pixels(size: Raw) -> int:
    return (as_int(size.get("width")) or 0) * (as_int(size.get("height")) or 0)
