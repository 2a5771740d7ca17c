from datetime import UTC, datetime

import msgspec
import pytest
from hypothesis import given

from soso.model.chat import Chat, ChatKind, Visibility
from soso.model.ids import ChatKey, PostKey
from soso.model.media import Media, MediaKind
from soso.model.post import Post, Service, StoredPost
from soso.schema.offers import list_keys, offer_chat, offer_post
from soso.text.analyzers import load_analyzers
from tests.unit.text.strategies import texts

ANALYZERS = load_analyzers()
AT = datetime(2026, 10, 31, tzinfo=UTC)
CHAT = Chat(
    key=ChatKey(3),
    kind=ChatKind.CHANNEL,
    title="天气早报",
    username="morning_weather",
    visibility=Visibility.PUBLIC,
)


def stored(text: str = "", *media: Media, **more: object) -> StoredPost:
    return StoredPost(
        key=PostKey(5),
        chat=CHAT.key,
        post=Post(id=1, at=AT, text=text, media=media),
        observed_at=AT,
        first_seen_at=AT,
        **more,  # type: ignore[arg-type]
    )


def offered(post: StoredPost, chat: Chat = CHAT) -> list[tuple[str, str]]:
    return [(one.kind, one.text) for one in offer_post(post, chat, ANALYZERS)]


def file(name: str, kind: MediaKind = MediaKind.FILE) -> Media:
    return Media(kind=kind, file_name=name)


def test_a_post_offers_its_title_tags_and_files() -> None:
    post = stored("台风“海燕”登陆\n正文 #天气 #Weather", file("路径图.pdf"))
    assert offered(post) == [
        ("post", "台风“海燕”登陆"),
        ("tag", "天气"),
        ("tag", "Weather"),
        ("file", "路径图.pdf"),
    ]


def test_equal_offers_are_one_entry_whatever_the_script() -> None:
    [one] = offer_post(stored("颱風登陸"), CHAT, ANALYZERS)
    [other] = offer_post(stored("台风 登陆！"), CHAT, ANALYZERS)
    assert one.entry == other.entry
    assert 0 < one.entry < 2**52
    assert offer_post(stored("台风登陆了"), CHAT, ANALYZERS)[0].entry != one.entry


@pytest.mark.parametrize(
    "post",
    [
        stored("台风登陆", hidden=True),
        stored("台风登陆", buried_at=AT),
        stored("台风登陆", sensitive=True),
        stored("13800138000 办证"),
        stored("https://example.org/a"),
        stored("好"),
        stored("", file("IMG_20261123_0042.jpg")),
        stored("", file("video.mp4", MediaKind.VIDEO)),
        stored(),
    ],
)
def test_what_is_hidden_personal_or_no_title_is_not_offered(post: StoredPost) -> None:
    assert offered(post) == []


def test_service_rows_offer_nothing() -> None:
    post = Post(id=1, at=AT, text="频道改名", service=Service(action="edit_group_title"))
    assert offered(msgspec.structs.replace(stored(), post=post)) == []


@pytest.mark.parametrize("visibility", [Visibility.PRIVATE, Visibility.UNLISTED])
def test_chats_that_are_not_listed_offer_nothing(visibility: Visibility) -> None:
    chat = msgspec.structs.replace(CHAT, visibility=visibility)
    assert offer_chat(chat, ANALYZERS) is None
    assert offered(stored("台风登陆 #天气"), chat) == []


def test_posts_of_sensitive_chats_are_sensitive() -> None:
    assert offered(stored("台风登陆"), msgspec.structs.replace(CHAT, sensitive=True)) == []


def test_short_messages_of_groups_are_no_titles() -> None:
    group = msgspec.structs.replace(CHAT, kind=ChatKind.GROUP)
    assert offered(stored("好的"), group) == []
    assert offered(stored("好的"), CHAT) == [("post", "好的")]
    assert offered(stored("明天几点集合"), group) == [("post", "明天几点集合")]


def test_a_chat_is_found_by_its_title_pinyin_initials_and_username() -> None:
    offer = offer_chat(CHAT, ANALYZERS)
    assert offer is not None
    keys = list_keys(offer, ANALYZERS, username=CHAT.username)
    for typed in ("天气", "早报", "tianqi", "tqzb", "zb", "zaobao", "morning", "weather"):
        assert any(key.startswith(typed) for key in keys), typed


def test_a_chat_under_another_name_is_another_entry() -> None:
    before = offer_chat(CHAT, ANALYZERS)
    after = offer_chat(msgspec.structs.replace(CHAT, title="天气晚报"), ANALYZERS)
    twin = offer_chat(msgspec.structs.replace(CHAT, key=ChatKey(4)), ANALYZERS)
    assert before is not None
    assert after is not None
    assert twin is not None
    assert len({before.entry, after.entry, twin.entry}) == 3


def test_a_chat_without_a_title_is_called_by_its_name() -> None:
    offer = offer_chat(msgspec.structs.replace(CHAT, title=" "), ANALYZERS)
    assert offer is not None
    assert offer.text == "@morning_weather"
    nameless = msgspec.structs.replace(CHAT, title="", username=None)
    assert offer_chat(nameless, ANALYZERS) is None


@given(texts)
def test_odd_posts_offer_what_can_be_found(text: str) -> None:
    for offer in offer_post(stored(text, file(text)), CHAT, ANALYZERS):
        assert list_keys(offer, ANALYZERS)
