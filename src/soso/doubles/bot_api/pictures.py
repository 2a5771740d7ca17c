"""The size of a picture from its first bytes; anything else is no picture.

Knows PNG, JPEG, GIF and WebP. Decodes nothing.
"""

import struct

from soso.doubles.bot_api.errors import bad_request


def measure(content: bytes) -> tuple[int, int, str]:
    """Return width, height and MIME type. Raises ApiError IMAGE_PROCESS_FAILED."""
    try:
        found = _png(content) or _gif(content) or _webp(content) or _jpeg(content)
    except (struct.error, IndexError):
        found = None
    if found is None:
        raise bad_request("IMAGE_PROCESS_FAILED")
    return found


def _png(content: bytes) -> tuple[int, int, str] | None:
    if not content.startswith(b"\x89PNG\r\n\x1a\n"):
        return None
    width, height = struct.unpack(">II", content[16:24])
    return width, height, "image/png"


def _gif(content: bytes) -> tuple[int, int, str] | None:
    if content[:6] not in (b"GIF87a", b"GIF89a"):
        return None
    width, height = struct.unpack("<HH", content[6:10])
    return width, height, "image/gif"


def _webp(content: bytes) -> tuple[int, int, str] | None:
    if content[:4] != b"RIFF" or content[8:12] != b"WEBP":
        return None
    kind = content[12:16]
    if kind == b"VP8X":
        width = int.from_bytes(content[24:27], "little") + 1
        height = int.from_bytes(content[27:30], "little") + 1
    elif kind == b"VP8L":
        bits = int.from_bytes(content[21:25], "little")
        width, height = (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    else:
        width, height = (size & 0x3FFF for size in struct.unpack("<HH", content[26:30]))
    return width, height, "image/webp"


def _jpeg(content: bytes) -> tuple[int, int, str] | None:
    if not content.startswith(b"\xff\xd8"):
        return None
    at = 2
    while content[at] == 0xFF:
        marker, length = content[at + 1], struct.unpack(">H", content[at + 2 : at + 4])[0]
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack(">HH", content[at + 5 : at + 9])
            return width, height, "image/jpeg"
        at += 2 + length
    return None
