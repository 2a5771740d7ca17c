"""The loop that finds copies, over a real store: it ends in the middle, and goes on where it was."""

import logging
import random
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from soso.flows import cluster
from soso.flows.cluster import CONSUMER, ClusterReport, cluster_changes
from soso.model.batch import Batch
from soso.model.chat import ChatKind, ChatSighting
from soso.model.errors import Busy, Unavailable
from soso.model.ids import Peer, PeerKind
from soso.model.post import Post
from soso.similarity.clusters import Settled
from soso.stores.sql.store import SqlStore
from soso.worker import clustering
from soso.worker.clustering import ClusterWorker

AT = datetime(2026, 5, 1, 8, tzinfo=UTC)
LETTERS = [chr(code) for code in range(0x4E00, 0x5100)]


def text_of(number: int) -> str:
    return "".join(random.Random(number).choices(LETTERS, k=20))


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clustering, "PAUSE_S", 0.001)
    monkeypatch.setattr(clustering, "LONGEST_PAUSE_S", 0.01)
    monkeypatch.setattr(cluster, "STEP", 5)
    monkeypatch.setattr(cluster, "LONG_STEP", 5)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlStore]:
    store = SqlStore(f"sqlite:///{tmp_path / 'archive.db'}")
    yield store
    store.close()


def add(store: SqlStore, chat: int, first: int, last: int) -> None:
    """Post texts to a channel; two channels post the same ones under the same numbers."""
    sighting = ChatSighting(
        peer=Peer(kind=PeerKind.CHANNEL, id=1500 + chat),
        kind=ChatKind.CHANNEL,
        title=f"频道{chat}",
        is_public=True,
    )
    known = store.find_chat_by_peer(Peer(kind=PeerKind.CHANNEL, id=1500 + chat))
    found = known or store.add_chat(sighting, AT)
    posts = tuple(
        Post(id=number, at=AT + timedelta(minutes=number), text=text_of(number))
        for number in range(first, last)
    )
    batch = Batch(chat=ChatSighting(peer=found.peer), observed_at=AT, posts=posts)
    store.apply(found.key, batch, source="test", at=AT)


class AppOf:
    """What the worker asks of the application. fails: raised by the first runs; after: called
    before each step with the number of steps so far."""

    def __init__(self, store: SqlStore, *fails: Busy | Unavailable, indexing: int = 0) -> None:
        self.store = store
        self.fails = list(fails)
        self.indexing = indexing
        self.runs = 0
        self.asked = 0
        self.after: Callable[[int], None] = lambda asked: None

    def is_indexing(self) -> bool:
        self.indexing -= 1
        return self.indexing >= 0

    def cluster_changes(self, stopped: Callable[[], bool]) -> ClusterReport:
        self.runs += 1
        if self.fails:
            raise self.fails.pop()

        def watched() -> bool:
            self.asked += 1
            self.after(self.asked)
            return stopped()

        return cluster_changes(self.store, stopped=watched)


def run_until(app: AppOf, done: Callable[[], bool]) -> None:
    worker = ClusterWorker(app)  # type: ignore[arg-type]
    worker.start()
    deadline = time.monotonic() + 20
    while not done() and time.monotonic() < deadline:
        time.sleep(0.001)
    worker.stop()
    assert done()


def caught_up(store: SqlStore) -> bool:
    return store.get_setting(cluster.MADE) is not None and store.lag(CONSUMER) == 0


def test_it_finds_copies_and_those_that_come_later(store: SqlStore) -> None:
    add(store, 1, 0, 12)
    add(store, 2, 0, 6)
    run_until(AppOf(store), lambda: caught_up(store))
    assert store.count_copies() == (12, 6)
    add(store, 2, 6, 12)
    run_until(AppOf(store), lambda: caught_up(store))
    assert store.count_copies() == (24, 12)


@pytest.mark.parametrize("steps", [1, 2, 3, 4])
def test_stopped_in_the_middle_it_goes_on_where_it_was(store: SqlStore, steps: int) -> None:
    add(store, 1, 0, 12)
    add(store, 2, 0, 12)
    app = AppOf(store)
    worker = ClusterWorker(app)  # type: ignore[arg-type]
    halfway = threading.Event()

    def stop(asked: int) -> None:
        if asked == steps + 1:
            halfway.set()
            worker._stopped.set()

    app.after = stop
    worker.start()
    assert halfway.wait(20)
    worker.stop()
    assert app.runs == 1
    assert not caught_up(store)
    assert len(store.find_rows(range(1, 100))) == 5 * steps  # type: ignore[arg-type]
    run_until(AppOf(store), lambda: caught_up(store))
    assert store.count_copies() == (24, 12)


def test_the_index_goes_first_in_the_middle_too(store: SqlStore) -> None:
    add(store, 1, 0, 12)
    app = AppOf(store, indexing=3)
    app.after = lambda asked: setattr(app, "indexing", 2 if asked == 2 else app.indexing)
    run_until(app, lambda: caught_up(store))
    assert app.runs > 1
    assert len(store.find_rows(range(1, 100))) == 12  # type: ignore[arg-type]


def test_another_process_and_a_failure_are_waited_for(
    store: SqlStore, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    add(store, 1, 0, 12)
    app = AppOf(store, Unavailable("the disk is full"), Busy("another"))
    run_until(app, lambda: caught_up(store))
    assert app.runs >= 3
    assert "another process is looking for copies" in caplog.messages
    assert any("the disk is full" in line for line in caplog.messages)


def test_a_turn_taken_by_another_process_loses_nothing(store: SqlStore) -> None:
    """Another process writes while a step is worked out: the step is refused and done again."""
    add(store, 1, 0, 12)
    add(store, 2, 0, 12)
    app = AppOf(store)
    turns = store.copies_turn
    taken: list[int] = []

    def interfering() -> int:
        turn = turns()
        if len(taken) < 2:
            taken.append(turn)
            store.put_copies(turn, Settled([], [], [], []))
        return turn

    store.copies_turn = interfering  # type: ignore[method-assign]
    run_until(app, lambda: caught_up(store))
    assert len(taken) == 2
    assert app.runs >= 3
    assert store.count_copies() == (24, 12)


def test_it_can_be_stopped_before_it_began(store: SqlStore) -> None:
    ClusterWorker(AppOf(store)).stop()  # type: ignore[arg-type]
