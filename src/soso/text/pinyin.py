"""Pinyin: the syllables of Chinese characters, and typed Latin letters cut into syllables.

Knows the syllables of Mandarin; must not know fields or when pinyin is asked for.
"""

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import Any, Final, NamedTuple

import rjieba

from soso.text.simplify import simplify_run
from soso.text.tables import HAN

BOUNDARY: Final = "_"
"""Stands between two runs, so that no phrase reaches over a comma; no term is ever equal to it."""
LONGEST_TYPED: Final = 60
MOST_CUTS: Final = 4

_HAN_RUN: Final = re.compile(f"[{HAN}]+")


class Syllable(NamedTuple):
    """A syllable without its tone (ü is v) and the folded characters it is of."""

    sound: str
    start: int
    end: int


def sounds(folded: str) -> list[str]:
    """Return the syllables of all Han characters of a folded text, a boundary between two runs.

    The reading depends on the word (银行 yin hang), so runs are cut into words first.
    """
    runs = [simplify_run(run) for run in _HAN_RUN.findall(folded)]
    found: list[str] = []
    for word in rjieba.cut(" ".join(runs)):
        found += _word_sounds(word)
    return found


def syllables(folded: str) -> list[Syllable]:
    """Return the same with their places; boundaries are empty stretches."""
    places = [place for run in _HAN_RUN.finditer(folded) for place in (*range(*run.span()), None)]
    spoken: list[Syllable] = []
    for sound, place in zip(sounds(folded), places, strict=False):
        if place is None:
            end = spoken[-1].end
            spoken.append(Syllable(sound, end, end))
        else:
            spoken.append(Syllable(sound, place, place + 1))
    return spoken


@lru_cache(maxsize=65_536)
def _word_sounds(word: str) -> tuple[str, ...]:
    """One sound a character. pypinyin takes 50 microseconds a word: it is asked only in doubt."""
    if word == " ":
        return (BOUNDARY,)
    readings = [_readings(char) for char in word]
    if len(word) == 1 or all(len(reading) == 1 for reading in readings):
        return tuple(reading[0] for reading in readings)
    spoken = _pypinyin().lazy_pinyin(word, errors=lambda unread: [BOUNDARY] * len(unread))
    if len(spoken) != len(word):  # not seen; the way back needs one a character
        return tuple(reading[0] for reading in readings)
    return tuple(map(_plain, spoken))


@lru_cache(maxsize=32_768)
def _readings(char: str) -> tuple[str, ...]:
    """All sounds of a character without tones, the usual one first."""
    pypinyin = _pypinyin()
    found = pypinyin.pinyin(
        char, style=pypinyin.NORMAL, heteronym=True, errors=lambda _: [[BOUNDARY]]
    )
    return tuple(dict.fromkeys(map(_plain, found[0])))


def readings(char: str) -> tuple[str, ...]:
    """Return all sounds of a Han character without tones, the usual one first; none of others."""
    return tuple(sound for sound in _readings(char) if sound != BOUNDARY)


def list_syllables() -> tuple[str, ...]:
    """Return the syllables of Mandarin as they are indexed."""
    return tuple(_listed())


def _plain(sound: str) -> str:
    return sound if sound.isascii() and sound.isalpha() else BOUNDARY


@cache
def _pypinyin() -> Any:
    """Imported when first needed: it takes 0.14 s and 50 MB."""
    import pypinyin

    return pypinyin


# After each initial, what may follow; the empty one is for syllables without an initial.
_SYLLABLES: Final = """
- a ai an ang ao e ei en er o ou
b a ai an ang ao ei en eng i ian iao ie in ing o u
c a ai an ang ao e en eng i ong ou u uan ui un uo
ch a ai an ang ao e en eng i ong ou u ua uai uan uang ui un uo
d a ai an ang ao e ei en eng i ia ian iao ie ing iu ong ou u uan ui un uo
f a an ang ei en eng o ou u
g a ai an ang ao e ei en eng ong ou u ua uai uan uang ui un uo
h a ai an ang ao e ei en eng ong ou u ua uai uan uang ui un uo
j i ia ian iang iao ie in ing iong iu u uan ue un
k a ai an ang ao e ei en eng ong ou u ua uai uan uang ui un uo
l a ai an ang ao e ei eng i ia ian iang iao ie in ing iu o ong ou u uan un uo v ve
m a ai an ang ao e ei en eng i ian iao ie in ing iu o ou u
n a ai an ang ao e ei en eng i ian iang iao ie in ing iu ong ou u uan uo v ve
p a ai an ang ao ei en eng i ian iao ie in ing o ou u
q i ia ian iang iao ie in ing iong iu u uan ue un
r an ang ao e en eng i ong ou u ua uan ui un uo
s a ai an ang ao e en eng i ong ou u uan ui un uo
sh a ai an ang ao e ei en eng i ou u ua uai uan uang ui un uo
t a ai an ang ao e eng i ian iao ie ing ong ou u uan ui un uo
w a ai an ang ei en eng o u
x i ia ian iang iao ie in ing iong iu u uan ue un
y a an ang ao e i in ing o ong ou u uan ue un
z a ai an ang ao e ei en eng i ong ou u uan ui un uo
zh a ai an ang ao e ei en eng i ong ou u ua uai uan uang ui un uo
"""
_LONGEST_SYLLABLE: Final = 6
_SHORT: Final = 3


def split_pinyin(word: str) -> list[list[str]]:
    """Return the ways to read typed Latin letters as syllables, fewest syllables first.

    At most MOST_CUTS; none if it is no pinyin. An apostrophe is a border (xi'an). ü may be typed
    ü, v or, where nothing else is meant, u (lue).
    """
    typed = word.lower().replace("u\u0308", "v").replace("ü", "v").replace("’", "'")
    if not 0 < len(typed) <= LONGEST_TYPED:
        return []
    cuts: list[list[str]] = [[]]
    for part in typed.split("'"):
        ways = _cuts(part)
        cuts = [[*before, *way] for before in cuts for way in ways]
        cuts = sorted(cuts, key=len)[:MOST_CUTS]
    return cuts


def _cuts(letters: str) -> list[list[str]]:
    """The shortest ways to cut each prefix, from the left.

    A syllable more than needed is allowed in short words alone: xian, but not zhong gu o ren min.
    """
    known = _known()
    ways: list[list[list[str]]] = [[[]]]
    for end in range(1, len(letters) + 1):
        here = [
            [*way, known[letters[start:end]]]
            for start in range(max(0, end - _LONGEST_SYLLABLE), end)
            if letters[start:end] in known
            for way in ways[start]
        ]
        here.sort(key=len)
        ways.append([way for way in here if len(way) <= len(here[0]) + 1][:MOST_CUTS])
    found = ways[-1] if letters else []
    return [way for way in found if len(way) <= max(len(found[0]), _SHORT)]


@cache
def _known() -> dict[str, str]:
    """As typed -> as indexed."""
    found = {sound: sound for sound in _listed()}
    found |= {"lue": "lve", "nue": "nve"}
    return found


def _listed() -> Iterator[str]:
    for line in _SYLLABLES.strip().splitlines():
        initial, *finals = line.split()
        yield from (final if initial == "-" else initial + final for final in finals)
