"""Messages and chats."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from soso.model.chat import ChatKind
from soso.model.ids import Peer, PeerKind
from soso.model.post import Post
from soso.sources.desktop_export.parse import (
    CONTACT,
    EMPTY,
    NO_ID,
    NO_TIME,
    NOT_A_MESSAGE,
    TOO_LONG,
    UNSUPPORTED,
    Around,
    is_shared,
    parse_chat,
    parse_message,
    parse_picture,
)
from soso.sources.desktop_export.peers import Numbering

CHANNEL = Peer(kind=PeerKind.CHANNEL, id=5)
IN_CHANNEL = Around(peer=CHANNEL, kind=ChatKind.CHANNEL, title="频道")
IN_GROUP = Around(peer=CHANNEL, kind=ChatKind.GROUP, title="群")
MINIMAL = {"id": 1, "type": "message", "date_unixtime": "1700000000", "text": "字"}


def post(around: Around = IN_GROUP, **fields: object) -> Post:
    read = parse_message({**MINIMAL, **fields}, around)
    assert isinstance(read, Post)
    return read


@pytest.mark.parametrize(
    ("name", "kind", "peer", "public"),
    [
        ("public_channel", ChatKind.CHANNEL, PeerKind.CHANNEL, True),
        ("private_channel", ChatKind.CHANNEL, PeerKind.CHANNEL, False),
        ("public_supergroup", ChatKind.GROUP, PeerKind.CHANNEL, True),
        ("private_supergroup", ChatKind.GROUP, PeerKind.CHANNEL, False),
        ("private_group", ChatKind.GROUP, PeerKind.GROUP, False),
        ("bot_chat", ChatKind.BOT, PeerKind.USER, False),
        ("personal_chat", ChatKind.PERSON, PeerKind.USER, False),
        ("saved_messages", ChatKind.PERSON, PeerKind.USER, False),
        ("replies", ChatKind.PERSON, PeerKind.USER, False),
        ("verification_codes", ChatKind.PERSON, PeerKind.USER, False),
    ],
)
def test_every_type_of_chat(name: str, kind: ChatKind, peer: PeerKind, public: bool) -> None:
    chat = parse_chat({"name": "名", "type": name, "id": 5}, Numbering.TYPED)
    assert (chat.kind, chat.peer, chat.is_public) == (kind, Peer(kind=peer, id=5), public)
    assert is_shared(chat) == (kind in {ChatKind.CHANNEL, ChatKind.GROUP})


@pytest.mark.parametrize("name", [None, "", "future_chat", 5, ["public_channel"]])
def test_unknown_types_are_not_public_and_not_shared(name: object) -> None:
    chat = parse_chat({"name": None, "type": name, "id": "5"}, Numbering.TYPED)
    assert (chat.kind, chat.peer, chat.title) == (ChatKind.UNKNOWN, None, None)
    assert chat.is_public is False
    assert not is_shared(chat)


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (None, NOT_A_MESSAGE),
        ([], NOT_A_MESSAGE),
        ({}, NO_ID),
        ({**MINIMAL, "id": 0}, NO_ID),
        ({**MINIMAL, "id": "x"}, NO_ID),
        ({**MINIMAL, "id": 1.5}, NO_ID),
        ({**MINIMAL, "id": 2**60}, NO_ID),
        ({"id": 1, "type": "unsupported"}, UNSUPPORTED),
        ({**MINIMAL, "date_unixtime": "x"}, NO_TIME),
        ({**MINIMAL, "text": ""}, EMPTY),
        ({**MINIMAL, "text": " \n"}, EMPTY),
        ({**MINIMAL, "text": "", "paid_stars_amount": 5}, EMPTY),
        ({**MINIMAL, "text": "", "contact_information": {"phone_number": "+1"}}, CONTACT),
        ({**MINIMAL, "text": "", "contact_vcard": "a.vcf"}, CONTACT),
        ({**MINIMAL, "text": "x" * 1_000_001}, TOO_LONG),
    ],
)
def test_what_is_left_out_and_why(raw: object, reason: str) -> None:
    assert parse_message(raw, IN_GROUP) == reason


def test_a_contact_with_words_keeps_the_words_alone() -> None:
    read = post(contact_information={"first_name": "秘", "phone_number": "+86 1"}, text="找他")
    assert msgspec.json.decode(msgspec.json.encode(read)) == {
        "id": 1,
        "at": "2023-11-14T22:13:20Z",
        "text": "找他",
    }


def test_a_channel_in_its_own_name_is_no_author_but_its_signature_is() -> None:
    own = {"from": "频道", "from_id": "channel5"}
    assert post(IN_CHANNEL, **own).author is None
    assert post(IN_CHANNEL, **own).author_peer is None
    assert post(IN_CHANNEL, **own, author="小编").author == "小编"
    person = post(IN_CHANNEL, **{"from": "作者", "from_id": "user7"})
    assert (person.author, person.author_peer) == ("作者", Peer(kind=PeerKind.USER, id=7))


def test_without_ids_a_channel_is_known_by_its_title() -> None:
    around = Around(kind=ChatKind.CHANNEL, title="频道")
    assert post(around, **{"from": "频道"}).author is None
    assert post(around, **{"from": "路人"}).author == "路人"


def test_in_a_group_the_sender_is_the_author_also_when_anonymous() -> None:
    anonymous = post(IN_GROUP, **{"from": "群", "from_id": "channel5", "author": "管理"})
    assert (anonymous.author, anonymous.author_peer) == ("群", CHANNEL)
    deleted = post(IN_GROUP, **{"from": None, "from_id": "user7"})
    assert (deleted.author, deleted.author_peer) == (None, Peer(kind=PeerKind.USER, id=7))


def test_an_edit_before_the_post_is_none() -> None:
    assert not post(edited="1970-01-01T08:00:00").edited
    edited = post(edited_unixtime="1700000060")
    assert edited.edited_at == datetime(2023, 11, 14, 22, 14, 20, tzinfo=UTC)
    assert edited.edited


def test_the_zone_makes_local_times_certain() -> None:
    raw = {"id": 1, "type": "message", "date": "2021-07-01T12:00:00", "text": "x"}
    unknown = parse_message(raw, IN_GROUP)
    known = parse_message(raw, Around(zone=ZoneInfo("Asia/Shanghai")))
    assert isinstance(unknown, Post)
    assert isinstance(known, Post)
    assert (unknown.at.hour, unknown.at_certain) == (12, False)
    assert (known.at.hour, known.at_certain) == (4, True)


def test_service_messages_keep_their_own_fields_and_a_title_as_text() -> None:
    read = post(type="service", action="topic_edit", new_title="新题", text="", actor="甲")
    assert read.service is not None
    assert (read.text, read.author, read.service.action) == ("新题", "甲", "topic_edit")
    assert msgspec.json.decode(read.service.raw or "") == {"new_title": "新题"}


def test_unknown_actions_and_types_are_kept_raw() -> None:
    action = post(type="service", action="brand_new", depth={"a": [1]})
    assert action.service is not None
    assert action.service.action == "brand_new"
    assert action.service.raw == '{"depth":{"a":[1]}}'
    assert post(type="service", information_text="话").service is not None
    future = post(type="hologram")
    assert future.service is not None
    assert future.service.action == "hologram"


def test_a_service_message_never_keeps_a_contact() -> None:
    read = post(type="service", action="x", contact_information={"phone_number": "+1"})
    assert read.service is not None
    assert read.service.raw is None


def test_a_giveaway_is_something_that_happened() -> None:
    read = post(text="", giveaway_information={"quantity": 5, "additional_prize": "书"})
    assert read.service is not None
    assert (read.text, read.service.action) == ("书", "giveaway_information")


def test_rich_and_plain_text_can_stand_together() -> None:
    rich = {"blocks": [{"type": "heading", "text": "题"}]}
    read = post(text="字", rich_message=rich)
    assert read.text == "字\n题"
    assert [(entity.start, entity.end) for entity in read.entities] == [(2, 3)]


def test_the_chats_picture_comes_from_the_event_that_set_it() -> None:
    raw = {"type": "service", "action": "edit_group_photo", "photo": "photos/a.jpg"}
    assert parse_picture(raw) == "photos/a.jpg"
    assert parse_picture({**raw, "photo": "(File not included.)"}) is None
    assert parse_picture({**raw, "action": "other"}) is None
    assert parse_picture(None) is None


FIELDS = [
    "from", "from_id", "author", "text", "text_entities", "edited", "edited_unixtime", "photo",
    "file", "thumbnail", "media_type", "file_size", "width", "duration_seconds", "poll", "action",
    "todo_list", "reactions", "inline_bot_buttons", "reply_to_message_id", "reply_to_peer_id",
    "forwarded_from", "forwarded_from_id", "saved_from", "via_bot", "location_information",
    "place_name", "game_title", "game_link", "invoice_information", "giveaway_information",
    "contact_information", "rich_message", "title", "members", "sticker_emoji", "actor", "actor_id",
]  # fmt: skip
INNER = ["type", "text", "href", "user_id", "count", "emoji", "question", "answers", "voters"]
scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(["message", "bold", "paid", "url", "https://a", "(x)", "../x", "user5", "9"])
)
garbage = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from([*INNER, *FIELDS]), inner, max_size=5)
    ),
    max_leaves=25,
)


@given(st.dictionaries(st.sampled_from([*FIELDS, "id", "type", "date"]), garbage, max_size=12))
def test_garbage_in_any_field_never_raises(fields: dict[str, object]) -> None:
    for raw in (fields, {**fields, "id": 1, "type": "message", "date_unixtime": 1_700_000_000}):
        read = parse_message(raw, IN_CHANNEL)
        if isinstance(read, str):
            assert read
        else:
            assert all(0 <= e.start < e.end <= len(read.text) for e in read.entities)
            assert msgspec.json.decode(msgspec.json.encode(read), type=Post) == read


@given(garbage)
def test_garbage_for_a_message_or_a_chat_never_raises(value: object) -> None:
    assert parse_message(value, IN_GROUP)
    parse_chat({"name": value, "type": value, "id": value}, Numbering.SHIFTED)
