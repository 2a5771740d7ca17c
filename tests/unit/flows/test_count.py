from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from threading import Thread

import pytest

from soso.flows import count
from soso.flows.count import SearchCounter, forget_old_queries, normalize_query
from soso.model.errors import Unavailable
from soso.ports.queries import QueryCount, QueryRow
from soso.query.plan_types import Sort
from soso.query.results import ResultPage

from .conftest import ANALYZERS, World

SINCE = date(2026, 1, 1)


def answer(total: int, *, full: bool = True) -> ResultPage:
    return ResultPage(text="", total=total, full=full, rows=(), sort=Sort.RELEVANCE)


def counter(world: World, *, on: bool = True) -> SearchCounter:
    return SearchCounter(world.store, ANALYZERS, world.clock, world.zone, on=on)


def rows(world: World) -> dict[str, QueryRow]:
    return {row.text: row for row in world.store.list_queries(since=SINCE)}


def test_searches_are_counted_by_what_they_found(world: World) -> None:
    counting = counter(world)
    for total, full in ((3, True), (0, True), (5, False)):
        counting.count_search("台风", answer(total, full=full))
    counting.count_click("台风")
    assert rows(world) == {}  # nothing waits for the store
    assert counting.flush() == 1
    assert counting.flush() == 0
    row = rows(world)["台风"]
    assert (row.asked, row.missed, row.partial, row.clicked, row.days) == (3, 1, 1, 1, 1)


def test_ways_of_writing_are_one_query_and_filters_are_left_out(world: World) -> None:
    counting = counter(world)
    for text in ("臺灣", "台湾", " 台湾 kind:video ", "台湾 after:7d", "ＡＢＣ", "abc"):
        counting.count_search(text, answer(1))
    counting.flush()
    assert sorted(row.asked for row in rows(world).values()) == [2, 4]


def test_hours_are_those_of_the_installation(world: World) -> None:
    counting = counter(world)
    world.clock.at = datetime(2026, 11, 20, 23, 30, tzinfo=UTC)  # 7:30 on the 21st in Shanghai
    for _ in range(3):
        counting.count_search("台风", answer(1))
        world.clock.at += timedelta(minutes=45)
    counting.flush()
    row = rows(world)["台风"]
    assert (row.last, row.hours) == (date(2026, 11, 21), 3)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "kind:video after:7d",
        "13800138000",
        "打 138-0013-8000 给我",
        "someone@example.org",
        "长" * 101,
    ],
)
def test_what_is_empty_long_or_somebodys_number_is_not_kept(world: World, text: str) -> None:
    counting = counter(world)
    counting.count_search(text, answer(1))
    assert counting.flush() == 0


def test_odd_texts_do_not_break_the_writing(world: World) -> None:
    counting = counter(world)
    for text in ("a\0b", "\udc80台风", "\u202e倒", "x\ny", "'; DROP TABLE posts;"):
        counting.count_search(text, answer(1))
    counting.flush()
    assert set(rows(world)) == {"a b", "台风", "倒", "x y", "'; DROP TABLE posts;"}
    assert normalize_query("\ud800") == ""


def test_turned_off_nothing_is_counted(world: World) -> None:
    counting = counter(world, on=False)
    counting.count_search("台风", answer(1))
    counting.count_click("台风")
    assert counting.flush() == 0


def test_what_could_not_be_written_waits_on(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    counting = counter(world)
    counting.count_search("台风", answer(0))

    def fail(counts: Sequence[QueryCount]) -> None:
        counting.count_search("台风", answer(1))  # asked while it was tried
        raise Unavailable("the disk is full")

    with monkeypatch.context() as patched:
        patched.setattr(world.store, "add_queries", fail)
        with pytest.raises(Unavailable):
            counting.flush()
    assert counting.flush() == 1
    assert (rows(world)["台风"].asked, rows(world)["台风"].missed) == (2, 1)


def test_what_waits_is_bounded(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(count, "MOST_WAITING", 2)
    counting = counter(world)
    for text in ("一", "二", "三", "一"):
        counting.count_search(text, answer(1))
    assert counting.flush() == 2
    assert rows(world)["一"].asked == 2


def test_many_threads_lose_nothing(world: World) -> None:
    counting = counter(world)

    def ask() -> None:
        for number in range(200):
            counting.count_search(f"问{number % 5}", answer(1))
            if number % 50 == 0:
                counting.flush()

    threads = [Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    counting.flush()
    assert sum(row.asked for row in rows(world).values()) == 800


def test_old_counts_are_folded_then_forgotten(world: World) -> None:
    now = world.clock.now()
    for days in (0, 95, 100, 105, 500):
        day = (now - timedelta(days=days)).date()
        often = QueryCount(key="often", text="often", day=day, asked=2, hours=1)
        world.store.add_queries([often])
        if days == 100:
            world.store.add_queries(
                [QueryCount(key="rare", text="rare", day=day, asked=2, hours=1)]
            )
    assert forget_old_queries(world.store, now, days=400) > 0
    kept = {row.key: row for row in world.store.list_queries(since=date(2020, 1, 1))}
    assert (kept["often"].asked, kept["often"].last) == (8, now.date())
    assert "rare" not in kept
    forget_old_queries(world.store, now, days=0)
    assert world.store.list_queries(since=date(2020, 1, 1)) == []
