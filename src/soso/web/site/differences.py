"""What a copy changed, as the pages show it.

Knows how much of a difference fits on a page. Must not know how it was found, nor HTML.
"""

from typing import Final

from soso.query.traces import Copy, Piece
from soso.similarity.difference import shorten
from soso.web.site.foreign import clip

COPIES_SHOWN: Final = 5
"""How many copies stand on the page of the post itself, with their differences."""

WIDEST: Final = 400
"""Code points of one change; the copy itself is a tap away."""


def list_changes(copy: Copy) -> list[Piece]:
    """Return what a copy says otherwise, on one line, with the middle of what is equal left out."""
    return [
        Piece(change=piece.change, text=_one_line(piece.text)) for piece in shorten(copy.pieces)
    ]


def _one_line(text: str) -> str:
    """Clean a stretch without joining it to its neighbours."""
    before, after = text[:1].isspace(), text[-1:].isspace()
    return f"{' ' * before}{clip(text, WIDEST)}{' ' * after}"


GLOBALS: Final = {"list_changes": list_changes, "COPIES_SHOWN": COPIES_SHOWN}
