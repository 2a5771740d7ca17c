"""What is asked of a live chat's pages, and what an answer adds to what has been read.

Knows ids: the range between the highest and the lowest id read was read but its gaps. A page may
show an album in part, so the block at a page's lower end is read again with the next page.
Must not know addresses, HTML or the store.
"""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Final, NamedTuple

import msgspec

from soso.model.chat import ChatSighting
from soso.model.errors import BadInput
from soso.model.following import Followed, Gap
from soso.model.post import Post
from soso.model.value import Value

MOST_GAPS: Final = 50
_RECENT: Final = 20


class Purpose(StrEnum):
    """Why a page is asked for."""

    NEWEST = "newest"
    GAP = "gap"
    BACKFILL = "backfill"
    ROUND = "round"  # read again
    CONFIRM = "confirm"  # is it really gone?


class Ask(Value):
    """A request. before: posts below this id; post_id: one post by itself; neither: the newest."""

    purpose: Purpose
    before: int | None = None
    post_id: int | None = None


class Shown(StrEnum):
    """What an answer turned out to be."""

    POSTS = "posts"
    UNCHANGED = "unchanged"
    CLOSED = "closed"  # the card of a channel or group
    PRIVATE = "private"
    FREE = "free"
    BOT = "bot"
    PERSON = "person"
    NO_POST = "no post"  # a single page says that its post is not there


class Reading(Value):
    """An answer, whole. at: when it was made, by the site's clock. posts: rising ids.

    skipped: blocks that could not be read, so that an id which is not there may be there.
    """

    shown: Shown
    at: datetime
    chat: ChatSighting | None = None
    posts: tuple[Post, ...] = ()
    skipped: Mapping[str, int] = {}
    notices: tuple[str, ...] = ()
    etag: str | None = None
    last_modified: str | None = None


class Span(NamedTuple):
    """Ids that a page speaks for: all there is within [low, high] is on it. high None: no end."""

    low: int
    high: int | None


def ids_of(post: Post) -> tuple[int, ...]:
    """Return the ids a block stands for, rising."""
    return tuple(sorted({post.id, *post.album}))


def span_of(ask: Ask, reading: Reading) -> Span | None:
    """Return what a page of posts speaks for; None for other answers."""
    if reading.shown is not Shown.POSTS or ask.post_id is not None:
        return None
    low = min((id_ for post in reading.posts for id_ in ids_of(post)), default=1)
    return Span(low, None if ask.before is None else ask.before - 1)


def check_page(followed: Followed, ask: Ask, reading: Reading) -> Reading:
    """Return the page without blocks that were not asked for. Raises BadInput if it is another.

    Asked for what is below the first post, the site may answer with the first page.
    """
    if ask.before is None or reading.shown is not Shown.POSTS:
        return reading
    posts = tuple(post for post in reading.posts if ids_of(post)[0] < ask.before)
    if not posts and reading.posts and not _is_first(reading.posts, followed):
        raise BadInput(f"asked for posts before {ask.before}, the page shows others")
    return msgspec.structs.replace(reading, posts=posts)


def _is_first(posts: tuple[Post, ...], followed: Followed) -> bool:
    """Whether it is the page of the first posts rather than that of the newest."""
    if ids_of(posts[0])[0] == followed.oldest_id:
        return True
    return max(ids_of(post)[-1] for post in posts) < (followed.newest_id or 0)


def step_down(posts: tuple[Post, ...], asked_before: int | None) -> int | None:
    """Return the id to ask below for the next page down; None at the bottom.

    It falls with every step, so that going down ends.
    """
    if not posts:
        return None
    lowest = ids_of(posts[0])
    if lowest[0] <= 1:
        return None
    again = lowest[-1] + 1
    has_more = len(posts) > 1 and (asked_before is None or again < asked_before)
    return again if has_more else lowest[0]


def take_page(followed: Followed, ask: Ask, reading: Reading) -> Followed:
    """Return the source with what a page of posts (see check_page) adds to what was read."""
    match ask.purpose:
        case Purpose.NEWEST:
            return _take_newest(followed, reading.posts)
        case Purpose.GAP:
            return _fill_gap(followed, ask, reading.posts)
        case Purpose.BACKFILL:
            return _go_down(followed, ask, reading.posts)
        case Purpose.ROUND:
            return _go_round(followed, ask, reading.posts)
        case Purpose.CONFIRM:
            return followed


def _take_newest(followed: Followed, posts: tuple[Post, ...]) -> Followed:
    if not posts:
        return followed
    low, high = ids_of(posts[0])[0], max(ids_of(post)[-1] for post in posts)
    recent = sorted((int(post.at.timestamp()) for post in posts), reverse=True)[:_RECENT]
    followed = msgspec.structs.replace(followed, recent_s=tuple(recent))
    if followed.newest_id is None:
        below = step_down(posts, None)
        return msgspec.structs.replace(
            followed,
            newest_id=high,
            oldest_id=low,
            backfill_before=below,
            is_backfilled=below is None,
        )
    gaps = followed.gaps
    if low > followed.newest_id:
        gaps = _joined((*gaps, Gap(low=followed.newest_id, high=ids_of(posts[0])[-1])))
    return msgspec.structs.replace(followed, newest_id=max(high, followed.newest_id), gaps=gaps)


def _joined(gaps: tuple[Gap, ...]) -> tuple[Gap, ...]:
    """Return at most MOST_GAPS; what lies between the lowest two is read again then."""
    while len(gaps) > MOST_GAPS:
        gaps = (Gap(low=gaps[0].low, high=gaps[1].high), *gaps[2:])
    return gaps


def _fill_gap(followed: Followed, ask: Ask, posts: tuple[Post, ...]) -> Followed:
    left: list[Gap] = []
    for gap in followed.gaps:
        below = step_down(posts, ask.before) if ask.before == gap.high + 1 else gap.high + 1
        if below is not None and (below == gap.high + 1 or ids_of(posts[0])[0] > gap.low):
            left.append(Gap(low=gap.low, high=below - 1))
    return msgspec.structs.replace(followed, gaps=tuple(left))


def _go_down(followed: Followed, ask: Ask, posts: tuple[Post, ...]) -> Followed:
    below = step_down(posts, ask.before)
    low = min([followed.oldest_id or 1, *(ids_of(post)[0] for post in posts)])
    return msgspec.structs.replace(
        followed, oldest_id=low, backfill_before=below, is_backfilled=below is None
    )


def _go_round(followed: Followed, ask: Ask, posts: tuple[Post, ...]) -> Followed:
    going = followed.round
    if going is None:
        return followed
    below = step_down(posts, ask.before)
    is_done = below is None
    if going.down_to is not None and posts:
        is_done = is_done or posts[0].at < going.down_to
    if not is_done:
        return msgspec.structs.replace(followed, round=msgspec.structs.replace(going, before=below))
    followed = msgspec.structs.replace(followed, round=None)
    if going.down_to is None:
        followed = msgspec.structs.replace(followed, last_sweep_at=going.started_at)
        if posts and followed.oldest_id is not None:
            low = min(followed.oldest_id, ids_of(posts[0])[0])
            followed = msgspec.structs.replace(followed, oldest_id=low)
    return followed
