from collections.abc import Collection
from typing import Any

import msgspec
import pytest

from soso.model.errors import BadInput, HostileInput, NotFound, Refused, Unavailable
from soso.model.following import Followed, Route
from soso.ports.fetcher import Fetched
from soso.sources.feed.live import FeedLive
from tests.unit.sources.feed.feeds import NOW, URL, item, rss, telegram

FOLLOWED = Followed(route=Route.FEED, name=URL, added_at=NOW, added_by="test")


class FakeFetcher:
    """Answers what it is given, and remembers what it was asked."""

    def __init__(self, *answers: Fetched | Exception) -> None:
        self.answers = list(answers)
        self.asked: list[dict[str, Any]] = []

    def fetch(
        self,
        url: str,
        *,
        max_bytes: int,
        etag: str | None = None,
        last_modified: str | None = None,
        kinds: Collection[str] = (),
    ) -> Fetched:
        self.asked.append({"url": url, "etag": etag, "last_modified": last_modified})
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    def wait_s(self, url: str) -> float:
        return 0.0


def answer(content: bytes = b"", status: int = 200, **fields: Any) -> Fetched:
    return Fetched(url=URL, status=status, content=content, **fields)


def visit(fetched: Fetched | Exception, followed: Followed = FOLLOWED) -> list[Any]:
    fetcher = FakeFetcher(fetched)
    live = FeedLive(fetcher, FakeFetcher())
    return list(live.visit(followed, NOW, background=False))


def test_a_visit_brings_the_posts_and_keeps_what_http_remembers() -> None:
    feed = rss(telegram(1, pubDate="Mon, 02 Mar 2026 10:00:00 GMT"))
    (step,) = visit(answer(feed, etag='"a"', last_modified="then"))
    assert [post.id for post in step.batch.posts] == [1]
    after = step.after
    assert (after.etag, after.last_modified, after.title) == ('"a"', "then", "A blog")
    assert after.is_backfilled
    assert after.recent_s == (1772445600,)


def test_the_next_visit_asks_whether_it_changed() -> None:
    fetcher = FakeFetcher(answer(status=304))
    followed = msgspec.structs.replace(FOLLOWED, etag='"a"', last_modified="then")
    (step,) = FeedLive(fetcher, FakeFetcher()).visit(followed, NOW, background=False)
    assert fetcher.asked == [{"url": URL, "etag": '"a"', "last_modified": "then"}]
    assert (step.after, step.batch) == (followed, None)


def test_a_feed_without_etags_is_not_read_again_while_it_is_the_same() -> None:
    feed = rss(telegram(1))
    (first,) = visit(answer(feed))
    (second,) = visit(answer(feed, etag='"new"'), first.after)
    assert second.batch is None
    assert second.after.etag == '"new"'
    (third,) = visit(answer(rss(telegram(1, "晚上好"))), second.after)
    assert third.batch.posts[0].text == "晚上好"


def test_the_state_moves_with_the_last_chat_only() -> None:
    own = item(title="Own", link="https://blog.example/1")
    steps = visit(answer(rss(telegram(1), telegram(2), own), etag='"a"'))
    assert [step.batch.chat.username for step in steps] == ["liujing_news", None]
    assert steps[0].after == FOLLOWED
    assert steps[1].after.etag == '"a"'


def test_a_feed_that_came_cut_is_asked_for_whole_next_time() -> None:
    whole = rss(telegram(2), telegram(1))
    (step,) = visit(answer(whole[:-60], cut=True, etag='"a"'))
    assert (step.after.etag, step.after.cursor) == (None, None)
    assert step.batch.partial
    with pytest.raises(Unavailable, match="before its end"):
        visit(answer(b'{"items": [', cut=True))


@pytest.mark.parametrize(
    ("status", "error"),
    [(404, NotFound), (410, NotFound), (403, Refused), (401, Refused), (418, Unavailable)],
)
def test_what_a_host_answers_is_told(status: int, error: type[Exception]) -> None:
    with pytest.raises(error):
        visit(answer(status=status))


def test_a_page_in_the_feeds_place_is_told() -> None:
    with pytest.raises(BadInput, match="web page"):
        visit(answer(b"<html><body>moved"))


def test_there_is_no_history_behind_a_feed() -> None:
    fetcher = FakeFetcher()
    due = msgspec.structs.replace(FOLLOWED, next_work_at=NOW)
    (step,) = FeedLive(fetcher, FakeFetcher()).visit(due, NOW, background=True)
    assert step.after.next_work_at is None
    assert fetcher.asked == []


def test_pictures_come_from_hosts_that_are_allowed() -> None:
    media = FakeFetcher(answer(b"PNG"), answer(status=404), HostileInput("not on the list"))
    live = FeedLive(FakeFetcher(), media)
    found = [live.open_media("https://cdn.example/a.png", max_bytes=9) for _ in range(3)]
    assert found == [b"PNG", None, None]
    assert live.wait_s() == 0
