"""Reads one JSON value, mending what the exporter, or someone after it, wrote wrong.

The exporter has written two things since 2018 that no JSON parser takes: control characters as
\\xNN, and two stray bytes after \\u2028 and \\u2029. Sound values pay nothing for the cure: only
one that does not parse is mended and tried again. Each value is mended by itself, so that one
beyond help costs one message and not the rest of the file.
Knows JSON and these faults; must not know what a value means.
"""

import json
import re
from typing import Final

import msgspec


class Damaged(Exception):
    """A value that is no JSON even after mending."""


_decode: Final = msgspec.json.Decoder().decode

# One escape at a time, so that the backslashes of \\x41 (text that shows \x41) stay a pair.
_ESCAPE: Final = re.compile(
    rb"\\(?:x(?P<control>[0-9A-Fa-f]{2})"
    rb"|u(?P<pair>[dD][89abAB][0-9A-Fa-f]{2}\\u[dD][c-fC-F][0-9A-Fa-f]{2})"
    rb"|u(?P<lone>0000|[dD][89a-fA-F][0-9A-Fa-f]{2})"
    rb'|(?P<sound>u[0-9A-Fa-f]{4}|["\\/bfnrt])'
    rb"|(?P<other>))",
)
_STRAY: Final = re.compile(rb"(\\u202[89])\x80[\xa8\xa9]")
_NUL: Final = b"\\u0000"
_MAX_INT_DIGITS: Final = 30


def read_value(fragment: bytes) -> object:
    """Return the value that a fragment holds, mended if need be.

    Invalid UTF-8, NUL and halves of surrogate pairs become U+FFFD, so that every string can be
    encoded and stored; numbers without end and NaN become None. Raises Damaged.
    """
    try:
        return read_sound(fragment)
    except ValueError:
        pass  # the slow way decides
    try:
        return json.loads(
            mend(fragment).decode("utf-8", "replace"),
            strict=False,
            parse_int=_parse_int,
            parse_constant=_parse_constant,
        )
    except (ValueError, RecursionError) as error:
        raise Damaged(str(error)) from error


def read_sound(fragment: bytes) -> object:
    """Return the value that a fragment holds. Raises ValueError unless it needs no mending."""
    if _NUL in fragment:
        raise ValueError("NUL in a string")
    try:
        return _decode(fragment)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error


def mend(fragment: bytes) -> bytes:
    """Return a fragment with the exporter's faults taken out; sound fragments stay as they are."""
    return _ESCAPE.sub(_mend_escape, _STRAY.sub(rb"\1", fragment))


def _mend_escape(match: re.Match[bytes]) -> bytes:
    if (control := match["control"]) is not None:
        return b"\\ufffd" if control == b"00" else b"\\u00" + control
    if match["lone"] is not None:
        return b"\\ufffd"
    if match["other"] is not None:
        return b"\\\\"  # a backslash that escapes nothing stands for itself
    return match[0]


def _parse_int(digits: str) -> int | None:
    return int(digits) if len(digits) <= _MAX_INT_DIGITS else None


def _parse_constant(_name: str) -> None:
    return None
