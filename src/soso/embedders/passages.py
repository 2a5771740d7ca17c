"""Long posts become passages, each short enough for a model to read whole.

Knows where sentences end and about how many tokens a text will be; must not know any model's
vocabulary. Pure.
"""

import math
import re
from collections.abc import Iterator
from typing import Final

from soso.text.borders import back_to_border, on_to_border

MOST: Final = 64
"""Passages a post is cut into at most; Telegram's longest posts make about 40."""

_SENTENCE: Final = re.compile(r".+?(?:[。！？!?…；;]+[”’」』）)\"'\s]*|\.\s+|\n\s*|$)", re.DOTALL)
_CLAUSE: Final = re.compile(r".+?(?:[，,、：:—]+\s*|$)", re.DOTALL)


class _Weights(dict[str, float]):
    """About how many tokens a character is worth, fitted to multilingual-e5's vocabulary.

    Of 5,000 passages cut at 105 from eight sets, Chinese and English, 99 in 100 had at most 118
    true tokens, and 1 in 1,000 more than 128.
    """

    def __missing__(self, char: str) -> float:
        weight = _weight(char)
        self[char] = weight
        return weight


def _weight(char: str) -> float:
    if char.isspace():
        return 0.0
    if char >= "\u2e80":  # Chinese, Japanese, Korean, their punctuation, emoji
        return 0.8
    if char.isdigit():
        return 0.5
    if char.isalpha():
        return 0.28 if char < "\u0250" else 0.4
    return 0.9


_WEIGHTS: Final = _Weights()


def weigh(text: str) -> float:
    """Return about how many tokens a text will be."""
    return sum(map(_WEIGHTS.__getitem__, text))


def cut_passages(text: str, *, budget: float, most: int = MOST) -> list[str]:
    """Cut a text into passages of at most about budget tokens, as even as its sentences allow.

    Cuts fall behind sentences; inside one only where it is too long by itself, then behind a
    clause, else between words, never inside a character. Passages are stripped; joined they give
    the text but for blanks, and for what lies behind the last of most passages. A blank text gives
    none. O(len(text)).
    """
    text = text.strip()
    total = weigh(text)
    if total <= budget:
        return [text] if text else []
    share = total / math.ceil(total / budget)
    passages: list[str] = []
    held, weight = "", 0.0
    for piece in _pieces(text, share):
        more = weigh(piece)
        if held and (weight + more > budget or weight + more / 2 > share):
            passages.append(held)
            held, weight = "", 0.0
            if len(passages) >= most:
                break
        held += piece
        weight += more
    passages.append(held)
    stripped = (passage.strip() for passage in passages[:most])
    return [passage for passage in stripped if passage]


def _pieces(text: str, budget: float) -> Iterator[str]:
    """Yield the text in runs that are to stay whole, each within the budget."""
    for sentence in _SENTENCE.findall(text):
        if weigh(sentence) <= budget:
            yield sentence
            continue
        for clause in _CLAUSE.findall(sentence):
            yield from _runs(clause, budget)


def _runs(text: str, budget: float) -> Iterator[str]:
    start, weight = 0, 0.0
    place = 0
    while place < len(text):
        weight += _WEIGHTS[text[place]]
        if weight <= budget:
            place += 1
            continue
        cut = back_to_border(text, place)
        if cut <= start:
            cut = max(on_to_border(text, max(place, start + 1)), start + 1)
        yield text[start:cut]
        start = place = cut
        weight = 0.0
    if start < len(text):
        yield text[start:]
