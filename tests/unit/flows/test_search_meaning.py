"""What a search says where meaning can't be had."""

from typing import Any

import pytest

from soso.engines.exact import ExactTable
from soso.flows.meaning import Choice, Meaning, Outside
from soso.flows.search import Searching, search
from soso.model.errors import BadInput, SosoError, Unavailable
from soso.ports.embedder import Embedder, Vectors
from soso.query.plan_types import Mode
from soso.query.results import ResultPage, SearchRequest
from tests.unit.flows.conftest import ANALYZERS, World, post
from tests.unit.flows.test_meaning import Letters


class Failing(Letters):
    """An endpoint that takes posts, and queries until it fails."""

    failure: SosoError | None = None

    def embed_query(self, text: str) -> Vectors:
        if self.failure is not None:
            raise self.failure
        return super().embed_query(text)


def ask(world: World, meaning: Meaning | None, text: str, mode: Mode) -> ResultPage:
    needs = Searching(world.store, world.engine, ANALYZERS, world.clock, world.zone, meaning)
    return search(SearchRequest(text=text, mode=mode), needs)


def codes(page: ResultPage) -> list[str]:
    return [notice.code for notice in page.notices]


def test_without_an_embedder_a_search_by_meaning_says_that_it_goes_by_words(world: World) -> None:
    world.take_posts(post(1, "彗星"))
    page = ask(world, None, "彗星", Mode.MEANING)
    assert (codes(page), page.mode, page.total) == (["meaning_unavailable"], Mode.WORDS, 1)
    page = ask(world, None, "彗星", Mode.BOTH)  # nobody asked for meaning alone
    assert (codes(page), page.mode) == ([], Mode.WORDS)


def test_before_there_are_vectors_only_who_asks_for_meaning_is_told(world: World) -> None:
    world.take_posts(post(1, "彗星"))
    embedder = Letters("letters", 64)
    meaning = Meaning(world.store, Choice(embedder="x"), outside(embedder))
    assert codes(ask(world, meaning, "彗星", Mode.MEANING)) == ["meaning_unavailable"]
    assert codes(ask(world, meaning, "彗星", Mode.BOTH)) == []


@pytest.mark.parametrize("failure", [Unavailable("down"), BadInput("a wrong key")])
@pytest.mark.parametrize("mode", [Mode.MEANING, Mode.BOTH])
def test_an_endpoint_that_fails_is_said_once_and_words_answer(
    world: World, failure: SosoError, mode: Mode
) -> None:
    world.take_posts(post(1, "彗星"), post(2, "台风"))
    embedder = Failing("failing", 64)
    meaning = Meaning(world.store, Choice(embedder="x"), outside(embedder))
    while not meaning.step().is_idle:
        pass
    assert codes(ask(world, meaning, "彗星", mode)) == []
    embedder.failure = failure
    page = ask(world, meaning, "彗星", mode)
    assert (codes(page), page.mode, page.total) == (["meaning_unavailable"], Mode.WORDS, 1)
    embedder.failure = None
    assert codes(ask(world, meaning, "彗星", mode)) == []


def outside(embedder: Embedder) -> Outside:
    def opened(_: Any) -> Embedder:
        return embedder

    return Outside(opened, ExactTable)
