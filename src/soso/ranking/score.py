"""The final order of relevance: the engine's score, moved gently by age and audience."""

import math
from collections.abc import Iterable, Sequence
from typing import Final

from soso.query.plan_types import Hit
from soso.ranking import weights

_CEILING: Final = math.log1p(weights.AUDIENCE_CEILING)


def score(hit: Hit, *, now_s: int) -> float:
    """Return the engine's score, raised by at most RECENCY_SHARE + AUDIENCE_SHARE of itself."""
    return hit.score * (1.0 + _gain(hit, now_s=now_s))


def recency(at_s: int, *, now_s: int) -> float:
    """Return 1 for what is published now (or claims a later time), halved every half-life."""
    age_days = max(now_s - at_s, 0) / 86_400
    return math.pow(0.5, age_days / weights.RECENCY_HALF_LIFE_DAYS)


def reach(audience: int) -> float:
    """Return 0 for nobody, 1 for AUDIENCE_CEILING or more, in between by the logarithm."""
    return min(math.log1p(max(audience, 0)) / _CEILING, 1.0)


def rank(hits: Iterable[Hit], *, now_s: int) -> list[tuple[Hit, float]]:
    """Return the hits with their final scores: full ones first, then by score, newest first."""
    scored = [(hit, score(hit, now_s=now_s)) for hit in hits]
    return sorted(scored, key=lambda pair: (-pair[0].full, -pair[1], -pair[0].at_s, -pair[0].doc))


def rank_fused(hits: Sequence[Hit], *, now_s: int) -> list[tuple[Hit, float]]:
    """Return hits scored by fuse with their final scores, the best first, newest first of equals.

    A fused score has no zero of its own, so age and audience raise what lies above the poorest hit.
    """
    least = min((hit.score for hit in hits), default=0.0)
    scored = [(hit, hit.score + (hit.score - least) * _gain(hit, now_s=now_s)) for hit in hits]
    return sorted(scored, key=lambda pair: (-pair[1], -pair[0].at_s, -pair[0].doc))


def _gain(hit: Hit, *, now_s: int) -> float:
    by_age = weights.RECENCY_SHARE * recency(hit.at_s, now_s=now_s)
    return by_age + weights.AUDIENCE_SHARE * reach(hit.audience)
