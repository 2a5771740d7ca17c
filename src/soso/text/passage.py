"""Which stretch of a text to show of all that was found in it.

Knows sentences and weights of what was found; must not know tokens, markup or why it was asked for.
"""

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from typing import Final, NamedTuple

from soso.text.borders import back_to_border, is_border


class Hit(NamedTuple):
    """A place in a text, what was found there, and how much that says about the text."""

    start: int
    end: int
    what: str
    weight: float


_TOGETHER: Final = 1.0
"""How much the words that stand in one sentence count beside those of the whole window."""
_RARITY: Final = 0.25
"""How fast a word loses weight that the text says again and again."""
_SEEN: Final = 0.25
"""What a word weighs of itself that the title beside the window shows already."""
_SURELY: Final = 1.000001
_NEAR: Final = 0.8
"""Up to this part of the width a hit may stand behind the beginning of its sentence."""
_SENTENCE: Final = re.compile(r"(?:[。！？!?；;…\n]|\.(?=\s))[。！？!?；;…\n”’」』）)\s]*")
_BREAK: Final = re.compile(r"[\s。！？；，、,;!?…）】》」』]+")


def choose_window(
    text: str, hits: Sequence[Hit], width: int, *, seen: Collection[str] = (), until: int
) -> tuple[int, int]:
    """Return the stretch of text that answers best: most distinct hits, many in one sentence.

    hits: in order of their places, all before until, where looking for sentences ends.
    width: code points, at least 1. seen: what of the hits stands beside it already and weighs little.
    It begins with a sentence where that leaves the hits in it, never inside a grapheme cluster; of
    equals the first is taken, without hits the beginning. Raises nothing. O(until + len(hits)).
    """
    hits = _weighed(hits, seen)
    start, last = _best(text, hits, width, until) if hits else (0, 0)
    latest = max(0, len(text) - width)
    if start > latest:  # there is room for what stands before
        pause = _SENTENCE.search(text, latest, start) or _BREAK.search(text, latest, start)
        start = latest if pause is None or not latest else pause.end()
    while start < len(text) and (start < last or not hits) and text[start].isspace():
        start += 1
    while not is_border(text, start):
        start += 1
    end = min(len(text), start + width)
    end = max(back_to_border(text, end), min(last, end))
    while end > last and text[end - 1].isspace():
        end -= 1
    return start, max(end, start)


def _weighed(hits: Sequence[Hit], seen: Collection[str]) -> list[Hit]:
    """What the text says again and again weighs less, and what is seen beside it least."""
    counts = Counter(hit.what for hit in hits)
    return [
        hit._replace(
            weight=hit.weight / counts[hit.what] ** _RARITY * (_SEEN if hit.what in seen else 1)
        )
        for hit in hits
    ]


def _best(text: str, hits: Sequence[Hit], width: int, until: int) -> tuple[int, int]:
    """Where the best window begins, and where its last hit ends; windows begin for some hit."""
    weights = {hit.what: hit.weight for hit in hits}
    sentences = [0, *(match.end() for match in _SENTENCE.finditer(text, 0, until))]
    dense = _densities(hits, sentences, weights)
    best, most = (0, 0), 0.0
    inside: Counter[str] = Counter()
    weight = 0.0
    first = following = 0
    for start in dict.fromkeys(_start(text, hit, sentences, width) for hit in hits):
        while following < len(hits) and hits[following].end <= start + width:
            what = hits[following].what
            weight += 0 if inside[what] else weights[what]
            inside[what] += 1
            following += 1
        while first < following and hits[first].start < start:
            what = hits[first].what
            inside[what] -= 1
            weight -= 0 if inside[what] else weights[what]
            first += 1
        score = weight + _TOGETHER * max(dense[first:following], default=0.0)
        if score > most * _SURELY:
            most = score
            best = (start, max((hit.end for hit in hits[first:following]), default=start))
    return best if most else (_start(text, hits[0], sentences, width), hits[0].end)


def _densities(
    hits: Sequence[Hit], sentences: Sequence[int], weights: Mapping[str, float]
) -> list[float]:
    """For each hit the weight of the distinct hits in its sentence."""
    places = [bisect_right(sentences, hit.start) for hit in hits]
    distinct: dict[int, dict[str, float]] = {}
    for place, hit in zip(places, hits, strict=True):
        distinct.setdefault(place, {})[hit.what] = weights[hit.what]
    sums = {place: sum(inside.values()) for place, inside in distinct.items()}
    return [sums[place] for place in places]


def _start(text: str, hit: Hit, sentences: Sequence[int], width: int) -> int:
    """At the beginning of the sentence, if the hit stands near it; else somewhat before the hit."""
    start = sentences[bisect_right(sentences, hit.start) - 1]
    if hit.end - start <= width * _NEAR:
        return start
    start = max(start, hit.start - (width - (hit.end - hit.start)) // 3)
    pause = _BREAK.search(text, start, hit.start)
    return pause.end() if pause is not None else start
