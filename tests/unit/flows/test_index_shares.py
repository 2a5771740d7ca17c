"""Several workers on one log and one index; some die at any moment."""

from itertools import chain
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from soso.engines.memory import MemoryEngine
from soso.flows import index, index_shares, rebuild_split
from soso.flows.index_shares import Sharing
from soso.model.batch import Batch
from soso.model.chat import ChatSighting
from soso.model.errors import NotFound, Unavailable
from soso.model.ids import is_chat_doc
from soso.model.post import Post
from soso.ports.changes import Share

from .conftest import CHANNEL, World, post
from .shared_engine import Killed, SharedEngine


class Office:
    """A store, a shared index and as many workers as a test wants."""

    def __init__(self, folder: Path) -> None:
        self.world = World(folder)
        self.store = self.world.store
        self.engine = SharedEngine()
        self.hired = 0

    def hire(self, shares: int = 3) -> Sharing:
        self.hired += 1
        builds, builder = self.engine.shared, self.world.builder
        return Sharing(self.store, builds, builder, owner=f"w{self.hired}", shares=shares)

    def add(self, *posts: Post) -> None:
        peer = CHANNEL.peer
        assert peer is not None
        known = self.store.find_chat_by_peer(peer)
        chat = known or self.store.add_chat(CHANNEL, self.world.clock.now())
        self.world.clock.at = self.world.clock.at.replace(microsecond=self.hired)
        sighting = ChatSighting(peer=peer)
        batch = Batch(chat=sighting, observed_at=self.world.clock.now(), posts=posts)
        self.store.apply(chat.key, batch, source="test", at=self.world.clock.now())

    def catch_up(self, worker: Sharing | None = None) -> None:
        """Work until nothing is left to do."""
        worker = worker or self.hire()
        for _ in range(20):
            rebuild_split.catch_up(worker, self.engine)
            if (
                rebuild_split.load_job(self.store) is None
                and index_shares.lag(self.store, self.engine) == 0
            ):
                return
        raise AssertionError("never caught up")

    def is_right(self) -> bool:
        """Whether the index is what the store says; a chat's count of posts may be older."""
        wanted, _ = self.world.builder.build(chain(*self.store.iter_docs()))
        found = self.engine.documents()
        assert {one.doc for one in wanted} == set(found)
        return all(found[one.doc] == one for one in wanted if not is_chat_doc(one.doc))

    def dies_after(self, steps: int) -> None:
        """Let the next worker die at the step after so many."""
        left = [steps]

        def step() -> None:
            left[0] -= 1
            if left[0] < 0:
                self.engine.shared.step = lambda: None
                raise Killed

        self.engine.shared.step = step

    def places(self) -> set[str]:
        """The consumers that hold up trimming: those whose lag is less than all there is."""
        builds = [f"b{number}" for number in range(1, self.engine.shared.made + 1)]
        names = [name for build in builds for name in index_shares.list_shares(build, 3)]
        every = self.store.lag("a consumer that nobody is")
        return {name for name in names if self.store.lag(name) < every}


def run_out(office: Office) -> None:
    """Let the leases of the dead run out."""
    for name, owner, _ in office.store.list_leases():
        office.store.end_lease(name, owner)


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    monkeypatch.setattr(index, "STEP", 4)
    monkeypatch.setattr(index, "COMMIT_EVERY", 8)
    monkeypatch.setattr(rebuild_split, "SMALLEST", 4)
    monkeypatch.setattr(rebuild_split, "NEAR", 0)
    return Office(tmp_path)


def test_an_empty_index_is_built_and_then_followed(office: Office) -> None:
    office.catch_up()
    assert office.engine.shared.made == 1
    office.add(*(post(number, f"第{number}颗石头") for number in range(1, 20)))
    office.catch_up()
    assert office.engine.shared.made == 2
    assert office.is_right()
    office.add(post(3, "改了"), post(30, "新的"))
    assert index_shares.is_behind(office.store, office.engine)
    office.catch_up()
    assert office.engine.shared.made == 2
    assert office.is_right()
    assert not index_shares.is_behind(office.store, office.engine)
    assert office.store.list_leases() == []


def test_the_first_posts_are_indexed_once(office: Office) -> None:
    first = office.engine.shared.all[office.engine.shared.live()]
    office.add(*(post(number, f"第{number}颗石头") for number in range(1, 20)))
    office.catch_up()
    assert first == {}
    assert office.is_right()


def test_who_has_no_time_leaves_shares_to_others(office: Office) -> None:
    office.add(post(1, "一"))
    office.catch_up()
    office.add(*(post(number, f"第{number}颗石头") for number in range(2, 14)))
    build = office.engine.shared.live()
    assert index_shares.follow(office.hire(), build, for_s=0.0) == index.IndexReport()
    assert index_shares.is_behind(office.store, office.engine)
    office.catch_up()
    assert office.is_right()


def test_what_another_held_is_lost_for_good(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    worker = office.hire()
    monkeypatch.setattr(index_shares, "LEASE_S", 0.0)
    assert office.store.take_lease("a share", worker.owner, for_s=60)
    held = index_shares.Held(worker, "a share")
    assert held.keep()
    assert office.store.take_lease("a share", "another", for_s=60)
    assert not held.keep()
    office.store.end_lease("a share", "another")
    assert not held.keep(surely=True)


def test_a_share_that_another_follows_is_left_to_it(office: Office) -> None:
    office.add(post(1, "一"))
    office.catch_up()
    build = office.engine.shared.live()
    names = index_shares.list_shares(build, 3)
    office.add(*(post(number, f"第{number}颗石头") for number in range(2, 14)))
    kept = next(name for name, share in names.items() if office.store.lag(name, share=share))
    assert office.store.take_lease(kept, "another", for_s=60)
    index_shares.follow(office.hire(), build)
    lags = {name: office.store.lag(name, share=share) for name, share in names.items()}
    assert [name for name, lag in lags.items() if lag] == [kept]
    office.store.end_lease(kept, "another")
    index_shares.follow(office.hire(), build)
    assert office.is_right()


def test_a_last_step_that_is_full_is_committed_too(office: Office) -> None:
    office.add(*(post(number, f"第{number}颗石头") for number in range(1, 4)))
    engine = MemoryEngine()
    index.index_changes(office.store, engine, office.world.builder)
    before = office.store.last_seq()
    office.add(*(post(number, f"第{number}颗石头") for number in range(4, 8)))
    assert office.store.last_seq() - before == index.STEP
    index.index_changes(office.store, engine, office.world.builder)
    assert office.store.lag(index.CONSUMER) == 0
    assert engine.status().documents == 8


def test_who_lost_its_lease_acknowledges_nothing(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.add(post(1, "一"))
    office.catch_up()
    build = office.engine.shared.live()
    office.add(*(post(number, f"第{number}颗石头") for number in range(2, 14)))
    before = index_shares.lag(office.store, office.engine)
    monkeypatch.setattr(index_shares.Held, "keep", lambda *_, **__: False)
    index_shares.follow(office.hire(), build)
    assert index_shares.lag(office.store, office.engine) == before
    monkeypatch.undo()
    office.catch_up()
    assert office.is_right()


def test_a_late_write_puts_nothing_old_over_what_is_new(office: Office) -> None:
    office.add(post(1, "旧"))
    office.catch_up()
    build = office.engine.shared.live()
    docs = list(chain(*office.store.iter_docs()))
    old, _ = office.world.builder.build(docs)
    version = office.store.last_seq()
    office.add(post(1, "新", edited_at=office.world.clock.now()))
    office.catch_up()
    with office.engine.shared.writer(build) as zombie:
        zombie.apply(old, (), version=version)
    assert office.is_right()


def test_the_number_of_shares_stays_until_the_next_build(office: Office) -> None:
    office.add(*(post(number, f"第{number}颗石头") for number in range(1, 9)))
    office.catch_up(office.hire(shares=3))
    office.add(*(post(number, f"第{number}颗石头") for number in range(9, 20)))
    office.catch_up(office.hire(shares=5))
    assert office.is_right()
    assert office.store.get_setting("index-shares/b2") == "3"
    rebuild_split.reindex(office.hire(shares=5), wait=lambda _: None)
    assert office.store.get_setting("index-shares/b3") == "5"


def test_a_quiet_share_holds_up_no_trimming(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index_shares, "QUIET", 5)
    office.add(post(1, "一"))
    office.catch_up(office.hire(shares=64))
    office.add(*(post(number, f"第{number}颗石头") for number in range(2, 14)))
    office.catch_up(office.hire(shares=64))
    index_shares.follow(office.hire(shares=64), office.engine.shared.live())
    assert office.store.trim_changes() > 0
    office.add(post(5, "改了"))
    office.catch_up(office.hire(shares=64))
    assert office.is_right()


def test_a_stale_index_serves_until_the_new_one_does(office: Office) -> None:
    office.add(*(post(number, f"第{number}颗石头") for number in range(1, 9)))
    office.catch_up()
    office.engine.is_stale = True
    rebuild_split.catch_up(office.hire(), office.engine)
    office.engine.is_stale = False
    assert office.engine.shared.serving == "b3"
    assert office.is_right()
    assert list(office.engine.shared.all) == ["b3"]


def test_the_places_of_a_replaced_index_are_forgotten(office: Office) -> None:
    office.add(*(post(number, f"第{number}颗石头") for number in range(1, 9)))
    office.catch_up()
    rebuild_split.reindex(office.hire(), wait=lambda _: None)
    live = set(index_shares.list_shares("b3", 3))
    assert office.places() == live
    late = next(iter(index_shares.list_shares("b2", 3)))
    office.store.changes(late, share=Share(number=0, of=3))
    assert office.store.trim_changes() == 0
    rebuild_split.forget_old(office.hire())
    office.catch_up()
    assert office.store.trim_changes() > 0


def test_an_index_deleted_while_it_is_built_is_given_up(office: Office) -> None:
    office.add(*(post(number, f"第{number}颗石头") for number in range(1, 9)))
    office.catch_up()
    job = rebuild_split.begin(office.hire())
    assert job is not None
    office.engine.shared.all.pop(job.build)
    with pytest.raises(Unavailable):
        rebuild_split.reindex(office.hire(), wait=lambda _: None)
    assert rebuild_split.load_job(office.store) is None
    with pytest.raises(NotFound):
        index_shares.follow(office.hire(), job.build)
    rebuild_split.reindex(office.hire(), wait=lambda _: None)
    assert office.is_right()


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(deaths=st.lists(st.integers(0, 20), min_size=1, max_size=3), explicit=st.booleans())
def test_workers_die_at_any_point_and_others_go_on(
    tmp_path_factory: pytest.TempPathFactory,
    office: Office,
    deaths: list[int],
    explicit: bool,
) -> None:
    office = Office(tmp_path_factory.mktemp("office"))
    office.add(*(post(number, f"第{number}颗石头") for number in range(1, 14)))
    next_id = 14
    for number, steps in enumerate(deaths):
        worker = office.hire()
        office.dies_after(steps)
        try:
            if explicit:
                rebuild_split.reindex(worker, wait=lambda _: None)
            else:
                rebuild_split.catch_up(worker, office.engine)
        except Killed:
            run_out(office)
        office.engine.shared.step = lambda: None
        office.add(post(next_id, "后来"), post(number + 1, f"改{number}"))
        next_id += 1
    office.catch_up()
    assert office.is_right()
    assert office.places() <= set(index_shares.list_shares(office.engine.shared.live(), 3))
    office.store.close()
