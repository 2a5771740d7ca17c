"""What one text says otherwise than another, as stretches that are equal, added and removed.

Knows words and how they fold; must not know how differences are shown. Pure, and bounded: the
alignment is bit-parallel (rapidfuzz), 4,000 characters against 4,000 take about 10 ms at worst.
"""

import re
from collections.abc import Iterator
from typing import Final

from rapidfuzz.distance import Indel

from soso.query.traces import Change, Piece
from soso.text.normalize import fold_chars_text

LONGEST: Final = 4_096
"""Of each text so much is compared; Telegram's own limit."""

ISLAND: Final = 2
"""Fewer equal words than this between two changes are no agreement but chance."""

_WORD: Final = re.compile(
    r"[A-Za-z0-9\u00c0-\u024f\u0400-\u04ff\uff10-\uff5a]+(?:[.,:]\d+)*|\s+|[^\s]", re.DOTALL
)


def find_differences(earlier: str, later: str) -> tuple[Piece, ...]:
    """Return the later text in pieces, with what it left out of the earlier where that stood.

    Traditional and simplified, full and half width, upper and lower case are equal; what is shown
    is the later text's own. The pieces that are not removed make up the later text, those not added
    say what the earlier one says; of each the first LONGEST characters.
    """
    ours, theirs = _WORD.findall(earlier[:LONGEST]), _WORD.findall(later[:LONGEST])
    # Two white spaces are equal, too: routes differ in them.
    left, right = list(map(_folded, ours)), list(map(_folded, theirs))
    pieces: list[tuple[Change, list[str]]] = []
    for code in Indel.opcodes(left, right):
        removed = ours[code.src_start : code.src_end]
        added = theirs[code.dest_start : code.dest_end]
        if code.tag == "equal":
            pieces.append((Change.EQUAL, added))
        else:
            pieces += [(Change.REMOVED, removed), (Change.ADDED, added)]
    return tuple(_joined(_without_islands(pieces)))


def shorten(pieces: tuple[Piece, ...], *, around: int = 30) -> tuple[Piece, ...]:
    """Return pieces with the middle of what is equal left out, an ellipsis in its place."""
    made: list[Piece] = []
    for place, piece in enumerate(pieces):
        text = piece.text
        before = around if place else 0
        after = around if place < len(pieces) - 1 else 0
        if piece.change is Change.EQUAL and len(text) > before + after + around:
            text = f"{text[:before]} … {text[len(text) - after :]}".strip(" ")
        made.append(Piece(change=piece.change, text=text))
    return tuple(made)


def _folded(word: str) -> str:
    return " " if word.isspace() else fold_chars_text(word)


def _without_islands(
    pieces: list[tuple[Change, list[str]]],
) -> Iterator[tuple[Change, list[str]]]:
    for place, (change, words) in enumerate(pieces):
        telling = sum(not word.isspace() for word in words)
        inside = 0 < place < len(pieces) - 1
        if change is Change.EQUAL and inside and telling < ISLAND:
            # The earlier text's wording of it is lost, which folds to the same.
            yield Change.REMOVED, words
            yield Change.ADDED, words
        else:
            yield change, words


def _joined(pieces: Iterator[tuple[Change, list[str]]]) -> Iterator[Piece]:
    """Join neighbours; of a run of changes what was removed comes first, then what was added."""
    removed: list[str] = []
    added: list[str] = []
    equal: list[str] = []
    for change, words in pieces:
        if change is Change.EQUAL and words:
            yield from _changes(removed, added)
            removed, added = [], []
            equal += words
            continue
        if equal and words:
            yield Piece(change=Change.EQUAL, text="".join(equal))
            equal = []
        (removed if change is Change.REMOVED else added).extend(words)
    if equal:
        yield Piece(change=Change.EQUAL, text="".join(equal))
    yield from _changes(removed, added)


def _changes(removed: list[str], added: list[str]) -> Iterator[Piece]:
    if removed:
        yield Piece(change=Change.REMOVED, text="".join(removed))
    if added:
        yield Piece(change=Change.ADDED, text="".join(added))
