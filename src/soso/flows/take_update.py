"""A post that a bot was told of goes into the archive; a chat that let the bot in is followed.

Knows the steps and how items of an album, which come one by one, are put together. Must not know
the Bot API's shapes.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

import msgspec

from soso.flows.identify import Identifier
from soso.flows.ingest import Ingestion, take_batch
from soso.flows.keep_media import MediaSource
from soso.model.batch import Applied, Batch
from soso.model.chat import Chat, ChatSighting
from soso.model.following import Followed, Route, SourceState
from soso.model.identity import fold_name
from soso.model.ids import Peer
from soso.model.post import Post
from soso.ports.store import Store

SOURCE: Final = "bot"
NOT_LET_IN: Final = "the bot is no longer an administrator of the channel: no posts arrive"
ALBUMS_KEPT: Final = timedelta(days=2)
"""Telegram keeps updates for a day; no item of an album comes later than that."""

_MOST_ALBUM: Final = 20


def take_post(
    batch: Batch, media: MediaSource, needs: Ingestion, *, album: str | None = None
) -> Applied | None:
    """Write a batch of one post, or of none, of a chat that the bot is an administrator of.

    album: the name of the album the post is an item of. Taking an update again changes nothing.
    Returns None, and writes nothing, when the operator has paused the chat.
    Raises Unavailable when the store or the picture can't be had now; then it is to be taken again.
    """
    store, now = needs.store, needs.clock.now()
    followed = _find(store, batch.chat)
    if followed is not None and followed.state is SourceState.PAUSED:
        return None
    if album is not None and batch.chat.peer is not None:
        batch = _with_album(batch, album, batch.chat.peer, needs)
    taken = take_batch(batch, Identifier(store, SOURCE), media, needs, name=SOURCE, live=True)
    _note_post(store, followed, taken.chat, batch, now)
    return taken.applied


def take_membership(
    sighting: ChatSighting, needs: Ingestion, *, posts_arrive: bool, who: str
) -> Followed | None:
    """Follow a chat that let the bot in, or note that it was thrown out.

    who: who did it, for the record. Returns the source, None for a chat that never was one.
    """
    store, now = needs.store, needs.clock.now()
    followed = _find(store, sighting)
    if not posts_arrive:
        if followed is None:
            return None
        return _change(store, followed, lambda one: _closed(one, now))
    chat = Identifier(store, SOURCE).identify(Batch(chat=sighting, observed_at=now))
    if followed is None:
        return store.add_followed(_new(chat, now, who))
    return _change(store, followed, lambda one: _open(one, chat, now))


def forget_albums(store: Store, now: datetime) -> int:
    """Forget which messages were of one album, once no other can come."""
    return store.forget_albums(before=now - ALBUMS_KEPT)


def _with_album(batch: Batch, album: str, peer: Peer, needs: Ingestion) -> Batch:
    """Return the batch with its item told as the album, as far as it is known.

    The store joins the rows of one album by the ids they share (model/merge.py, rule 7), and a text
    or picture that this item does not have erases nothing.
    """
    posts: list[Post] = []
    for post in batch.posts:
        ids = needs.store.note_album_item(peer.ref, album, post.id, now=needs.clock.now())
        near = tuple(number for number in ids if abs(number - post.id) <= _MOST_ALBUM)
        if len(near) > 1:
            posts.append(msgspec.structs.replace(post, id=near[0], album=near))
        else:
            posts.append(post)
    return msgspec.structs.replace(batch, posts=tuple(posts))


def _find(store: Store, chat: ChatSighting) -> Followed | None:
    """The source of a chat; one that was added by its @name has that until the first update."""
    names = [chat.peer.ref] if chat.peer is not None else []
    names += [fold_name(chat.username)] if chat.username else []
    found = (store.find_followed(Route.BOT, name) for name in names)
    return next((one for one in found if one is not None), None)


def _note_post(
    store: Store, followed: Followed | None, chat: Chat, batch: Batch, now: datetime
) -> None:
    if followed is None:
        followed = store.add_followed(_new(chat, now, "the bot"))
    ids = [number for post in batch.posts for number in (post.id, *post.album)]
    last_at = max((post.at for post in batch.posts), default=None)

    def note(one: Followed) -> Followed:
        return msgspec.structs.replace(
            _open(one, chat, now),
            newest_id=max(filter(None, (one.newest_id, *ids)), default=None),
            oldest_id=min(filter(None, (one.oldest_id, *ids)), default=None),
            last_post_at=max(filter(None, (one.last_post_at, last_at)), default=None),
            skipped=one.skipped + sum(batch.skipped.values()),
        )

    _change(store, followed, note)


def _change(store: Store, followed: Followed, change: Callable[[Followed], Followed]) -> Followed:
    return store.change_followed(followed.number, change)


def _new(chat: Chat, now: datetime, who: str) -> Followed:
    ref = chat.ref
    bare = Followed(route=Route.BOT, name=ref, added_at=now, added_by=who)
    return _open(bare, chat, now)


def _open(one: Followed, chat: Chat, now: datetime) -> Followed:
    paused = one.state is SourceState.PAUSED
    return msgspec.structs.replace(
        one,
        name=chat.ref,
        state=one.state if paused else SourceState.FOLLOWING,
        shown_name=chat.username or one.shown_name,
        peer=chat.peer,
        chat=chat.key,
        title=chat.title,
        kind=chat.kind,
        members=chat.members,
        last_visit_at=now,
        last_success_at=now,
        failures=0,
        error=None,
    )


def _closed(one: Followed, now: datetime) -> Followed:
    return msgspec.structs.replace(
        one, state=SourceState.CLOSED, last_visit_at=now, error=NOT_LET_IN
    )
