"""Posts as hypothesis may see them: few values, so that sightings meet and differ often."""

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from soso.model.ids import ChatKey, Peer, PeerKind, PostKey
from soso.model.media import Media, MediaKind
from soso.model.merge import Insert, Outcome, decide
from soso.model.post import (
    Entity,
    EntityKind,
    Forward,
    LinkPreview,
    Location,
    Poll,
    PollAnswer,
    Post,
    Reaction,
    Reply,
    Service,
    StoredPost,
)

START = datetime(2026, 3, 1, 12, tzinfo=UTC)


def at(minutes: int) -> datetime:
    return START + timedelta(minutes=minutes)


def first(post: Post, *, seen: int = 100, **fields: Any) -> StoredPost:
    """The post as the archive has it after its first sighting, at a minute."""
    outcome = decide(None, post, observed_at=at(seen))
    assert isinstance(outcome, Insert)
    return apply(None, outcome, **fields)


def apply(old: StoredPost | None, outcome: Outcome, **fields: Any) -> StoredPost:
    """What a store keeps after an outcome."""
    if isinstance(outcome, Insert):
        stored = outcome.stored(PostKey(1), ChatKey(1), outcome.observed_at)
    else:
        stored = outcome.post
    return StoredPost(**{name: getattr(stored, name) for name in stored.__struct_fields__} | fields)


def fold(sightings: list[tuple[Post, datetime]]) -> StoredPost:
    """The post after all sightings, in this order."""
    stored: StoredPost | None = None
    for post, observed_at in sightings:
        stored = apply(stored, decide(stored, post, observed_at=observed_at))
    assert stored is not None
    return stored


minutes = st.integers(0, 8).map(at)
texts = st.sampled_from(["", "甲", "甲乙", "甲  乙 ", "丙", "丙…", "丁戊"])
peers = st.sampled_from([None, Peer(kind=PeerKind.USER, id=1), Peer(kind=PeerKind.CHANNEL, id=2)])
numbers = st.sampled_from([None, 0, 1, 100, 104, 126])
entities = st.lists(
    st.builds(
        Entity,
        kind=st.sampled_from([EntityKind.BOLD, EntityKind.TEXT_LINK]),
        start=st.just(0),
        end=st.just(1),
        url=st.sampled_from([None, "https://a.example"]),
    ),
    max_size=2,
).map(tuple)
media = st.builds(
    Media,
    kind=st.sampled_from(list(MediaKind)),
    post_id=st.sampled_from([None, None, 5, 6, 7]),
    source=st.sampled_from([None, "a", "b"]),
    missing=st.sampled_from([None, "too big"]),
    bytes=st.sampled_from([None, 100, 102, 900]),
    duration_s=st.sampled_from([None, 60, 61, 90]),
    file_name=st.sampled_from([None, "x", "y"]),
    spoiler=st.booleans(),
)
polls = st.builds(
    Poll,
    question=st.sampled_from(["?", "!"]),
    answers=st.lists(
        st.builds(PollAnswer, text=st.sampled_from("ab"), voters=numbers, percent=numbers),
        max_size=2,
    ).map(tuple),
    total_voters=numbers,
    closed=st.booleans(),
)
forwards = st.builds(Forward, name=st.sampled_from([None, "甲", "乙"]), peer=peers, post_id=numbers)
replies = st.builds(Reply, post_id=st.sampled_from([1, 2]), text=st.sampled_from([None, "a", "b"]))
posts = st.builds(
    Post,
    id=st.just(5),
    at=st.just(START),
    edited=st.booleans(),
    edited_at=st.none() | minutes,
    text=texts,
    entities=entities,
    author=st.sampled_from([None, "甲", "乙"]),
    author_peer=peers,
    views=numbers,
    views_exact=st.booleans(),
    forwards=numbers,
    replies=numbers,
    reactions=st.lists(
        st.builds(Reaction, emoji=st.sampled_from("👍👎"), count=st.integers(0, 9)), max_size=2
    ).map(tuple),
    forward=st.none() | forwards,
    reply=st.none() | replies,
    topic_id=numbers,
    album=st.sampled_from([(), (), (5, 6), (5, 6, 7)]),
    media=st.lists(media, max_size=3).map(tuple),
    poll=st.none() | polls,
    location=st.none() | st.builds(Location, latitude=st.just(1.0), longitude=st.just(2.0)),
    previews=st.lists(st.builds(LinkPreview, url=st.sampled_from("ab")), max_size=2).map(tuple),
    service=st.none()
    | st.builds(Service, action=st.sampled_from("ab"), raw=st.sampled_from([None, "{}"])),
    second_hand=st.booleans(),
)
sightings = st.tuples(posts, minutes)
