"""The port store: suggestions are found by their beginnings, the weightiest first."""

import random
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from soso.model.ids import DocId, post_doc
from soso.ports.store import Store
from soso.ports.suggestions import Offered
from soso.ranking.suggesting import join_weights

from .store_cases import add_chat, apply, batch, find, make_store, post


def offer(entry: int, *keys: str, weight: int = 10, kind: str = "post") -> Offered:
    return Offered(entry=entry, kind=kind, keys=keys, weight=weight)


def put(store: Store, **offers: Sequence[Offered]) -> None:
    """Put offers of documents d1, d2 and so on."""
    store.put_offers({DocId(int(name[1:])): row for name, row in offers.items()})


def found(store: Store, beginning: str, *, kind: str = "post", limit: int = 20) -> list[int]:
    [rows] = store.find_suggested([(kind, beginning)], limit=limit)
    return [row.entry for row in rows]


def test_entries_are_found_by_any_beginning_of_their_keys(store: Store) -> None:
    put(store, d1=[offer(1, "台风登陆", "登陆")], d2=[offer(2, "台北", weight=30)])
    assert found(store, "台") == [2, 1]
    assert found(store, "台风") == found(store, "登") == found(store, "台风登陆") == [1]
    for nothing in ("", "风", "台风登陆了", "\udc80", "%", "台\0"):
        assert found(store, nothing) == []
    assert found(store, "台", limit=1) == [2]
    assert found(store, "台", limit=0) == []


def test_kinds_do_not_mix_and_many_are_asked_at_once(store: Store) -> None:
    put(store, d1=[offer(1, "风", kind="tag"), offer(2, "风", kind="file")], d2=[offer(3, "风")])
    asked = [("tag", "风"), ("chat", "风"), ("post", "风"), ("tag", "x"), ("tag", "风")]
    rows = store.find_suggested(asked)
    assert [[row.entry for row in row_of] for row_of in rows] == [[1], [], [3], [], [1]]
    assert store.find_suggested([]) == []


def test_an_entry_with_two_keys_alike_is_told_once(store: Store) -> None:
    put(store, d1=[offer(1, "wx", "weixin", "w")])
    assert found(store, "w") == [1]


def test_equal_offers_are_one_entry_named_by_the_weightiest(store: Store) -> None:
    put(store, d1=[offer(1, "早报")], d2=[offer(1, "早报", weight=50)], d3=[offer(1, "早报")])
    [[row]] = store.find_suggested([("post", "早")])
    assert (row.doc, row.weight) == (2, join_weights(50, 3))
    assert store.count_suggestions() == 1
    put(store, d2=[])
    [[row]] = store.find_suggested([("post", "早")])
    assert (row.doc, row.weight) == (3, join_weights(10, 2))
    put(store, d1=[offer(1, "早报", weight=70)])
    assert store.find_suggested([("post", "早")])[0][0].doc == 1
    put(store, d1=[offer(1, "早报", weight=1)])
    assert store.find_suggested([("post", "早")])[0][0].doc == 3


def test_a_document_that_says_something_else_takes_back_what_it_said(store: Store) -> None:
    put(store, d1=[offer(1, "旧"), offer(2, "标签", kind="tag")])
    put(store, d1=[offer(3, "新"), offer(2, "标签", kind="tag")])
    assert (found(store, "旧"), found(store, "新")) == ([], [3])
    assert found(store, "标", kind="tag") == [2]
    put(store, d1=[])
    assert (found(store, "新"), found(store, "标", kind="tag")) == ([], [])
    assert store.count_suggestions() == 0


def test_the_same_again_changes_nothing(store: Store) -> None:
    offers = {DocId(n): [offer(n % 7, f"键{n % 7}", weight=n)] for n in range(1, 40)}
    store.put_offers(offers)
    before = store.find_suggested([("post", "键")])
    store.put_offers(offers)
    assert store.find_suggested([("post", "键")]) == before


def test_many_keys_with_one_beginning_give_the_best_of_all(store: Store) -> None:
    """More than are read at once, put in any order, changed, and taken back again."""
    chance = random.Random(3)
    weights = {n: chance.randrange(2000) for n in range(1, 3001)}

    def best(beginning: str, count: int = 20) -> list[int]:
        fitting = [n for n in weights if f"共{n}".startswith(beginning)]
        return sorted(fitting, key=lambda n: (-weights[n], -n))[:count]

    def check() -> None:
        for beginning in ("共", "共1", "共12", "共29", "共299"):
            assert found(store, beginning) == best(beginning), beginning

    def put_all(numbers: Sequence[int]) -> None:
        store.put_offers({DocId(n): [offer(n, f"共{n}", weight=weights[n])] for n in numbers})

    everyone = list(weights)
    chance.shuffle(everyone)
    for start in range(0, 3000, 500):
        put_all(everyone[start : start + 500])
    check()
    changed = chance.sample(everyone, 600)
    weights.update({n: chance.randrange(2000) for n in changed})
    put_all(changed)
    check()
    gone = [*best("共", 200), *chance.sample(everyone, 1500)]
    for n in gone:
        weights.pop(n, None)
    store.put_offers(dict.fromkeys(map(DocId, gone), ()))
    check()
    last = [*weights][40:]
    for n in last:
        del weights[n]
    store.put_offers(dict.fromkeys(map(DocId, last), ()))
    check()
    weights[5000] = 1
    put_all([5000])
    assert 5000 in found(store, "共", limit=100)


def test_a_purge_takes_back_the_offers_of_a_post(store: Store) -> None:
    chat = add_chat(store)
    apply(store, chat, batch(post(1), post(2)))
    one, two = (find(store, chat, number).key for number in (1, 2))
    same = offer(1, "两篇")
    store.put_offers({post_doc(one): [same, offer(2, "一篇")], post_doc(two): [same]})
    store.purge_posts([one])
    assert (found(store, "一"), found(store, "两")) == ([], [1])
    store.purge_chat(chat.key)
    assert store.count_suggestions() == 0


def test_a_purge_leaves_no_trace_of_what_was_suggested(tmp_path: Path) -> None:
    store = make_store("sqlite", tmp_path)
    chat = add_chat(store)
    numbers = range(1, 1201)
    apply(store, chat, batch(*(post(n, "无关") for n in numbers)))
    docs = {n: post_doc(find(store, chat, n).key) for n in numbers}
    store.put_offers({docs[n]: [offer(n, f"秘密{n:04d}号", weight=n % 50)] for n in numbers})
    gone = [n for n in numbers if n % 3]
    store.purge_posts([find(store, chat, n).key for n in gone])
    store.close()
    for path in tmp_path.iterdir():
        content = path.read_bytes()
        for n in gone:
            assert f"秘密{n:04d}号".encode() not in content, (path.name, n)


@pytest.mark.parametrize("text", ["👩‍🚀", "e\u0301", "'; --", "a" * 24, "\U0010ffff"])
def test_odd_keys_are_found(store: Store, text: str) -> None:
    put(store, d1=[offer(1, text)])
    assert found(store, text) == found(store, text[:1]) == [1]


def test_one_letter_costs_the_same_among_many_keys(tmp_path: Path) -> None:
    """Sorting all keys of the letter would take 20 times as long as reading its head."""
    store = make_store("sqlite", tmp_path)
    for start in range(1, 20_001, 5_000):
        numbers = range(start, start + 5_000)
        store.put_offers({DocId(n): [offer(n, f"一{n}", weight=n % 300)] for n in numbers})

    def median_ms(beginning: str) -> float:
        took = []
        for _ in range(41):
            started = time.perf_counter()
            assert found(store, beginning)
            took.append(time.perf_counter() - started)
        return sorted(took)[20] * 1000

    few, many = median_ms("一123"), median_ms("一")
    assert many < 10
    assert many < 5 * few
    store.close()
