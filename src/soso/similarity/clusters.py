"""What is known of posts and their copies: the rows that clusters are made of.

Knows how rows point at each other. Must not know how they are kept, nor any text. Pure.

    forward --> its origin, or the earliest forward of the same origin   (Tie.ORIGIN)
    copy    --> the earliest post with the same letters                  (Tie.TEXT)
    version --> the head it has most in common with                      (Tie.LIKENESS)
    head

Every arrow but the first points at an earlier post; no path is longer than three; a cluster is a
head and all whose path ends there.
"""

from collections.abc import Collection, Iterable, Mapping
from enum import IntEnum
from typing import Final, NamedTuple, Protocol

from soso.model.ids import ChatKey, PostKey

FORMULA: Final = 200
"""A run of letters that so many different texts have is a formula, and tells nothing."""

LONGEST_PATH: Final = 4
"""Arrows from a forward to its origin, to the first with that text, to its head; and one to spare."""


class Tie(IntEnum):
    """Why a post is in its cluster."""

    NONE = 0  # it is the head
    LIKENESS = 1
    TEXT = 2
    ORIGIN = 3


class Sighting(NamedTuple):
    """What a post is compared by.

    at: microseconds since 1970, and tie to order what was published at once; both the same whatever
    the order in which posts came in. text, features: its fingerprint. origin: a number for the post
    that it says it was forwarded from; source: that post, where the archive has it.
    """

    key: PostKey
    chat: ChatKey
    at: int
    tie: int
    text: int | None = None
    features: tuple[int, ...] = ()
    origin: int | None = None
    source: PostKey | None = None

    @property
    def rank(self) -> tuple[int, int, int]:
        """Earlier posts come first."""
        return self.at, self.tie, self.key


class Row(NamedTuple):
    """A post in its cluster. senior: at whom its arrow points; None for a head, whose head is itself."""

    seen: Sighting
    tied: Tie
    senior: PostKey | None
    head: PostKey

    @property
    def stands_for_text(self) -> bool:
        """Whether others with the same letters point at it, and it is looked for by likeness."""
        return self.tied in (Tie.NONE, Tie.LIKENESS)


class Known(Protocol):
    """What settling asks of what is kept, as it was before the change at hand."""

    def find_rows(self, keys: Collection[PostKey]) -> Mapping[PostKey, Row]:
        """Return the rows there are of the posts."""
        ...

    def find_by_text(self, texts: Collection[int]) -> Mapping[int, Row]:
        """Return for each text the row that stands for it."""
        ...

    def find_by_features(self, features: Collection[int]) -> Mapping[int, set[PostKey]]:
        """Return who stands for a text and has the feature. Features that nobody has may lack."""
        ...

    def find_by_origin(self, origins: Collection[int]) -> Mapping[int, list[Row]]:
        """Return all that were forwarded from an origin."""
        ...

    def find_members(self, heads: Collection[PostKey]) -> Iterable[Row]:
        """Return the rows of clusters without their heads."""
        ...

    def read_texts(self, keys: Collection[PostKey]) -> None:
        """Make ready what compare will ask for, all at once."""
        ...

    def compare(self, one: PostKey, others: Collection[PostKey]) -> Mapping[PostKey, float]:
        """Return copies.overlap of a post's present letters with those of others, where it is not 0."""
        ...


class Settled(NamedTuple):
    """What to write: rows new or changed, posts to forget, and features of those who stand for a text.

    moved: the heads of posts that had another one, of forgotten ones themselves.
    """

    rows: list[Row]
    gone: list[PostKey]
    added: list[tuple[int, PostKey]]
    dropped: list[tuple[int, PostKey]]
    moved: tuple[tuple[PostKey, PostKey], ...] = ()
