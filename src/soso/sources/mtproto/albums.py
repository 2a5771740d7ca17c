"""Albums: messages with one grouped_id become one post, under the lowest id. Pure."""

from collections.abc import Sequence
from typing import Final

import msgspec

from soso.model.post import Entity, Post, Reaction

_BETWEEN: Final = "\n\n"


def join_albums(rows: Sequence[tuple[Post, int | None]]) -> tuple[tuple[Post, ...], int]:
    """Return posts by rising id, and how many were joined into another.

    rows: by rising id, each with its group's number or None. Items keep their ids in
    Media.post_id; captions are put under each other, as model/merge.py does.
    """
    groups: dict[tuple[int, int], list[Post]] = {}
    for post, group in rows:
        key = (0, post.id) if group is None else (1, group)
        groups.setdefault(key, []).append(post)
    joined = [items[0] if len(items) == 1 else _join(items) for items in groups.values()]
    joined.sort(key=lambda post: post.id)
    return tuple(joined), len(rows) - len(joined)


def _join(items: list[Post]) -> Post:
    text = ""
    entities: list[Entity] = []
    for item in items:
        if not item.text:
            continue
        start = len(text) + len(_BETWEEN) if text else 0
        text = f"{text}{_BETWEEN}{item.text}" if text else item.text
        entities += [
            msgspec.structs.replace(mark, start=mark.start + start, end=mark.end + start)
            for mark in item.entities
        ]
    edits = [item.edited_at for item in items if item.edited_at is not None]
    return msgspec.structs.replace(
        items[0],
        text=text,
        entities=tuple(entities),
        edited=any(item.edited for item in items),
        edited_at=max(edits, default=None),
        views=max((item.views for item in items if item.views is not None), default=None),
        forwards=max((item.forwards for item in items if item.forwards is not None), default=None),
        replies=max((item.replies for item in items if item.replies is not None), default=None),
        reactions=_sum(items),
        reply=next((item.reply for item in items if item.reply is not None), None),
        album=tuple(item.id for item in items),
        media=tuple(
            msgspec.structs.replace(medium, post_id=item.id)
            for item in items
            for medium in item.media
        ),
        previews=tuple(preview for item in items for preview in item.previews),
        buttons=tuple(button for item in items for button in item.buttons),
    )


def _sum(items: list[Post]) -> tuple[Reaction, ...]:
    counts: dict[str, int] = {}
    for reaction in (reaction for item in items for reaction in item.reactions):
        counts[reaction.emoji] = counts.get(reaction.emoji, 0) + reaction.count
    return tuple(Reaction(emoji=sign, count=count) for sign, count in counts.items())
