"""Vectors follow the change log; what did not change is not made again."""

from collections.abc import Sequence
from datetime import timedelta

import numpy as np
import pytest

from soso.engines.exact import ExactTable
from soso.flows.embed import STEP, consumer_named, embed_step, load_vectors
from soso.model.chat import Visibility
from soso.model.errors import BadInput, Unavailable
from soso.model.ids import PostKey, doc_key, post_doc
from soso.ports.embedder import Vectors
from tests.unit.flows.conftest import CHANNEL, World, post


class Counting:
    """An embedder that counts what it is given; each character points somewhere."""

    name = "counting"
    dimension = 64

    def __init__(self) -> None:
        self.texts: list[str] = []
        self.refused = ""
        self.refuses_all = False
        self.is_down = False

    def passages(self, text: str) -> list[str]:
        return text.split("\n\n")

    def embed_posts(self, texts: Sequence[str]) -> Vectors:
        if self.is_down:
            raise Unavailable("down")
        if self.refuses_all:
            raise BadInput("the key is wrong")
        if self.refused and any(self.refused in text for text in texts):
            raise BadInput("refused")
        self.texts += texts
        return np.stack([self.embed_query(text) for text in texts])

    def embed_query(self, text: str) -> Vectors:
        vector = np.full(self.dimension, 0.01, np.float32)
        for char in text:
            vector[ord(char) % self.dimension] += 1
        return vector / np.linalg.norm(vector)


def embed_all(world: World, embedder: Counting) -> int:
    steps = 0
    while not embed_step(world.store, embedder).is_idle:
        steps += 1
    return steps


def rows(world: World) -> dict[int, int]:
    return {
        row.doc: len(row.packed) // Counting.dimension
        for row in world.store.list_vectors("counting")
    }


def test_posts_and_chats_are_embedded_once(world: World) -> None:
    world.take_posts(post(1, "流星雨"), post(2, "地铁\n\n二号线"), post(3, ""))
    embedder = Counting()
    embed_all(world, embedder)
    assert sorted(embedder.texts) == ["二号线", "地铁", "样例频道", "流星雨"]
    assert sorted(rows(world).values()) == [0, 1, 1, 2]
    assert embed_all(world, embedder) == 0
    world.take_posts(post(1, "流星雨"), post(2, "地铁\n\n二号线", views=9))
    embed_all(world, embedder)
    assert len(embedder.texts) == 4


def test_an_edit_is_embedded_and_what_is_hidden_leaves(world: World) -> None:
    world.take_posts(post(1, "流星雨"), post(2, "地铁"))
    embedder = Counting()
    embed_all(world, embedder)
    keys = {stored.post.id: stored.key for stored in world.store.list_posts(None)}
    world.clock.at += timedelta(hours=1)
    world.take_posts(post(2, "公交", edited_at=world.clock.at))
    world.store.hide_post(keys[1], hidden=True)
    embed_all(world, embedder)
    assert embedder.texts[-1] == "公交"
    assert rows(world)[post_doc(keys[1])] == 0
    world.store.hide_post(keys[1], hidden=False)
    embed_all(world, embedder)
    assert rows(world)[post_doc(keys[1])] == 1


def test_a_chat_that_is_no_longer_listed_leaves_with_its_posts(world: World) -> None:
    world.take_posts(post(1, "流星雨"))
    embedder = Counting()
    embed_all(world, embedder)
    chat = world.store.find_chat_by_peer(CHANNEL.peer)
    assert chat is not None
    world.store.set_chat(chat.key, visibility=Visibility.PRIVATE)
    embed_all(world, embedder)
    assert set(rows(world).values()) == {0}


def test_what_is_older_than_the_model_comes_without_a_change_row(world: World) -> None:
    world.take_posts(*(post(number, f"第{number}条") for number in range(1, STEP * 2)))
    world.index()
    world.store.ack("index", world.store.last_seq())
    world.store.trim_changes()
    embedder = Counting()
    embed_all(world, embedder)
    assert len(rows(world)) == STEP * 2
    assert embedder.texts[1] == f"第{STEP * 2 - 1}条"  # the last first, behind the chat


def test_one_refused_post_does_not_hold_up_the_others(world: World) -> None:
    world.take_posts(post(1, "坏的"), post(2, "好的"))
    embedder = Counting()
    embedder.refused = "坏"
    failed: list[str] = []
    while not (report := embed_step(world.store, embedder)).is_idle:
        failed += report.failed
    assert len(failed) == 1
    assert "refused" in failed[0]
    assert sorted(rows(world).values()) == [0, 1, 1]


def test_settings_that_are_wrong_empty_no_vectors(world: World) -> None:
    """An endpoint whose key, address or model is wrong refuses every text."""
    world.take_posts(post(1, "流星雨"), post(2, "地铁"))
    embedder = Counting()
    embed_all(world, embedder)
    before = rows(world)
    world.clock.at += timedelta(hours=1)
    world.take_posts(post(1, "流星雨来了", edited_at=world.clock.at), post(3, "公交"))
    embedder.refuses_all = True
    for _ in range(3):
        with pytest.raises(Unavailable, match="takes nothing as it is set"):
            embed_step(world.store, embedder)
    assert rows(world) == before
    embedder.refuses_all = False
    embed_all(world, embedder)
    assert sorted(rows(world).values()) == [1, 1, 1, 1]


def test_the_backlog_goes_on_where_the_step_before_stopped(world: World) -> None:
    world.take_posts(*(post(number, f"第{number}条") for number in range(1, STEP * 2)))
    embedder = Counting()
    consumer = consumer_named(embedder.name)
    world.store.changes(consumer, limit=1)
    world.store.ack(consumer, world.store.last_seq())
    every = world.store.list_unembedded(embedder.name, limit=1000)
    first = embed_step(world.store, embedder)
    assert (first.embedded, first.last) == (STEP, every[STEP - 1])
    world.store.purge_posts([PostKey(doc_key(every[5]))])
    skipped = world.store.find_vectors(embedder.name, every[:STEP])
    assert len(skipped) == STEP - 1
    second = embed_step(world.store, embedder, after=every[STEP + 9])  # not the ten before
    while not second.last:  # the purge comes first
        second = embed_step(world.store, embedder, after=every[STEP + 9])
    assert second.last == every[-1]
    assert world.store.list_unembedded(embedder.name, limit=1000) == every[STEP : STEP + 10]
    third = embed_step(world.store, embedder, after=second.last)
    assert third.is_idle
    assert embed_step(world.store, embedder).embedded == 10  # once more from the beginning
    assert embed_step(world.store, embedder, backlog=False).is_idle


def test_a_purge_while_posts_are_embedded_leaves_no_vectors(world: World) -> None:
    world.take_posts(post(1, "流星雨"), post(2, "地铁"))
    keys = {stored.post.id: stored.key for stored in world.store.list_posts(None)}

    class Slow(Counting):
        def embed_posts(self, texts: Sequence[str]) -> Vectors:
            world.store.purge_posts([keys[1]])
            return super().embed_posts(texts)

    embedder, doc = Slow(), post_doc(keys[1])
    embed_step(world.store, embedder)
    assert world.store.find_vectors("counting", [doc]) == {}
    embed_all(world, embedder)
    assert world.store.find_vectors("counting", [doc]) == {}
    assert len(world.store.find_vectors("counting", [post_doc(keys[2])])) == 1


def test_nothing_is_acknowledged_while_the_model_is_down(world: World) -> None:
    world.take_posts(post(1, "流星雨"))
    embedder = Counting()
    embedder.is_down = True
    with pytest.raises(Unavailable):
        embed_step(world.store, embedder)
    waiting = world.store.lag(consumer_named("counting"))
    embedder.is_down = False
    assert waiting > 0
    embed_all(world, embedder)
    assert world.store.lag(consumer_named("counting")) == 0


def test_the_table_follows_the_store(world: World) -> None:
    world.take_posts(post(1, "流星雨"), post(2, "地铁"))
    embedder, table = Counting(), ExactTable(Counting.dimension)
    embed_all(world, embedder)
    place = load_vectors(world.store, table, "counting", after=0)
    assert len(table) == 3
    assert load_vectors(world.store, table, "counting", after=place) == place
    world.take_posts(post(3, "公交"))
    embed_all(world, embedder)
    load_vectors(world.store, table, "counting", after=place)
    assert len(table) == 4
