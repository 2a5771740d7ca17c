"""What hangs on a message: photos, documents of every kind, and what is shown as one.

Knows the TL types of media. A file is named by its message, so that it can be fetched for as long
as the message is there: Telegram's own file references end within hours.
"""

from typing import Any, Final

import msgspec

from soso.model.media import Media, MediaKind
from soso.sources.mtproto.wire import as_int, as_label, field, items_of, kind_of

_PREFIX: Final = "account:"
_THUMB: Final = "/thumb"
_MAX_PIXELS: Final = 1_000_000
_MAX_DURATION_S: Final = 10_000_000
SELF_DESTRUCT: Final = "destroys itself"
PROTECTED: Final = "its owner forbids copies"
PAID: Final = "has to be paid for"
_PICTURES: Final = ("PhotoSize", "PhotoSizeProgressive", "PhotoCachedSize")


def file_name(channel: int, message: int, *, thumb: bool = False) -> str:
    """Return how the file of a message is named in Media.source."""
    return f"{_PREFIX}{channel}/{message}{_THUMB if thumb else ''}"


def parse_file_name(source: str) -> tuple[int, int, bool] | None:
    """Return channel, message and whether the small picture is meant; None for what is no name."""
    if not source.startswith(_PREFIX):
        return None
    name = source.removeprefix(_PREFIX)
    channel, _, message = name.removesuffix(_THUMB).partition("/")
    if not (
        channel.isascii() and channel.isdecimal() and message.isascii() and message.isdecimal()
    ):
        return None
    return int(channel), int(message), name.endswith(_THUMB)


def read_media(message: Any, channel: int | None) -> tuple[Media, ...]:
    """Return the files of a message. channel: in which it stands; None names no file."""
    media = field(message, "media")
    number = as_int(field(message, "id"), low=1)
    name = file_name(channel, number) if channel and number else None
    missing = forbidden(message)
    if missing is not None:
        name = None
    match kind_of(media):
        case "MessageMediaPhoto":
            found = read_photo(field(media, "photo"), name, missing)
        case "MessageMediaDocument":
            found = read_document(field(media, "document"), name, missing)
        case "MessageMediaPaidMedia":
            return tuple(item for raw in items_of(media, "extended_media") for item in _paid(raw))
        case "MessageMediaGame":
            found = read_photo(field(field(media, "game"), "photo"), None, None)
        case "MessageMediaInvoice":
            return ()
        case "MessageMediaPoll":
            attached = field(media, "attached_media")
            found = read_photo(field(attached, "photo"), None, PROTECTED) if attached else None
        case _:
            found = None
    if found is None:
        return ()
    return (_spoilt(found) if field(media, "spoiler") is True else found,)


def read_photo(photo: Any, name: str | None, missing: str | None = None) -> Media | None:
    """Return a photo with the largest size that is told; None for an empty one."""
    if kind_of(photo) != "Photo":
        return None
    sizes = [size for size in items_of(photo, "sizes") if kind_of(size) in _PICTURES]
    best = max(sizes, key=_area, default=None)
    weight = field(best, "size")
    if kind_of(best) == "PhotoSizeProgressive":
        weight = max(items_of(best, "sizes"), default=None)
    return Media(
        kind=MediaKind.PHOTO,
        source=name,
        missing=missing,
        bytes=as_int(weight, low=1),
        width=as_int(field(best, "w"), low=1, high=_MAX_PIXELS),
        height=as_int(field(best, "h"), low=1, high=_MAX_PIXELS),
    )


def read_document(document: Any, name: str | None, missing: str | None = None) -> Media | None:
    """Return a file of any kind; None for an empty one."""
    if kind_of(document) != "Document":
        return None
    told = {kind_of(raw): raw for raw in items_of(document, "attributes")}
    video, audio = told.get("DocumentAttributeVideo"), told.get("DocumentAttributeAudio")
    kind = _kind(told, as_label(field(document, "mime_type")) or "")
    size = video or told.get("DocumentAttributeImageSize")
    thumbs = [size for size in items_of(document, "thumbs") if kind_of(size) in _PICTURES]
    sticker = told.get("DocumentAttributeSticker") or told.get("DocumentAttributeCustomEmoji")
    return Media(
        kind=kind,
        source=name,
        thumb_source=name + _THUMB if name and thumbs else None,
        missing=missing,
        file_name=as_label(field(told.get("DocumentAttributeFilename"), "file_name")),
        mime=as_label(field(document, "mime_type")),
        bytes=as_int(field(document, "size"), low=1),
        duration_s=as_int(field(video or audio, "duration"), low=1, high=_MAX_DURATION_S),
        width=as_int(field(size, "w"), low=1, high=_MAX_PIXELS),
        height=as_int(field(size, "h"), low=1, high=_MAX_PIXELS),
        performer=as_label(field(audio, "performer")),
        title=as_label(field(audio, "title")) if kind is MediaKind.AUDIO else None,
        emoji=as_label(field(sticker, "alt")),
    )


def _kind(told: dict[str, Any], mime: str) -> MediaKind:
    if "DocumentAttributeSticker" in told:
        return MediaKind.STICKER
    video, audio = told.get("DocumentAttributeVideo"), told.get("DocumentAttributeAudio")
    if field(video, "round_message") is True:
        return MediaKind.ROUND_VIDEO
    if "DocumentAttributeAnimated" in told:
        return MediaKind.ANIMATION
    if video is not None:
        return MediaKind.VIDEO
    if audio is not None:
        return MediaKind.VOICE if field(audio, "voice") is True else MediaKind.AUDIO
    return MediaKind.AUDIO if mime.startswith("audio/") else MediaKind.FILE


def _paid(raw: Any) -> tuple[Media, ...]:
    """Paid media show a preview without a file until they are bought."""
    media = field(raw, "media")
    found = (
        read_photo(field(media, "photo"), None, PAID)
        or read_document(field(media, "document"), None, PAID)
        if media is not None
        else Media(
            kind=MediaKind.VIDEO if field(raw, "video_duration") else MediaKind.PHOTO,
            missing=PAID,
            width=as_int(field(raw, "w"), low=1, high=_MAX_PIXELS),
            height=as_int(field(raw, "h"), low=1, high=_MAX_PIXELS),
            duration_s=as_int(field(raw, "video_duration"), low=1, high=_MAX_DURATION_S),
        )
    )
    return (found,) if found is not None else ()


def forbidden(message: Any) -> str | None:
    """Return why the files of a message are not copied, None if they may be."""
    if as_int(field(field(message, "media"), "ttl_seconds"), low=1) is not None:
        return SELF_DESTRUCT
    return PROTECTED if field(message, "noforwards") is True else None


def _spoilt(item: Media) -> Media:
    return msgspec.structs.replace(item, spoiler=True)


def _area(size: Any) -> int:
    return (as_int(field(size, "w")) or 0) * (as_int(field(size, "h")) or 0)
