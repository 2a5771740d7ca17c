"""A stored post as a row of posts, and back."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from soso.model.ids import ChatKey, PostKey
from soso.model.media import Media, MediaKind, Picture
from soso.model.post import Post, StoredPost
from soso.model.visibility import is_post_shown
from soso.stores.sql.codec import decode, encode
from soso.stores.sql.tables import album_ids, posts

LARGEST: Final = 2**63 - 1
SMALLEST: Final = -(2**63)
AT_ONCE: Final = 900
"""How many values one query is given; SQLite once allowed 999."""

_BITS: Final = {kind: 1 << place for place, kind in enumerate(MediaKind)}
_COLUMNS: Final = (
    posts.c.key,
    posts.c.chat,
    posts.c.observed_at,
    posts.c.first_seen_at,
    posts.c.version_at,
    posts.c.buried_at,
    posts.c.hidden,
    posts.c.sensitive,
    posts.c.told_views,
    posts.c.told_reactions,
    posts.c.revisions,
    posts.c.body,
)


def select_posts() -> sa.Select[Any]:
    """Return a query of whole posts, for stored_of."""
    return sa.select(*_COLUMNS)


def stored_of(row: sa.Row[Any]) -> StoredPost:
    """Return the post in a row of select_posts."""
    return StoredPost(
        key=PostKey(row.key),
        chat=ChatKey(row.chat),
        post=decode(row.body, Post),
        observed_at=row.observed_at,
        first_seen_at=row.first_seen_at,
        version_at=row.version_at,
        buried_at=row.buried_at,
        hidden=row.hidden,
        sensitive=row.sensitive,
        told_views=row.told_views,
        told_reactions=row.told_reactions,
        revisions=row.revisions,
    )


def values_of(stored: StoredPost) -> dict[str, Any]:
    """Return the row of a post. Raises BadInput for one that can't be kept."""
    post = stored.post
    return {
        "key": stored.key,
        "chat": stored.chat,
        "post_id": post.id,
        "at_s": second_of(post.at),
        "shown": is_shown(stored),
        "kinds": kinds_mask(item.kind for item in post.media),
        "observed_at": stored.observed_at,
        "first_seen_at": stored.first_seen_at,
        "version_at": stored.version_at,
        "buried_at": stored.buried_at,
        "hidden": stored.hidden,
        "sensitive": stored.sensitive,
        "told_views": clamp(stored.told_views),
        "told_reactions": clamp(stored.told_reactions),
        "revisions": stored.revisions,
        "body": encode(post, f"Post {post.id}"),
    }


def second_of(at: datetime) -> int:
    """Return the whole second, by which lists are ordered."""
    return int(at.timestamp() // 1)


def is_shown(stored: StoredPost) -> bool:
    """Whether lists and counts have the post: it may be shown, and there is something to show."""
    post = stored.post
    if post.service is not None or not is_post_shown(stored):
        return False
    return bool(post.text or post.media or post.poll or post.location or post.previews)


def kinds_mask(kinds: Iterable[MediaKind]) -> int:
    """Return a number with a bit for each kind."""
    mask = 0
    for kind in kinds:
        mask |= _BITS[kind]
    return mask


def blobs_of(pictures: Iterable[Picture | None]) -> set[str]:
    """Return the blobs that pictures are kept in."""
    kept = [picture for picture in pictures if picture is not None]
    return {picture.blob for picture in kept} | {picture.thumb for picture in kept}


def pictures_of(media: Sequence[Media]) -> list[Picture | None]:
    """Return the pictures of media."""
    return [item.picture for item in media]


def fits(number: int) -> bool:
    """Whether a column can hold the number; no row has one that it can't."""
    return SMALLEST <= number <= LARGEST


def clamp(number: int | None) -> int | None:
    """Return the nearest number that a column can hold."""
    return None if number is None else max(SMALLEST, min(number, LARGEST))


def in_runs(values: Sequence[int]) -> Iterable[Sequence[int]]:
    """Cut values that fit into runs for one query each."""
    fitting = [value for value in values if fits(value)]
    return (fitting[start : start + AT_ONCE] for start in range(0, len(fitting), AT_ONCE))


def fetch_by_ids(conn: Connection, chat: ChatKey, ids: Iterable[int]) -> list[StoredPost]:
    """Return the posts of a chat that stand under any of the ids or took them into an album."""
    found: dict[PostKey, StoredPost] = {}
    for run in in_runs(sorted(set(ids))):
        own = select_posts().where(posts.c.chat == chat, posts.c.post_id.in_(run))
        taken_in = (
            select_posts()
            .join(album_ids, album_ids.c.key == posts.c.key)
            .where(album_ids.c.chat == chat, album_ids.c.post_id.in_(run))
        )
        for query in (own, taken_in):
            for row in conn.execute(query):
                found[row.key] = stored_of(row) if row.key not in found else found[row.key]
    return list(found.values())
