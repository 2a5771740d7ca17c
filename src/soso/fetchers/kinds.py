"""Whether an answer is of a kind that was asked for: by what it says it is, and how it begins.

Pure. Knows content types and the first bytes of files.
"""

import re
from collections.abc import Collection
from typing import Final

from soso.model.errors import HostileInput

_UNTOLD: Final = frozenset({"", "application/octet-stream", "binary/octet-stream"})
_TYPE: Final = re.compile(r"[\w!#$&^.+-]{1,100}/[\w!#$&^.+-]{1,100}")
_STARTS: Final = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"GIF8", "image/gif"),
    (b"PK\x03\x04", "application/zip"),
    (b"%PDF-", "application/pdf"),
    (b"\x1f\x8b", "application/gzip"),
    (b"MZ", "application/x-dosexec"),
    (b"\x7fELF", "application/x-elf"),
    (b"OggS", "audio/ogg"),
    (b"\x1aE\xdf\xa3", "video/webm"),
)
_TEXTS: Final = re.compile(r"text/|application/(?:[\w.-]+\+)?(?:xml|json)$")
_WIDE: Final = (b"\xff\xfe", b"\xfe\xff")


def check_kind(content_type: str | None, first: bytes, kinds: Collection[str]) -> None:
    """Refuse an answer that is not of one of the kinds. Raises HostileInput.

    content_type: of the header, as it came. first: the first 512 bytes or all.
    kinds: "text/html" or "image/"; empty takes all. What begins as another thing than it says is
    refused, as is a text with zero bytes; an untold type is told by the beginning.
    """
    if not kinds:
        return
    said = (content_type or "").partition(";")[0].strip().lower()
    seen = _seen_type(first)
    if said in _UNTOLD:
        said = seen or _guess(first)
    elif not _TYPE.fullmatch(said):
        raise HostileInput("the answer does not say what it is")
    if not any(said == kind or (kind.endswith("/") and said.startswith(kind)) for kind in kinds):
        raise HostileInput(f"the answer is {said or 'of an unknown kind'}, which was not asked for")
    family = said.partition("/")[0]
    if family == "image" and (seen is None or not seen.startswith("image/")):
        raise HostileInput(f"the answer says {said} and is no picture")
    if _TEXTS.match(said) and (seen is not None or _is_binary(first)):
        raise HostileInput(f"the answer says {said} and is no text")


def _seen_type(first: bytes) -> str | None:
    if first[:4] == b"RIFF" and first[8:12] == b"WEBP":
        return "image/webp"
    if first[4:8] == b"ftyp":
        return "image/avif" if first[8:12] in (b"avif", b"avis") else "video/mp4"
    return next((kind for start, kind in _STARTS if first.startswith(start)), None)


def _guess(first: bytes) -> str:
    """Return what a text is that was sent without a type."""
    if _is_binary(first):
        return ""
    begin = first.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if begin.startswith((b"<!doctype html", b"<html")):
        return "text/html"
    if begin.startswith((b"<?xml", b"<rss", b"<feed", b"<rdf")):
        return "application/xml"
    return "text/plain"


def _is_binary(first: bytes) -> bool:
    return b"\0" in first and not first.startswith(_WIDE)
