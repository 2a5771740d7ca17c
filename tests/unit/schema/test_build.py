from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import given

from soso.model.chat import Chat, ChatKind, Username, Visibility
from soso.model.ids import ChatKey, Peer, PeerKind, PostKey
from soso.model.media import Media, MediaKind
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
    Service,
    StoredPost,
)
from soso.schema import fields
from soso.schema.bonds import find_bonds
from soso.schema.build import (
    SPOKEN,
    build_chat_document,
    build_document,
    is_indexed,
    kinds_of_chat,
    kinds_of_post,
    order_of,
    read_chat,
    read_post,
)
from soso.schema.document import Document
from soso.text.analyzers import BOUNDARY, load_analyzers
from tests.unit.text.strategies import texts

ANALYZERS = load_analyzers()
ZONE = ZoneInfo("Asia/Shanghai")
AT = datetime(2026, 10, 31, 20, tzinfo=UTC)
CHAT = Chat(key=ChatKey(3), kind=ChatKind.CHANNEL, title="科幻頻道", visibility=Visibility.PUBLIC)


def stored(post: Post, **more: object) -> StoredPost:
    return StoredPost(
        key=PostKey(5),
        chat=CHAT.key,
        post=post,
        observed_at=AT,
        first_seen_at=AT,
        **more,  # type: ignore[arg-type]
    )


def make(text: str = "", **more: object) -> Post:
    return Post(id=1, at=AT, text=text, **more)  # type: ignore[arg-type]


def built(post: Post, **more: object) -> Document:
    return build_document(stored(post, **more), CHAT, ANALYZERS, zone=ZONE)


def row(document: Document) -> str:
    return "".join(document.terms.get(fields.CHARS, ()))


def test_a_post_with_everything() -> None:
    post = make(
        "片名：流浪地球2\n#科幻 軟體 https://a.com/x",
        author="張 三",
        author_peer=Peer(kind=PeerKind.USER, id=77),
        via_bot="@Gif",
        views=120,
        reactions=(Reaction(emoji="👍", count=3), Reaction(emoji="❤", count=4)),
        forward=Forward(),
        media=(
            Media(kind=MediaKind.VIDEO, file_name="Wandering_Earth.mkv"),
            Media(kind=MediaKind.PHOTO),
        ),
        location=Location(latitude=1, longitude=2, title="太空電梯"),
        previews=(LinkPreview(url="https://a.com/x", title="網頁標題"),),
    )
    document = built(post, sensitive=True)
    assert document.doc == 10
    assert document.terms[fields.TITLE] == ["流浪", "地球", "2"]
    assert document.terms[fields.CHAT_TITLE] == ("科幻", "频道")
    assert document.terms[fields.NAMES] == ["wander", "earth", "mkv", "科幻"]
    assert {"软件", "wander", "网页", "电梯"} <= set(document.terms[fields.WORDS])
    assert "地球" in document.terms[fields.BIGRAMS]
    sounds = " ".join(document.terms[fields.PINYIN])
    assert sounds == "liu lang di qiu _ ke huan _ ke huan pin dao"
    assert "".join(document.terms[fields.INITIALS]) == "lldq_kh_khpd"
    assert document.keywords == {
        fields.KIND: ("post", "video", "photo", "link"),
        fields.CHAT: ("3",),
        fields.CHAT_KIND: ("channel",),
        fields.LANG: ("zh-Hant",),
        fields.MONTH: ("2026-11",),
        fields.HAS: ("video", "photo", "link", "location", "forward"),
        fields.FROM: ("张 三", "u77", "gif"),
        fields.TAG: ("科幻",),
        fields.NAME: (
            "wandering_earth.mkv",
            "wandering_earth",
            "wanderingearthmkv",
            "wanderingearth",
        ),
        fields.FLAG: ("sensitive",),
        fields.BOND: [bond.term for bond in find_bonds(post)],
    }
    at_s = int(AT.timestamp())
    assert document.numbers == {
        fields.ORDER: order_of(at_s, 10),
        fields.AT: at_s,
        fields.AUDIENCE: 120,
        fields.REACTIONS: 7,
    }


def test_phrases_do_not_reach_over_two_parts() -> None:
    poll = Poll(question="你喜欢", answers=(PollAnswer(text="电影"), PollAnswer(text="音乐")))
    document = built(make("正文", poll=poll))
    assert row(document) == "正文_你喜欢_电影_音乐".replace("_", BOUNDARY)
    assert document.keywords[fields.KIND] == ("post", "poll")


def test_nothing_is_in_a_field_twice() -> None:
    audio = Media(
        kind=MediaKind.AUDIO, performer="周杰伦", title="晴天", file_name="周杰伦 - 晴天.mp3"
    )
    document = built(
        make("周杰伦的晴天", media=(audio,), previews=(LinkPreview(url="x", title="晴 天"),))
    )
    assert row(document) == f"周杰伦的晴天{BOUNDARY}周杰伦晴天mp3"


def test_numbers_of_telephones_and_cards_are_in_no_field() -> None:
    text = "电话 13800001111 卡号 6222020200001111 完 6222020200001111"
    entities = (
        Entity(kind=EntityKind.PHONE, start=3, end=14),
        Entity(kind=EntityKind.BANK_CARD, start=18, end=34),
        Entity(kind=EntityKind.BANK_CARD, start=37, end=10**20),
    )
    document = built(make(text, entities=entities))
    said = msgspec.json.encode(document).decode()
    assert "13800001111" not in said
    assert "6222" not in said
    assert row(document) == "电话_卡号_完".replace("_", BOUNDARY)


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        *(
            (MediaKind.ANIMATION, "video"),
            (MediaKind.ROUND_VIDEO, "video"),
            (MediaKind.VOICE, "audio"),
        ),
        *((MediaKind.FILE, "file"), (MediaKind.AUDIO, "audio"), (MediaKind.STICKER, None)),
    ],
)
def test_kinds(kind: MediaKind, expected: str | None) -> None:
    kinds = kinds_of_post(make(media=(Media(kind=kind), Media(kind=kind))))
    assert kinds == (("post", expected) if expected else ("post",))


def test_a_long_title_is_spoken_in_part() -> None:
    document = built(make("电" * 40))
    assert document.terms[fields.PINYIN][:SPOKEN] == ["dian"] * SPOKEN
    assert document.terms[fields.PINYIN][SPOKEN] == BOUNDARY


@pytest.mark.parametrize(
    ("at", "month"),
    [
        (datetime(1, 1, 1, tzinfo=UTC), "0001-01"),
        (datetime(9999, 12, 31, 23, tzinfo=UTC), "9999-12"),
        (datetime(1960, 1, 1, tzinfo=UTC), "1960-01"),
    ],
)
def test_impossible_times_and_numbers_fit(at: datetime, month: str) -> None:
    post = msgspec.structs.replace(
        make("x", views=-5, reactions=(Reaction(emoji="a", count=2**70),)), at=at
    )
    document = built(post)
    assert document.keywords[fields.MONTH] == (month,)
    assert all(0 <= value < 2**63 for value in document.numbers.values())
    assert document.numbers[fields.AUDIENCE] == 0


def test_order_rises_with_time_then_key() -> None:
    assert order_of(10, 5) < order_of(10, 6) < order_of(11, 0)
    assert order_of(-1, 2**40 + 3) == 3
    assert order_of(10**12, 2**30 - 1) == 2**63 - 1


@given(texts)
def test_the_characters_of_the_text_stand_in_the_document(text: str) -> None:
    document = built(make(text))
    assert row(document).startswith("".join(ANALYZERS.chars(text)))
    for terms in document.terms.values():
        assert terms
        assert all(term and not any(map(str.isspace, term)) for term in terms)
    msgspec.json.encode(document)


def test_a_chat() -> None:
    chat = msgspec.structs.replace(
        CHAT,
        description="最新電影 @kehuan",
        members=1_000,
        username="KeHuan",
        usernames=(Username(name="old_name", first_seen_at=AT, last_seen_at=AT),),
        sensitive=True,
    )
    document = build_chat_document(chat, ANALYZERS, zone=ZONE, posts=3, last_post_at=AT)
    assert document.doc == 7
    assert document.terms[fields.WORDS] == ["科幻", "频道", "最新", "电影", "kehuan", "old", "name"]
    assert document.terms[fields.TITLE] == ("科幻", "频道")
    assert document.terms[fields.NAMES] == ["old", "name", "kehuan"]
    assert document.terms[fields.PINYIN] == ("ke", "huan", "pin", "dao")
    assert fields.CHAT_TITLE not in document.terms
    assert document.keywords == {
        fields.KIND: ("channel",),
        fields.CHAT: ("3",),
        fields.CHAT_KIND: ("channel",),
        fields.LANG: ("zh-Hant",),
        fields.MONTH: ("2026-11",),
        fields.NAME: ("old_name", "kehuan", "科幻频道", "科幻", "oldname"),
        fields.FLAG: ("sensitive",),
    }
    assert document.numbers[fields.AUDIENCE] == 1_000


def test_a_chat_without_anything() -> None:
    chat = Chat(key=ChatKey(1), kind=ChatKind.UNKNOWN)
    document = build_chat_document(chat, ANALYZERS, zone=ZONE, posts=0, last_post_at=None)
    assert document.terms == {}
    assert document.keywords == {fields.CHAT: ("1",), fields.CHAT_KIND: ("unknown",)}
    assert document.numbers[fields.AT] == 0
    assert kinds_of_chat(chat) == ()


def test_what_is_indexed() -> None:
    words = make("有字")
    assert is_indexed(stored(words), CHAT)
    assert is_indexed(stored(make(media=(Media(kind=MediaKind.PHOTO),))), CHAT)
    assert is_indexed(stored(make(poll=Poll(question="?"))), CHAT)
    assert not is_indexed(stored(make(" \n")), CHAT)
    assert not is_indexed(stored(make(service=Service(action="pin_message"))), CHAT)
    created = make("新频道", service=Service(action="create_channel"))
    assert not is_indexed(stored(created), CHAT)  # lists leave it out too
    assert not is_indexed(stored(words, hidden=True), CHAT)
    assert not is_indexed(stored(words, buried_at=AT + timedelta(days=1)), CHAT)
    private = msgspec.structs.replace(CHAT, visibility=Visibility.PRIVATE)
    assert not is_indexed(stored(words), private)


@pytest.mark.parametrize("text", ["", "…………", "👍👍", "a", "  \n "])
def test_there_is_nothing_to_read_in_dots(text: str) -> None:
    assert read_post(stored(make(text))) == ""


def test_what_is_read_of_a_post_and_a_chat() -> None:
    file = Media(kind=MediaKind.FILE, file_name="灯塔手册.pdf")
    camera = Media(kind=MediaKind.VIDEO, file_name="IMG_0042.mp4")
    assert (
        read_post(stored(make("第二册 \n上线", media=(file, camera))))
        == "第二册 \n上线\n灯塔手册.pdf"
    )
    phone = Entity(kind=EntityKind.PHONE, start=3, end=14)
    assert "138" not in read_post(stored(make("电话 13800001111 找我", entities=(phone,))))
    chat = msgspec.structs.replace(CHAT, title="海港日报", description=" 船期 ")
    assert read_chat(chat) == "海港日报\n船期"
