"""Values of the model as an archive may hold them."""

from datetime import UTC, datetime

from hypothesis import strategies as st

from soso.model.chat import Chat, ChatKind, Username, Visibility
from soso.model.ids import ChatKey, Peer, PeerKind, PostKey
from soso.model.media import Media, MediaKind, Picture
from soso.model.post import (
    Button,
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
    Revision,
    Service,
    StoredPost,
)

texts = st.text(st.characters(codec="utf-8"), max_size=30)
some_text = st.none() | texts
numbers = st.integers(0, 2**62)
some_number = st.none() | numbers
times = st.datetimes(datetime(2013, 8, 1), datetime(2099, 1, 1), timezones=st.just(UTC))
peers = st.builds(Peer, kind=st.sampled_from(PeerKind), id=st.integers(1, 2**62))
some_peer = st.none() | peers
usernames = st.from_regex(r"[A-Za-z][A-Za-z0-9_]{3,31}", fullmatch=True)
hashes = st.text("0123456789abcdef", min_size=64, max_size=64)
pictures = st.builds(
    Picture,
    blob=hashes,
    thumb=hashes,
    width=numbers,
    height=numbers,
    thumb_width=numbers,
    thumb_height=numbers,
)
media = st.builds(
    Media,
    kind=st.sampled_from(MediaKind),
    post_id=some_number,
    source=some_text,
    thumb_source=some_text,
    missing=some_text,
    file_name=some_text,
    mime=some_text,
    bytes=some_number,
    duration_s=some_number,
    width=some_number,
    height=some_number,
    performer=some_text,
    title=some_text,
    emoji=some_text,
    spoiler=st.booleans(),
    picture=st.none() | pictures,
)


@st.composite
def marked(draw: st.DrawFn) -> tuple[str, tuple[Entity, ...]]:
    """A text and entities that lie in it, sorted by start."""
    text = draw(texts)
    entities = []
    for _ in range(draw(st.integers(0, 4)) if text else 0):
        start = draw(st.integers(0, len(text) - 1))
        entities.append(
            Entity(
                kind=draw(st.sampled_from(EntityKind)),
                start=start,
                end=draw(st.integers(start + 1, len(text))),
                url=draw(some_text),
                language=draw(some_text),
                peer=draw(some_peer),
            )
        )
    return text, tuple(sorted(entities, key=lambda entity: entity.start))


def few(strategy: st.SearchStrategy[object]) -> st.SearchStrategy[tuple[object, ...]]:
    return st.lists(strategy, max_size=3).map(tuple)


@st.composite
def posts(draw: st.DrawFn) -> Post:
    text, entities = draw(marked())
    answers = st.builds(PollAnswer, text=texts, voters=some_number, percent=some_number)
    return Post(
        id=draw(st.integers(1, 2**31 - 1) | st.integers(-(10**9), -1)),
        at=draw(times),
        at_certain=draw(st.booleans()),
        edited=draw(st.booleans()),
        edited_at=draw(st.none() | times),
        text=text,
        entities=entities,
        author=draw(some_text),
        author_peer=draw(some_peer),
        via_bot=draw(some_text),
        views=draw(some_number),
        views_exact=draw(st.booleans()),
        forwards=draw(some_number),
        replies=draw(some_number),
        reactions=draw(few(st.builds(Reaction, emoji=texts, count=numbers))),
        forward=draw(
            st.none()
            | st.builds(
                Forward,
                name=some_text,
                peer=some_peer,
                username=some_text,
                post_id=some_number,
                author=some_text,
                at=st.none() | times,
            )
        ),
        reply=draw(
            st.none()
            | st.builds(
                Reply,
                post_id=numbers,
                peer=some_peer,
                username=some_text,
                author=some_text,
                text=some_text,
            )
        ),
        topic_id=draw(some_number),
        album=draw(few(numbers)),
        media=draw(few(media)),
        poll=draw(
            st.none()
            | st.builds(
                Poll,
                question=texts,
                answers=few(answers),
                total_voters=some_number,
                closed=st.booleans(),
            )
        ),
        location=draw(
            st.none()
            | st.builds(
                Location,
                latitude=st.floats(-90, 90),
                longitude=st.floats(-180, 180),
                title=some_text,
                address=some_text,
            )
        ),
        previews=draw(
            few(
                st.builds(
                    LinkPreview, url=texts, site=some_text, title=some_text, description=some_text
                )
            )
        ),
        buttons=draw(few(st.builds(Button, text=texts, url=texts))),
        service=draw(st.none() | st.builds(Service, action=texts, raw=some_text)),
    )


@st.composite
def revisions(draw: st.DrawFn) -> Revision:
    text, entities = draw(marked())
    return Revision(
        text=text,
        entities=entities,
        replaced_at=draw(times),
        edited_at=draw(st.none() | times),
    )


stored_posts = st.builds(
    StoredPost,
    key=st.just(PostKey(1)),
    chat=st.just(ChatKey(17)),
    post=posts(),
    observed_at=times,
    first_seen_at=times,
    version_at=st.none() | times,
    buried_at=st.none() | times,
    hidden=st.booleans(),
    sensitive=st.booleans(),
)
chats = st.builds(
    Chat,
    key=st.just(ChatKey(17)),
    kind=st.sampled_from(ChatKind),
    peer=some_peer,
    title=texts.filter(bool),
    username=st.none() | usernames,
    usernames=few(st.builds(Username, name=usernames, first_seen_at=times, last_seen_at=times)),
    description=texts,
    members=some_number,
    verified=st.booleans(),
    counters=st.dictionaries(texts, numbers, max_size=3),
    picture=st.none() | pictures,
    is_public=st.none() | st.booleans(),
    visibility=st.sampled_from(Visibility),
    visibility_fixed=st.booleans(),
    sensitive=st.booleans(),
    no_index=st.booleans(),
)
