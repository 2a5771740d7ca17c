"""Slips in words of letters, pinyin typed for characters, and words typed on the wrong keyboard.

Knows letters, keyboards and a vocabulary; must not know the grammar of queries.
"""

from collections.abc import Iterable, Iterator
from functools import cache
from math import log1p
from typing import Final, NamedTuple

from soso.spelling.judge import words_of
from soso.spelling.vocabulary import NONE, Vocabulary
from soso.text.filters import finish_word
from soso.text.pinyin import split_pinyin

SHORTEST: Final = 4
LONGEST: Final = 24

_LATIN: Final = "abcdefghijklmnopqrstuvwxyz"
_CYRILLIC: Final = "абвгдежзийклмнопрстуфхцчшщъыьэюя"
_LATIN_KEYS: Final = "qwertyuiop[]asdfghjkl;'zxcvbnm,."
_CYRILLIC_KEYS: Final = "йцукенгшщзхъфывапролджэячсмитьбю"
_TO_CYRILLIC: Final = str.maketrans(_LATIN_KEYS, _CYRILLIC_KEYS)
_TO_LATIN: Final = str.maketrans(_CYRILLIC_KEYS, _LATIN_KEYS)
_ALIKE_LATIN: Final = "aceopxykmhtbi"
_ALIKE_CYRILLIC: Final = "асеорхукмнтві"
_ALIKE_TO_LATIN: Final = str.maketrans(_ALIKE_CYRILLIC, _ALIKE_LATIN)
_ALIKE_TO_CYRILLIC: Final = str.maketrans(_ALIKE_LATIN, _ALIKE_CYRILLIC)

_ROWS: Final = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_SWAPPED: Final = 1.0
_BESIDE: Final = 1.5
_EXTRA: Final = 1.5
_MISSING: Final = 1.5
_OTHER: Final = 2.5
_FIRST: Final = 1.5  # more where the first letter changes: people look at it
_RARELY: Final = 3.0
_MOST_OFTEN: Final = 3.0
_LESS_OFTEN: Final = 10
_BEAM: Final = 24
_MOST_SPOKEN: Final = 40
_SURE: Final = 4


class Spelt(NamedTuple):
    """A word that may have been meant; worth above 0, comparable with other words' alone."""

    text: str
    worth: float


class LetterSpeller:
    """Corrects words with one vocabulary. Asked by many threads."""

    def __init__(self, vocabulary: Vocabulary, *, least: int) -> None:
        """least: in how many posts a word stands that is offered."""
        self._vocabulary = vocabulary
        self._least = least

    def correct(self, word: str) -> list[Spelt]:
        """Return what may have been meant by a folded word of letters, best first; not itself.

        Nothing for a word that the archive has several times. Raises nothing.
        """
        if not SHORTEST <= len(word) <= LONGEST or not word.isalpha():
            return []
        own = self._vocabulary.word(word)
        if own >= max(_SURE, self._least):
            return []
        found = [*self._edited(word, own), *self._retyped(word), *self._spoken(word, own)]
        best: dict[str, Spelt] = {}
        for one in sorted(found, key=lambda one: -one.worth):
            best.setdefault(one.text, one)
        return [one for one in best.values() if one.worth > 0 and one.text != word]

    def _edited(self, word: str, own: int) -> Iterator[Spelt]:
        """One letter more, fewer or other, or two swapped; not another form of the same word."""
        stem = finish_word(word)
        needed = max(self._least, _LESS_OFTEN * own)
        for other, cost in _edits(word):
            count = self._vocabulary.word(other)
            if count >= needed and finish_word(other) != stem:
                yield Spelt(other, _weight(word) + _often(count) - cost)

    def _retyped(self, word: str) -> Iterator[Spelt]:
        """The same keys on the other keyboard; letters of one script that look like another's."""
        ways = {
            word.translate(_TO_CYRILLIC) if word.isascii() else word.translate(_TO_LATIN),
            word.translate(_ALIKE_TO_LATIN),
            word.translate(_ALIKE_TO_CYRILLIC),
        }
        for other in ways:
            count = self._vocabulary.word(other)
            if other != word and count >= self._least:
                yield Spelt(other, 4.0 + log1p(count))

    def _spoken(self, word: str, own: int) -> Iterator[Spelt]:
        """Pinyin: characters with these sounds that stand in a row in the archive."""
        if own or not word.isascii():
            return
        for sounds in split_pinyin(word):
            if len(sounds) > 1:
                yield from self._said(word, sounds)

    def _said(self, word: str, sounds: list[str]) -> Iterator[Spelt]:
        """Words of the dictionary, or said so often that it must be a name."""
        spoken = [self._characters(sound) for sound in sounds]
        paths: list[tuple[float, int, tuple[int, ...]]] = [
            (cost, 0, (number,)) for number, cost in spoken[0]
        ]
        for numbers in spoken[1:]:
            longer = [
                (cost + more + self._surprise(path, number), count, (*path, number))
                for cost, _, path in paths
                for number, more in numbers
                if (count := self._count(path, number)) >= self._least
            ]
            paths = sorted(longer)[:_BEAM]
        for cost, count, path in paths[:3]:
            text = "".join(map(self._vocabulary.char, path))
            is_word = all(words_of(text))
            if is_word or count >= _SURE:  # 微信 is in no dictionary
                worth = _weight(word) + log1p(count) + (2.0 if is_word else -1.0) - cost / len(path)
                yield Spelt(text, worth)

    def _characters(self, sound: str) -> list[tuple[int, float]]:
        """The frequent characters of a syllable; those that are rarely read so cost something."""
        syllable = self._vocabulary.syllable(sound)
        if syllable == NONE:
            return []
        return [
            (number, 0.0 if self._vocabulary.sounds(number)[0] == syllable else _RARELY)
            for number in self._vocabulary.spoken(syllable)[:_MOST_SPOKEN]
        ]

    def _count(self, path: tuple[int, ...], number: int) -> int:
        if len(path) == 1:
            return self._vocabulary.pair(path[0], number)
        return self._vocabulary.triple(path[-2], path[-1], number)

    def _surprise(self, path: tuple[int, ...], number: int) -> float:
        before = path[-2] if len(path) > 1 else NONE
        return self._vocabulary.surprise(before, path[-1], number)


def _weight(word: str) -> float:
    """A short word is one slip away from many others, a long one from none."""
    return 0.8 * min(len(word), 9) - 4.5


def _often(count: int) -> float:
    """What being frequent speaks for a word; in a large archive every short word is."""
    return min(log1p(count), _MOST_OFTEN)


def _edits(word: str) -> Iterator[tuple[str, float]]:
    """Every word one slip away, with what the slip costs."""
    letters = _LATIN if word.isascii() else _CYRILLIC if word[0] in _CYRILLIC else ""
    for place in range(len(word)):
        first = _FIRST if not place else 0.0
        head, char, tail = word[:place], word[place], word[place + 1 :]
        twice = 0.5 if head[-1:] == char else 0.0
        yield head + tail, _EXTRA + first - twice
        if tail and tail[0] != char:
            yield head + tail[0] + char + tail[1:], _SWAPPED + first
        near = _beside().get(char, "")
        for other in letters:
            if other != char:
                yield head + other + tail, first + (_BESIDE if other in near else _OTHER)
            yield head + other + char + tail, _MISSING + first - (0.5 if other == char else 0.0)
    yield from ((word + other, _MISSING) for other in letters)


@cache
def _beside() -> dict[str, str]:
    """Of each Latin key those next to it."""
    found: dict[str, str] = {}
    for number, row in enumerate(_ROWS):
        for place, char in enumerate(row):
            rows: Iterable[str] = _ROWS[max(0, number - 1) : number + 2]
            found[char] = "".join(one[max(0, place - 1) : place + 2] for one in rows)
    return found
