"""Albums, which exports do not mark: messages that were sent together become one post.

Neighbours of the same second and sender that carry media an album can hold are one album, at most
ten of them. The lowest id is the post's, the others go to Post.album. Each item keeps its own id in
Media.post_id. Captions are joined by a line break, so that a second one is not lost. Pure; works on
a stream of rows of any length and holds one album.
"""

from collections.abc import Iterable, Iterator
from typing import Final

from msgspec.structs import replace

from soso.model.media import MediaKind
from soso.model.post import Post, Reaction
from soso.model.value import Value
from soso.sources.desktop_export.formatting import join_formatted

_MAX_ITEMS: Final = 10

# What Telegram lets stand together; stickers, voice and round videos are always alone.
_TOGETHER: Final = {
    MediaKind.PHOTO: "pictures",
    MediaKind.VIDEO: "pictures",
    MediaKind.ANIMATION: "pictures",
    MediaKind.FILE: "files",
    MediaKind.AUDIO: "audio",
}


class Row(Value):
    """One message of an input, or an album of them.

    mark: where the input stands after it; rising. post: None if it is left out, skip says why.
    joined: how many messages went into the post besides its own.
    """

    mark: int
    post: Post | None = None
    skip: str | None = None
    joined: int = 0


def join_albums(rows: Iterable[Row]) -> Iterator[Row]:
    """Yield the rows in their order, those of an album as one with the mark of its last item."""
    held: list[Row] = []
    for row in rows:
        if held and (len(held) == _MAX_ITEMS or not _belong(held[-1].post, row.post)):
            yield _join(held)
            held.clear()
        if row.post is not None and _album_kind(row.post) is not None:
            held.append(row)
        else:
            yield row
    if held:
        yield _join(held)


def _album_kind(post: Post) -> str | None:
    return _TOGETHER.get(post.media[0].kind) if len(post.media) == 1 else None


def _belong(one: Post | None, other: Post | None) -> bool:
    return (
        one is not None
        and other is not None
        and one.at == other.at
        and _album_kind(one) == _album_kind(other)
        and one.author_peer == other.author_peer
        and one.author == other.author
        and one.forward == other.forward
        and one.via_bot == other.via_bot
        and one.id != other.id
    )


def _join(held: list[Row]) -> Row:
    if len(held) == 1:
        return held[0]
    items = sorted((row.post for row in held if row.post is not None), key=lambda post: post.id)
    return Row(mark=held[-1].mark, post=join_items(items), joined=len(items) - 1)


def join_items(items: list[Post]) -> Post:
    """Return one post of an album's items, which are sorted by id."""
    first = items[0]
    text, entities = join_formatted((item.text, item.entities) for item in items)
    edits = [item.edited_at for item in items if item.edited_at is not None]
    return Post(
        id=first.id,
        at=first.at,
        at_certain=all(item.at_certain for item in items),
        edited=any(item.edited for item in items),
        edited_at=max(edits, default=None),
        text=text,
        entities=entities,
        author=first.author,
        author_peer=first.author_peer,
        via_bot=first.via_bot,
        reactions=_sum_reactions(items),
        forward=first.forward,
        reply=next((item.reply for item in items if item.reply is not None), None),
        album=tuple(item.id for item in items),
        media=tuple(replace(medium, post_id=item.id) for item in items for medium in item.media),
        poll=next((item.poll for item in items if item.poll is not None), None),
        location=next((item.location for item in items if item.location is not None), None),
        previews=tuple(preview for item in items for preview in item.previews),
        buttons=tuple(button for item in items for button in item.buttons),
    )


def _sum_reactions(items: list[Post]) -> tuple[Reaction, ...]:
    counts: dict[str, int] = {}
    for item in items:
        for reaction in item.reactions:
            counts[reaction.emoji] = counts.get(reaction.emoji, 0) + reaction.count
    return tuple(Reaction(emoji=emoji, count=count) for emoji, count in counts.items())
