import contextlib
import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from soso.model.batch import Archived
from soso.model.chat import ChatKind, ChatSighting, Visibility
from soso.model.errors import BadInput
from soso.model.ids import Peer, PeerKind
from soso.model.post import EntityKind, Post
from soso.sources.json_lines.decode import decode_row, parse_chat
from soso.sources.json_lines.rows import BlockRow, ChatRow, DeskRow, PostRow

POST = {"type": "post", "chat": "@harbour_daily", "id": 5, "at": "2026-11-01T08:00:00+08:00"}


def post(**fields: object) -> PostRow:
    row = decode_row(json.dumps({**POST, **fields}).encode())
    assert isinstance(row, PostRow)
    return row


def chat(**fields: object) -> ChatRow:
    row = decode_row(json.dumps({"type": "chat", **fields}).encode())
    assert isinstance(row, ChatRow)
    return row


def test_the_smallest_post() -> None:
    row = post()
    assert row.post == Post(id=5, at=datetime(2026, 11, 1, tzinfo=UTC))
    assert row.chat == ChatSighting(username="harbour_daily")
    assert (row.archived, row.unknown) == (None, frozenset())


@pytest.mark.parametrize(
    ("at", "moment", "certain"),
    [
        ("2026-11-01T00:00:00Z", datetime(2026, 11, 1, tzinfo=UTC), True),
        ("2026-11-01T08:00:00+08:00", datetime(2026, 11, 1, tzinfo=UTC), True),
        ("2026-11-01T00:00:00", datetime(2026, 11, 1, tzinfo=UTC), False),
        ("2026-11-01 00:00", datetime(2026, 11, 1, tzinfo=UTC), False),
        ("2026-11-01", datetime(2026, 11, 1, tzinfo=UTC), False),
        (1793491200, datetime(2026, 11, 1, tzinfo=UTC), True),
        (1793491200.5, datetime(2026, 11, 1, 0, 0, 0, 500000, tzinfo=UTC), True),
    ],
)
def test_times(at: object, moment: datetime, certain: bool) -> None:
    row = post(at=at)
    assert (row.post.at, row.post.at_certain) == (moment, certain)


def test_date_is_another_word_for_at() -> None:
    row = decode_row(b'{"type":"post","chat":"@harbour_daily","id":5,"date":"2026-11-01T00:00:00"}')
    assert isinstance(row, PostRow)
    assert (row.post.at, row.post.at_certain) == (datetime(2026, 11, 1, tzinfo=UTC), False)
    assert row.unknown == frozenset()


def test_other_times_without_a_zone_leave_the_posts_own_certain() -> None:
    row = post(edited_at="2026-11-02T00:00:00", forward={"at": 1793491200})
    assert row.post.at_certain
    assert row.post.edited_at == datetime(2026, 11, 2, tzinfo=UTC)
    assert row.post.forward is not None
    assert row.post.forward.at == datetime(2026, 11, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "sighting"),
    [
        ("1500000042", ChatSighting(peer=Peer(kind=PeerKind.CHANNEL, id=1500000042))),
        (1500000042, ChatSighting(peer=Peer(kind=PeerKind.CHANNEL, id=1500000042))),
        (-1001500000042, ChatSighting(peer=Peer(kind=PeerKind.CHANNEL, id=1500000042))),
        ("u77", ChatSighting(peer=Peer(kind=PeerKind.USER, id=77))),
        ("g42", ChatSighting(peer=Peer(kind=PeerKind.GROUP, id=42))),
        ("x17", ChatSighting()),
        ("@harbour_daily", ChatSighting(username="harbour_daily")),
    ],
)
def test_chats(value: object, sighting: ChatSighting) -> None:
    assert parse_chat(value) == sighting


@pytest.mark.parametrize(
    "value",
    [
        *(None, "", "harbour", "@abc", "@1abcd", "@a b c d", 0, -5, 1.5, True, [], "u0"),
        *("99999999999999999999", "9999999999999999999"),
    ],
)
def test_what_is_no_chat(value: object) -> None:
    with pytest.raises(BadInput):
        parse_chat(value)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"nonsense", "not JSON"),
        (b'{"type":"post"', "not JSON"),
        (b"\xff\xfe", "not JSON"),
        (b'{"type":"post","text":"\\ud800"}', "not JSON"),
        (b"[" * 100_000, "not JSON"),
        (b'["post"]', "not a JSON object"),
        (b"{}", "no type"),
        (b'{"type":"thing"}', "a type of row that is not known"),
        (b'{"type":["post"]}', "a type of row that is not known"),
        (b'{"type":"chat"}', "a chat without id, username and title"),
        (b'{"type":"chat","username":"no"}', "a username that can't be one"),
        (b'{"type":"block","at":1}', "a block that names nothing"),
        (b'{"type":"tombstone","chat":"1","at":1}', "wrong kind"),
    ],
)
def test_lines_of_no_use(line: bytes, reason: str) -> None:
    with pytest.raises(BadInput, match=reason):
        decode_row(line)


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"chat": None}, "no chat"),
        ({"id": None}, "wrong kind"),
        ({"id": "5"}, "wrong kind"),
        ({"id": 0}, "id that can't be one"),
        ({"id": 2**63}, "too large"),
        ({"views": 10**30}, "too large"),
        ({"reactions": [{"emoji": "a", "count": 10**30}]}, "too large"),
        ({"at": None}, "wrong kind"),
        ({"at": "soon"}, "a time that can't be read"),
        ({"at": 1e18}, "a time that can't be read"),
        ({"at": True}, "a time that can't be read"),
        ({"edited_at": "0001-01-01T00:00:00+14:00"}, "a time that can't be read"),
        ({"text": 5}, "wrong kind"),
        ({"media": [{"kind": "hologram"}]}, "wrong kind"),
        ({"media": {}}, "wrong kind"),
        ({"location": {"latitude": 1e999, "longitude": 0}}, "not JSON"),
        ({"author_peer": "x17"}, "a peer that is neither"),
        ({"revisions": [{"text": "a"}]}, "wrong kind"),
    ],
)
def test_posts_of_no_use(fields: dict[str, object], reason: str) -> None:
    with pytest.raises(BadInput, match=reason):
        post(**fields)


@pytest.mark.parametrize(
    "place",
    [
        {"latitude": 91, "longitude": 0},
        {"latitude": 10**30, "longitude": 0},
        {"latitude": None, "longitude": 0},
        "the pier",
    ],
)
def test_a_bad_location_is_left_out_and_named(place: object) -> None:
    row = post(location=place)
    assert row.post.location is None
    assert row.unknown == {"location (not on Earth)"}


def test_numbers_below_zero_are_left_out_and_named() -> None:
    row = post(
        views=-1,
        media=[{"kind": "video", "bytes": -5, "duration_s": -2, "width": 8, "height": -1}],
        poll={"question": "?", "answers": [{"text": "a", "voters": -3}], "total_voters": -3},
    )
    (video,) = row.post.media
    assert (video.bytes, video.duration_s, video.width, video.height) == (None, None, 8, None)
    assert row.post.poll is not None
    assert row.post.poll.answers[0].voters is row.post.poll.total_voters is row.post.views is None
    assert "bytes (below zero)" in row.unknown


def test_unknown_fields_are_named_however_deep() -> None:
    peer = {"kind": "user", "id": 1, "x": 2}
    row = post(colour="red", media=[{"kind": "photo", "shade": 1}], forward={"peer": peer})
    assert row.unknown == {"colour", "shade", "x"}


def test_peers_may_be_written_as_refs() -> None:
    row = post(author_peer="u77", reply={"post_id": 3, "peer": "1500000042"})
    assert row.post.author_peer == Peer(kind=PeerKind.USER, id=77)
    assert row.post.reply is not None
    assert row.post.reply.peer == Peer(kind=PeerKind.CHANNEL, id=1500000042)


def test_entities_are_sorted_and_fit_the_text() -> None:
    spans = [(2, 3), (0, 2), (1, 1), (-1, 2), (2, 9)]
    row = post(text="abc", entities=[{"kind": "bold", "start": a, "end": b} for a, b in spans])
    assert [(e.kind, e.start, e.end) for e in row.post.entities] == [
        (EntityKind.BOLD, 0, 2),
        (EntityKind.BOLD, 2, 3),
    ]
    assert row.unknown == {"entities (outside the text)"}


def test_what_was_seen_when() -> None:
    seen = datetime(2026, 11, 3, tzinfo=UTC)
    assert post(observed_at="2026-11-03T00:00:00Z").archived == Archived(
        first_seen_at=seen, observed_at=seen
    )
    assert post(hidden=True).archived == Archived(
        first_seen_at=datetime(2026, 11, 1, tzinfo=UTC), hidden=True
    )


@pytest.mark.parametrize(
    ("fields", "public"),
    [
        ({"kind": "channel", "username": "harbour_daily"}, True),
        ({"kind": "group", "chat": "@harbour_daily"}, True),
        ({"kind": "bot", "username": "@harbour_bot"}, True),
        ({"kind": "person", "username": "ben_sails"}, None),
        ({"username": "harbour_daily"}, None),
        ({"kind": "channel", "chat": "1500000042"}, None),
        ({"kind": "channel", "username": "harbour_daily", "visibility": "private"}, None),
        ({"kind": "channel", "username": "harbour_daily", "is_public": False}, False),
    ],
)
def test_named_channels_groups_and_bots_are_public_unless_said(
    fields: dict[str, object], public: bool | None
) -> None:
    assert chat(title="Harbour", **fields).sighting.is_public is public


def test_a_chat_row() -> None:
    named = {"chat": 1500000042, "title": "T", "username": "@harbour_talk"}
    row = chat(**named, kind="group", visibility="unlisted", mood="good")
    assert row.sighting == ChatSighting(
        peer=Peer(kind=PeerKind.CHANNEL, id=1500000042),
        kind=ChatKind.GROUP,
        title="T",
        username="harbour_talk",
        visibility=Visibility.UNLISTED,
    )
    assert (row.provisional, row.unknown) == (None, {"mood"})
    assert chat(chat="x17", title="T").provisional == "x17"


def test_rows_of_the_desk_are_recognized() -> None:
    assert decode_row(b'{"type":"request","chat":"1"}') == DeskRow(unknown=frozenset())
    assert decode_row(b'{"type":"decision"}') == DeskRow(unknown=frozenset())


def test_a_block() -> None:
    row = decode_row(b'{"type":"block","at":"2026-11-01","word":"spam","why":1}')
    assert isinstance(row, BlockRow)
    assert (row.block.word, row.block.at, row.unknown) == (
        "spam",
        datetime(2026, 11, 1, tzinfo=UTC),
        {"why"},
    )


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(-1e30, 1e30) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
NAMES = [*Post.__struct_fields__, "chat", "revisions", "hidden", "observed_at", "peer", "title"]


@given(
    st.sampled_from(["chat", "post", "tombstone", "block", "request", "else"]),
    st.dictionaries(st.sampled_from(NAMES), JSON),
)
def test_whatever_stands_in_a_row_nothing_else_is_raised(
    kind: str, fields: dict[str, object]
) -> None:
    line = json.dumps({**POST, **fields, "type": kind}).encode()
    with contextlib.suppress(BadInput):
        assert decode_row(line)
