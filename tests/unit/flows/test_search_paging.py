"""Pages to the end: with copies folded, with another number of rows, from an older version."""

import msgspec
import pytest

from soso.flows import search as module
from soso.flows.cluster import cluster_changes
from soso.model.chat import ChatKind, ChatSighting
from soso.model.ids import Peer, PeerKind
from soso.model.post import Post
from soso.query.results import ResultPage
from tests.unit.flows.conftest import START, World, post

COPIED = "彗星今夜从西边的海面上升起，天文台开放到凌晨两点，请带好望远镜与厚衣服，集合地点在灯塔下面的石阶旁。"


def read_all(
    world: World, text: str, limits: list[int], **asked: object
) -> tuple[list[int], list[str], ResultPage]:
    """Read on until no page follows; limits are taken in turn."""
    seen: list[int] = []
    codes: list[str] = []
    page: str | None = None
    for turn in range(2000):
        answer = world.search(text, limit=limits[turn % len(limits)], page=page, **asked)
        seen += [row.doc for row in answer.rows]
        codes += [notice.code for notice in answer.notices]
        page = answer.next_page
        if page is None:
            return seen, codes, answer
    raise AssertionError("the pages never end")


def take_copies(world: World, count: int) -> None:
    """The same text in two channels."""
    for number in (1, 2):
        chat = ChatSighting(
            peer=Peer(kind=PeerKind.CHANNEL, id=1500000100 + number),
            kind=ChatKind.CHANNEL,
            title=f"转发 {number}",
            is_public=True,
        )
        half = range(1 + (number - 1) * (count // 2), 1 + number * (count // 2))
        world.take_posts(*(Post(id=one, at=START, text=COPIED) for one in half), chat=chat)
    cluster_changes(world.store)


def test_copies_before_the_end_do_not_end_the_pages(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The kept answer is full of copies; what stands behind them still comes."""
    monkeypatch.setattr(module, "KEPT", 20)
    take_copies(world, 60)
    world.take_posts(*(post(number, f"第{number}夜\n{'远' * 400} 彗星") for number in range(1, 31)))
    cluster_changes(world.store)
    whole, _, _ = read_all(world, "彗星", [100], collapse=False)
    assert {row.copies for row in world.search("彗星", limit=60, collapse=False).rows} == {59}
    seen, codes, last = read_all(world, "彗星", [10])
    assert set(codes) <= {"past_end"}
    heads = world.store.clusters_of(whole)  # type: ignore[arg-type]
    assert len(whole) == 90
    assert len(seen) == len(set(seen)) == len({heads.get(doc, doc) for doc in whole}) < 90  # type: ignore[call-overload]
    assert last.next_page is None


def test_the_last_page_of_folded_copies_says_that_it_is_the_last(world: World) -> None:
    take_copies(world, 10)
    answer = world.search("彗星", limit=5)
    assert len(answer.rows) == 1
    assert answer.rows[0].copies == 9
    assert answer.next_page is None


@pytest.mark.parametrize("limits", [[10, 25], [25, 10], [7, 3, 100], [100, 1, 50]])
def test_pages_of_any_length_go_on_where_the_last_one_ended(
    world: World, limits: list[int]
) -> None:
    world.take_posts(*(post(number, f"彗星 第{number}夜") for number in range(1, 131)))
    expected, _, _ = read_all(world, "彗星", [100])
    seen, codes, _ = read_all(world, "彗星", limits)
    assert seen == expected
    assert len(seen) == 130
    assert codes == []


def test_pages_of_any_length_go_past_the_kept_answer(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "KEPT", 30)
    world.take_posts(*(post(number, f"彗星 第{number}夜") for number in range(1, 101)))
    seen, _, _ = read_all(world, "彗星", [20, 7])
    assert len(seen) == len(set(seen)) == 100


def test_an_answer_that_an_older_version_kept_has_expired(world: World) -> None:
    world.take_posts(*(post(number, f"彗星 第{number}夜") for number in range(1, 31)))
    first = world.search("彗星", limit=10)
    assert first.next_page is not None
    token = first.next_page.split(".")[1]
    kept = msgspec.msgpack.decode(world.store.find_answer(token, now=world.clock.now()) or b"")
    del kept["limit"]
    later = world.clock.at.replace(year=2030)
    world.store.keep_answer(token, msgspec.msgpack.encode(kept), expires_at=later)
    second = world.search("彗星", limit=10, page=first.next_page)
    assert [notice.code for notice in second.notices] == ["page_expired"]
    docs = [row.doc for page in (first, second) for row in page.rows]
    assert len(docs) == len(set(docs)) == 20
