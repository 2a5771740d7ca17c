"""The part of a text that shows why it was found, and what in it is marked.

Knows tokens and their places; must not know the query's grammar, fields or HTML.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple

from soso.model.value import Value
from soso.text.analyzers import Analyzers
from soso.text.borders import back_to_border, is_border, on_to_border
from soso.text.normalize import Folded, fold_letters, fold_plain, repair
from soso.text.pinyin import Syllable, syllables

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


class _Hit(NamedTuple):
    start: int
    end: int
    what: str
    weight: int


_WORD: Final = 3
_PAIR: Final = 1
_BREAK: Final = re.compile(r"[\s。！？；，、,;!?…）】》」』]+")


def cut_snippet(text: str, marks: Marks, analyzers: Analyzers, *, width: int = 120) -> Snippet:
    """Return the window of text that covers most of the distinct terms.

    text: as stored, not normalized. width: code points; 120 is about three lines on a phone.
    Words and phrases count more than pairs of characters, and pairs are marked only where no word
    is. Line breaks become spaces, lone surrogates a replacement character, lengths stay.
    Without a hit the first width code points and no highlights. Raises nothing; only the first READ
    code points are searched. O(READ).
    """
    hits = _find(text[:READ], marks, analyzers)
    start, end = _window(text, hits, max(width, 1))
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


def _find(text: str, marks: Marks, analyzers: Analyzers) -> list[_Hit]:
    """All hits in order of their places, each widened to whole characters.

    Stop words are marked only if nothing else is.
    """
    found: list[_Hit] = []
    if marks.words:
        found += (
            _Hit(token.start, token.end, token.term, _WORD)
            for token in analyzers.find_words(text, frozenset(marks.words))
        )
    if marks.phrases or marks.bigrams:
        letters = fold_letters(text)
        found += _phrase_hits(letters, marks.phrases)
        found += _pair_hits(letters, marks.bigrams, found)
    if marks.pinyin or marks.initials:
        folded = fold_plain(text)
        spoken = syllables(folded.text)
        found += _sound_hits(folded, spoken, marks.pinyin)
        found += _sound_hits(folded, spoken, marks.initials, letters=True)
    telling = [hit for hit in found if not analyzers.is_stop(hit.what)]
    found = sorted(telling or found)
    return [hit._replace(end=on_to_border(text, hit.end)) for hit in found[:MOST_HITS]]


def _phrase_hits(letters: Folded, phrases: Iterable[Sequence[str]]) -> Iterator[_Hit]:
    """Phrases are rows of characters with nothing between them that counts."""
    if not phrases:
        return
    places = [place for place, char in enumerate(letters.text) if char != " "]
    compact = letters.text.replace(" ", "")
    for phrase in phrases:
        row = "".join(phrase)
        for first in _places(compact, row):
            origin = letters.origin(places[first], places[first + len(row) - 1] + 1)
            yield _Hit(*origin, row, _WORD)


def _pair_hits(letters: Folded, pairs: Iterable[str], found: Sequence[_Hit]) -> list[_Hit]:
    """Pairs where no word or phrase is marked already."""
    taken = {place for hit in found for place in range(hit.start, hit.end)}
    hits = (
        _Hit(*letters.origin(place, place + len(pair)), pair, _PAIR)
        for pair in pairs
        for place in _places(letters.text, pair)
    )
    return [hit for hit in hits if taken.isdisjoint(range(hit.start, hit.end))]


def _sound_hits(
    folded: Folded,
    spoken: Sequence[Syllable],
    rows: Iterable[Sequence[str]],
    *,
    letters: bool = False,
) -> Iterator[_Hit]:
    """Rows of syllables, or of first letters; a boundary between two runs ends a row."""
    sounds = [one.sound[:1] if letters else one.sound for one in spoken]
    for row in map(list, rows):
        for first, sound in enumerate(sounds):
            if row and sound == row[0] and sounds[first : first + len(row)] == row:
                last = spoken[first + len(row) - 1]
                yield _Hit(*folded.origin(spoken[first].start, last.end), "".join(row), _WORD)


def _places(text: str, part: str) -> Iterator[int]:
    place = text.find(part) if part else -1
    for _ in range(MOST_HITS):
        if place < 0:
            return
        yield place
        place = text.find(part, place + 1)


def _window(text: str, hits: Sequence[_Hit], width: int) -> tuple[int, int]:
    first, last = _best(hits, width)
    start = _start(text, first, last, width)
    end = min(len(text), start + width)
    end = max(back_to_border(text, end), min(last, end))
    while end > last and text[end - 1].isspace():
        end -= 1
    return start, max(end, start)


def _best(hits: Sequence[_Hit], width: int) -> tuple[int, int]:
    """The stretch with the heaviest distinct hits, then the most, then the first: a greedy window."""
    best = (0, 0)
    most = (0, 0)
    inside: Counter[str] = Counter()
    weight = following = 0
    for number, hit in enumerate(hits):
        while following < len(hits) and hits[following].end <= hit.start + width:
            weight += 0 if inside[hits[following].what] else hits[following].weight
            inside[hits[following].what] += 1
            following += 1
        if (weight, following - number) > most:
            most = (weight, following - number)
            last = max(one.end for one in hits[number : max(following, number + 1)])
            best = (hit.start, min(last, hit.start + width))
        if following > number:
            inside[hit.what] -= 1
            weight -= 0 if inside[hit.what] else hit.weight
        else:
            following = number + 1
    return best


def _start(text: str, first: int, last: int, width: int) -> int:
    """Begin somewhat before the first hit, best after a mark or a space."""
    start = max(0, min(first - (width - (last - first)) // 3, len(text) - width))
    if start > 0:
        pause = _BREAK.search(text, start, first)
        if pause is not None:
            start = pause.end()
        else:
            while start < first and not is_border(text, start):
                start += 1
    while start < len(text) and (start < first or first == last) and text[start].isspace():
        start += 1
    return start


def _merged(ranges: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    place: tuple[int, int] | None = None
    for start, end in sorted(ranges):
        if place is not None and start <= place[1]:
            place = (place[0], max(place[1], end))
        else:
            if place is not None:
                yield place
            place = (start, end)
    if place is not None:
        yield place


_CONTROL: Final = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")


def _on_one_line(text: str) -> str:
    return _CONTROL.sub(" ", repair(text))
