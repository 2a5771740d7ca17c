"""However tellings come, move and go, what is told is what telling all from the beginning tells."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from soso.flows import retell as module
from soso.flows.retell import Retelling
from soso.flows.tell_stories import compare
from soso.model.ids import ChatKey, PostKey
from soso.ports.stories import Measure, Told
from soso.similarity.stories import tell as tell_all
from soso.similarity.tellings import LEAD, Telling, counts_of, pack_terms
from soso.stores.sql.store import SqlStore

HOUR = 3_600
EVENTS = [[f"甲{event}{word}" for word in range(8)] for event in range(4)]
MEASURE = Measure(counts_of(1_000, np.zeros(0, np.uint32), np.zeros(0, np.float32)), 0.2)

# key of the post, (event, words of it, words of the next, hour, cluster, chat) or None: it is gone
Version = tuple[int, int, int, int, int, int]
Step = tuple[int, Version | None, bool, bool]  # also: whether stories are told then, by a new one

versions = st.tuples(
    st.integers(0, 3),
    st.integers(3, 8),
    st.integers(0, 5),
    st.integers(0, 400),
    st.integers(0, 60),
    st.integers(1, 4),
)
steps = st.lists(
    st.tuples(st.integers(1, 24), st.none() | versions | versions, st.booleans(), st.booleans()),
    min_size=2,
    max_size=60,
)


def telling(key: int, version: Version) -> Telling:
    event, words, others, hour, cluster, chat = version
    terms = EVENTS[event][:words] + EVENTS[(event + 1) % 4][:others] + [f"乙{key % 7}"]
    return Telling(
        key=PostKey(key),
        chat=ChatKey(chat),
        at_s=hour * HOUR,
        tie=key * 7 % 5,
        # Most are no copies of any other.
        cluster=cluster if cluster < 6 else 100 + key,
        terms=pack_terms([(terms, LEAD)]),
    )


class Teller:
    """Tells of changes as flows/tell_stories.py does, by one Retelling for as long as it may."""

    def __init__(self, store: SqlStore) -> None:
        self.store = store
        self.run: Retelling | None = None

    def change(self, key: int, version: Version | None) -> None:
        found = {} if version is None else {PostKey(key): telling(key, version)}
        before = self.store.find_told([PostKey(key)])
        changed, gone, lost = compare(found, before)
        self.store.put_tellings(self.store.stories_turn(), changed, gone=gone, lost=lost)

    def step(self) -> bool:
        first = self.store.first_due()
        if first is None:
            return False
        if self.run is None or not self.run.can_begin(first):
            self.run = Retelling(self.store, MEASURE)
        self.run.tell(first, self.store.stories_turn())
        self.run = None if self.run.is_done else self.run
        return True

    def end(self) -> None:
        for _ in range(2_000):
            if not self.step():
                return
        raise AssertionError("telling does not come to an end")


def told_in(store: SqlStore) -> list[Told]:
    told = store.list_told(from_s=-(2**60), limit=10_000)
    assert all(one.due_s is None for one in told)
    return told


def check(store: SqlStore) -> None:
    """Stories are what telling all at once gives, and each has its row."""
    told = told_in(store)
    stories: dict[int, set[int]] = {}
    for one in told:
        if one.story is not None:
            stories.setdefault(one.story, set()).add(one.telling.key)
    every = tell_all((one.telling for one in told), MEASURE.counts, need=MEASURE.need)
    assert {frozenset(keys) for keys in stories.values()} == {
        frozenset(keys) for keys in every if len(keys) > 1
    }
    by_key = {one.telling.key: one.telling for one in told}
    for number, keys in stories.items():
        row = store.find_story(number)
        assert row is not None
        assert (row.posts, row.moved_to) == (len(keys), None)
        times = [by_key[PostKey(key)].at_s for key in keys]
        assert (row.first_s, row.last_s) == (min(times), max(times))
    assert {row.number for row in store.list_stories(limit=1_000)} <= stories.keys()


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of an archive in which nothing is."""
    path = tmp_path_factory.mktemp("retell") / "empty.db"
    SqlStore(f"sqlite:///{path}").close()
    return path


@contextmanager
def opened(empty: Path) -> Iterator[SqlStore]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "archive.db"
        shutil.copy(empty, path)
        store = SqlStore(f"sqlite:///{path}")
        try:
            yield store
        finally:
            store.close()


@settings(max_examples=60, deadline=None)
@given(steps=steps, slice_=st.sampled_from([1, 2, 4, 2_000]))
@example(
    steps=[
        (4, (0, 3, 0, 112, 0, 1), True, False),
        (2, (0, 3, 0, 144, 0, 1), False, False),
        (15, (0, 3, 0, 115, 0, 1), True, False),
        (21, (0, 3, 0, 290, 0, 1), False, False),
        (1, None, True, False),
        (16, (0, 3, 0, 289, 0, 1), True, False),
        (2, (0, 3, 0, 290, 0, 1), False, False),
    ],
    slice_=1,
)
@example(
    steps=[
        (2, (0, 3, 1, 0, 0, 2), False, False),
        (1, (0, 3, 1, 0, 1, 1), True, False),
        (1, None, False, False),
    ],
    slice_=1,
)
def test_telling_on_gives_what_telling_all_gives(
    empty: Path, steps: list[Step], slice_: int
) -> None:
    with pytest.MonkeyPatch.context() as patch, opened(empty) as store:
        patch.setattr(module, "SLICE", slice_)
        teller = Teller(store)
        for key, version, tells, ends in steps:
            teller.change(key, version)
            if tells and ends:
                teller.end()
                check(store)
            elif tells:
                teller.step()
            elif ends:
                teller = Teller(store)  # the worker was stopped, and is started anew
        teller.end()
        check(store)
        before = {one.telling.key: one.story for one in told_in(store)}
        store.tell_all_anew(MEASURE)
        teller.end()
        check(store)
        assert {one.telling.key: one.story for one in told_in(store)} == before


def test_a_gap_behind_where_a_slice_ended_is_passed(empty: Path) -> None:
    """What the slice was to go on with was moved meanwhile, and what comes next is days away."""
    with pytest.MonkeyPatch.context() as patch, opened(empty) as store:
        patch.setattr(module, "SLICE", 1)
        teller = Teller(store)
        for key, hour in ((10, 82), (6, 147), (24, 240)):
            teller.change(key, (0, 8, 0, hour, 60, key % 4))
        teller.step()
        assert store.find_told([PostKey(10)])[PostKey(10)].due_s == 147 * HOUR
        teller = Teller(store)
        teller.change(6, (0, 8, 0, 399, 60, 1))
        teller.end()
        check(store)


def test_a_story_that_falls_apart_far_from_its_other_half_gets_two_addresses(empty: Path) -> None:
    """The post between is gone, and the halves are told in different slices."""
    with pytest.MonkeyPatch.context() as patch, opened(empty) as store:
        patch.setattr(module, "SLICE", 2)
        teller = Teller(store)
        hours = (0, 1, 60, 120, 121, 122)
        for key, hour in enumerate(hours, start=1):
            teller.change(key, (0, 8, 0, hour, 60, key % 4))
        teller.end()
        assert len({one.story for one in told_in(store)}) == 1
        teller.change(3, None)
        teller.end()
        check(store)
        assert len({one.story for one in told_in(store)}) == 2
