"""A vocabulary as it is asked: how likely is a character after two others, what sounds like it.

Knows the form of the file (pack.py); must not know what a slip costs.
Nothing is copied out of the buffer but the list of characters, so a mapped file costs no memory
beyond what is touched.
"""

import zlib
from bisect import bisect_left
from collections.abc import Sequence
from functools import lru_cache
from math import log
from typing import Final

import msgspec

from soso.model.errors import BadInput
from soso.spelling.pack import MAGIC, STRETCHED, Head, hash_word
from soso.spelling.sounds import near_sounds

NONE: Final = -1
"""No character: at the beginning of a run, or one that neither the archive nor the tables know."""

_PRIOR_PAIR: Final = 10.0
_PRIOR_TRIPLE: Final = 4.0
_UNSEEN: Final = 0.05

_LOOSE: Final = -2.0
_TIGHT: Final = 8.0
_DOUBT: Final = 0.1
_SIDE_BY_SIDE: Final = 0.05  # of two characters of one post, how often they are neighbours


class Vocabulary:
    """Asked by many threads. Characters are numbers; see number() and char().

    The chance of a character after two others: what was seen, filled up with what is expected from
    one before, and that with how frequent the character is (Dirichlet priors).
    """

    def __init__(self, content: bytes | memoryview) -> None:
        """Raises BadInput for what pack() did not make."""
        head, parts = _opened(memoryview(content))
        try:
            (self._uni, self._pair_start, self._pair_next, self._pair_count) = (
                parts[name] for name in ("uni", "pair_start", "pair_next", "pair_count")
            )
            (self._triple_start, self._triple_next, self._triple_count) = (
                parts[name] for name in ("triple_start", "triple_next", "triple_count")
            )
            self._sound_start, self._sound = parts["sound_start"], parts["sound"]
            self._spoken_start, self._spoken = parts["spoken_start"], parts["spoken"]
            self._alike_start, self._alike = parts["alike_start"], parts["alike"]
            self._alike_rate = parts["alike_rate"]
            self._word, self._word_count = parts["word"], parts["word_count"]
        except KeyError as error:
            raise BadInput(f"this vocabulary has no {error}") from error
        self._total = float(sum(self._uni)) or 1.0
        self.texts = head.texts
        self.grown = head.grown
        self._known = head.known
        self._chars = head.chars
        self._numbers = {char: number for number, char in enumerate(head.chars)}
        self._syllables = head.syllables
        self._syllable_numbers = {one: number for number, one in enumerate(head.syllables)}
        self.surprise = lru_cache(maxsize=1 << 14)(self._surprise)

    # Characters

    def number(self, char: str) -> int:
        """Return a folded character's number, NONE for one that is not known."""
        return self._numbers.get(char, NONE)

    def char(self, number: int) -> str:
        """Return the character of a number."""
        return self._chars[number]

    def frequency(self, number: int) -> int:
        """Return in how many posts a character stands."""
        return self._uni[number] if 0 <= number < self._known else 0

    # Runs

    def pair(self, first: int, second: int) -> int:
        """Return in about how many posts two characters stand side by side."""
        place = self._find_pair(first, second)
        return STRETCHED[self._pair_count[place]] if place >= 0 else 0

    def triple(self, first: int, second: int, third: int) -> int:
        """Return in about how many posts three characters stand in a row."""
        place = self._find_pair(first, second)
        return self._triple_under(place, third) if place >= 0 else 0

    def bond(self, first: int, second: int) -> float:
        """Return how much more often two characters stand side by side than by chance; -2 to 8.

        As the logarithm of a ratio; 0 for what chance would make of them, and for rare strangers.
        """
        frequency, other = self.frequency(first), self.frequency(second)
        if not frequency or not other:
            return _LOOSE
        chance = frequency * other / max(1, self.texts) * _SIDE_BY_SIDE
        bond = log((self.pair(first, second) + _DOUBT) / (chance + _DOUBT))
        return max(_LOOSE, min(_TIGHT, bond))

    def following(self, first: int) -> Sequence[int]:
        """Return the numbers of the characters that follow one, rising."""
        if not 0 <= first < self._known:
            return self._pair_next[:0]
        return self._pair_next[self._pair_start[first] : self._pair_start[first + 1]]

    def _find_pair(self, first: int, second: int) -> int:
        if not (0 <= first < self._known and 0 <= second < self._known):
            return NONE
        low, high = self._pair_start[first], self._pair_start[first + 1]
        place = bisect_left(self._pair_next, second, low, high)
        return place if place < high and self._pair_next[place] == second else NONE

    def _triple_under(self, place: int, third: int) -> int:
        low, high = self._triple_start[place], self._triple_start[place + 1]
        found = bisect_left(self._triple_next, third, low, high)
        if found < high and self._triple_next[found] == third:
            return STRETCHED[self._triple_count[found]]
        return 0

    def _surprise(self, before: int, last: int, number: int) -> float:
        """Return how unlikely a character is after two others, either of which may be NONE; nats."""
        chance = (self.frequency(number) or _UNSEEN) / self._total
        if last == NONE or not self.frequency(last):
            return -log(chance)
        seen = self.pair(last, number)
        chance = (seen + _PRIOR_PAIR * chance) / (self.frequency(last) + _PRIOR_PAIR)
        place = self._find_pair(before, last)
        if place < 0:
            return -log(chance)
        seen = self._triple_under(place, number)
        context = STRETCHED[self._pair_count[place]]
        return -log((seen + _PRIOR_TRIPLE * chance) / (context + _PRIOR_TRIPLE))

    # Sounds and shapes

    def syllable(self, sound: str) -> int:
        """Return a syllable's number, NONE if there is no such."""
        return self._syllable_numbers.get(sound, NONE)

    def sounds(self, number: int) -> list[int]:
        """Return the syllables of a character, the usual one first."""
        if number < 0:
            return []
        return list(self._sound[self._sound_start[number] : self._sound_start[number + 1]])

    def spoken(self, syllable: int) -> list[int]:
        """Return the archive's characters of a syllable, the most frequent first."""
        return list(self._spoken[self._spoken_start[syllable] : self._spoken_start[syllable + 1]])

    def near(self, syllable: int) -> list[int]:
        """Return the syllables that are easily taken for one."""
        sounds = near_sounds().get(self._syllables[syllable], ())
        return [number for one in sounds if (number := self.syllable(one)) != NONE]

    def alike(self, number: int) -> list[tuple[int, float]]:
        """Return the archive's characters that look like one, with how much, 0 to 1."""
        if number < 0:
            return []
        low, high = self._alike_start[number], self._alike_start[number + 1]
        return [
            (other, rate / 255)
            for other, rate in zip(self._alike[low:high], self._alike_rate[low:high], strict=True)
        ]

    # Words of letters

    def word(self, word: str) -> int:
        """Return in about how many posts a folded word of letters stands."""
        wanted = hash_word(word)
        place = bisect_left(self._word, wanted)
        if place < len(self._word) and self._word[place] == wanted:
            return STRETCHED[self._word_count[place]]
        return 0


def _opened(view: memoryview) -> tuple[Head, dict[str, "memoryview[int]"]]:
    """Return the head and the tables of a file. Raises BadInput."""
    if bytes(view[: len(MAGIC)]) != MAGIC:
        raise BadInput("this is no vocabulary of this version and machine")
    place = len(MAGIC) + 4
    length = int.from_bytes(view[len(MAGIC) : place], "little")
    try:
        head = msgspec.msgpack.decode(view[place : place + length], type=Head)
        body = view[place + length :]
        if zlib.crc32(body) != head.checksum:
            raise BadInput("this vocabulary is damaged")
        return head, {
            name: body[one.start : one.start + one.length].cast(one.kind)  # type: ignore[call-overload]
            for name, one in head.sections.items()
        }
    except (TypeError, ValueError, msgspec.MsgspecError) as error:
        raise BadInput(f"this vocabulary is damaged: {error}") from error
