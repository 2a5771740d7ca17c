"""Pictures of a batch are copied into the archive, so that covers do not rot."""

from collections import Counter
from collections.abc import Mapping
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
    again unless they were lost. A picture that is missing, broken or hostile is counted, and the
    post has none or the lost one's name.
    """
    wanted: dict[tuple[str, ...], Picture | str] = {
        paths: ""
        for post in batch.posts
        for media in post.media
        if (paths := _paths(media))
        and ((old := _known_picture(media, known.get(post.id))) is None or not pictures.has(old))
    }
    chat_paths = _local(batch.chat.picture_source)
    if chat_paths:
        wanted[chat_paths] = ""

    def keep(paths: tuple[str, ...]) -> Picture | str:
        for path in paths:
            content = source.open_media(path, max_bytes=max_bytes)
            if content is not None:
                try:
                    return pictures.keep(content)
                except BadInput:
                    continue
        return "picture: not there, too large, broken or no picture"

    if wanted:
        with ThreadPoolExecutor(max_workers=2) as pool:  # decoding lets go of the interpreter lock
            wanted = dict(zip(wanted, pool.map(keep, wanted), strict=True))
    posts = tuple(_fill(post, wanted, known.get(post.id)) for post in batch.posts)
    chat = batch.chat
    if isinstance(found := wanted.get(chat_paths), Picture):
        chat = msgspec.structs.replace(chat, picture=found)
    reasons = Counter(found for found in wanted.values() if isinstance(found, str))
    return Kept(
        msgspec.structs.replace(batch, posts=posts, chat=chat),
        len(wanted) - reasons.total(),
        reasons,
    )


def _paths(media: Media) -> tuple[str, ...]:
    """Where the media's picture may be, the best first."""
    whole = media.source if media.kind in _SHOWN_WHOLE else None
    return (*_local(whole), *_local(media.thumb_source))


def _local(path: str | None) -> tuple[str, ...]:
    """What is only on the web is not read here."""
    return (path,) if path and "://" not in path else ()


def _known_picture(media: Media, known: StoredPost | None) -> Picture | None:
    if media.picture is not None:
        return media.picture
    for old in known.post.media if known is not None else ():
        same_place = (old.source, old.thumb_source) == (media.source, media.thumb_source)
        if old.picture is not None and same_place:
            return old.picture
    return None


def _fill(
    post: Post, found: Mapping[tuple[str, ...], Picture | str], known: StoredPost | None
) -> Post:
    if not post.media:
        return post
    media: list[Media] = []
    for one in post.media:
        again = found.get(_paths(one))  # of a lost one too, which else keeps its name
        picture = again if isinstance(again, Picture) else _known_picture(one, known)
        kept = isinstance(picture, Picture)
        media.append(msgspec.structs.replace(one, picture=picture) if kept else one)
    return msgspec.structs.replace(post, media=tuple(media))
