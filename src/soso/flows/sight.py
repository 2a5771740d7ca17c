"""Posts become what they are compared by: fingerprints without what their chats always add.

Knows the order of steps from a stored post to a sighting, and how a forward finds its origin.
Must not know how clusters come of them (similarity/settle.py).
"""

import heapq
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

import msgspec

from soso.flows.identify import follow_merges
from soso.model.chat import Chat
from soso.model.ids import ChatKey, PostKey
from soso.model.post import Post, StoredPost
from soso.ports.clusters import Dressing
from soso.ports.store import Store
from soso.similarity.boilerplate import SAMPLE, Sampled, cut_sample, learn, order_of, sample_post
from soso.similarity.clusters import Row, Sighting
from soso.similarity.fingerprint import make_fingerprint, number_of
from soso.similarity.segments import Segment, cut_segments, own_segments

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)

Cut = Mapping[PostKey, Sequence[Segment]]
"""The segments of posts, cut once for the sample and the fingerprint."""


def cut_posts(posts: Iterable[StoredPost]) -> dict[PostKey, list[Segment]]:
    """Return the segments of posts."""
    return {stored.key: cut_segments(stored.post) for stored in posts}


def identity_of(chat: Chat) -> str:
    """Return what others may call a chat, as one text."""
    return " ".join(_names(chat)) or f"={chat.title}"


def anchors_of(stored: StoredPost, chat: Chat) -> list[int]:
    """Return the numbers by which forwards may name a post as their origin."""
    ids = stored.post.album or (stored.post.id,)
    return [number_of(f"{name}/{id_}") for name in _names(chat) for id_ in ids]


def origin_of(post: Post) -> int | None:
    """Return the number of the post that a forward names, None if it names none."""
    forward = post.forward
    if forward is None or forward.post_id is None:
        return None
    if forward.peer is not None:
        return number_of(f"{forward.peer.ref}/{forward.post_id}")
    if forward.username:
        return number_of(f"@{forward.username.casefold()}/{forward.post_id}")
    return None


def looks_of(post: Post) -> set[str]:
    """Return what a post's pictures look like, an album's as one set; plain ones do not count."""
    return {one.picture.look for one in post.media if one.picture is not None} - {""}


def _names(chat: Chat) -> list[str]:
    names = [*(known.name for known in chat.usernames), chat.username or ""]
    folded = dict.fromkeys(f"@{name.casefold()}" for name in names if name)
    return [*([chat.peer.ref] if chat.peer is not None else []), *folded]


class Sighter:
    """Makes sightings of one step's posts; chats are asked for once."""

    def __init__(self, store: Store, chats: Mapping[ChatKey, Chat]) -> None:
        self._store = store
        self._chats = chats
        self._found: dict[str, Chat | None] = {}

    def see(
        self, posts: Sequence[StoredPost], dressings: Mapping[ChatKey, Dressing], cut: Cut
    ) -> dict[PostKey, tuple[Sighting, str]]:
        """Return the sighting and the own letters of each post that is none of the chat's services."""
        sources = self._find_sources(posts)
        chats = {key: self._chats[key] for key in {stored.chat for stored in posts}}
        names = {key: next(iter(_names(chat)), chat.title) for key, chat in chats.items()}
        seen: dict[PostKey, tuple[Sighting, str]] = {}
        for stored in posts:
            dressing = dressings.get(stored.chat)
            own = own_segments(cut[stored.key], dressing.marks if dressing is not None else ())
            letters = "".join(segment.letters for segment in own)
            made = make_fingerprint(letters, looks_of(stored.post))
            sighting = Sighting(
                key=stored.key,
                chat=stored.chat,
                at=(stored.post.at - _EPOCH) // _MICROSECOND,
                tie=number_of(f"{names[stored.chat]}/{stored.post.id}"),
                text=None if made is None else made.text,
                features=() if made is None else made.features,
                origin=origin_of(stored.post),
                source=sources.get(stored.key),
            )
            seen[stored.key] = sighting, letters
        return seen

    def _find_sources(self, posts: Sequence[StoredPost]) -> dict[PostKey, PostKey]:
        """Return the archive's post for each forward whose origin it has."""
        wanted: dict[ChatKey, dict[int, list[PostKey]]] = {}
        for stored in posts:
            forward = stored.post.forward
            if forward is None or forward.post_id is None:
                continue
            chat = self._find_chat(stored.post)
            if chat is not None:
                by_id = wanted.setdefault(chat.key, {})
                by_id.setdefault(forward.post_id, []).append(stored.key)
        found: dict[PostKey, PostKey] = {}
        for key, by_id in wanted.items():
            for id_, source in self._store.find_posts(key, list(by_id)).items():
                if is_seen(source) and origin_of(source.post) is None:
                    found |= {one: source.key for one in by_id[id_] if one != source.key}
        return found

    def _find_chat(self, post: Post) -> Chat | None:
        forward = post.forward
        assert forward is not None
        name = forward.peer.ref if forward.peer is not None else forward.username
        if not name:
            return None
        if name not in self._found:
            chat = (
                self._store.find_chat_by_peer(forward.peer)
                if forward.peer is not None
                else self._store.find_chat_by_username(name)
            )
            self._found[name] = follow_merges(self._store, chat) if chat is not None else None
        return self._found[name]


def is_seen(stored: StoredPost) -> bool:
    """Whether a post is compared at all. Buried and hidden ones are: clusters outlast them, and
    visibility decides who of a cluster is shown."""
    return stored.post.service is None


def learn_dressings(
    store: Store,
    posts: Sequence[StoredPost],
    lost: Sequence[Row],
    known: Mapping[ChatKey, Dressing],
    chats: Mapping[ChatKey, Chat],
    cut: Cut,
) -> dict[ChatKey, tuple[Dressing, tuple[Sampled, ...]]]:
    """Return the dressings whose sample a step changed, with their samples.

    lost: rows of posts that are gone, or of another chat by now.
    """
    fresh: dict[ChatKey, list[StoredPost]] = {key: [] for key in chats if key not in known}
    for stored in posts:
        dressing = known.get(stored.chat)
        bound = None if dressing is None else dressing.bound
        if bound is None or order_of(stored.post.id) <= bound:
            fresh.setdefault(stored.chat, []).append(stored)
    left: dict[ChatKey, set[PostKey]] = {}
    for row in lost:
        left.setdefault(row.seen.chat, set()).add(row.seen.key)
    learnt: dict[ChatKey, tuple[Dressing, tuple[Sampled, ...]]] = {}
    for key in fresh.keys() | (left.keys() & known.keys()):
        before = known.get(key)
        old = store.find_sample(key) if before is not None else []
        sample = _sample(store, key, old, fresh.get(key, []), left.get(key, set()), cut)
        if before is not None and sample == tuple(old):
            continue
        marks = learn(sample)
        learnt[key] = (
            Dressing(
                chat=key,
                identity=before.identity if before is not None else identity_of(chats[key]),
                marks=marks,
                bound=sample[-1].order if len(sample) == SAMPLE else None,
                stale=before is not None and (before.stale or before.marks != marks),
            ),
            sample,
        )
    return learnt


def _sample(
    store: Store,
    chat: ChatKey,
    old: Sequence[Sampled],
    fresh: Sequence[StoredPost],
    left: set[PostKey],
    cut: Cut,
) -> tuple[Sampled, ...]:
    kept = [one for one in old if one.key not in left]
    if len(kept) < len(old) and len(old) == SAMPLE:
        # Who comes next was never kept: all posts of the chat are asked, which only a purge needs.
        seen = (stored for stored in store.iter_posts(chat) if is_seen(stored))
        first = heapq.nsmallest(SAMPLE, seen, key=lambda stored: order_of(stored.post.id))
        fresh, kept, cut = first, [], cut_posts(first)
    new = [sample_post(stored.key, stored.post.id, cut[stored.key]) for stored in fresh]
    return cut_sample([*kept, *new])


def renamed(dressing: Dressing, chat: Chat) -> Dressing:
    """Return the dressing of a chat that has another name now: its posts must be seen anew."""
    return msgspec.structs.replace(dressing, identity=identity_of(chat), stale=True)
