from collections.abc import Collection
from datetime import UTC, datetime

import pytest

from soso.model.errors import HostileInput, Unavailable
from soso.ports.fetcher import Fetched
from soso.sources.web_preview.again import PreviewAgain

NOW = datetime(2026, 11, 23, tzinfo=UTC)
POST = """<html><body><div class="tgme_widget_message" data-post="chengdu_books/7" \
data-view="eyJjIjotMTU1NSwicCI6N30"><div class="tgme_widget_message_text">旧书</div>\
<a class="tgme_widget_message_photo_wrap" style="background-image:url('https://cdn1.telesco.pe/a.jpg')">\
</a><span class="tgme_widget_message_views">9</span><a class="tgme_widget_message_date" href="#">\
<time datetime="2026-11-01T10:00:00+00:00"></time></a></div></body></html>"""


class Site:
    """One answer for every address."""

    def __init__(self, content: str, *, status: int = 200, cut: bool = False) -> None:
        self.answer = Fetched(url="x", status=status, content=content.encode(), cut=cut)
        self.error: Exception | None = None
        self.asked: list[str] = []

    def fetch(
        self,
        url: str,
        *,
        max_bytes: int,
        etag: str | None = None,
        last_modified: str | None = None,
        kinds: Collection[str] = (),
    ) -> Fetched:
        self.asked.append(url)
        if self.error is not None:
            raise self.error
        return self.answer

    def wait_s(self, url: str) -> float:
        return 0.0


def test_a_post_comes_by_itself() -> None:
    site = Site(POST)
    batch = PreviewAgain(site, "https://t.me").pull_post("chengdu_books", 7, NOW)
    assert site.asked == ["https://t.me/chengdu_books/7?embed=1&mode=tme"]
    assert batch is not None
    assert batch.chat.peer is not None
    assert batch.chat.peer.id == 1555
    assert [post.id for post in batch.posts] == [7]
    assert batch.posts[0].media[0].source == "https://cdn1.telesco.pe/a.jpg"


@pytest.mark.parametrize(
    "page",
    [
        '<div class="tgme_widget_message_error">Post not found</div>',
        '<div class="tgme_page"><div class="tgme_page_icon"></div></div>',
        "<html>something else</html>",
        "",
    ],
)
def test_a_page_that_does_not_show_it(page: str) -> None:
    assert PreviewAgain(Site(page), "https://t.me").pull_post("chengdu_books", 7, NOW) is None


def test_answers_that_are_none() -> None:
    assert PreviewAgain(Site(POST, status=404), "h").pull_post("chengdu_books", 7, NOW) is None
    site = Site(POST)
    site.error = HostileInput("too large")
    assert PreviewAgain(site, "h").pull_post("chengdu_books", 7, NOW) is None
    site.error = Unavailable("no network")
    with pytest.raises(Unavailable):
        PreviewAgain(site, "h").pull_post("chengdu_books", 7, NOW)


def test_a_name_that_is_none_is_not_asked_for() -> None:
    site = Site(POST)
    assert PreviewAgain(site, "h").pull_post("../evil", 7, NOW) is None
    assert site.asked == []


def test_a_page_cut_off_before_the_post_is_asked_for_again() -> None:
    cut = POST[: POST.index("<time")] + '<div class="tgme_page">'
    with pytest.raises(Unavailable):
        PreviewAgain(Site(cut, cut=True), "h").pull_post("chengdu_books", 7, NOW)
