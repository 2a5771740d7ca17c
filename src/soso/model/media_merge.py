"""The media of two sightings of one post, item by item.

Knows which items are the same one and what is kept of it. An item belongs to a message: the
post's own or an item of its album. Within a message items are matched by their place.
"""

from collections.abc import Collection
from itertools import zip_longest
from typing import Final

import msgspec

from soso.model.media import Media, MediaKind, Picture
from soso.model.richest import Later, pick

Items = tuple[Media, ...]
_Owned = dict[int, list[Media]]

# Routes name the same item differently: a GIF is a video or a file to some. The later in this
# order says more. A photo is no file: sent as a file it is one on every route.
_FAMILIES: Final = (
    (MediaKind.FILE, MediaKind.VIDEO, MediaKind.ANIMATION, MediaKind.ROUND_VIDEO),
    (MediaKind.FILE, MediaKind.AUDIO, MediaKind.VOICE),
    (MediaKind.FILE, MediaKind.STICKER),
    (MediaKind.PHOTO,),
)
_FACTS: Final = (
    "file_name",
    "mime",
    "bytes",
    "duration_s",
    "width",
    "height",
    "performer",
    "title",
    "emoji",
)


def own(items: Items, lead: int, ids: Collection[int]) -> Items:
    """Write down whose each item is: in an album by its message id, otherwise None.

    lead: whose an item is that does not say. ids: of the album; an item can be no other's.
    """
    if len(ids) < 2:
        if all(item.post_id is None for item in items):
            return items
        return tuple(msgspec.structs.replace(item, post_id=None) for item in items)
    owned = (
        item if item.post_id in ids else msgspec.structs.replace(item, post_id=lead)
        for item in items
    )
    return tuple(sorted(owned, key=_owner))


def join_media(
    old: Items,
    new: Items,
    *,
    leads: tuple[int, int],
    later: Later,
    version: Later,
    edit: Later,
) -> Items:
    """Return the items of both, by rising message id. Both must have gone through own().

    leads: the id that each of the two posts stood under.
    later: which was observed later. version: whose text is the later version.
    edit: which has the later edit of a known time, by which another item may stand in its place.
    """
    if not old or not new or old == new:
        return old or new
    old, new = _borrow_owners(old, new, leads[0]), _borrow_owners(new, old, leads[1])
    mine, theirs = _by_owner(old), _by_owner(new)
    joined: list[Media] = []
    for owner in sorted(mine.keys() | theirs.keys()):
        for one, other in zip_longest(mine.get(owner, ()), theirs.get(owner, ())):
            if one is None or other is None:
                joined += [item for item in (one, other) if item is not None]
            elif not _are_kin(one, other):
                joined.append(other if version > 0 else one)
            elif edit != 0 and _are_other_files(one, other):
                joined.append(other if edit > 0 else one)
            else:
                joined.append(_join_item(one, other, later))
    return tuple(joined)


def _by_owner(items: Items) -> _Owned:
    owned: _Owned = {}
    for item in items:
        owned.setdefault(_owner(item), []).append(item)
    return owned


def _owner(item: Media) -> int:
    return item.post_id or 0


def _borrow_owners(items: Items, other: Items, lead: int) -> Items:
    """Give items that all seem the lead's the owners of the other side's, place by place.

    A feed knows the pictures of an album but not their ids.
    """
    if len(items) < 2 or any(item.post_id != lead for item in items):
        return items
    owners = sorted({lead, *(_owner(item) for item in other)})
    owners += [lead] * (len(items) - len(owners))
    return tuple(
        msgspec.structs.replace(item, post_id=owner)
        for item, owner in zip(items, owners, strict=False)
    )


def _are_kin(one: Media, other: Media) -> bool:
    """Whether two items in one place can be the same, seen by two routes."""
    return any(one.kind in family and other.kind in family for family in _FAMILIES)


def _are_other_files(one: Media, other: Media) -> bool:
    return _differ(one.bytes, other.bytes, percent=5) or _differ(
        one.duration_s, other.duration_s, percent=2
    )


def _differ(one: int | None, other: int | None, *, percent: int) -> bool:
    """Whether two numbers differ by more than what rounding ("1.2 MB", "0:59") explains."""
    if one is None or other is None:
        return False
    return abs(one - other) > max(max(one, other) * percent // 100, 1)


def _join_item(old: Media, new: Media, later: Later) -> Media:
    """Facts come from the side that knows more of the item, and the other fills its gaps."""
    if old == new:
        return old
    knows = _known(new) - _known(old)
    facts = {name: pick(getattr(old, name), getattr(new, name), knows) for name in _FACTS}
    picture = _larger(old.picture, new.picture)
    source = pick(old.source, new.source, later)
    return msgspec.structs.replace(
        old,
        **facts,
        kind=max(old.kind, new.kind, key=_rank_kind),
        source=source,
        thumb_source=pick(old.thumb_source, new.thumb_source, later),
        missing=None if source is not None else pick(old.missing, new.missing, later),
        spoiler=old.spoiler or new.spoiler,
        picture=picture,
    )


def _known(item: Media) -> int:
    return sum(getattr(item, name) is not None for name in _FACTS)


def _rank_kind(kind: MediaKind) -> int:
    return max(family.index(kind) for family in _FAMILIES if kind in family)


def _larger(old: Picture | None, new: Picture | None) -> Picture | None:
    if old is None or new is None:
        return old or new
    return max(old, new, key=_order)


def _order(kept: Picture) -> tuple[int, str, str, str]:
    return kept.width * kept.height, kept.blob, kept.thumb, kept.look
