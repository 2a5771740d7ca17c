"""Vectors that all processes ask and one of them fills."""

import logging
import time
from collections.abc import Sequence

import pytest

from soso.engines.exact import ExactTable
from soso.flows.meaning import Choice, Meaning, Outside
from soso.model.errors import Unavailable
from soso.model.ids import DocId
from soso.ports.embedder import Vectors
from soso.ports.nearest import Nearby
from soso.ports.vectors import DocVectors
from soso.query.plan_types import Mode
from soso.worker.embedding import EmbedWorker
from soso.worker.loading import LoadWorker
from tests.unit.flows.conftest import World, post
from tests.unit.flows.test_meaning import Shelf, nearest, run
from tests.unit.flows.test_search_meaning import ask, codes


class Outsider(ExactTable):
    """A table that counts what it is given, keeps its place, and may be away."""

    def __init__(self, dimension: int) -> None:
        super().__init__(dimension)
        self.at = self.taken = 0
        self.away: Unavailable | None = None

    def apply(self, rows: Sequence[DocVectors]) -> None:
        self.taken += len(rows)
        super().apply(rows)

    def find(self, query: Vectors, *, limit: int, among: Sequence[DocId] | None = None) -> Nearby:
        if self.away is not None:
            raise self.away
        return super().find(query, limit=limit, among=among)

    def place(self) -> int:
        if self.away is not None:
            raise self.away
        return self.at

    def keep_place(self, seq: int) -> None:
        self.at = seq


class Outsiders:
    """The same tables for every process."""

    def __init__(self) -> None:
        self.tables: dict[str, Outsider] = {}
        self.away: Unavailable | None = None

    def open(self, model: str, dimension: int) -> Outsider:
        table = self.tables.setdefault(model, Outsider(dimension))
        table.away = self.away
        return table

    def lacking(self) -> str | None:
        return str(self.away) if self.away is not None else None

    def drop(self, model: str) -> None:
        self.tables.pop(model, None)


@pytest.fixture
def shelf() -> Shelf:
    return Shelf()


def meaning(world: World, shelf: Shelf, name: str, outsiders: Outsiders) -> Meaning:
    outside = Outside(shelf.open, ExactTable, outsiders)
    return Meaning(world.store, Choice(embedder=name), outside)


def test_one_process_fills_what_all_ask(world: World, shelf: Shelf) -> None:
    world.take_posts(post(1, "流星雨"), post(2, "地铁二号线"))
    outsiders = Outsiders()
    first, second = (meaning(world, shelf, "old", outsiders) for _ in range(2))
    run(first)
    table = outsiders.tables["old 1"]
    taken = table.taken
    second.load()
    run(second)
    assert nearest(second, "流星") == nearest(first, "流星")
    assert (second.size, table.taken) == (first.size, taken) == (3, 3)
    world.take_posts(post(3, "公交"))
    second.load()
    assert second.size == 3  # only who embeds fills
    run(second)
    assert (first.size, table.taken) == (4, 4)


def test_a_table_that_was_lost_is_filled_again(world: World, shelf: Shelf) -> None:
    world.take_posts(post(1, "流星雨"))
    outsiders = Outsiders()
    run(meaning(world, shelf, "old", outsiders))
    outsiders.tables.clear()
    again = meaning(world, shelf, "old", outsiders)
    again.load()
    assert again.ask("流星") is None
    run(again)
    assert again.ask("流星") is not None


def test_another_model_serves_when_its_table_is_filled_and_the_old_one_goes(
    world: World, shelf: Shelf
) -> None:
    world.take_posts(*(post(number, f"第{number}条") for number in range(1, 200)))
    outsiders = Outsiders()
    first, second = (meaning(world, shelf, name, outsiders) for name in ("old", "new"))
    run(first)
    second.step()
    assert (second.model, second.size) == ("old 1", 200)
    run(second)
    assert (second.model, second.size) == ("new 1", 200)
    assert list(outsiders.tables) == ["new 1"]


def test_where_there_can_be_none_nothing_is_embedded(world: World, shelf: Shelf) -> None:
    world.take_posts(post(1, "流星雨"))
    outsiders = Outsiders()
    outsiders.away = Unavailable("no plugin")
    one = meaning(world, shelf, "old", outsiders)
    for doing in (one.step, one.load):
        with pytest.raises(Unavailable, match="no plugin"):
            doing()
    assert world.store.list_models() == []
    page = ask(world, one, "流星", Mode.MEANING)
    assert (codes(page), page.mode, page.total) == (["meaning_unavailable"], Mode.WORDS, 1)


@pytest.mark.parametrize("mode", [Mode.MEANING, Mode.BOTH])
def test_while_it_does_not_answer_words_do(world: World, shelf: Shelf, mode: Mode) -> None:
    world.take_posts(post(1, "流星雨"), post(2, "地铁"))
    outsiders = Outsiders()
    one = meaning(world, shelf, "old", outsiders)
    run(one)
    table = outsiders.tables["old 1"]
    table.away = Unavailable("down")
    page = ask(world, one, "流星", mode)
    assert (codes(page), page.mode, page.total) == (["meaning_unavailable"], Mode.WORDS, 1)
    table.away = None
    assert ask(world, one, "流星", mode).mode is mode


class FailingApp:
    """What the workers use of an app that lacks the plugin."""

    meaning = "there"

    def __init__(self) -> None:
        self.asked = 0

    def load_meaning(self) -> None:
        self.asked += 1
        raise Unavailable("no plugin")

    embed_step = load_meaning

    def hold_turn(self, name: str) -> bool:
        return True

    def end_turn(self, name: str) -> None:
        pass


@pytest.mark.parametrize("worker", [EmbedWorker, LoadWorker])
def test_workers_say_once_what_lacks(
    worker: type, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(f"{worker.__module__}.PAUSE_S", 0.001)
    app = FailingApp()
    with caplog.at_level(logging.ERROR):
        one = worker(app)
        one.start()
        end = time.monotonic() + 20
        while app.asked < 4 and time.monotonic() < end:
            time.sleep(0.005)
        one.stop()
    assert app.asked >= 4
    assert [("no plugin" in record.getMessage()) for record in caplog.records] == [True]
