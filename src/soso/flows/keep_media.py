"""Pictures of a batch are copied into the archive, so that covers do not rot."""

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import msgspec

from soso.model.batch import Batch
from soso.model.errors import BadInput
from soso.model.media import Media, MediaKind, Picture
from soso.model.post import Post, StoredPost
from soso.ports.pictures import Pictures
from soso.ports.source import Source

_SHOWN_WHOLE = frozenset({MediaKind.PHOTO, MediaKind.STICKER})


class Kept(NamedTuple):
    """The batch with its pictures filled in; skipped: reason -> how many."""

    batch: Batch
    pictures: int
    skipped: Mapping[str, int]


def keep_media(
    batch: Batch,
    source: Source,
    pictures: Pictures,
    known: Mapping[int, StoredPost],
    *,
    max_bytes: int,
) -> Kept:
    """Copy the batch's photos, and the thumbnails of its other media. Raises Unavailable.

    known: the posts of the batch that the archive has already; pictures they have are not read
    again. A picture that is missing, broken or hostile leaves the post without one and is counted.
    """
    wanted: dict[str, Picture | str | None] = {
        path: None
        for post in batch.posts
        for media in post.media
        if _known_picture(media, known.get(post.id)) is None
        for path in _paths(media)
    }
    if batch.chat.picture_source:
        wanted[batch.chat.picture_source] = None

    def keep(path: str) -> Picture | str:
        content = source.open_media(path, max_bytes=max_bytes)
        if content is None:
            return "picture: not in the export, or too large"
        try:
            return pictures.keep(content)
        except BadInput:
            return "picture: broken or not a picture"

    with ThreadPoolExecutor(max_workers=2) as pool:  # decoding lets go of the interpreter lock
        for path, kept in zip(wanted, pool.map(keep, wanted), strict=True):
            wanted[path] = kept
    posts = tuple(_fill(post, wanted, known.get(post.id)) for post in batch.posts)
    chat = batch.chat
    if chat.picture_source and isinstance(found := wanted[chat.picture_source], Picture):
        chat = msgspec.structs.replace(chat, picture=found)
    skipped: dict[str, int] = {}
    for found in wanted.values():
        if isinstance(found, str):
            skipped[found] = skipped.get(found, 0) + 1
    return Kept(
        msgspec.structs.replace(batch, posts=posts, chat=chat),
        sum(isinstance(found, Picture) for found in wanted.values()),
        skipped,
    )


def _paths(media: Media) -> Sequence[str]:
    """Where the media's picture may be, the best first."""
    whole = media.source if media.kind in _SHOWN_WHOLE else None
    return [path for path in (whole, media.thumb_source) if path]


def _known_picture(media: Media, known: StoredPost | None) -> Picture | None:
    if media.picture is not None:
        return media.picture
    for old in known.post.media if known is not None else ():
        same_place = (old.source, old.thumb_source) == (media.source, media.thumb_source)
        if old.picture is not None and same_place:
            return old.picture
    return None


def _fill(post: Post, found: Mapping[str, object], known: StoredPost | None) -> Post:
    if not post.media:
        return post
    media: list[Media] = []
    for one in post.media:
        picture = _known_picture(one, known)
        for path in _paths(one):
            if picture is None and isinstance(kept := found.get(path), Picture):
                picture = kept
        media.append(one if picture is None else msgspec.structs.replace(one, picture=picture))
    return msgspec.structs.replace(post, media=tuple(media))
