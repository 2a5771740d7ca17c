import re
from typing import Any

import msgspec
import pytest

from soso.model.batch import Block
from soso.model.chat import ChatKind, Visibility
from soso.model.errors import Unavailable
from soso.ports.desk import Decision, RemovalRequest, RequestState
from soso.ports.discovery import Met
from soso.web.admin.pages import ChatFilter, iter_chats
from tests.unit.web.admin.test_sources import make_followed
from tests.unit.web.fakes import EVIL, NOW, FakeApp, make_chat

PAGES = [
    "",
    "/chats",
    "/imports",
    "/requests?state=all",
    "/blocks",
    "/decisions",
    "/queries?days=7",
    "/sources",
]


def fill(fake: FakeApp) -> None:
    """Put hostile text into every field that a page shows."""
    fake.chats.append(make_chat(9, title=EVIL, username=EVIL, visibility=Visibility.PRIVATE))
    request = RemovalRequest(
        chat=EVIL, role=EVIL, reason=EVIL, at=NOW, number=1, contact=EVIL, note=EVIL
    )
    fake.requests += [
        request,
        msgspec.structs.replace(request, number=2, state=RequestState.REFUSED, decided_at=NOW),
        RemovalRequest(chat="1500000001", post_id=1, role="owner", reason="x", at=NOW, number=3),
    ]
    fake.blocks += [
        Block(at=NOW, chat=EVIL, post_id=3, reason=EVIL),
        Block(at=NOW, author=EVIL),
        Block(at=NOW, word=EVIL),
        Block(at=NOW, chat="1500000001"),
    ]
    fake.sources.append(make_followed(1, shown_name=EVIL, title=EVIL, error=EVIL, members=3))
    fake.met.append(Met(name=EVIL, chats=2, posts=3, last_at=NOW))
    fake.decisions.append(Decision(at=NOW, who=EVIL, what=EVIL, subject=EVIL, note=EVIL))


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("lang", ["zh-Hans", "zh-Hant", "en"])
def test_every_page_shows_hostile_text_as_text(
    path: str, lang: str, operator: Any, fake: FakeApp
) -> None:
    fill(fake)
    operator.visitor.cookies.set("lang", lang)
    page = operator.get(f"/admin{path}")
    assert page.status_code == 200
    assert page.text.count("<script") == 1  # our own file
    assert "alert(1)</script>" not in page.text
    seen = re.sub(r'<input type="hidden"[^>]*>|<p class="desk-text">.*?</p>', "", page.text)
    assert "\u202e" not in seen  # which would turn the text around it
    assert "style=" not in page.text


def test_pages_stand_without_anything_in_them(visit: Any, operator: Any, fake: FakeApp) -> None:
    fake.chats.clear()
    fake.cards.clear()
    fake.reports.clear()
    for path in PAGES:
        assert operator.get(f"/admin{path}").status_code == 200


def test_the_overview_tells_what_waits(operator: Any, fake: FakeApp) -> None:
    fill(fake)
    operator.visitor.cookies.set("lang", "en")
    page = operator.get("/admin").text
    assert "2 removal requests are waiting" in page
    assert 'href="/admin/imports"' in page


def test_queries_are_told_with_their_counts(operator: Any) -> None:
    operator.visitor.cookies.set("lang", "en")
    page = operator.get("/admin/queries?days=7").text
    assert "since 2026-11-17" in page
    assert "大桥" in page
    for days in ("", "x", "-1", "99999", "²"):
        assert 'value="30"' in operator.get(f"/admin/queries?days={days}").text


def test_that_nothing_is_counted_is_told(operator: Any, fake: FakeApp) -> None:
    fake.settings = fake.settings.model_copy(update={"query_log": False})
    assert "query_log" in operator.get("/admin/queries").text


def test_chats_are_found_by_name_kind_and_visibility(operator: Any, fake: FakeApp) -> None:
    everything = operator.get("/admin/chats").text
    for ref in ("1500000001", "1500000002", "1500000003"):
        assert f'id="{ref}"' in everything
    assert 'href="/c/1500000003"' not in everything  # a private chat has no page
    for query, refs in (
        ("q=频道2", ["1500000002"]),
        ("q=@CHANNEL1", ["1500000001"]),
        ("q=1500000003", ["1500000003"]),
        ("visibility=private", ["1500000003"]),
        ("kind=group", []),
        ("q=nothing", []),
    ):
        page = operator.get(f"/admin/chats?{query}").text
        found = [ref for ref in ("1500000001", "1500000002", "1500000003") if f'id="{ref}"' in page]
        assert found == refs, query


@pytest.mark.parametrize("page", ["0", "-1", "x", "²", "99999999999999999999"])
def test_odd_page_numbers_are_a_page(page: str, operator: Any) -> None:
    assert operator.get(f"/admin/chats?page={page}").status_code == 200


def test_many_chats_come_in_pages(operator: Any, fake: FakeApp) -> None:
    fake.chats += [make_chat(number) for number in range(10, 130)]
    first = operator.get("/admin/chats").text
    assert first.count("<article") == 50
    assert "page=2" in first
    last = operator.get("/admin/chats?page=3").text
    assert last.count("<article") == 23
    assert "page=4" not in last


def test_chats_are_walked_to_the_end(fake: FakeApp) -> None:
    fake.chats = [make_chat(number) for number in range(1, 1203)]
    assert len(list(iter_chats(fake, ChatFilter()))) == 1202  # type: ignore[arg-type]


def test_a_filter_wants_everything_it_names() -> None:
    chat = make_chat(1, kind=ChatKind.GROUP, title="摄影 Club")
    assert ChatFilter(words="club").fits(chat)
    assert ChatFilter(words="CHANNEL1", kind=ChatKind.GROUP).fits(chat)
    assert not ChatFilter(words="club", kind=ChatKind.CHANNEL).fits(chat)
    assert not ChatFilter(visibility=Visibility.PRIVATE).fits(chat)


def test_only_open_requests_can_be_decided(operator: Any, fake: FakeApp) -> None:
    fill(fake)
    page = operator.get("/admin/requests?state=all").text
    assert 'action="/admin/requests/1"' in page
    assert 'action="/admin/requests/2"' not in page
    only_open = operator.get("/admin/requests").text
    assert 'action="/admin/requests/3"' in only_open
    assert "/admin/requests/2" not in only_open


def test_an_archive_that_does_not_answer_is_told(operator: Any, fake: FakeApp) -> None:
    fake.fails = Unavailable("gone")
    assert operator.get("/admin/chats").status_code == 503
