from typing import Any

import pytest

from soso.model.media import Media, MediaKind
from soso.model.post import Entity, EntityKind, Poll, PollAnswer, Post, Revision, Service
from soso.query.results import PostPage
from soso.web.site.post_view import (
    REVISION_WIDTH,
    body_start,
    list_bars,
    list_files,
    list_known,
    list_revisions,
    list_shots,
    render_body,
    service_subject,
)
from tests.unit.web.fakes import NOW, make_card, make_chat, make_picture, make_stored, plain

CHAT = make_chat(1)


def make_page(**changes: Any) -> PostPage:
    stored = make_stored(1, CHAT)
    values = {"card": make_card(stored, CHAT), "chat": CHAT, "stored": stored}
    return PostPage(**{**values, **changes})


def percents(poll: Poll) -> list[int | None]:
    return [bar.percent for bar in list_bars(poll)]


def test_pictures_and_rows_are_told_apart() -> None:
    photo, sound = Media(kind=MediaKind.PHOTO), Media(kind=MediaKind.AUDIO)
    bare = Media(kind=MediaKind.STICKER)
    drawn = Media(kind=MediaKind.STICKER, picture=make_picture())
    post = Post(id=1, at=NOW, media=(photo, sound, bare, drawn))
    assert list_shots(post) == [photo, drawn]
    assert list_files(post) == [sound, bare]


@pytest.mark.parametrize(
    ("answers", "total", "shares"),
    [
        ([(3, None), (1, None)], 4, [75, 25]),
        ([(3, None), (3, None)], 4, [75, 75]),  # more than one choice allowed
        ([(None, 61), (None, 39)], None, [61, 39]),
        ([(None, None)], 9, [None]),
        ([(0, None)], 0, [None]),
        ([(-5, None), (10, None)], -3, [0, 100]),
        ([(None, 900), (None, -4)], 1, [100, 0]),
        ([(7, None)], 3, [100]),
        ([], None, []),
    ],
)
def test_shares_of_a_poll(
    answers: list[tuple[int | None, int | None]], total: int | None, shares: list[int | None]
) -> None:
    made = tuple(PollAnswer(text="x", voters=v, percent=p) for v, p in answers)
    assert percents(Poll(question="?", answers=made, total_voters=total)) == shares


@pytest.mark.parametrize(
    ("text", "title", "start"),
    [
        ("标题\n\n正文", "标题", 4),
        (" 标题 \n正文", "标题", 5),
        ("标题：副题\n正文", "标题", 0),
        ("标题", "标题", 2),
        ("标题\n\n", "标题", 4),
        ("标题\n正文", "", 0),
        ("", "标题", 0),
    ],
)
def test_the_text_goes_on_after_the_title(text: str, title: str, start: int) -> None:
    assert body_start(text, (), title) == start


@pytest.mark.parametrize(
    ("kind", "start"), [(EntityKind.BOLD, 3), (EntityKind.LINK, 0), (EntityKind.SPOILER, 0)]
)
def test_a_first_line_with_more_than_looks_stays(kind: EntityKind, start: int) -> None:
    assert body_start("标题\n正文", (Entity(kind=kind, start=0, end=2),), "标题") == start


def test_names_of_chats_on_the_page_lead_to_their_pages() -> None:
    other = make_chat(2, username="Other")
    stored = make_stored(
        1, CHAT, text="@other @third", entities=(Entity(kind=EntityKind.MENTION, start=0, end=6),)
    )
    page = make_page(stored=stored, related=(make_card(make_stored(2, other), other),))
    assert list_known(page) == {"channel1": "/c/1500000001", "other": "/c/1500000002"}
    assert render_body(page).startswith('<a href="/c/1500000002">@other</a>')


def test_earlier_wordings_come_latest_first_and_cut_to_size() -> None:
    revisions = tuple(Revision(text=f"{i}" * 1000, replaced_at=NOW) for i in range(5))
    page = make_page(revisions=revisions)
    few = list_revisions(page)
    assert [view.html[0] for view in few] == ["4", "3", "2"]
    assert [(len(view.html), view.whole) for view in few] == [(REVISION_WIDTH, False)] * 3
    whole = list_revisions(page, whole=True)
    assert [(view.html[0], len(view.html), view.whole) for view in whole] == [
        (str(i), 1000, True) for i in range(4, -1, -1)
    ]


@pytest.mark.parametrize(
    ("raw", "subject"),
    [
        ('{"title": "云汐\\u202e日常"}', "云汐日常"),
        ('{"new_title": "新话题"}', "新话题"),
        ('{"title": ["a"]}', ""),
        ("[1]", ""),
        ("{broken", ""),
        (None, ""),
    ],
)
def test_what_a_service_row_is_about(raw: str | None, subject: str) -> None:
    post = Post(id=1, at=NOW, service=Service(action="create_channel", raw=raw))
    assert service_subject(post) == subject


def test_a_title_from_elsewhere_leaves_the_text_whole() -> None:
    page = make_page()
    card = make_card(page.stored, CHAT, title=plain("文件名.pdf"))
    assert "第1篇" in render_body(make_page(card=card))
