"""A query as a tree. Values are as typed but checked; names and dates are resolved by the plan.

Trees are in normal form, so that parse(unparse(query)) == query: no And within And or Or within Or,
none of fewer than two parts, no Not of Not, no empty text.
"""

from typing import Final

from soso.model.value import Value


class Node(Value):
    """The base of all nodes."""


class Word(Node):
    """Text without white space or quotes, to be cut into words."""

    text: str


class Exact(Node):
    """Text that must stand there as it is, white space and punctuation aside."""

    text: str


class Choice(Node):
    """A filter with alternatives, such as kind:video,photo; name is a key of CHOICES."""

    name: str
    values: tuple[str, ...]


class After(Node):
    """Published at or after the beginning of a date; query/dates.py has their forms."""

    date: str


class Before(Node):
    """Published before the beginning of a date."""

    date: str


class Views(Node):
    """Seen (or, for a chat, joined) by at least low and at most high people."""

    low: int | None = None
    high: int | None = None


class And(Node):
    """All of the parts."""

    parts: tuple[Node, ...]


class Or(Node):
    """Any of the parts."""

    parts: tuple[Node, ...]


class Not(Node):
    """Not the part."""

    part: Node


class Query(Value):
    """What was asked: all of the parts; none at all asks for everything."""

    parts: tuple[Node, ...] = ()


KINDS: Final = (
    *("channel", "group", "bot", "post"),
    *("video", "photo", "audio", "file", "link", "poll"),
)
HAVINGS: Final = ("link", "photo", "video", "file", "poll", "audio", "location", "forward")

CHOICES: Final[dict[str, tuple[str, ...]]] = {
    "kind": KINDS,
    "has": HAVINGS,
    "chat": (),  # any value
    "from": (),
    "lang": (),
    "tag": (),
}
"""The filters with alternatives, and their values where these are a closed set."""

FILTERS: Final = frozenset(CHOICES) | {"after", "before", "views"}

MAX_CHARACTERS: Final = 500
MAX_TERMS: Final = 64
MAX_LEVELS: Final = 20
MOST_VIEWS: Final = 10**15
