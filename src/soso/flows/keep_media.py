"""Pictures of a batch are copied into the archive, so that covers do not rot.

The one door for all routes. Files of an import are read, addresses of live posts are fetched;
what of these can't be had now is named, to be tried again (flows/fetch_pictures.py).
"""

from collections import Counter
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Final, NamedTuple, Protocol

import msgspec

from soso.model.batch import Batch
from soso.model.chat import Chat
from soso.model.errors import BadInput, NotFound, Unavailable
from soso.model.media import Media, MediaKind, Picture
from soso.model.post import Post, StoredPost
from soso.ports.pictures import Pictures

NO_PICTURE: Final = "picture: not there, too large, broken or no picture"
LINK_DEAD: Final = "picture: its link has died"

_SHOWN_WHOLE = frozenset({MediaKind.PHOTO, MediaKind.STICKER})
_NEW_CHAT_PICTURE: Final = "edit_group_photo"
_PATIENCE: Final = 3
"""After so many fetches of one batch that a host did not answer, the others wait for another time."""


class MediaSource(Protocol):
    """The part of a source that opens files: ports/source.py and ports/live_source.py.

    A live one raises Unavailable where trying again later makes sense, and NotFound for a link that
    has died, where another page may give a new one.
    """

    def open_media(self, source: str, *, max_bytes: int) -> bytes | None:
        """Return what Media.source names; None if it is not there or too large."""
        ...


class Kept(NamedTuple):
    """The batch with its pictures filled in; skipped: reason -> how many.

    due: posts whose pictures are to be tried again -> why, of live sources only.
    """

    batch: Batch
    pictures: int
    skipped: Mapping[str, int]
    due: Mapping[int, str] = {}


class _Missed(NamedTuple):
    """Why there is no picture; due: whether to try again."""

    reason: str
    due: bool = False


_Paths = tuple[str, ...]
_Found = Mapping[_Paths, Picture | _Missed]


def keep_media(
    batch: Batch,
    source: MediaSource,
    pictures: Pictures,
    known: Mapping[int, StoredPost],
    *,
    max_bytes: int,
    live: Chat | None = None,
) -> Kept:
    """Copy the batch's photos, and the thumbnails of its other media. Raises Unavailable.

    known: the posts of the batch that the archive has already; pictures they have are not read
    again unless they were lost. A picture that is missing, broken or hostile is counted, and the
    post has none or the lost one's name.
    live: the chat, if this is a live source: addresses are fetched, too. Links of live posts change
    with every other page; a post keeps its picture until it is edited.
    """
    wanted: dict[_Paths, Picture | _Missed] = {
        paths: _Missed("")
        for post in batch.posts
        for place, media in enumerate(post.media)
        if (paths := _paths(media, live))
        and (
            (old := _known_picture(post, place, known.get(post.id), live)) is None
            or not pictures.has(old)
        )
    }
    chat_paths = _chat_paths(batch, pictures, live)
    if chat_paths:
        wanted[chat_paths] = _Missed("")
    if wanted:
        opener = _Opener(source, pictures, max_bytes)
        with ThreadPoolExecutor(max_workers=2) as pool:  # decoding lets go of the interpreter lock
            wanted = dict(zip(wanted, pool.map(opener.keep, wanted), strict=True))
    posts = tuple(_fill(post, wanted, known.get(post.id), live) for post in batch.posts)
    chat = batch.chat
    if isinstance(found := wanted.get(chat_paths), Picture):
        chat = msgspec.structs.replace(chat, picture=found)
    missed = [found for found in wanted.values() if isinstance(found, _Missed)]
    return Kept(
        msgspec.structs.replace(batch, posts=posts, chat=chat),
        len(wanted) - len(missed),
        Counter(found.reason for found in missed if not found.due),
        _list_due(batch, wanted, live),
    )


def has_pictures_to_fetch(post: Post) -> bool:
    """Whether a post's media could have pictures that the archive does not have."""
    return any(media.picture is None and _addresses(media) for media in post.media)


class _Opener:
    """Opens and keeps pictures, in several threads."""

    def __init__(self, source: MediaSource, pictures: Pictures, max_bytes: int) -> None:
        self._source = source
        self._pictures = pictures
        self._max_bytes = max_bytes
        self._unanswered = 0

    def keep(self, paths: _Paths) -> Picture | _Missed:
        missed = _Missed(NO_PICTURE)
        for path in paths:
            is_address = "://" in path
            if is_address and self._unanswered >= _PATIENCE:
                return _Missed("picture: its host did not answer", due=True)
            try:
                content = self._source.open_media(path, max_bytes=self._max_bytes)
            except NotFound:
                missed = _Missed(LINK_DEAD, due=True)
                continue
            except Unavailable as error:
                if not is_address:
                    raise
                self._unanswered += 1
                missed = _Missed(f"picture: {error}", due=True)
                continue
            if content is not None:
                with suppress(BadInput):
                    return self._pictures.keep(content)
        return missed


def _paths(media: Media, live: Chat | None) -> _Paths:
    """Where the media's picture may be, the best first; what is on the web only for live sources."""
    return tuple(p for p in _addresses(media) if live is not None or "://" not in p)


def _addresses(media: Media) -> _Paths:
    whole = media.source if media.kind in _SHOWN_WHOLE else None
    return tuple(path for path in (whole, media.thumb_source) if path)


def _chat_paths(batch: Batch, pictures: Pictures, live: Chat | None) -> _Paths:
    path = batch.chat.picture_source
    if not path or (live is None and "://" in path):
        return ()
    if live is not None and live.picture is not None and pictures.has(live.picture):
        changed = (post.service and post.service.action for post in batch.posts)
        return (path,) if _NEW_CHAT_PICTURE in changed else ()
    return (path,)


def _known_picture(
    post: Post, place: int, known: StoredPost | None, live: Chat | None
) -> Picture | None:
    media = post.media[place]
    if media.picture is not None:
        return media.picture
    if known is None:
        return None
    for old in known.post.media:
        same_place = (old.source, old.thumb_source) == (media.source, media.thumb_source)
        if old.picture is not None and same_place:
            return old.picture
    is_new = post.edited and not (known.post.edited and post.text == known.post.text)
    if live is None or is_new:
        return None
    ours = [one for one in post.media if (one.kind, one.post_id) == (media.kind, media.post_id)]
    theirs = [
        one for one in known.post.media if (one.kind, one.post_id) == (media.kind, media.post_id)
    ]
    return theirs[ours.index(media)].picture if len(ours) == len(theirs) else None


def _fill(post: Post, found: _Found, known: StoredPost | None, live: Chat | None) -> Post:
    if not post.media:
        return post
    media: list[Media] = []
    for place, one in enumerate(post.media):
        again = found.get(_paths(one, live))  # of a lost one too, which else keeps its name
        picture = again if isinstance(again, Picture) else _known_picture(post, place, known, live)
        kept = isinstance(picture, Picture)
        media.append(msgspec.structs.replace(one, picture=picture) if kept else one)
    return msgspec.structs.replace(post, media=tuple(media))


def _list_due(batch: Batch, found: _Found, live: Chat | None) -> dict[int, str]:
    if live is None:
        return {}
    due: dict[int, str] = {}
    for post in batch.posts:
        for media in post.media:
            missed = found.get(_paths(media, live))
            if isinstance(missed, _Missed) and missed.due:
                due[post.id] = missed.reason
    return due
