"""Ids of every generation."""

import io

import pytest

from soso.model.ids import Peer, PeerKind
from soso.sources.desktop_export.peers import (
    Numbering,
    read_chat_peer,
    read_peer,
    read_user,
    sniff_numbering,
)

USER, GROUP, CHANNEL = PeerKind.USER, PeerKind.GROUP, PeerKind.CHANNEL


@pytest.mark.parametrize(
    ("value", "kind", "number"),
    [
        ("user8500000001", USER, 8500000001),
        ("chat42", GROUP, 42),
        ("channel1500000001", CHANNEL, 1500000001),
        (555001, USER, 555001),
        (2**32 + 555001, USER, 555001),
        (2**33 + 1200000001, CHANNEL, 1200000001),
        ("8589934593", CHANNEL, 1),
    ],
)
def test_senders_of_every_generation(value: object, kind: PeerKind, number: int) -> None:
    assert read_peer(value) == Peer(kind=kind, id=number)


@pytest.mark.parametrize(
    "value",
    [None, 0, -5, True, "", "user0", "user", "userx", "user1 ", "user" + "9" * 30, [], {}, 1.5],
)
def test_what_names_nobody(value: object) -> None:
    assert read_peer(value) is None


def test_a_mark_alone_names_nobody() -> None:
    assert read_peer(2**32) is None
    assert read_peer(2**33) is None


def test_a_chats_number_is_bare_today_and_was_marked_before() -> None:
    today, marked = 8_600_000_000, 2**33 + 1_100_000_000
    assert read_chat_peer(today, USER, Numbering.TYPED) == Peer(kind=USER, id=today)
    assert read_chat_peer(marked, CHANNEL, Numbering.SHIFTED) == Peer(
        kind=CHANNEL, id=1_100_000_000
    )
    assert read_chat_peer(2**32 + 9, USER, Numbering.SHIFTED) == Peer(kind=USER, id=9)
    assert read_chat_peer(2**33, CHANNEL, Numbering.SHIFTED) is None
    assert read_chat_peer(None, CHANNEL, Numbering.TYPED) is None


def test_a_mention_names_a_user_by_a_bare_number() -> None:
    assert read_user(8_600_000_000) == Peer(kind=USER, id=8_600_000_000)
    assert read_user("x") is None


@pytest.mark.parametrize(
    ("content", "numbering"),
    [
        (b'{"messages": [{"from_id": "user5"}]}', Numbering.TYPED),
        (b'{"messages": [{"actor_id" : 4294967301}]}', Numbering.SHIFTED),
        (rb'{"text": "\"from_id\": 5", "from_id": "user5"}', Numbering.TYPED),
        (b'{"messages": []}', Numbering.TYPED),
        (b"", Numbering.TYPED),
    ],
)
def test_the_first_sender_tells_the_numbering(content: bytes, numbering: Numbering) -> None:
    assert sniff_numbering(io.BytesIO(content)) is numbering


@pytest.mark.parametrize("before", [2**20 - 12, 2**20 - 5, 2**20 - 1, 2**20])
def test_a_sender_across_two_blocks_is_found(before: int) -> None:
    content = b" " * before + b'"from_id": 77}'
    assert sniff_numbering(io.BytesIO(content)) is Numbering.SHIFTED
