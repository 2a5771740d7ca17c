"""The site that shows public channels to anyone."""

from typing import NamedTuple, Protocol

from soso.following.pages import Ask, Reading
from soso.model.following import Route
from soso.model.post import Post


class Named(NamedTuple):
    """What was typed to be followed. name: folded, the source's; shown: as it was typed."""

    route: Route
    name: str
    shown: str


class PreviewSite(Protocol):
    """Called by flows/follow_preview.py and flows/add_source.py, from many threads."""

    def parse_name(self, text: str) -> Named:
        """Return what @name, an address on t.me, an invitation or a feed's address means.

        Raises BadInput for anything else.
        """
        ...

    def read(
        self, name: str, ask: Ask, *, etag: str | None = None, last_modified: str | None = None
    ) -> Reading:
        """Ask for a page of the chat with this (folded) name and return it whole.

        Raises Unavailable (no answer, or one that ends before its end), BadInput (not such a page).
        """
        ...

    def lists(self, post: Post) -> bool:
        """Whether it can be told of such a post by pages that it is gone: service messages that
        only other routes show can't."""
        ...

    def open_media(self, source: str, *, max_bytes: int) -> bytes | None:
        """See ports/live_source.py."""
        ...

    def wait_s(self) -> float:
        """Return how long until the site may be asked."""
        ...
