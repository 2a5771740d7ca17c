"""Walks through a JSON file of any size without holding more than the value at hand.

A cursor over blocks of bytes with the few moves that finding messages in an export needs: the keys
of an object, the items of an array, the bytes of the next value, or past it. Values are cut out by
their brackets and read by repair.py, each alone. A parser that reads the whole file stops at the
first number or escape it dislikes, and the rest of the chat with it; this one loses one message.
Knows JSON's brackets, quotes and white space; must not know what an export looks like.
"""

import re
from collections.abc import Iterator
from typing import BinaryIO, Final

from soso.sources.desktop_export.repair import Damaged, read_sound, read_value


class CutShort(Exception):
    """The input ended inside a value."""


class Broken(Exception):
    """Brackets or quotes do not fit together: what comes after can't be told apart any more."""


_BLOCK_BYTES: Final = 1 << 18
_MAX_VALUE_BYTES: Final = 1 << 26  # the longest real messages have some 100 KB
_MAX_INDENT: Final = 32
_LONGEST_GUESS: Final = 1 << 15  # other exporters write no such end, and looking far costs time

# White space, and the commas too: a missing or a doubled one loses nobody anything.
_BLANK: Final = re.compile(rb"[ \t\r\n,]*")
_COLON: Final = re.compile(rb"[ \t\r\n]*:")
# All up to the next bracket or the beginning of a string that is not closed here. A line break
# cannot stand in a string, so a lost quote is noticed at the end of its line.
_STRING: Final = rb'"[^"\\\n]*+(?:\\.[^"\\\n]*+)*+"'
_TO_BRACKET: Final = re.compile(rb'(?:[^"{}\[\]]++|' + _STRING + rb")*+")
_WHOLE_STRING: Final = re.compile(_STRING)
_OPEN_STRING: Final = re.compile(rb'"[^"\\\n]*+(?:\\.[^"\\\n]*+)*+\\?')
_SCALAR: Final = re.compile(rb'[^ \t\r\n,:"{}\[\]]*')
_BOM: Final = b"\xef\xbb\xbf"


class Scanner:
    """A place in a stream of JSON. Every move may raise CutShort, Broken, or the stream's OSError.

    offset: bytes read so far, up to the place.
    """

    def __init__(self, stream: BinaryIO, *, block_bytes: int = _BLOCK_BYTES) -> None:
        self._stream = stream
        self._block_bytes = block_bytes
        self._buffer = stream.read(block_bytes)
        self._at = len(_BOM) if self._buffer.startswith(_BOM) else 0
        self._before = 0

    @property
    def offset(self) -> int:
        """Bytes between the beginning of the stream and the place."""
        return self._before + self._at

    def peek(self) -> bytes:
        """Return the byte with which the next value, or the end of what holds it, begins."""
        while True:
            self._at = _past(_BLANK, self._buffer, self._at)
            if self._at < len(self._buffer):
                return self._buffer[self._at : self._at + 1]
            self._read_on()

    def fields(self) -> Iterator[str]:
        """Yield the keys of the object that begins here; each value is taken or skipped between."""
        self._step(b"{")
        while self.peek() != b"}":
            key = self._key()
            while (colon := _COLON.match(self._buffer, self._at)) is None:
                if self._buffer[self._at :].strip():
                    raise Broken(f"a key without a value at byte {self.offset}")
                self._read_on()
            self._at = colon.end()
            yield key
        self._at += 1

    def _key(self) -> str:
        try:
            key = self.value()
        except Damaged as error:
            raise Broken(f"an unreadable key before byte {self.offset}") from error
        if not isinstance(key, str):
            raise Broken(f"something else than a string for a key before byte {self.offset}")
        return key

    def items(self) -> Iterator[None]:
        """Yield at every item of the array that begins here; each is taken or skipped between."""
        self._step(b"[")
        while self.peek() != b"]":
            yield
        self._at += 1

    def value(self) -> object:
        """Return the next value and go past it, also if it raises Damaged."""
        if self.peek() == b"{" and (end := self._line_end()) > 0:
            try:
                value = read_sound(self._buffer[self._at : end])
            except ValueError:
                pass  # it ends elsewhere, or wants mending
            else:
                self._at = end
                return value
        return read_value(self.fragment())

    def _line_end(self) -> int:
        """Guess where the object that begins here ends: at a brace as far from the left as its own.

        The exporter writes one value a line, so this is right nearly always and three times as
        fast as counting brackets. If what is cut out so parses, it was right.
        """
        line = self._buffer.rfind(b"\n", max(0, self._at - _MAX_INDENT), self._at)
        indent = self._buffer[line : self._at]
        if line < 0 or not indent.isspace():
            return -1
        closing = self._buffer.find(indent + b"}", self._at, self._at + _LONGEST_GUESS)
        return closing + len(indent) + 1 if closing >= 0 else -1

    def fragment(self) -> bytes:
        """Return the bytes of the next value and go past it."""
        end = self._end(keep=True)
        fragment = self._buffer[self._at : end]
        self._at = end
        return fragment

    def skip(self) -> None:
        """Go past the next value, of whatever length."""
        self._at = self._end(keep=False)

    def _end(self, *, keep: bool) -> int:
        first = self.peek()
        if first in b"{[":
            return self._end_of_nest(keep=keep)
        if first in b"}]:":
            raise Broken(f"no value at byte {self.offset}")
        pattern = _WHOLE_STRING if first == b'"' else _SCALAR
        while True:
            match = pattern.match(self._buffer, self._at)
            if match is not None and (first == b'"' or match.end() < len(self._buffer)):
                return match.end()
            if match is None:
                self._check_open_string(self._at)
            self._read_on()

    def _end_of_nest(self, *, keep: bool) -> int:
        ahead = 0  # from self._at, which moves when the buffer does
        depth = 0
        while True:
            ahead = _past(_TO_BRACKET, self._buffer, self._at + ahead) - self._at
            mark = self._buffer[self._at + ahead : self._at + ahead + 1]
            if mark and mark in b"{[":
                depth += 1
                ahead += 1
            elif mark and mark in b"}]":
                depth -= 1
                ahead += 1
                if depth == 0:
                    return self._at + ahead
            else:
                if mark:
                    self._check_open_string(self._at + ahead)
                if not keep:
                    self._at += ahead
                    ahead = 0
                self._read_on()

    def _check_open_string(self, at: int) -> None:
        """Raise Broken unless the string that begins at a place could end in the next block."""
        if _past(_OPEN_STRING, self._buffer, at) < len(self._buffer):
            raise Broken(f"a line break inside a string after byte {self._before + at}")

    def _step(self, bracket: bytes) -> None:
        if self.peek() != bracket:
            raise Broken(f"no {bracket.decode()} at byte {self.offset}")
        self._at += 1

    def _read_on(self) -> None:
        rest = self._buffer[self._at :]
        if len(rest) > _MAX_VALUE_BYTES:
            raise Broken(f"a value of more than {_MAX_VALUE_BYTES >> 20} MB at byte {self.offset}")
        # Long values are read in growing steps, or looking for their end would take squared time.
        block = self._stream.read(max(self._block_bytes, len(rest)))
        if not block:
            raise CutShort
        self._before += self._at
        self._buffer = rest + block
        self._at = 0


def _past(pattern: re.Pattern[bytes], buffer: bytes, at: int) -> int:
    """Return where the match that begins at a place ends; the place itself if there is none."""
    match = pattern.match(buffer, at)
    return match.end() if match is not None else at
