"""An id that vanished: noted, confirmed by a later reading, then buried.

A page speaks for all ids between its lowest and where it was asked from. An id that is alive in
the archive and not on such a page is noted; when a later reading, some minutes after, does not
show it either, it is dead. Where pages alone can't prove it (a part of a page could not be read;
the id stands behind an album, which may hide it; nothing says that pages ever showed it) the
post's own page is asked, too. Truncated pages never come here. Pure.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final, NamedTuple

import msgspec

from soso.following.pace import MOST_MISSING
from soso.following.pages import Ask, Purpose, Reading, Shown, Span, ids_of
from soso.model.batch import Tombstone
from soso.model.following import Followed, Missing

_MOST_UNLISTED: Final = 500


class Absent(NamedTuple):
    """An id of the archive that a page does not show.

    was_listed: some page has shown it once. is_item: of an album that stands under another id.
    """

    post_id: int
    was_listed: bool = True
    is_item: bool = False


def shown_ids(reading: Reading) -> set[int]:
    """Return the ids on a page."""
    return {id_ for post in reading.posts for id_ in ids_of(post)}


def note_absences(
    followed: Followed,
    span: Span,
    reading: Reading,
    absent: Sequence[Absent],
    *,
    now: datetime,
    confirm_s: float,
) -> tuple[Followed, tuple[Tombstone, ...]]:
    """Return the source with what a page says of ids that vanished, and those that are dead.

    absent: alive in the archive, within the span, seen last before the page was made, not on it.
    A tombstone tells when the post was first not there; that of an item of an album, which may be
    on this very page without it, when the page was made.
    """
    noted = {one.post_id: one for one in followed.missing}
    shown = shown_ids(reading)
    kept = [one for one in followed.missing if not _is_inside(one.post_id, span)]
    shadow = _behind_albums(reading)
    unsure = bool(reading.skipped) or not reading.posts
    unlisted = set(followed.unlisted)
    dead: list[Tombstone] = []
    for one in absent:
        known = noted.get(one.post_id)
        doubtful = unsure or not one.was_listed or one.post_id in shadow
        if one.post_id in unlisted:
            continue
        if known is None or known.noted_at > now:
            kept.append(Missing(post_id=one.post_id, noted_at=now, doubtful=doubtful))
        elif _is_proved(known, doubtful, now, confirm_s):
            at = reading.at if one.is_item else known.noted_at
            dead.append(Tombstone(post_id=one.post_id, at=at))
        else:
            kept.append(msgspec.structs.replace(known, doubtful=doubtful or known.doubtful))
    kept.sort(key=lambda one: (one.noted_at, -one.post_id))
    followed = msgspec.structs.replace(
        followed,
        missing=tuple(kept[:MOST_MISSING]),
        sweep_wanted=followed.sweep_wanted or len(kept) > MOST_MISSING,
        unlisted=tuple(sorted(unlisted - shown)),
    )
    return followed, tuple(dead)


def _is_proved(known: Missing, doubtful: bool, now: datetime, confirm_s: float) -> bool:
    is_later = now - known.noted_at >= timedelta(seconds=confirm_s)
    return is_later and (known.denied or not (doubtful or known.doubtful))


def _is_inside(post_id: int, span: Span) -> bool:
    return span.low <= post_id and (span.high is None or post_id <= span.high)


def _behind_albums(reading: Reading) -> set[int]:
    """Return ids that an album on the page may hide: up to nine behind its first."""
    hidden: set[int] = set()
    for post in reading.posts:
        if post.album:
            hidden.update(range(post.id + 1, post.id + 10))
    return hidden - shown_ids(reading)


def take_single(followed: Followed, ask: Ask, reading: Reading) -> Followed:
    """Return the source after a post's own page.

    That it is denied proves nothing yet: closed chats deny all their posts. A page must follow.
    """
    noted = next((one for one in followed.missing if one.post_id == ask.post_id), None)
    if noted is None or reading.shown not in (Shown.NO_POST, Shown.POSTS):
        return followed
    rest = tuple(one for one in followed.missing if one is not noted)
    if reading.shown is Shown.NO_POST:
        denied = msgspec.structs.replace(noted, denied=True)
        return msgspec.structs.replace(followed, missing=(*rest, denied))
    unlisted = tuple(sorted({*followed.unlisted, noted.post_id}))[-_MOST_UNLISTED:]
    return msgspec.structs.replace(followed, missing=rest, unlisted=unlisted)


def next_confirmation(followed: Followed, now: datetime, *, confirm_s: float) -> Ask | None:
    """Return what to ask of the highest id that is to be confirmed by now."""
    wait = timedelta(seconds=confirm_s)
    due = [one for one in followed.missing if now - one.noted_at >= wait or one.noted_at > now]
    if not due:
        return None
    highest = max(due, key=lambda one: one.post_id)
    if highest.doubtful and not highest.denied:
        return Ask(purpose=Purpose.CONFIRM, post_id=highest.post_id)
    return Ask(purpose=Purpose.CONFIRM, before=highest.post_id + 1)
