"""A followed feed: asked with what HTTP remembers, read when it changed.

Fills ports/live_source.py. Knows HTTP's answers to a feed's address. Must not know what is in it.
A feed holds its newest entries and nothing else, so there is no history to fill and no deletion to
see: an entry that is there no more has only become old.
"""

import hashlib
from collections.abc import Iterator
from datetime import datetime
from typing import Final

import msgspec

from soso.model.chat import ChatKind
from soso.model.errors import BadInput, HostileInput, NotFound, Refused, Unavailable
from soso.model.following import Followed
from soso.ports.fetcher import Fetched, Fetcher
from soso.ports.live_source import Step
from soso.sources.feed.parse import MAX_FEED_BYTES, ParsedFeed, parse_feed

_RECENT: Final = 20
_PICTURES: Final = ("image/",)


class FeedLive:
    """The route of feeds. fetcher: for feeds; media: for the pictures in them."""

    def __init__(self, fetcher: Fetcher, media: Fetcher) -> None:
        self._fetcher = fetcher
        self._media = media

    def visit(self, followed: Followed, now: datetime, *, background: bool) -> Iterator[Step]:
        """Yield a step for each chat in the feed, or one without a batch if nothing changed.

        Raises as ports/live_source.py says; BadInput for what is no feed, with the feeds that a
        web page in its place links to.
        """
        if background:  # there is nothing behind the newest entries
            yield Step(after=msgspec.structs.replace(followed, next_work_at=None))
            return
        answer = self._fetcher.fetch(
            followed.name,
            max_bytes=MAX_FEED_BYTES,
            etag=followed.etag,
            last_modified=followed.last_modified,
        )
        if answer.status == 304:
            yield Step(after=followed)
            return
        _check_status(followed.name, answer)
        digest = hashlib.sha256(answer.content).hexdigest()
        if digest == followed.cursor and not answer.cut:
            yield Step(after=_asked(followed, answer, digest))
            return
        yield from _steps(followed, answer, _read(followed.name, answer, now), digest)

    def wait_s(self) -> float:
        """Each feed has a host of its own, whose turns the fetcher keeps."""
        return 0.0

    def open_media(self, source: str, *, max_bytes: int) -> bytes | None:
        """Return a picture, if its host is one that pictures are fetched from."""
        try:
            answer = self._media.fetch(source, max_bytes=max_bytes, kinds=_PICTURES)
        except (BadInput, HostileInput):
            return None
        return answer.content if answer.status == 200 and not answer.cut else None


def _check_status(address: str, answer: Fetched) -> None:
    if answer.status in (404, 410):
        raise NotFound(f"there is no feed at {address} (HTTP {answer.status})")
    if answer.status in (401, 402, 403):
        raise Refused(f"{address} does not let us in (HTTP {answer.status})")
    if answer.status != 200:
        raise Unavailable(f"{address} answered with HTTP {answer.status}")


def _read(address: str, answer: Fetched, now: datetime) -> ParsedFeed:
    try:
        return parse_feed(
            answer.content, url=address, observed_at=now, content_type=answer.content_type
        )
    except BadInput as error:
        if answer.cut:
            raise Unavailable(f"{address} ended before its end") from error
        raise


def _steps(followed: Followed, answer: Fetched, parsed: ParsedFeed, digest: str) -> Iterator[Step]:
    """The state moves with the last batch only: a crash before it lets all be read again."""
    cut = answer.cut or parsed.cut
    after = followed if cut else _asked(followed, answer, digest)
    times = sorted((post.at for batch in parsed.batches for post in batch.posts), reverse=True)
    after = msgspec.structs.replace(
        after,
        title=parsed.title or followed.title,
        kind=parsed.batches[0].chat.kind or ChatKind.UNKNOWN,
        is_backfilled=True,
        next_work_at=None,
        recent_s=tuple(int(at.timestamp()) for at in times[:_RECENT]) or followed.recent_s,
    )
    for batch in parsed.batches[:-1]:
        yield Step(after=followed, batch=batch)
    yield Step(after=after, batch=parsed.batches[-1])


def _asked(followed: Followed, answer: Fetched, digest: str) -> Followed:
    return msgspec.structs.replace(
        followed, etag=answer.etag, last_modified=answer.last_modified, cursor=digest
    )
