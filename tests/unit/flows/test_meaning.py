"""Which model serves, and how another takes over."""

import gc
import logging
import weakref
from collections.abc import Sequence

import numpy as np
import pytest

from soso.engines.exact import ExactTable
from soso.flows.meaning import Choice, Meaning, Outside
from soso.model.errors import Unavailable
from soso.ports.embedder import Embedder, Vectors
from tests.unit.flows.conftest import World, post


class Letters:
    """An embedder to whom texts with the same characters are alike."""

    def __init__(self, name: str, dimension: int) -> None:
        self.name = name
        self.dimension = dimension

    def passages(self, text: str) -> list[str]:
        return text.split("\n\n") if text else []

    def embed_posts(self, texts: Sequence[str]) -> Vectors:
        return np.stack([self.embed_query(text) for text in texts])

    def embed_query(self, text: str) -> Vectors:
        vector = np.full(self.dimension, 0.01, np.float32)
        for char in text:
            vector[ord(char) % self.dimension] += 1
        return vector / np.linalg.norm(vector)


class Shelf:
    """Opens embedders by name, unless they are broken."""

    def __init__(self) -> None:
        self.broken: set[str] = set()
        self.opened: list[str] = []
        self.alive: list[weakref.ref[Letters]] = []

    def open(self, choice: Choice) -> Embedder:
        if choice.embedder in self.broken:
            raise Unavailable(f"{choice.embedder} is broken")
        self.opened.append(choice.embedder)
        name = choice.model or f"{choice.embedder} 1"
        made = Letters(name, {"old": 48, "new": 64, "remote": 32}[choice.embedder])
        self.alive.append(weakref.ref(made))
        return made

    def count_alive(self) -> int:
        gc.collect()
        return sum(one() is not None for one in self.alive)


@pytest.fixture
def shelf() -> Shelf:
    return Shelf()


def meaning(world: World, shelf: Shelf, name: str) -> Meaning:
    return Meaning(world.store, Choice(embedder=name), Outside(shelf.open, ExactTable))


def run(one: Meaning) -> None:
    while not one.step().is_idle:
        pass


def nearest(one: Meaning, text: str) -> str:
    asked = one.ask(text)
    assert asked is not None
    return repr([near.doc for near in asked.near(1).found])


def test_before_anything_is_embedded_nothing_serves(world: World, shelf: Shelf) -> None:
    one = meaning(world, shelf, "old")
    assert one.ask("流星") is None
    assert one.model is None
    assert shelf.opened == []


def test_posts_can_be_found_as_soon_as_they_are_embedded(world: World, shelf: Shelf) -> None:
    world.take_posts(post(1, "流星雨"), post(2, "地铁二号线"))
    one = meaning(world, shelf, "old")
    one.step()
    assert one.model == "old 1"
    assert nearest(one, "流星") != nearest(one, "地铁")
    assert one.ask("  ") is None
    world.take_posts(post(3, "公交"))
    run(one)
    asked = one.ask("公交")
    assert asked is not None
    assert asked.near(1).found[0].cosine > 0.99


def test_another_process_loads_what_was_embedded(world: World, shelf: Shelf) -> None:
    world.take_posts(post(1, "流星雨"))
    run(meaning(world, shelf, "old"))
    other = meaning(world, shelf, "old")
    other.load()
    assert other.model == "old 1"
    assert other.ask("流星") is not None


def test_the_old_model_serves_until_the_new_one_is_done(world: World, shelf: Shelf) -> None:
    world.take_posts(*(post(number, f"第{number}条") for number in range(1, 200)))
    run(meaning(world, shelf, "old"))
    one = meaning(world, shelf, "new")
    one.step()
    assert one.model == "old 1"
    assert one.ask("第一") is not None
    run(one)
    assert one.model == "new 1"
    assert world.store.list_models() == ["new 1"]
    world.store.ack("index", world.store.last_seq())
    run(one)
    assert world.store.trim_changes() > 0  # the old one holds up nothing


def test_a_change_that_was_interrupted_goes_on(world: World, shelf: Shelf) -> None:
    world.take_posts(*(post(number, f"第{number}条") for number in range(1, 200)))
    run(meaning(world, shelf, "old"))
    meaning(world, shelf, "new").step()
    done = world.store.count_vectors("new 1")
    again = meaning(world, shelf, "new")
    run(again)
    assert 0 < done < world.store.count_vectors("new 1") == 200
    assert again.model == "new 1"


def test_an_old_model_that_is_gone_gives_way_at_once(world: World, shelf: Shelf) -> None:
    world.take_posts(post(1, "流星雨"))
    run(meaning(world, shelf, "old"))
    shelf.broken.add("old")
    one = meaning(world, shelf, "new")
    one.load()
    assert one.model == "new 1"
    assert one.ask("流星") is None  # it has no vectors yet: words alone
    run(one)
    assert one.ask("流星") is not None


def test_a_model_that_was_replaced_is_let_go(world: World, shelf: Shelf) -> None:
    world.take_posts(post(1, "流星雨"))
    run(meaning(world, shelf, "old"))
    one = meaning(world, shelf, "new")
    one.load()
    asked = one.ask("流星")  # a search that is under way
    assert shelf.count_alive() == 1
    run(one)
    assert asked is not None
    assert asked.near(1).found
    assert (one.model, shelf.count_alive()) == ("new 1", 1)
    assert one.ask("流星") is not None


def test_an_endpoint_that_moved_keeps_its_vectors(world: World, shelf: Shelf) -> None:
    """Its name does not say where it is; the table of the new place is filled all the same."""
    world.take_posts(post(1, "流星雨"), post(2, "地铁"))
    here, there = (
        Meaning(
            world.store,
            Choice(embedder="remote", model="m", url=url),
            Outside(shelf.open, ExactTable),
        )
        for url in ("http://one", "http://two")
    )
    run(here)
    there.load()
    run(there)
    assert there.size == here.size == 3
    assert world.store.list_models() == ["m"]


def test_processes_with_different_settings_do_not_fight(
    world: World, shelf: Shelf, caplog: pytest.LogCaptureFixture
) -> None:
    world.take_posts(*(post(number, f"第{number}条") for number in range(1, 100)))
    first, second = meaning(world, shelf, "old"), meaning(world, shelf, "new")
    run(first)
    second.step()
    caplog.set_level(logging.WARNING)
    for _ in range(20):  # by turns, as two workers do
        first.step()
        second.step()
    assert (first.model, second.model) == ("new 1", "new 1")
    assert world.store.list_models() == ["new 1"]
    told = [record.getMessage() for record in caplog.records]
    assert len(told) == 1
    assert "chosen the model new" in told[0]
    assert "set to old" in told[0]
    world.take_posts(post(200, "公交"))
    first.step()  # and it goes on by what was chosen
    assert world.store.count_vectors("new 1") == 101
    assert first.step().is_idle
    assert second.step().is_idle


def test_a_model_that_can_not_be_opened_is_not_chosen(world: World, shelf: Shelf) -> None:
    world.take_posts(post(1, "流星雨"))
    first, second = meaning(world, shelf, "old"), meaning(world, shelf, "new")
    run(first)
    shelf.broken.add("new")
    with pytest.raises(Unavailable):
        second.step()
    assert first.step().is_idle
    assert first.model == "old 1"


def test_who_can_not_open_what_serves_changes_nothing_for_others(
    world: World, shelf: Shelf
) -> None:
    world.take_posts(post(1, "流星雨"))
    one = meaning(world, shelf, "old")
    run(one)
    shelf.broken.add("old")
    meaning(world, shelf, "new").load()
    shelf.broken.clear()
    one.step()
    assert one.model == "old 1"
    assert one.ask("流星") is not None


def test_a_broken_model_is_told_and_tried_again(world: World, shelf: Shelf) -> None:
    world.take_posts(post(1, "流星雨"))
    shelf.broken.add("old")
    one = meaning(world, shelf, "old")
    with pytest.raises(Unavailable, match="broken"):
        one.step()
    assert one.ask("流星") is None
    shelf.broken.clear()
    run(one)
    assert one.ask("流星") is not None


def test_a_passage_is_given_back_by_its_number(world: World, shelf: Shelf) -> None:
    world.take_posts(post(1, "流星雨"))
    one = meaning(world, shelf, "old")
    assert one.passage("一\n\n二", 1) == ""
    run(one)
    assert one.passage("一\n\n二", 1) == "二"
    assert one.passage("一\n\n二", 2) == ""
