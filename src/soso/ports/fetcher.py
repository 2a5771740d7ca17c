"""Pages, feeds and pictures from the web."""

from collections.abc import Collection
from typing import Protocol

from soso.model.value import Value


class Fetched(Value):
    """An answer. url: where it came from after redirects; content: decoded, as far as it came.

    status: 200, 304, 404 or another 4xx. cut: the answer ended before the length it told.
    """

    url: str
    status: int
    content: bytes = b""
    etag: str | None = None
    last_modified: str | None = None
    content_type: str | None = None
    retry_after_s: float | None = None
    cut: bool = False


class Fetcher(Protocol):
    """Asks hosts politely and never one that it must not ask. Called from many threads.

    Requests to one host stand in one queue for all threads and processes: they wait for their
    turn, at the pace that is set, and none goes out while the host is backed off.
    """

    def fetch(
        self,
        url: str,
        *,
        max_bytes: int,
        etag: str | None = None,
        last_modified: str | None = None,
        kinds: Collection[str] = (),
    ) -> Fetched:
        """Return what an address answers, after its turn has come and after few redirects.

        max_bytes: of the decoded content. etag, last_modified: of the answer one has; 304 says that
        it still holds. kinds: content types that are wanted ("text/html") or families of them
        ("image/"); empty takes all. An answer of an untold type is judged by its first bytes; a
        status other than 200 is of any kind.
        Raises Unavailable (no network, time out, 429, 5xx, or the host is to be left alone; where
        it is known when to ask again, retry_after_s says so), HostileInput (host not on the list,
        private address, too large, another kind, too many redirects), BadInput (no address).
        A 429, 5xx or time out is written into the host's back-off before it is raised.
        """
        ...

    def wait_s(self, url: str) -> float:
        """Return how long until the address's host may be asked: pace and back-off; 0 for now."""
        ...


class MediaDoor(Protocol):
    """Pictures of posts, by their addresses. Live sources hand their open_media on to it."""

    def open_media(self, source: str, *, max_bytes: int) -> bytes | None:
        """Return a picture; None if it is none, too large, or at a host that is not to be asked.

        Raises NotFound when the link has died, Unavailable when it may be had later.
        """
        ...
