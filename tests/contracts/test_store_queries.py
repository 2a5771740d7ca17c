"""The port store: the query log."""

from datetime import date, timedelta

import pytest

from soso.ports.queries import QueryCount, QueryRow
from soso.ports.store import Store

DAY = date(2026, 3, 10)


def count(key: str, *, days: int = 0, **counts: int) -> QueryCount:
    """A count of a day, so many days after DAY."""
    return QueryCount(key=key, text=key.upper(), day=DAY + timedelta(days=days), **counts)


def keys(rows: list[QueryRow]) -> list[str]:
    return [row.key for row in rows]


def test_counts_of_a_day_add_up(store: Store) -> None:
    store.add_queries([count("a", asked=2, missed=1, hours=0b11)])
    store.add_queries([count("a", asked=1, partial=1, clicked=4, hours=0b110)])
    store.add_queries([count("a", days=2, asked=5, hours=0b1)])
    store.add_queries([])
    assert store.list_queries(since=DAY) == [
        QueryRow(
            key="a",
            text="A",
            asked=8,
            missed=1,
            partial=1,
            clicked=4,
            days=2,
            hours=4,
            last=DAY + timedelta(days=2),
        )
    ]


def test_only_what_was_asked_since_a_day_is_told(store: Store) -> None:
    store.add_queries([count("old", asked=9), count("new", days=3, asked=1)])
    store.add_queries([count("old", days=3, asked=2)])
    rows = store.list_queries(since=DAY + timedelta(days=1))
    assert [(row.key, row.asked, row.days) for row in rows] == [("old", 2, 1), ("new", 1, 1)]


def test_a_text_is_told_as_it_was_written_last(store: Store) -> None:
    for days, text in ((1, "臺風"), (0, "台风")):
        day = DAY + timedelta(days=days)
        store.add_queries([QueryCount(key="台风", text=text, day=day, asked=1)])
    assert store.list_queries(since=DAY)[0].text == "臺風"


def test_what_failed_stands_in_its_own_list(store: Store) -> None:
    store.add_queries(
        [
            count("found", asked=9, clicked=2),
            count("missed", asked=3, missed=3),
            count("sometimes", asked=8, missed=5),
            count("partial", asked=4, partial=4, clicked=1),
            count("unopened", asked=5),
            count("only clicked", clicked=1),
        ]
    )
    assert keys(store.list_queries(since=DAY, limit=2)) == ["found", "sometimes"]
    assert "only clicked" not in keys(store.list_queries(since=DAY))
    assert keys(store.list_queries(since=DAY, order="missed")) == ["sometimes", "missed"]
    assert keys(store.list_queries(since=DAY, order="partial")) == ["partial"]
    assert keys(store.list_queries(since=DAY, order="unclicked")) == ["unopened", "sometimes"]
    assert store.list_queries(since=DAY, limit=0) == []


def test_months_are_folded_and_rare_queries_forgotten(store: Store) -> None:
    store.add_queries([count("often", days=n, asked=1, hours=1 << n) for n in range(5)])
    store.add_queries([count("rare", asked=2, hours=1), count("late", days=30, asked=1, hours=1)])
    before = DAY.replace(month=4, day=1)
    assert store.fold_queries(before=before, least=3) == 5
    assert store.fold_queries(before=before, least=3) == 0
    rows = store.list_queries(since=DAY.replace(day=1))
    assert [(row.key, row.asked, row.days, row.hours, row.last.day) for row in rows] == [
        ("often", 5, 1, 0, 1),
        ("late", 1, 1, 1, 9),
    ]
    store.add_queries([count("often", asked=4, hours=1)])  # told late, such as after a restart
    store.fold_queries(before=before, least=3)
    assert store.list_queries(since=DAY.replace(day=1))[0].asked == 9


def test_old_counts_are_forgotten(store: Store) -> None:
    store.add_queries([count("a", asked=1), count("a", days=9, asked=1), count("b", asked=1)])
    assert store.forget_queries(before=DAY + timedelta(days=1)) == 2
    assert keys(store.list_queries(since=DAY)) == ["a"]
    assert store.forget_queries() == 1
    assert store.list_queries(since=DAY) == []


@pytest.mark.parametrize("text", ["台风 '; DROP TABLE posts", "%_\\", "👩‍🚀", "x" * 100])
def test_odd_texts_are_kept_as_they_are(store: Store, text: str) -> None:
    store.add_queries([QueryCount(key=text, text=text, day=DAY, asked=1)])
    assert [row.text for row in store.list_queries(since=DAY)] == [text]
