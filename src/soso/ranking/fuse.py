"""Words and meaning as one score, each trusted by the evidence for it.

How the form and its numbers were found, and what was tried and did not help:
docs/guide/relevance.md. Pure.
"""

import math
from collections.abc import Sequence
from typing import Final

from soso.model.value import Value
from soso.ranking import weights

_SATURATED: Final = 2.2
"""What BM25 with k1 of 1.2 gives at most for a word, times its rarity."""

_RUNNER_UP: Final = 5

_LEAST_SPREAD: Final = 1e-4
"""Below it all passages are the same, and height means nothing."""


class Evidence(Value):
    """What speaks for a document.

    words: the engine's score. full: it has all that was asked. cosine, second, first: of its
    passages, see ports.nearest.Near; None where the document has no vectors.
    """

    words: float
    full: bool
    cosine: float | None = None
    second: float = 0.0
    first: float = 0.0


class Field(Value):
    """What all documents are like to a query.

    mean, spread: of the cosines of all passages. ideal: see ideal_score; 0 where the query has no
    words that tell. by_sound: it is pinyin or initials, and documents sound so: models can't read
    it.
    """

    mean: float
    spread: float
    ideal: float = 0.0
    by_sound: bool = False


class Share(Value):
    """What a document's score is made of; score is the sum."""

    words: float
    meaning: float
    full: float

    @property
    def score(self) -> float:
        """The sum."""
        return self.words + self.meaning + self.full


def ideal_score(doc_freqs: Sequence[int], documents: int) -> float:
    """Return about what a document would score that has all words of a query many times over."""
    return sum(
        _SATURATED * math.log1p((max(documents - freq, 0) + 0.5) / (freq + 0.5))
        for freq in doc_freqs
    )


def fuse(evidence: Sequence[Evidence], field: Field) -> list[Share]:
    """Return the shares of each document's score, in the order given.

    Words count as a part of the best document's score, and less where even that one has little of
    what the query's words could give: then they say nothing about this query (it may be in another
    language) and meaning decides. Meaning counts in spreads above the mean of all passages, so that
    models with crowded cosines and with wide ones weigh alike, and the more the closer the best
    documents lie together by their words: then words do not tell them apart.
    """
    scores = sorted((one.words for one in evidence), reverse=True)
    best = scores[0] if scores and scores[0] > 0 else 1.0
    trust = min(best / field.ideal, 1.0) if field.ideal > 0 and not field.by_sound else 1.0
    weight = weights.MEANING * (weights.BY_SOUND if field.by_sound else 1.0)
    bonus = weights.ALL_SOUNDS if field.by_sound else weights.ALL_WORDS
    runner_up = scores[_RUNNER_UP - 1] / best if len(scores) >= _RUNNER_UP else 0.0
    lead = max(1.0 - runner_up, weights.LEAST_LEAD)
    heights = [_height(one, field) for one in evidence]
    known = [height for height in heights if height is not None]
    unknown = sum(known) / len(known) if known else 0.0  # neither for nor against
    return [
        Share(
            words=trust * one.words / best,
            meaning=weight * (unknown if height is None else height) / lead,
            full=bonus if one.full else 0.0,
        )
        for one, height in zip(evidence, heights, strict=True)
    ]


def _height(one: Evidence, field: Field) -> float | None:
    """Return how many spreads a document lies above the mean; its best passage counts most."""
    if one.cosine is None or field.spread < _LEAST_SPREAD:
        return None
    rest = 1.0 - weights.SECOND_PASSAGE - weights.FIRST_PASSAGE
    cosine = (
        rest * one.cosine + weights.SECOND_PASSAGE * one.second + weights.FIRST_PASSAGE * one.first
    )
    return (cosine - field.mean) / field.spread
