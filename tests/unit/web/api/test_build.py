from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pytest

from soso.i18n.language import Language
from soso.i18n.speaker import Speaker
from soso.model.chat import Username
from soso.model.media import Media, MediaKind
from soso.model.post import Forward, Poll, PollAnswer, Reaction
from soso.ports.chats import ChatRow
from soso.query.results import PostPage
from soso.web.api.build import PayloadMaker
from tests.unit.web.fakes import NOW, make_card, make_chat, make_picture, make_stored

SPEAKER = Speaker(Language.ENGLISH, ZoneInfo("Asia/Shanghai"), NOW)


def make(*, sensitive: bool = False) -> PayloadMaker:
    return PayloadMaker("https://s", SPEAKER, sensitive=sensitive)


def page_of(**changes: Any) -> PostPage:
    chat = make_chat(1)
    stored = make_stored(5, chat, **changes)
    return PostPage(card=make_card(stored, chat), chat=chat, stored=stored)


def test_a_post_with_everything() -> None:
    page = page_of(
        media=(
            Media(kind=MediaKind.PHOTO, picture=make_picture()),
            Media(kind=MediaKind.FILE, post_id=6, file_name="a.pdf", bytes=10),
        ),
        album=(5, 6),
        poll=Poll(question="?", answers=(PollAnswer(text="yes", percent=60),), total_voters=5),
        reactions=(Reaction(emoji="👍", count=3),),
        forward=Forward(name="someone", post_id=1),
        author="编辑",
        edited=True,
        edited_at=NOW + timedelta(hours=1),
    )
    post = make().post(page)
    assert [(one.kind, one.id) for one in post.media] == [("photo", 5), ("file", 6)]
    assert post.media[0].picture is not None
    assert post.media[0].picture.url == f"https://s/b/{'ab' * 32}"
    assert post.media[0].thumb is not None
    assert post.media[0].thumb.width == 320
    assert post.media[1].picture is None
    assert post.album == [5, 6]
    assert post.poll is not None
    assert post.poll.answers[0].percent == 60
    assert post.reactions[0].count == 3
    assert post.forwarded_from == "someone"
    assert post.edited_at == "2026-11-23T13:00:00+00:00"


def test_neighbours_and_context_are_hits() -> None:
    page = page_of()
    other = page_of(id=4).card
    full = msgspec.structs.replace(page, origin=other, reply_to=other, newer=other)
    post = make().post(full)
    assert post.origin is not None
    assert post.origin.id == 4
    assert post.reply_to == post.newer == post.origin
    assert post.older is None


def test_a_veiled_post_has_nothing_but_its_frame() -> None:
    page = page_of(
        media=(Media(kind=MediaKind.PHOTO, picture=make_picture()),),
        poll=Poll(question="secret"),
    )
    veiled = msgspec.structs.replace(
        page, card=msgspec.structs.replace(page.card, sensitive=True, cover=make_picture())
    )
    post = make().post(veiled)
    assert (post.text, post.marks, post.media, post.poll) == ("", [], [], None)
    assert post.hit.cover is None
    assert "secret" not in post.model_dump_json()
    assert make(sensitive=True).post(veiled).poll is not None


@pytest.mark.parametrize("sensitive", [False, True])
def test_a_sensitive_chat_hides_its_face(sensitive: bool) -> None:
    chat = make_chat(
        1,
        sensitive=True,
        picture=make_picture(),
        description="…",
        usernames=(
            Username(name="Channel1", first_seen_at=NOW, last_seen_at=NOW),
            Username(name="before", first_seen_at=NOW, last_seen_at=NOW),
        ),
    )
    answer = make(sensitive=sensitive).chat(ChatRow(chat=chat, posts=3))
    assert (answer.picture is not None) is sensitive
    assert bool(answer.description) is sensitive
    assert answer.former_usernames == ["before"]
    assert answer.telegram_url == "https://t.me/channel1"
