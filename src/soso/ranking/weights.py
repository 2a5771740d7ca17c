"""Every weight of the ranking, in one place; docs/guide/relevance.md says how they were chosen."""

from typing import Final

from soso.query.plan import Boosts

BOOSTS: Final = Boosts(
    title=0.5,
    chat_title=0.3,
    names=0.5,
    bigrams=0.5,
    exact=1.0,
    pinyin=0.4,
    initials=0.2,
    whole_name=25.0,
)

RECENCY_SHARE: Final = 0.10
"""A post of this moment scores at most this much more than one of long ago."""

RECENCY_HALF_LIFE_DAYS: Final = 180.0

AUDIENCE_SHARE: Final = 0.10
"""What everybody has seen scores at most this much more than what nobody has."""

AUDIENCE_CEILING: Final = 10_000_000
"""Views or members beyond which more give nothing."""
