from datetime import UTC

import pytest

from soso.i18n.language import Language
from soso.i18n.speaker import Speaker
from soso.model.media import Media, MediaKind
from soso.web.site.cards import (
    card_badges,
    card_cover,
    card_name,
    chat_cover,
    chat_name,
    cover_label,
    file_label,
)
from tests.unit.web.fakes import (
    NOW,
    make_card,
    make_chat,
    make_chat_card,
    make_picture,
    make_stored,
    plain,
)

SPEAKER = Speaker(Language.ENGLISH, UTC, NOW)
CHAT = make_chat(1)


def with_media(*media: Media) -> str:
    return cover_label(make_card(make_stored(1, CHAT, media=media), CHAT), SPEAKER)


def test_a_chat_is_called_by_its_title_else_by_its_name_else_by_its_ref() -> None:
    assert chat_name(make_chat(1, title=" 云\u202e汐\n日常 ")) == "云汐 日常"
    assert chat_name(make_chat(1, title="\u3164")) == "@channel1"
    assert chat_name(make_chat(1, title="", username=None)) == "1500000001"


def test_a_post_without_a_title_says_what_it_is() -> None:
    stored = make_stored(1, CHAT)
    assert card_name(make_card(stored, CHAT, title=plain("标题")), SPEAKER) == "标题"
    assert card_name(make_card(stored, CHAT, title=plain(""), fallback="voice"), SPEAKER) == (
        "Voice message"
    )
    odd = make_card(stored, CHAT, title=plain("\u200b"), fallback="hologram")
    assert card_name(odd, SPEAKER) == "Untitled"
    assert card_name(make_chat_card(make_chat(1, title="")), SPEAKER) == "@channel1"


def test_the_picture_of_a_veiled_chat_is_not_shown() -> None:
    chat = make_chat(1, picture=make_picture())
    assert chat_cover(chat)[0] == "/b/" + "cd" * 32
    assert chat_cover(chat, veiled=True)[0].startswith("/cover/")


def test_badges_tell_what_a_row_has() -> None:
    kinds = ("post", "link", "photo", "video", "poll")
    assert card_badges(make_card(make_stored(1, CHAT), CHAT, kinds=kinds)) == [
        *("video", "photo", "poll"),
    ]
    assert card_badges(make_chat_card(CHAT)) == ["channel"]


def test_a_cover_is_the_kept_picture_or_a_drawing() -> None:
    stored = make_stored(7, CHAT)
    assert card_cover(make_card(stored, CHAT, cover=make_picture())) == (
        "/b/" + "cd" * 32,
        320,
        240,
    )
    assert card_cover(make_card(stored, CHAT, title=plain("天气")))[0] == (
        "/cover/1500000001-7~%E5%A4%A9.svg"
    )
    assert card_cover(make_chat_card(CHAT))[0] == "/cover/1500000001~%E9%A2%91.svg"


@pytest.mark.parametrize(
    ("media", "label"),
    [
        ((), ""),
        ((Media(kind=MediaKind.VIDEO, duration_s=750),), "12:30"),
        ((Media(kind=MediaKind.VIDEO),), ""),
        ((Media(kind=MediaKind.VOICE, duration_s=0),), "0:00"),
        ((Media(kind=MediaKind.FILE, file_name="手册.Pdf"),), "PDF"),
        ((Media(kind=MediaKind.PHOTO),), ""),
        ((Media(kind=MediaKind.PHOTO), Media(kind=MediaKind.PHOTO)), "×2"),
    ],
)
def test_the_corner_of_a_cover(media: tuple[Media, ...], label: str) -> None:
    assert with_media(*media) == label


@pytest.mark.parametrize(
    ("name", "label"),
    [
        (None, ""),
        ("", ""),
        (".bashrc", ""),
        ("readme", ""),
        ("a.tar.gz", "GZ"),
        ("a.手册", ""),
        ("a.<b>", ""),
        ("a.verylong", ""),
        ("a.mp\u202e4", "MP4"),
    ],
)
def test_extensions(name: str | None, label: str) -> None:
    assert file_label(Media(kind=MediaKind.FILE, file_name=name)) == label
