"""Cutting: a folded text becomes words, in the order in which they stand.

Knows what each script takes for a word; must not know what a term looks like in the original text.

rjieba is given runs of Han characters alone: it breaks kana, hangul, Cyrillic and accented Latin
into single characters. Runs are joined by a space and cut at once, which is twice as fast as one by
one and cuts the same.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Set
from functools import lru_cache
from itertools import pairwise
from typing import Final, NamedTuple

import rjieba

from soso.text.filters import cap, finish_word
from soso.text.tables import (
    BOPOMOFO,
    CJK,
    EMOJI,
    FIRST_PLANE,
    HAN,
    HANGUL,
    HIRAGANA,
    KATAKANA,
    UNSPACED,
    as_class,
    mark_codes,
)
from soso.text.wording import load_wording

LONGEST_RUN: Final = 16
"""A run of kana or hangul up to this length is a term itself; a longer one is a sentence."""


class Span(NamedTuple):
    """A term and where it stands in the folded text."""

    term: str
    start: int
    end: int


class Group(NamedTuple):
    """A word between runs of Han characters with the shorter ones inside it.

    indexed: False for a sentence written without spaces, of which only the pieces are indexed.
    """

    whole: Span
    pieces: tuple[Span, ...] = ()
    indexed: bool = True


_HAN: Final = re.compile(f"[{HAN}]+")
_HAN_RUNS: Final = re.compile(f"([{HAN}]+)")
_LETTER: Final = rf"[^\W_{CJK}]"
_ALIKE: Final = (
    rf"[{KATAKANA}]+|[{HIRAGANA}][{HIRAGANA}ー]*|[{BOPOMOFO}]+|[{HANGUL}]+|[{UNSPACED}]+"
)
_PAIR: Final = 2
_NEVER: Final = "(?!)"
_MIXED: Final = re.compile(r"([a-z]{2,})(\d{1,6})|(\d{1,6})([a-z]{2,})")


class _Written(NamedTuple):
    """How wanted terms are written. A run is cut by itself: without one of them it need not be cut.

    search: whether a run may have one. is_han: whether only runs of Han characters may.
    """

    search: Callable[[str], re.Match[str] | None]
    is_han: bool


class WordCutter:
    """Cuts folded text into terms; built once, used by all threads."""

    def __init__(self) -> None:
        marks = as_class([code for code in mark_codes() if code <= FIRST_PLANE])
        self._word = re.compile(
            rf"(?P<run>{_ALIKE})|(?P<sign>[{EMOJI}]|[a-z]\#(?![a-z0-9]))"
            rf"|{_LETTER}(?:{_LETTER}|[{marks}]|['’](?:s|t|re|ve|ll|d|m)\b)*(?:\+\+)?"
        )
        self._wording: Mapping[str, tuple[str, ...]] = load_wording()
        self._written: dict[str, list[str]] = {}  # term -> the words that are indexed as it
        for word, terms in self._wording.items():
            for term in terms:
                self._written.setdefault(term, []).append(word)
        self._written_as = lru_cache(maxsize=256)(self._make_written)
        # Between two runs of Han characters mostly stands a mark, a number or a short word.
        self._between = lru_cache(maxsize=16_384)(self._cut_between)

    def terms(self, folded: str) -> list[str]:
        """Return the terms in order: of a long word first the shorter ones inside it."""
        pieces = _HAN_RUNS.split(folded)
        if len(pieces) == 1:
            return [span.term for span in _flat(self._groups(folded))]
        found = [*self._between(pieces[0])]
        place = 0
        for word in rjieba.cut_for_search(" ".join(pieces[1::2])):
            if word == " ":
                place += 2
                found += self._between(pieces[place])
            elif word in self._wording:
                found += self._wording[word]
            else:
                found.append(word)
        found += self._between(pieces[-1])
        return [cap(term) for term in found] if max(map(len, found)) > LONGEST_RUN else found

    def spans(self, folded: str, wanted: Set[str] | None = None) -> list[Span]:
        """Return the same terms with their places; with wanted, only those."""
        written = None if wanted is None else self._written_as(frozenset(wanted))
        if written is not None and written.is_han and not written.search(folded):
            return []
        found: list[Span] = []
        place = 0
        for number, piece in enumerate(_HAN_RUNS.split(folded)):
            if number % 2 == 0:
                if written is None or not written.is_han:
                    found += self._between_spans(piece, place, wanted)
            elif written is None or written.search(piece):
                for word, start, end in rjieba.tokenize(piece, "search"):
                    for term in self._wording.get(word, (cap(word),)):
                        if wanted is None or term in wanted:
                            found.append(Span(term, start + place, end + place))
            place += len(piece)
        return found

    def _between_spans(self, piece: str, place: int, wanted: Set[str] | None) -> Iterator[Span]:
        if wanted is not None and wanted.isdisjoint(self._between(piece)):
            return
        for term, start, end in _flat(self._groups(piece)):
            if wanted is None or term in wanted:
                yield Span(term, start + place, end + place)

    def _make_written(self, wanted: frozenset[str]) -> _Written:
        words = {word for term in wanted for word in (term, *self._written.get(term, ()))}
        pattern = re.compile("|".join(map(re.escape, sorted(words))) or _NEVER)
        return _Written(pattern.search, all(map(_HAN.fullmatch, wanted)))

    def queries(self, folded: str) -> list[list[str]]:
        """Return for each word first its own term, then those of the shorter words inside it."""
        found: list[list[str]] = []
        for number, piece in enumerate(_HAN_RUNS.split(folded)):
            if number % 2:
                found += self._han_queries(piece)
            else:
                found += (
                    _unique(group.whole.term, *(span.term for span in group.pieces))
                    for group in self._groups(piece)
                )
        return found

    def _han_queries(self, run: str) -> Iterator[list[str]]:
        """Search mode gives the pieces of a word, all shorter, and then the word."""
        inside: list[str] = []
        words = iter(rjieba.cut(run))
        word = next(words)
        for piece in rjieba.cut_for_search(run):
            terms = self._wording.get(piece, (piece,))
            if piece == word:
                yield _unique(cap(terms[-1]), *inside, *map(cap, terms))
                inside, word = [], next(words, "")
            else:
                inside += terms

    def _cut_between(self, piece: str) -> tuple[str, ...]:
        return tuple(span.term for span in _flat(self._groups(piece)))

    def _groups(self, piece: str) -> list[Group]:
        found: list[Group] = []
        for match in self._word.finditer(piece):
            if match.lastgroup == "run":
                found.append(_run_group(match[0], match.start()))
            elif match.lastgroup == "sign":
                found.append(Group(Span(match[0], *match.span())))
            else:
                found.append(_word_group(match[0], match.start()))
        return found


def _flat(groups: list[Group]) -> Iterator[Span]:
    for group in groups:
        yield from group.pieces
        if group.indexed:
            yield group.whole


def _run_group(run: str, start: int) -> Group:
    """A run of kana, hangul or an unspaced script, and the pairs of neighbours in it."""
    whole = Span(cap(run), start, start + len(run))
    if len(run) <= _PAIR:
        return Group(whole)
    pairs = (
        Span(first + second, place, place + _PAIR)
        for place, (first, second) in enumerate(pairwise(run), start)
    )
    return Group(whole, tuple(pairs), indexed=len(run) <= LONGEST_RUN)


def _word_group(word: str, start: int) -> Group:
    """A word of a spaced script; iphone15 is also iphone and 15."""
    end = start + len(word)
    whole = Span(finish_word(word.replace("'", "").replace("’", "")), start, end)
    mixed = _MIXED.fullmatch(word)
    if mixed is None:
        return Group(whole)
    first, second = (part for part in mixed.groups() if part is not None)
    border = start + len(first)
    pieces = (Span(finish_word(first), start, border), Span(finish_word(second), border, end))
    return Group(whole, pieces)


def _unique(*terms: str) -> list[str]:
    return list(dict.fromkeys(terms))
