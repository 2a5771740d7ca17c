"""The part of a text that shows why it was found, and what in it is marked.

Knows tokens and their places; must not know the query's grammar, fields or HTML.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Final

from soso.model.value import Value
from soso.text.analyzers import Analyzers
from soso.text.borders import on_to_border
from soso.text.normalize import Folded, fold_letters, fold_plain, repair
from soso.text.passage import Hit, choose_window
from soso.text.pinyin import Syllable, syllables
from soso.text.tables import CJK

READ: Final = 4_000
"""Of a longer text the first characters are searched; Telegram allows a post 4,096."""

MOST_HITS: Final = 500


class Snippet(Value):
    """text: on one line. highlights: sorted, disjoint, half-open [start, end) ranges into it.

    cut_start, cut_end: whether the original goes on before and after.
    """

    text: str
    highlights: tuple[tuple[int, int], ...] = ()
    cut_start: bool = False
    cut_end: bool = False


class Marks(Value):
    """What of a query is to be marked, analyzed: terms as in the index.

    words, bigrams: each by itself. phrases: rows of chars. pinyin, initials: rows of syllables and
    of their first letters; the characters that sound so are marked.
    """

    words: tuple[str, ...] = ()
    bigrams: tuple[str, ...] = ()
    phrases: tuple[tuple[str, ...], ...] = ()
    pinyin: tuple[tuple[str, ...], ...] = ()
    initials: tuple[tuple[str, ...], ...] = ()


_WORD: Final = 3
_PART: Final = 1
_ALONE: Final = re.compile(f"[{CJK}]")


def cut_snippet(
    text: str, marks: Marks, analyzers: Analyzers, *, width: int = 120, beside: str = ""
) -> Snippet:
    """Return the window of text that answers best: most distinct terms, many in one sentence.

    text: as stored, not normalized. width: code points; 120 is about three lines on a phone.
    beside: what is shown with it, such as a title; what that has already weighs little.
    Words and phrases count more than pairs of characters, and pairs are marked only where no word
    is. The window begins with a sentence where that leaves the terms in it, and of equals the first
    is taken. Line breaks become spaces, lone surrogates a replacement character, lengths stay.
    Without a hit the first width code points and no highlights. Raises nothing; only the first READ
    code points are searched. O(READ).
    """
    hits = _find(text[:READ], marks, analyzers)
    seen = {hit.what for hit in _find(beside, marks, analyzers)} if beside and hits else set()
    start, end = choose_window(text, hits, max(width, 1), seen=seen, until=READ)
    inside = [
        (max(hit.start, start) - start, min(hit.end, end) - start)
        for hit in hits
        if hit.start < end and hit.end > start
    ]
    return Snippet(
        text=_on_one_line(text[start:end]),
        highlights=tuple(_merged(inside)),
        cut_start=bool(text[:start].strip()),
        cut_end=bool(text[end : end + READ].strip()),
    )


def highlight(text: str, marks: Marks, analyzers: Analyzers) -> Snippet:
    """Return the whole text, such as a title, with its highlights. Raises nothing."""
    hits = _find(text[:READ], marks, analyzers)
    return Snippet(
        text=_on_one_line(text),
        highlights=tuple(_merged((hit.start, hit.end) for hit in hits)),
    )


def _find(text: str, marks: Marks, analyzers: Analyzers) -> list[Hit]:
    """All hits in order of their places, each widened to whole characters.

    Stop words are marked only if nothing else is; single characters inside words if only such were
    asked for, or nothing else is found: who asks for 雪 finds 大雪 too, as the index does.
    """
    found: list[Hit] = []
    words = frozenset(marks.words)
    if words:
        found += (
            Hit(token.start, token.end, token.term, _WORD)
            for token in analyzers.find_words(text, words)
        )
    alone = [word for word in marks.words if _ALONE.fullmatch(word)]
    if marks.phrases or marks.bigrams or alone:
        letters = fold_letters(text)
        found += _phrase_hits(letters, marks.phrases)
        found += _part_hits(letters, marks.bigrams, words, found)
        if len(alone) == len(marks.words) or not found:
            found += _part_hits(letters, alone, words, found)
    if marks.pinyin or marks.initials:
        folded = fold_plain(text)
        spoken = syllables(folded.text)
        found += _sound_hits(folded, spoken, marks.pinyin)
        found += _sound_hits(folded, spoken, marks.initials, letters=True)
    telling = [hit for hit in found if not analyzers.is_stop(hit.what)]
    found = sorted(telling or found)
    return [hit._replace(end=on_to_border(text, hit.end)) for hit in found[:MOST_HITS]]


def _phrase_hits(letters: Folded, phrases: Iterable[Sequence[str]]) -> Iterator[Hit]:
    """Phrases are rows of characters with nothing between them that counts."""
    if not phrases:
        return
    places = [place for place, char in enumerate(letters.text) if char != " "]
    compact = letters.text.replace(" ", "")
    for phrase in phrases:
        row = "".join(phrase)
        for first in _places(compact, row):
            origin = letters.origin(places[first], places[first + len(row) - 1] + 1)
            yield Hit(*origin, row, _WORD)


def _part_hits(
    letters: Folded, parts: Iterable[str], words: Collection[str], found: Sequence[Hit]
) -> list[Hit]:
    """Parts of words, pairs or single characters, where nothing is marked already.

    Pairs that reach into each other are one hit; a whole word, inside another one, weighs as much as
    if it stood alone.
    """
    taken = {place for hit in found for place in range(hit.start, hit.end)}
    text = letters.text
    ranges = ((place, place + len(part)) for part in parts for place in _places(text, part))
    hits = []
    for start, end in _joined(ranges):
        what = text[start:end]
        weight = _WORD if what in words else min(_PART * (end - start - 1), _WORD)
        hits.append(Hit(*letters.origin(start, end), what, max(weight, _PART)))
    return [hit for hit in hits if taken.isdisjoint(range(hit.start, hit.end))]


def _joined(ranges: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Ranges of which the next begins inside the one before are one."""
    place: tuple[int, int] | None = None
    for start, end in sorted(ranges):
        if place is not None and start < place[1]:
            place = (place[0], max(place[1], end))
        else:
            if place is not None:
                yield place
            place = (start, end)
    if place is not None:
        yield place


def _sound_hits(
    folded: Folded,
    spoken: Sequence[Syllable],
    rows: Iterable[Sequence[str]],
    *,
    letters: bool = False,
) -> Iterator[Hit]:
    """Rows of syllables, or of first letters; a boundary between two runs ends a row."""
    sounds = [one.sound[:1] if letters else one.sound for one in spoken]
    for row in map(list, rows):
        for first, sound in enumerate(sounds):
            if row and sound == row[0] and sounds[first : first + len(row)] == row:
                last = spoken[first + len(row) - 1]
                yield Hit(*folded.origin(spoken[first].start, last.end), "".join(row), _WORD)


def _places(text: str, part: str) -> Iterator[int]:
    place = text.find(part) if part else -1
    for _ in range(MOST_HITS):
        if place < 0:
            return
        yield place
        place = text.find(part, place + 1)


def _merged(ranges: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Ranges that touch are one."""
    return ((start, end - 1) for start, end in _joined((start, end + 1) for start, end in ranges))


_CONTROL: Final = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")


def _on_one_line(text: str) -> str:
    return _CONTROL.sub(" ", repair(text))
