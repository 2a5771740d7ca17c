"""Every weight of the ranking, in one place; docs/guide/relevance.md says how they were chosen."""

from typing import Final

from soso.query.plan import Boosts

BOOSTS: Final = Boosts(
    title=0.25,
    chat_title=0.3,
    names=0.5,
    bigrams=0.5,
    exact=1.0,
    pinyin=0.4,
    initials=0.2,
    stops=0.2,
    whole_name=25.0,
)

RECENCY_SHARE: Final = 0.10
"""A post of this moment scores at most this much more than one of long ago."""

RECENCY_HALF_LIFE_DAYS: Final = 180.0

AUDIENCE_SHARE: Final = 0.10
"""What everybody has seen scores at most this much more than what nobody has."""

AUDIENCE_CEILING: Final = 10_000_000
"""Views or members beyond which more give nothing."""

MEANING: Final = 0.12
"""What a document gains for each spread that it lies above the mean of all passages, where the words
alone would tell the best from the fifth."""

LEAST_LEAD: Final = 0.2
"""However close the best lie together by their words, meaning weighs at most so many times more."""

ALL_WORDS: Final = 0.2
"""What a document gains that has all that was asked: a bonus, no wall."""

SECOND_PASSAGE: Final = 0.1
FIRST_PASSAGE: Final = 0.1
"""Of a long post the best passage counts most, with a share for its next best and its beginning."""

BY_SOUND: Final = 0.01
"""What is left of the weight of meaning where a query is typed by its sound."""

ALL_SOUNDS: Final = 1.0
"""What a document gains there that has all of it: as much as the words of the best."""
