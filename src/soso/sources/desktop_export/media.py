"""The file that hangs on a message: `photo`, or `file` with its `media_type`. Pure.

Paths in an export are hostile: one that could lead out of the export's folder is not passed on.
"""

import re
from collections.abc import Mapping
from pathlib import PurePosixPath
from types import MappingProxyType
from typing import Final

from soso.model.media import Media, MediaKind
from soso.sources.desktop_export.wire import Raw, as_flag, as_int, as_label

_KINDS: Final[Mapping[str, MediaKind]] = MappingProxyType(
    {
        "sticker": MediaKind.STICKER,
        "video_message": MediaKind.ROUND_VIDEO,
        "voice_message": MediaKind.VOICE,
        "animation": MediaKind.ANIMATION,
        "video_file": MediaKind.VIDEO,
        "audio_file": MediaKind.AUDIO,
    }
)
_NAMED: Final = frozenset({MediaKind.FILE, MediaKind.AUDIO, MediaKind.VIDEO})

# The exporter's three reasons, in both forms: "(File exceeds maximum size. Change data ...)".
_REASONS: Final = (
    ("not included", "not included"),
    ("exceeds maximum size", "exceeds maximum size"),
    ("unavailable", "unavailable"),
)
UNSAFE: Final = "its path leads out of the export"

# What the exporter calls files that came without a name: photo_12@31-05-2024_18-20-11.jpg
_MADE_UP: Final = re.compile(r"[a-z_]+_[0-9]+@[0-9]{2}-[0-9]{2}-[0-9]{4}_[0-9]{2}-[0-9]{2}-.*")
_DRIVE: Final = re.compile(r"[A-Za-z]:")
_MAX_PATH_CHARS: Final = 4096
_MAX_PIXELS: Final = 1_000_000
_MAX_DURATION_S: Final = 10_000_000


def read_media(raw: Raw) -> tuple[Media, ...]:
    """Return the message's photo or file: one or none."""
    photo = raw.get("photo")
    if isinstance(photo, str) and photo:
        return (_read_photo(raw, photo),)
    file = raw.get("file")
    return (_read_file(raw, file),) if isinstance(file, str) and file else ()


def _read_photo(raw: Raw, path: str) -> Media:
    source, missing = read_path(path)
    return Media(
        kind=MediaKind.PHOTO,
        source=source,
        missing=missing,
        bytes=as_int(raw.get("photo_file_size"), low=1),
        width=as_int(raw.get("width"), low=1, high=_MAX_PIXELS),
        height=as_int(raw.get("height"), low=1, high=_MAX_PIXELS),
        spoiler=as_flag(raw.get("media_spoiler")),
    )


def _read_file(raw: Raw, path: str) -> Media:
    media_type = raw.get("media_type")
    kind = _KINDS.get(media_type, MediaKind.FILE) if isinstance(media_type, str) else MediaKind.FILE
    source, missing = read_path(path)
    thumbnail = raw.get("thumbnail")
    get = raw.get
    return Media(
        kind=kind,
        source=source,
        thumb_source=read_path(thumbnail)[0] if isinstance(thumbnail, str) else None,
        missing=missing,
        file_name=as_label(get("file_name")) or name_from_path(source, kind),
        mime=as_label(get("mime_type")),
        bytes=as_int(get("file_size"), low=1),
        duration_s=as_int(get("duration_seconds"), low=1, high=_MAX_DURATION_S),
        width=as_int(get("width"), low=1, high=_MAX_PIXELS),
        height=as_int(get("height"), low=1, high=_MAX_PIXELS),
        performer=as_label(get("performer")),
        title=as_label(get("title")) if kind is MediaKind.AUDIO else None,
        emoji=as_label(get("sticker_emoji")),
        spoiler=as_flag(get("media_spoiler")),
    )


def read_path(path: str) -> tuple[str | None, str | None]:
    """Return (path, None) for a file of the export, (None, reason) for one that is not there."""
    if path.startswith("("):
        return None, read_reason(path)
    return (path, None) if is_inside(path) else (None, UNSAFE)


def read_reason(written: str) -> str:
    """Return why a file is missing in few words: the exporter's own reasons, or what it says."""
    folded = written.casefold()
    known = (reason for mark, reason in _REASONS if mark in folded)
    return next(known, as_label(written.strip("() ")) or "missing")


def is_inside(path: str) -> bool:
    """Whether a path with / stays in its folder on every system: relative, no .., no drive."""
    return (
        not path.startswith(("/", "~"))
        and _DRIVE.match(path) is None
        and "\\" not in path
        and "\0" not in path
        and ".." not in path.split("/")
        and len(path) <= _MAX_PATH_CHARS
    )


def name_from_path(path: str | None, kind: MediaKind) -> str | None:
    """Return a file's own name where the export gives only its path, as before 4.16.9."""
    if path is None or kind not in _NAMED:
        return None
    name = PurePosixPath(path).name
    return None if not name or _MADE_UP.fullmatch(name) else as_label(name)
