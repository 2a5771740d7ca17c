"""Which version of a post's text is kept, and with which marks and times.

Knows how versions are ordered (the rules 1 to 4 and 6 of merge.py). Must not know what becomes of
a post for it.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Final

import msgspec

from soso.model.post import Entity, Post
from soso.model.sameness import plain, same_text
from soso.model.value import Value

_QUARTER_HOUR: Final = timedelta(minutes=15)
_WIDEST_SHIFT: Final = timedelta(hours=26)
_JUST_BEFORE: Final = timedelta(microseconds=1)
_CUT: Final = ".… "
_BETWEEN_CAPTIONS: Final = "\n\n"


class Sighting(Value):
    """A post as it was seen. version_at: when its text was true; orders versions."""

    post: Post
    observed_at: datetime
    version_at: datetime


class Wording(Value):
    """The text that is kept, with what belongs to it.

    replaced: it displaces another text of the old sighting.
    """

    text: str
    entities: tuple[Entity, ...]
    version_at: datetime
    edited: bool
    edited_at: datetime | None
    replaced: bool = False


def sight(post: Post, observed_at: datetime, version_at: datetime | None = None) -> Sighting:
    """Return the sighting of a post, with its place among the versions if that is not known."""
    if version_at is None:
        version_at = post.edited_at or (observed_at if post.edited else post.at)
    return Sighting(post=post, observed_at=observed_at, version_at=version_at)


def ids_of(post: Post) -> frozenset[int]:
    """Return the message ids that the post stands for."""
    return frozenset((post.id, *post.album))


def compare(one: Any, other: Any) -> int:
    """Return 1, 0 or -1 as one is greater, equal or less."""
    return int(one > other) - int(one < other)


def edit_order(old: Post, new: Post) -> int:
    """Return which post has the later edit of a known time: 1 new, -1 old, 0 not certain."""
    times = [post.edited_at or (None if post.edited else post.at) for post in (old, new)]
    if times[0] is None or times[1] is None:
        return 0
    return compare(times[1], times[0])


def choose_wording(old: Sighting, new: Sighting) -> Wording:
    """Return the text that is kept of two sightings that share_clock() has seen."""
    winner = _later_text(old, new)
    if winner != 0:
        kept = new if winner > 0 else old
        return _wording(kept, kept.post.edited, kept.post.edited_at, replaced=winner > 0)
    kept = _fuller(old, new)
    telling = [kept, *_who_tells_of_edits(old, new)]
    edits = [seen.post.edited_at for seen in telling if seen.post.edited_at is not None]
    edited = any(seen.post.edited for seen in telling)
    return _wording(kept, edited, max(edits, default=None))


def _who_tells_of_edits(old: Sighting, new: Sighting) -> list[Sighting]:
    """Both, if it is one text; otherwise no item of an album: its edit is of its own caption."""
    if same_text(old.post.text, new.post.text):
        return [old, new]
    both = ids_of(old.post) | ids_of(new.post)
    return [seen for seen in (old, new) if ids_of(seen.post) == both]


def _wording(
    kept: Sighting, edited: bool, edited_at: datetime | None, *, replaced: bool = False
) -> Wording:
    return Wording(
        text=kept.post.text,
        entities=kept.post.entities,
        version_at=kept.version_at,
        edited=edited or edited_at is not None,
        edited_at=edited_at,
        replaced=replaced,
    )


def meet(old: Sighting, new: Sighting) -> tuple[Sighting, Sighting]:
    """Return both as they are to be merged: of two, the one told second hand defers to the other.

    It takes over the time, the text and the edits of what was seen first hand, as if seen just
    before it, so that it fills gaps and decides nothing. Two of one hand are left as they are.
    """
    if old.post.second_hand == new.post.second_hand:
        return old, new
    return (_defer(old, new), new) if old.post.second_hand else (old, _defer(new, old))


def _defer(told: Sighting, seen: Sighting) -> Sighting:
    post = msgspec.structs.replace(told.post, at=seen.post.at, at_certain=seen.post.at_certain)
    if plain(seen.post.text):
        post = msgspec.structs.replace(
            post,
            text=seen.post.text,
            entities=seen.post.entities,
            edited=seen.post.edited,
            edited_at=seen.post.edited_at,
        )
    return Sighting(
        post=post,
        observed_at=min(told.observed_at, seen.observed_at - _JUST_BEFORE),
        version_at=seen.version_at,
    )


def _later_text(old: Sighting, new: Sighting) -> int:
    """Return 1 if the new text displaces the old, -1 if it is kept out, 0 if both are one text."""
    mine, theirs = plain(old.post.text), plain(new.post.text)
    if mine == theirs or not mine or not theirs:
        return 0
    if old.version_at == new.version_at and _is_shorter(old.post, new.post, mine, theirs):
        return 0
    if _is_item(old.post, new.post, mine, theirs) or _is_item(new.post, old.post, theirs, mine):
        return 0
    if _are_captions(old.post, new.post):
        return 0
    return compare(
        (new.version_at, new.observed_at, len(theirs), theirs),
        (old.version_at, old.observed_at, len(mine), mine),
    )


def _is_shorter(old: Post, new: Post, one: str, other: str) -> bool:
    """Whether one text lacks a part of the other: feeds cut texts, and albums have captions."""
    shorter, longer = sorted((one, other), key=len)
    if old.album or new.album:
        return shorter.rstrip(_CUT) in longer
    return longer.startswith(shorter.rstrip(_CUT))


def _is_item(one: Post, other: Post, text: str, whole: str) -> bool:
    """Whether one is an item of the album other, with its caption in the album's text."""
    return ids_of(one) < ids_of(other) and text in whole


def _are_captions(old: Post, new: Post) -> bool:
    """Whether two texts stand under different messages of one album and neither was edited."""
    edited = any(post.edited or post.edited_at for post in (old, new))
    return ids_of(old) != ids_of(new) and not edited


def _fuller(old: Sighting, new: Sighting) -> Sighting:
    """Return the sighting whose text and marks are kept when neither text displaces the other."""
    mine, theirs = plain(old.post.text), plain(new.post.text)
    if not mine or not theirs:
        return _better(old, new, _length)
    last = max(old.version_at, new.version_at)
    return msgspec.structs.replace(_fuller_text(old, new, mine, theirs), version_at=last)


def _fuller_text(old: Sighting, new: Sighting, mine: str, theirs: str) -> Sighting:
    if mine != theirs:
        if mine in theirs or theirs in mine or _is_shorter(old.post, new.post, mine, theirs):
            return _better(old, new, _length)
        return _append_caption(*sorted((old, new), key=lambda seen: seen.post.id))
    order = edit_order(old.post, new.post)
    last = new if order > 0 else old
    if order != 0 and (last.post.entities or not (old.post.entities or new.post.entities)):
        return last
    return _better(old, new, _marks)


def _better(old: Sighting, new: Sighting, rank: Callable[[Post], Any]) -> Sighting:
    return new if rank(new.post) > rank(old.post) else old


def _length(post: Post) -> int:
    return len(plain(post.text))


def _marks(post: Post) -> tuple[int, int, str]:
    entities = post.entities
    told = sum((e.url, e.language, e.peer) != (None, None, None) for e in entities)
    return (len(entities) + told, len(post.text), repr((post.text, entities)))


def _append_caption(first: Sighting, second: Sighting) -> Sighting:
    """Return the first sighting with the other's caption under its own."""
    start = len(first.post.text) + len(_BETWEEN_CAPTIONS)
    moved = tuple(
        msgspec.structs.replace(entity, start=entity.start + start, end=entity.end + start)
        for entity in second.post.entities
    )
    post = msgspec.structs.replace(
        first.post,
        text=first.post.text + _BETWEEN_CAPTIONS + second.post.text,
        entities=first.post.entities + moved,
    )
    return msgspec.structs.replace(first, post=post)


def share_clock(old: Sighting, new: Sighting) -> tuple[Sighting, Sighting]:
    """Give both the post's one time; a sighting without a zone takes its edit time along."""
    if old.post.at == new.post.at:
        return old, new
    if old.post.at_certain == new.post.at_certain:
        at = min(old.post.at, new.post.at)
    else:
        at = old.post.at if old.post.at_certain else new.post.at
    return _move(old, at), _move(new, at)


def _move(seen: Sighting, at: datetime) -> Sighting:
    shift = at - seen.post.at
    if not shift:
        return seen
    post = msgspec.structs.replace(seen.post, at=at)
    if seen.post.at_certain or abs(shift) > _WIDEST_SHIFT or shift % _QUARTER_HOUR:
        return msgspec.structs.replace(seen, post=post)
    if post.edited_at is not None:
        post = msgspec.structs.replace(post, edited_at=post.edited_at + shift)
    by_clock = seen.version_at in (seen.post.at, seen.post.edited_at)
    version_at = seen.version_at + shift if by_clock else seen.version_at
    return msgspec.structs.replace(seen, post=post, version_at=version_at)
