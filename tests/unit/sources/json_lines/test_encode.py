import json
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from soso.model.batch import Archived, Block, Tombstone
from soso.model.chat import Chat, ChatKind, ChatSighting, Visibility
from soso.model.ids import ChatKey, Peer, PeerKind, PostKey
from soso.model.post import Post, Revision, StoredPost
from soso.sources.json_lines.decode import decode_row
from soso.sources.json_lines.encode import (
    encode_block,
    encode_chat,
    encode_post,
    encode_tombstone,
)
from soso.sources.json_lines.rows import BlockRow, ChatRow, PostRow, TombstoneRow
from tests.unit.sources.json_lines.strategies import chats, revisions, stored_posts, texts, times

AT = datetime(2026, 11, 1, tzinfo=UTC)
CHAT = Chat(
    key=ChatKey(3),
    kind=ChatKind.CHANNEL,
    peer=Peer(kind=PeerKind.CHANNEL, id=1500000042),
    title="夜航船书屋",
)


@given(chats, stored_posts, st.lists(revisions(), max_size=3))
def test_a_post_comes_back_as_it_was(
    chat: Chat, stored: StoredPost, revised: list[Revision]
) -> None:
    line = encode_post(stored, chat, revised)
    assert line.count(b"\n") == 1
    assert line.startswith(b'{"type":"post","chat":"')
    row = decode_row(line)
    assert isinstance(row, PostRow)
    assert row.post == stored.post
    assert row.chat == ChatSighting(peer=chat.peer)
    assert row.provisional == (None if chat.peer else "x17")
    assert row.archived == Archived(
        first_seen_at=stored.first_seen_at,
        observed_at=stored.observed_at,
        version_at=stored.version_at,
        revisions=tuple(revised),
        hidden=stored.hidden,
        sensitive=stored.sensitive,
        buried_at=stored.buried_at,
    )
    assert row.unknown == frozenset()


@given(chats)
def test_a_chat_comes_back_as_it_was(chat: Chat) -> None:
    line = encode_chat(chat)
    assert line.startswith(b'{"type":"chat","chat":"')
    row = decode_row(line)
    assert isinstance(row, ChatRow)
    assert row.sighting == ChatSighting(
        peer=chat.peer,
        kind=chat.kind,
        title=chat.title,
        username=chat.username,
        usernames=chat.usernames,
        description=chat.description,
        members=chat.members,
        verified=chat.verified,
        counters=chat.counters,
        picture=chat.picture,
        is_public=chat.is_public,
        visibility=chat.visibility,
        visibility_fixed=chat.visibility_fixed,
        sensitive=chat.sensitive,
        no_index=chat.no_index,
        alias=None if chat.peer else chat.ref,
    )
    assert row.unknown == frozenset()


@given(st.builds(Block, at=times, chat=texts, reason=texts, word=texts, author=texts))
def test_a_block_comes_back_as_it_was(block: Block) -> None:
    row = decode_row(encode_block(block))
    assert row == BlockRow(block=block, unknown=frozenset())


@given(st.integers(1, 2**31 - 1), times)
def test_a_tombstone_comes_back_as_it_was(post_id: int, at: datetime) -> None:
    row = decode_row(encode_tombstone(Tombstone(post_id=post_id, at=at), CHAT))
    assert isinstance(row, TombstoneRow)
    assert row.tombstone == Tombstone(post_id=post_id, at=at)
    assert row.chat.peer == CHAT.peer


def test_what_a_row_looks_like() -> None:
    stored = StoredPost(
        key=PostKey(9),
        chat=ChatKey(3),
        post=Post(id=4, at=AT, text="开张的话"),
        observed_at=AT,
        first_seen_at=AT,
        buried_at=AT,
    )
    assert encode_post(stored, CHAT, []).decode() == (
        '{"type":"post","chat":"1500000042","id":4,"at":"2026-11-01T00:00:00Z","text":"开张的话",'
        '"first_seen_at":"2026-11-01T00:00:00Z","observed_at":"2026-11-01T00:00:00Z",'
        '"buried_at":"2026-11-01T00:00:00Z"}\n'
    )


def test_what_decisions_set_is_always_written() -> None:
    row = json.loads(encode_chat(CHAT))
    assert (row["visibility"], row["sensitive"], row["no_index"]) == ("private", False, False)
    assert row["visibility"] == Visibility.PRIVATE
