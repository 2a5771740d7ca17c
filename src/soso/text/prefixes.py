"""What may be typed to mean a text: the beginnings by which a suggestion is found.

Knows how text becomes letters and sounds; must not know what is suggested or how it is kept.
"""

import re
from typing import Final

from soso.text.analyzers import Analyzers

LONGEST_BYTES: Final = 24
"""Of a beginning that is kept: 8 Chinese characters or 24 Latin letters tell a title from nearly
all others; who types more is compared with the whole text."""

_WHOLE: Final = 400  # more than anything that is suggested
_SHORTEST: Final = 2  # characters behind a border inside the text
_SHORTEST_INITIALS: Final = 2
_BORDER: Final = re.compile(r"(?<=[\W_])[^\W_]")


def fold_typed(text: str, analyzers: Analyzers) -> str:
    """Return the letters and digits of a text, folded one by one.

    The folding of a beginning is a beginning of the folding of the whole. Raises nothing.
    """
    return "".join(analyzers.chars(text))


def list_beginnings(
    text: str,
    analyzers: Analyzers,
    *,
    spoken: bool = False,
    words: bool = False,
    most: int = 4,
    whole: bool = False,
) -> tuple[str, ...]:
    """Return what a text begins with, folded: from its first letter and from places inside it.

    spoken: also as pinyin and as initials, if it has Chinese characters. words: the places inside
    are where words begin, else only where a letter follows a sign or a space. most: how many places.
    whole: not cut to LONGEST_BYTES. Each once; none for a text without letters. Raises nothing.
    """
    sounds = _sounds(text, analyzers) if spoken else {}
    found: dict[str, None] = {}
    for place in _places(text, analyzers, words=words)[:most]:
        rest = fold_typed(text[place:], analyzers)
        if not rest or (place and len(rest) < _SHORTEST):
            continue
        found[rest] = None
        inside = [at for at in sounds if at >= place]
        if inside:
            found[_said(text, place, sounds, analyzers, initials=False)] = None
        if len(inside) >= _SHORTEST_INITIALS:
            found[_said(text, place, sounds, analyzers, initials=True)] = None
    longest = _WHOLE if whole else LONGEST_BYTES
    return tuple(dict.fromkeys(filter(None, (cut_beginning(one, longest) for one in found))))


def cut_beginning(text: str, longest: int = LONGEST_BYTES) -> str:
    """Return as many whole characters of a text as fit into so many bytes of UTF-8."""
    encoded = text.encode("utf-8", "ignore")
    return encoded[:longest].decode("utf-8", "ignore")


def _places(text: str, analyzers: Analyzers, *, words: bool) -> list[int]:
    """Where beginnings are, the first letter's place first."""
    if words:
        return sorted({0, *(token.start for token in analyzers.word_tokens(text))})
    return [0, *(match.start() for match in _BORDER.finditer(text) if match.start())]


def _sounds(text: str, analyzers: Analyzers) -> dict[int, str]:
    return {token.start: token.term for token in analyzers.pinyin_tokens(text)}


def _said(
    text: str, place: int, sounds: dict[int, str], analyzers: Analyzers, *, initials: bool
) -> str:
    """The text as typed in Latin letters: 微信 is weixin or wx; what is no Chinese stays."""
    parts: list[str] = []
    plain = place
    for at in [*(at for at in sounds if at >= place), len(text)]:
        if plain < at:
            parts.append(fold_typed(text[plain:at], analyzers))
        if at < len(text):
            parts.append(sounds[at][0] if initials else sounds[at])
        plain = at + 1
    return "".join(parts)
