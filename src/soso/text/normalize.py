"""Folding: what is written differently and meant alike becomes one, with the way back.

Knows what folds to what over whole texts; must not know words or how they are cut.

Two foldings. By character, so that the folding of a part is always a part of the folding of the
whole: quotes and substrings rest on it. By phrase, for cutting into words: traditional to
simplified by phrase, and words of Taiwan and Hong Kong as the mainland calls them.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator
from functools import cache, lru_cache
from itertools import pairwise
from typing import Final

from soso.model.value import Value
from soso.text.tables import (
    BASE,
    CHARS,
    FIRST_PLANE,
    HAN,
    LETTERS,
    WORDS,
    as_class,
    mark_codes,
    silent_codes,
)
from soso.text.wording import find_simplified, iter_pieces

_HAN_RUN: Final = re.compile(f"[{HAN}]+(?:·[{HAN}]+)*")  # 史蒂芬·史匹柏 is one name


class Folded(Value):
    """A folded text and the way back.

    starts, ends: where in the original each folded code point comes from; None when the n-th comes
    from the n-th.
    """

    text: str
    starts: tuple[int, ...] | None = None
    ends: tuple[int, ...] | None = None

    def origin(self, start: int, end: int) -> tuple[int, int]:
        """Return the stretch of the original that gave text[start:end]; it covers whole characters.

        0 <= start <= end <= len(text). An empty stretch gives an empty one.
        """
        if self.starts is None or self.ends is None:
            return start, end
        if start == end:
            place = self.starts[start] if start < len(self.starts) else (self.ends or (0,))[-1]
            return place, place
        return self.starts[start], self.ends[end - 1]


def fold_chars(text: str) -> Folded:
    """Return the text folded character by character, with the way back. Raises nothing."""
    return _folded(text, fold_chars_text)


def fold_letters(text: str) -> Folded:
    """Return what fold_letters_text does, with the way back. Raises nothing."""
    return _folded(text, fold_letters_text)


def fold_phrases(text: str) -> Folded:
    """Return the text folded by phrase, with the way back. Raises nothing.

    A word that was replaced by one of another length comes from the whole of the word it stands for.
    """
    plain = fold_plain(text)
    simplified = find_simplified(plain.text)
    if simplified is not None:
        return Folded(text=simplified, starts=plain.starts, ends=plain.ends)
    parts: list[str] = []
    places: list[tuple[int, int]] = []  # of each folded code point, in the plain text
    place = 0
    for here, there in _pieces(plain.text):
        end = place + len(here)
        parts.append(there)
        if len(here) == len(there):
            places += zip(range(place, end), range(place + 1, end + 1), strict=True)
        else:
            places += [(place, end)] * len(there)
        place = end
    folded = "".join(parts)
    if plain.starts is None and len(folded) == len(text):
        return Folded(text=folded)
    origins = places if plain.starts is None else [plain.origin(*place) for place in places]
    return Folded(
        text=folded,
        starts=tuple(start for start, _ in origins),
        ends=tuple(end for _, end in origins),
    )


def fold_plain(text: str) -> Folded:
    """Return what fold_plain_text does, with the way back. Raises nothing."""
    return _folded(text, fold_plain_text)


def fold_chars_text(text: str) -> str:
    """Fold character by character: NFKC, case, digits, traditional to simplified.

    White space, control characters and lone surrogates become spaces, format characters nothing.
    Letters and their marks fold together, so é is one however it is written. Raises nothing.
    """
    return _composed(text).translate(CHARS)


def fold_letters_text(text: str) -> str:
    """As fold_chars_text, with a space for everything that is not looked for by character."""
    return _composed(text).translate(LETTERS)


def fold_phrases_text(text: str) -> str:
    """Fold for cutting into words: as by character, but simplified by phrase, without accents.

    Words of Taiwan and Hong Kong become those of the mainland where that is safe (wording.py).
    """
    folded = fold_plain_text(text)
    simplified = find_simplified(folded)
    return "".join(there for _, there in _pieces(folded)) if simplified is None else simplified


def fold_plain_text(text: str) -> str:
    """As fold_phrases_text, but traditional characters stay as they are."""
    return _composed(text).translate(WORDS)


def _pieces(folded: str) -> Iterator[tuple[str, str]]:
    """What stands in the text, and what is said for it on the mainland; all of it, in order."""
    runs = list(_HAN_RUN.finditer(folded))
    place = 0
    for run, pieces in zip(runs, iter_pieces(folded, [run[0] for run in runs]), strict=True):
        between = folded[place : run.start()]
        yield between, between
        yield from pieces
        place = run.end()
    yield folded[place:], folded[place:]


def repair(text: str) -> str:
    """Return the text with a replacement character for every lone surrogate; same length."""
    return _SURROGATE.sub("\ufffd", text)


_SURROGATE: Final = re.compile("[\ud800-\udfff]")


def _folded(text: str, fold: Callable[[str], str]) -> Folded:
    folded = fold(text)
    if len(folded) == len(text) and not _moving().search(text):
        return Folded(text=folded)  # nothing joined, nothing left out, so nothing became longer
    starts, ends = _way_back(text)
    return Folded(text=folded, starts=tuple(starts), ends=tuple(ends))


def _way_back(text: str) -> tuple[list[int], list[int]]:
    starts: list[int] = []
    ends: list[int] = []
    places = [match.start() for match in _cluster().finditer(text)] + [len(text)]
    for start, end in pairwise(places):
        length = len(BASE[ord(text[start])]) if end == start + 1 else len(_fold(text[start:end]))
        if length:
            starts += [start] * length
            ends += [end] * length
        else:  # what is not seen belongs to what it follows
            place = len(ends)
            while place and ends[place - 1] == start:
                place -= 1
            ends[place:] = [end] * (len(ends) - place)
    return starts, ends


def _composed(text: str) -> str:
    """Join letters with the marks after them; the tables see single characters only."""
    if _marks().search(text):
        return _marked().sub(lambda match: _fold(match[0]), text)
    return text


@lru_cache(maxsize=4096)
def _fold(cluster: str) -> str:
    return unicodedata.normalize("NFC", cluster.translate(BASE)).replace("i\u0307", "i")


@cache
def _marks() -> re.Pattern[str]:
    """Whether there may be a mark: coarse outside the first plane, where a class is a slow list."""
    codes = [code for code in mark_codes() if code <= FIRST_PLANE]
    return re.compile(f"[{as_class(codes)}\U00010000-\U0001efff]")


@cache
def _moving() -> re.Pattern[str]:
    """Whether something may be joined or left out; coarse in the same way."""
    codes = {code for code in (*mark_codes(), *silent_codes()) if code <= FIRST_PLANE}
    beyond = "\U00010000-\U0001efff\U0001f3fb-\U0001f3ff\U000e0000-\U000e0fff"
    return re.compile(f"[{as_class(sorted(codes))}{beyond}]")


@cache
def _marked() -> re.Pattern[str]:
    marks = as_class(mark_codes())
    return re.compile(f"[^{marks}][{marks}]+")


@cache
def _cluster() -> re.Pattern[str]:
    marks = as_class(mark_codes())
    return re.compile(f"[^{marks}]?[{marks}]+|.", re.DOTALL)
