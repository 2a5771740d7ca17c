"""The measure of an archive follows from its tellings."""

import random
from pathlib import Path

from soso.flows.measure import take_measure
from soso.model.ids import ChatKey, PostKey
from soso.ports.stories import Told
from soso.similarity.gauge import LEAST, USUAL
from soso.similarity.tellings import DAY_S, LEAD, Telling, pack_terms
from soso.stores.sql.store import SqlStore


def fill(store: SqlStore, count: int, *, subject: int, order: list[int]) -> None:
    """So many posts, six a day; of their twelve words subject are of a small vocabulary."""
    rows = []
    for key in order[:count]:
        rng = random.Random(key)
        words = [f"题{rng.randrange(14)}" for _ in range(subject)]
        words += [f"字{key}之{number}" for number in range(12 - subject)]
        rows.append(
            Told(
                Telling(
                    key=PostKey(key + 1),
                    chat=ChatKey(1),
                    at_s=key * DAY_S // 6,
                    tie=0,
                    cluster=key,
                    terms=pack_terms([(words, LEAD)]),
                )
            )
        )
    store.put_tellings(store.stories_turn(), rows)


def need_of(folder: Path, name: str, count: int, subject: int, seed: int = 0) -> float:
    store = SqlStore(f"sqlite:///{folder / name}")
    order = list(range(count))
    random.Random(seed).shuffle(order)
    fill(store, count, subject=subject, order=order)
    need = take_measure(store).need
    store.close()
    return need


def test_an_archive_of_one_subject_needs_more(tmp_path: Path) -> None:
    many, one = need_of(tmp_path, "many", 300, 1), need_of(tmp_path, "one", 300, 8)
    assert LEAST <= many < one


def test_any_order_of_coming_in_gives_the_same(tmp_path: Path) -> None:
    assert need_of(tmp_path, "a", 200, 6, seed=1) == need_of(tmp_path, "b", 200, 6, seed=2)


def test_few_posts_tell_nothing(tmp_path: Path) -> None:
    assert need_of(tmp_path, "few", 12, 5) == USUAL
    assert need_of(tmp_path, "none", 0, 5) == USUAL
