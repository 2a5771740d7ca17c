"""Which syllables are taken for one another by who speaks with an accent or types in haste.

Knows the initials and finals of Mandarin; must not know characters.
"""

import re
from functools import cache
from typing import Final

from soso.text.pinyin import list_syllables

_PARTS: Final = re.compile(r"(zh|ch|sh|[bpmfdtnlgkhjqxrzcsyw]?)([a-z]*)")

_INITIALS: Final = (
    ("zh", "z"), ("ch", "c"), ("sh", "s"), ("n", "l"), ("l", "r"), ("f", "h"),
    ("b", "p"), ("d", "t"), ("g", "k"), ("j", "q"), ("z", "c"), ("zh", "ch"),
    ("j", "z"), ("q", "c"), ("x", "s"), ("c", "s"), ("ch", "sh"), ("q", "x"), ("r", "y"), ("j", "zh"),
)  # fmt: skip
_FINALS: Final = (
    ("an", "ang"), ("en", "eng"), ("in", "ing"), ("ian", "iang"), ("uan", "uang"),
    ("ong", "eng"), ("un", "ong"), ("uo", "o"), ("u", "v"), ("ve", "ue"), ("ie", "ue"),
    ("uan", "ian"), ("ei", "ui"), ("i", "v"), ("ai", "ei"), ("o", "ou"), ("e", "uo"), ("i", "u"),
    ("ai", "an"), ("uai", "uan"), ("a", "ai"), ("u", "ou"), ("ao", "ou"), ("iao", "iu"),
    ("i", "ei"), ("e", "i"), ("un", "en"), ("i", "ai"), ("uo", "ou"), ("a", "ang"), ("a", "e"),
)  # fmt: skip


@cache
def near_sounds() -> dict[str, tuple[str, ...]]:
    """Return for each syllable those that differ by one initial or one final easily confused."""
    known = set(list_syllables())
    initials, finals = _both_ways(_INITIALS), _both_ways(_FINALS)
    found: dict[str, tuple[str, ...]] = {}
    for syllable in sorted(known):
        match = _PARTS.fullmatch(syllable)
        if match is None:
            continue
        first, last = match[1], match[2]
        near = {one + last for one in initials.get(first, ())}
        near |= {first + one for one in finals.get(last, ())}
        near.discard(syllable)
        found[syllable] = tuple(sorted(near & known))
    return found


def _both_ways(pairs: tuple[tuple[str, str], ...]) -> dict[str, set[str]]:
    ways: dict[str, set[str]] = {}
    for one, other in pairs:
        ways.setdefault(one, set()).add(other)
        ways.setdefault(other, set()).add(one)
    return ways
