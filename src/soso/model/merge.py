"""What happens when old and new differ: one post, many sources.

A post comes by many routes (a JSON export, an HTML export, a preview page, our own dump, later
live), in any order, each with other fields. The rules, kept here and in versions.py, richest.py and
media_merge.py:

1. A version of the text stands at the time it was true: `edited_at` if the route knows it; the
   time of observation if the route shows only a mark "edited"; otherwise the post's own time. The
   version that stands latest is kept. Of two at one time the one observed later is kept, and of two
   observed at once the longer, so that the order of arrival never matters.
2. A later text that differs revises: what it replaces becomes a Revision. An earlier one is kept
   out. Texts that differ in white space or composition alone are the same text.
3. Of the same text the sighting with more marks (entities) gives text and marks together, unless an
   edit of a known later time changed the marks.
4. Of two texts at one time, one the beginning of the other, the longer is the same text seen in
   full. So is an album's text for an item whose caption it holds; captions of several items that
   no edit parts are put under each other.
5. What a route can't see (None, empty) never erases what another saw.
6. Times with a zone beat times without one, and move the edit time along.
7. Ids of an album are united; the lowest leads. Who holds the store joins rows that prove to be
   items of one album: join(), and the ids then lead to the row that is left.
8. A buried post comes back when a source saw it alive after it was buried, and not otherwise.
9. What is told second hand (a feed that renders another's posts, and may be hours old or forged)
   only fills gaps of what was seen first hand: it changes no text, moves no time, and brings no
   buried post back. A first-hand text takes its place without being an edit of it.

Knows no store and no route. decide(decide(old, new).post, new) is Keep.
"""

from collections.abc import Collection
from datetime import datetime

import msgspec

from soso.model.batch import Tombstone
from soso.model.ids import ChatKey, PostKey
from soso.model.media_merge import join_media, own
from soso.model.post import Post, Revision, StoredPost
from soso.model.richest import enrich, without_votes
from soso.model.value import Value
from soso.model.versions import (
    Sighting,
    choose_wording,
    compare,
    edit_order,
    ids_of,
    meet,
    share_clock,
    sight,
)


class Insert(Value):
    """A post seen for the first time."""

    post: Post
    observed_at: datetime
    version_at: datetime

    def stored(self, key: PostKey, chat: ChatKey, first_seen_at: datetime) -> StoredPost:
        """Return the post as the archive keeps it."""
        return StoredPost(
            key=key,
            chat=chat,
            post=self.post,
            observed_at=self.observed_at,
            first_seen_at=first_seen_at,
            version_at=self.version_at,
            told_views=self.post.views,
            told_reactions=_reacted(self.post),
        )


class Revise(Value):
    """The text changed; revision is what it was."""

    post: StoredPost
    revision: Revision


class Refresh(Value):
    """Something other than the text changed, or more of it is known.

    index: whether the index must follow: what can be searched changed, the post came back, or
    a number first appeared or moved by a quarter since the index was last told.
    """

    post: StoredPost
    index: bool


class Bury(Value):
    """The post was deleted."""

    post: StoredPost


class Keep(Value):
    """Nothing changed but, perhaps, when the post was last seen: post tells."""

    post: StoredPost


Outcome = Insert | Revise | Refresh | Bury | Keep


def decide(
    old: StoredPost | None, new: Post, *, observed_at: datetime, version_at: datetime | None = None
) -> Insert | Revise | Refresh | Keep:
    """Return what becomes of a post now that a source has seen it.

    old: the archive's post with the same id, or of the album that holds it; None if there is none.
    observed_at: when the source saw it (the time of the export, not of the import).
    version_at: only our own dump knows it better than the post does.
    Raises nothing for aware times.
    """
    seen = sight(new, observed_at, version_at)
    if old is None:
        post = _tidy(new)
        return Insert(post=post, observed_at=observed_at, version_at=seen.version_at)
    if old.buried_at is not None and (observed_at <= old.buried_at or new.second_hand):
        return Keep(post=old)
    return _outcome(old, seen)


def bury(old: StoredPost, tombstone: Tombstone) -> Bury | Refresh | Keep:
    """Return what becomes of a post that a source knows to be deleted.

    The first message of an album takes the post with it; another one takes only its own media.
    """
    if tombstone.at < old.observed_at:
        return Keep(post=old)
    if tombstone.post_id != old.post.id:
        left = without(old.post, {tombstone.post_id})
        if left == old.post:
            return Keep(post=old)
        if left.media or left.text:
            return Refresh(post=msgspec.structs.replace(old, post=left), index=True)
    if old.buried_at is not None:
        later = max(old.buried_at, tombstone.at)
        return Keep(post=msgspec.structs.replace(old, buried_at=later))
    return Bury(post=msgspec.structs.replace(old, buried_at=tombstone.at))


def join(kept: StoredPost, gone: StoredPost) -> Revise | Refresh | Keep:
    """Return what becomes of a post when another row proves to be the same post or of its album.

    Dates of first sight, hiding and marks are those of both; buried if deleted after it was last
    seen through either.
    """
    seen = sight(gone.post, gone.observed_at, gone.version_at)
    outcome = _outcome(kept, seen)
    burials = [at for at in (kept.buried_at, gone.buried_at) if at is not None]
    buried_at = max(burials) if burials and max(burials) >= outcome.post.observed_at else None
    joined = msgspec.structs.replace(
        outcome.post,
        first_seen_at=min(kept.first_seen_at, gone.first_seen_at),
        hidden=kept.hidden or gone.hidden,
        sensitive=kept.sensitive or gone.sensitive,
        buried_at=buried_at,
    )
    if isinstance(outcome, Revise):
        return Revise(post=joined, revision=outcome.revision)
    if isinstance(outcome, Keep) and joined == outcome.post == kept:
        return outcome
    return Refresh(post=joined, index=True)


def without(post: Post, dead: Collection[int]) -> Post:
    """Return an album without the media of these of its messages; it still stands for all ids."""
    if not post.album or not dead:
        return post
    media = tuple(item for item in post.media if (item.post_id or post.id) not in dead)
    if len(media) == len(post.media):
        return post
    return msgspec.structs.replace(post, media=media)


def _outcome(old: StoredPost, seen: Sighting) -> Revise | Refresh | Keep:
    mine, seen = meet(sight(old.post, old.observed_at, old.version_at), seen)
    post, version_at, replaced = old.post, mine.version_at, False
    if seen.post != post or seen.version_at != version_at:
        post, version_at, replaced = _merge(mine, seen)
    after = msgspec.structs.replace(
        old,
        post=post,
        observed_at=max(mine.observed_at, seen.observed_at),
        version_at=version_at,
        buried_at=None,
    )
    if replaced:
        revision = Revision(
            text=old.post.text,
            entities=old.post.entities,
            edited_at=old.post.edited_at,
            replaced_at=seen.observed_at,
        )
        return Revise(post=_told(after), revision=revision)
    if post == old.post and old.buried_at is None:
        return Keep(post=after)
    index = (
        old.buried_at is not None
        or _content(post) != _content(old.post)
        or _moved(old.told_views, post.views)
        or _moved(old.told_reactions, _reacted(post))
    )
    return Refresh(post=_told(after) if index else after, index=index)


def _told(stored: StoredPost) -> StoredPost:
    return msgspec.structs.replace(
        stored, told_views=stored.post.views, told_reactions=_reacted(stored.post)
    )


def _moved(told: int | None, now: int | None) -> bool:
    if now is None or told is None:
        return bool(now) and told is None
    return abs(now - told) * 4 >= max(told, 1)


def _reacted(post: Post) -> int:
    return sum(reaction.count for reaction in post.reactions)


def _content(post: Post) -> Post:
    """Return the post without what the index follows loosely or not at all."""
    media = tuple(
        msgspec.structs.replace(item, source=None, thumb_source=None, missing=None)
        for item in post.media
    )
    return msgspec.structs.replace(
        post,
        views=None,
        views_exact=True,
        forwards=None,
        replies=None,
        reactions=(),
        poll=without_votes(post.poll),
        media=media,
    )


def _merge(old: Sighting, new: Sighting) -> tuple[Post, datetime, bool]:
    """Return the post of both, its version_at, and whether the new text displaced the old."""
    old, new = share_clock(old, new)
    later = compare(new.observed_at, old.observed_at)
    ids = sorted(ids_of(old.post) | ids_of(new.post))
    album = tuple(ids) if len(ids) > 1 else ()
    wording = choose_wording(old, new)
    media = join_media(
        own(old.post.media, old.post.id, ids),
        own(new.post.media, new.post.id, ids),
        leads=(old.post.id, new.post.id),
        later=later,
        version=compare((new.version_at, later), (old.version_at, 0)),
        edit=edit_order(old.post, new.post) if ids_of(old.post) == ids_of(new.post) else 0,
    )
    post = msgspec.structs.replace(
        old.post,
        id=ids[0],
        at=old.post.at,
        at_certain=old.post.at_certain or new.post.at_certain,
        edited=wording.edited,
        edited_at=wording.edited_at,
        text=wording.text,
        entities=wording.entities,
        album=album,
        media=media,
        second_hand=old.post.second_hand and new.post.second_hand,
        **enrich(old.post, new.post, later),
    )
    return post, wording.version_at, wording.replaced


def _tidy(post: Post) -> Post:
    """Return the post in the form that merged posts have, so that meeting it again changes none."""
    ids = sorted(ids_of(post))
    album = tuple(ids) if len(ids) > 1 else ()
    media = own(post.media, post.id, ids)
    edited = post.edited or post.edited_at is not None
    if (ids[0], album, edited) == (post.id, post.album, post.edited) and media == post.media:
        return post
    return msgspec.structs.replace(post, id=ids[0], album=album, media=media, edited=edited)
