"""What is suggested while somebody types: entries found by their beginnings, the weightiest first.

An entry is something to suggest (schema/offers.py): a chat, a title, a tag, a file's name. Equal
offers of several posts are one entry, which names the weightiest of them as its document. An entry
holds no text that is shown: what it says is asked of its document when it is suggested, so that
nothing taken down or edited away can show.
"""

from collections.abc import Mapping, Sequence
from typing import Protocol

from soso.model.ids import DocId
from soso.model.value import Value


class Offered(Value):
    """An offer of a document as the store keeps it. keys: its beginnings; weight: not negative."""

    entry: int
    kind: str
    keys: tuple[str, ...]
    weight: int


class Suggested(Value):
    """An entry that begins as asked. doc: the document to ask what it says."""

    entry: int
    weight: int
    doc: DocId


class Suggestions(Protocol):
    """Reads cost the same however many entries begin alike.

    They are made of the archive: losing them, all at once, costs nothing but the time of a walk.
    """

    def put_offers(self, offers: Mapping[DocId, Sequence[Offered]]) -> None:
        """Replace what these documents offered; an empty row takes back all. One transaction.

        The same again changes nothing. Purging a document takes its offers back too (ports/posts).
        """
        ...

    def find_suggested(
        self, asked: Sequence[tuple[str, str]], *, limit: int = 20
    ) -> list[list[Suggested]]:
        """Return for each kind and beginning the weightiest entries with such a key, each once.

        A beginning is folded and at most as long as keys are (text/prefixes.py); an empty one
        finds nothing.
        """
        ...

    def find_walk(self) -> str | None:
        """Return the name of the last walk over the whole archive that came to its end."""
        ...

    def keep_walk(self, name: str) -> None:
        """Note that a walk came to its end."""
        ...

    def count_suggestions(self) -> int:
        """Return how many entries there are."""
        ...
