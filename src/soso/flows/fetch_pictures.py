"""Pictures of live posts that could not be fetched at once are tried again.

First by the link that is known; when that has died, by those of a fresh page. After some tries the
row is kept with its reason, for the operator to see, and not tried any more.
"""

import logging
from datetime import datetime, timedelta
from typing import Final, NamedTuple

import msgspec

from soso.flows.keep_media import LINK_DEAD, Kept, has_pictures_to_fetch, keep_media
from soso.model.batch import Batch
from soso.model.chat import Chat, ChatSighting
from soso.model.errors import NotFound, Unavailable
from soso.model.ids import ChatKey
from soso.model.post import StoredPost
from soso.ports.clock import Clock
from soso.ports.fetcher import MediaDoor
from soso.ports.pictures import Pictures
from soso.ports.pictures_due import PictureDue, PostAgain
from soso.ports.store import Store

log = logging.getLogger(__name__)

FIRST: Final = timedelta(minutes=5)
MOST_TRIES: Final = 5
"""With four times the wait after each: over about a day."""

LONGEST: Final = timedelta(days=14)
"""A host that does not answer costs no try, but not for ever."""

_HOLD: Final = timedelta(minutes=30)
_SOURCE: Final = "pictures"


class Fetching(NamedTuple):
    """What is needed to fetch pictures."""

    store: Store
    pictures: Pictures
    clock: Clock
    media: MediaDoor
    again: PostAgain
    max_picture_bytes: int


class FetchReport(NamedTuple):
    """Of how many posts all pictures are here, are tried later, or were given up."""

    done: int = 0
    later: int = 0
    given_up: int = 0


class _Tried(NamedTuple):
    """reason: "" when nothing is missing any more; counts: whether it was a try."""

    reason: str = ""
    counts: bool = True
    final: bool = False


def queue_pictures(store: Store, chat: ChatKey, kept: Kept, now: datetime) -> None:
    """Write down which posts of an applied batch still lack pictures. Raises Unavailable."""
    if kept.due:
        store.add_pictures_due(chat, kept.due, now=now, due_at=now + FIRST)


def fetch_due_pictures(needs: Fetching, *, limit: int = 20) -> FetchReport:
    """Try those that are due; a few, so that the caller may stop in between. Raises Unavailable."""
    now = needs.clock.now()
    rows = needs.store.take_pictures_due(now, hold_until=now + _HOLD, limit=limit)
    done = later = given_up = 0
    for row in rows:
        tried = _try(row, needs)
        if not tried.reason:
            needs.store.drop_pictures_due(row.chat, [row.post_id])
            done += 1
            continue
        after = _plan(row, tried, needs.clock.now())
        needs.store.keep_picture_due(after)
        given_up += after.given_up
        later += not after.given_up
    return FetchReport(done, later, given_up)


def _plan(row: PictureDue, tried: _Tried, now: datetime) -> PictureDue:
    tries = row.tries + tried.counts
    return msgspec.structs.replace(
        row,
        tries=tries,
        reason=tried.reason,
        due_at=now + FIRST * 4 ** max(tries - 1, 0),
        given_up=tried.final or tries >= MOST_TRIES or now - row.since > LONGEST,
    )


def _try(row: PictureDue, needs: Fetching) -> _Tried:
    stored = needs.store.find_post(row.chat, row.post_id)
    if stored is None or stored.buried_at is not None or not has_pictures_to_fetch(stored.post):
        return _Tried()
    try:
        chat = needs.store.get_chat(stored.chat)
    except NotFound:
        return _Tried()
    own = Batch(chat=ChatSighting(), observed_at=stored.observed_at, posts=(stored.post,))
    kept = _keep(own, chat, stored, needs)
    reason = kept.due.get(stored.post.id, "")
    if reason == LINK_DEAD:
        return _try_again(chat, stored, needs)
    if reason:
        return _Tried(reason, counts=False)
    return _judge(kept)


def _try_again(chat: Chat, stored: StoredPost, needs: Fetching) -> _Tried:
    """The links have died: take those of a fresh page."""
    if chat.username is None:
        return _Tried(f"{LINK_DEAD}, and the chat has no page", final=True)
    try:
        fresh = needs.again.pull_post(chat.username, stored.post.id, needs.clock.now())
    except Unavailable as error:
        return _Tried(f"picture: {error}", counts=False)
    if fresh is None or (chat.peer is not None and fresh.chat.peer != chat.peer):
        return _Tried("picture: its link has died, and no page shows the post")
    kept = _keep(fresh, chat, stored, needs)
    if kept.due:
        return _Tried(next(iter(kept.due.values())))
    return _judge(kept)


def _keep(batch: Batch, chat: Chat, stored: StoredPost, needs: Fetching) -> Kept:
    """Fetch what a batch of one post shows, and write it down."""
    quiet = msgspec.structs.replace(batch, chat=ChatSighting())  # the chat's own is not due here
    kept = keep_media(
        quiet,
        needs.media,
        needs.pictures,
        {stored.post.id: stored},
        max_bytes=needs.max_picture_bytes,
        live=chat,
    )
    if kept.pictures:
        needs.store.apply(chat.key, kept.batch, source=_SOURCE, at=needs.clock.now())
    return kept


def _judge(kept: Kept) -> _Tried:
    """Nothing is due any more: either all is here, or the rest can't be had."""
    if any(has_pictures_to_fetch(post) for post in kept.batch.posts):
        return _Tried(next(iter(kept.skipped), "picture: there is none"), final=True)
    return _Tried()
