from datetime import UTC, datetime
from typing import Any

import pytest

from soso.model.batch import Block
from soso.model.chat import Chat, ChatKind, Username
from soso.model.errors import BadInput
from soso.model.ids import ChatKey, Peer, PeerKind
from soso.model.post import Poll, PollAnswer, Post
from soso.stores.sql.blocking import Blocker, subject_of

AT = datetime(2026, 1, 1, tzinfo=UTC)
CHAT = Chat(
    key=ChatKey(4),
    kind=ChatKind.CHANNEL,
    peer=Peer(kind=PeerKind.CHANNEL, id=1500),
    username="New",
    usernames=(
        Username(name="Old", first_seen_at=AT, last_seen_at=AT),
        Username(name="New", first_seen_at=AT, last_seen_at=AT),
    ),
)


def block(**fields: Any) -> Block:
    return Block(at=AT, **fields)


def keeps_out(post: Post, *blocks: Block, chat: Chat = CHAT) -> bool:
    return Blocker(blocks, chat, str.casefold).keeps_out(post)


def post(text: str = "", **fields: Any) -> Post:
    return Post(id=7, at=AT, text=text, **fields)


def test_a_chat_is_blocked_under_every_name_it_has_had() -> None:
    for name in ("@old", "@NEW", "1500"):
        assert keeps_out(post(), block(chat=name)), name
    for name in ("@other", "1501", "g1500", "new"):
        assert not keeps_out(post(), block(chat=name)), name
    provisional = Chat(key=ChatKey(4), kind=ChatKind.UNKNOWN)
    assert keeps_out(post(), block(chat="x4"), chat=provisional)


def test_a_block_of_a_person_or_word_can_be_of_one_chat() -> None:
    author = post(author_peer=Peer(kind=PeerKind.USER, id=3))
    assert keeps_out(author, block(author="u3"), block(chat="9"))
    assert keeps_out(author, block(chat="@new", author="u3"))
    assert not keeps_out(author, block(chat="@else", author="u3"))
    assert not keeps_out(post("别的"), block(chat="@new", author="u3"))
    assert keeps_out(post("甲乙丙"), block(chat="@new", word="乙"))
    assert not keeps_out(post("甲丙"), block(chat="@new", word="乙"))


def test_words_are_looked_for_wherever_a_post_says_something() -> None:
    poll = Poll(question="去哪", answers=(PollAnswer(text="Casino 赌场"),))
    assert keeps_out(post(poll=poll), block(word="casino"))
    assert not keeps_out(post(poll=poll), block(word="赌 场"))


def test_a_word_that_folds_to_nothing_blocks_nothing() -> None:
    blocker = Blocker([block(word="の")], CHAT, lambda _: "")
    assert not blocker.keeps_out(post("の"))


def test_items_of_albums_are_kept_out_by_their_ids() -> None:
    blocker = Blocker([block(chat="1500", post_id=8), block(chat="9", post_id=9)], CHAT, str)
    assert blocker.items_kept_out(post(album=(7, 8, 9))) == {8}
    assert blocker.items_kept_out(post()) == set()


def test_a_subject_is_what_a_block_names() -> None:
    assert subject_of(block(chat="@Name")) == subject_of(block(chat=" @NAME", reason="r"))
    assert subject_of(block(word="Wort")) == subject_of(block(word=" wort "))
    subjects = [
        subject_of(block(chat="1")),
        subject_of(block(chat="1", post_id=1)),
        subject_of(block(author="1")),
        subject_of(block(word="1")),
        subject_of(block(chat="@1")),
    ]
    assert len({*subjects}) == 5
    for nothing in (block(), block(word=" "), block(post_id=3), block(chat="")):
        with pytest.raises(BadInput):
            subject_of(nothing)
