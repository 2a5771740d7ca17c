from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from soso.flows.did_you_mean import FEW, Guessing, did_you_mean
from soso.flows.learn_spelling import learn_spelling
from soso.flows.search import Searching, search
from soso.model.errors import Unavailable
from soso.model.post import Post
from soso.query.plan_types import Sort
from soso.query.results import SearchRequest
from soso.stores.lexicon import LexiconFile
from soso.text.analyzers import load_analyzers

if TYPE_CHECKING:
    from tests.unit.flows.conftest import World

ANALYZERS = load_analyzers()


def note(number: int, text: str) -> Post:
    at = datetime(2026, 11, 1, tzinfo=UTC) + timedelta(hours=number)
    return Post(id=number, at=at, text=text)


@pytest.fixture
def guess(world: "World", tmp_path: Path) -> Callable[[str], tuple[str, ...]]:
    """Learns when first asked; the index follows the store, the vocabulary does not."""
    lexicon = LexiconFile(tmp_path / "spelling.bin")
    needs = Guessing(lexicon, world.engine, ANALYZERS, world.clock, world.zone)

    def ask(text: str) -> tuple[str, ...]:
        if lexicon.kept_at() is None:
            learn_spelling(world.store, lexicon)
        return did_you_mean(text, needs)

    return ask


def test_a_slip_is_corrected_and_the_rest_kept(
    world: "World", guess: Callable[[str], tuple[str, ...]]
) -> None:
    world.take_posts(*(note(number, f"北岬灯塔第{number}夜") for number in range(1, 9)))
    assert guess("灯塌 before:2027 -雨") == ("灯塔 before:2027 -雨",)
    assert guess("灯塔") == ()
    assert guess("燈塌") == ("燈塔",)


def test_without_a_vocabulary_nothing_is_guessed(world: "World", tmp_path: Path) -> None:
    lexicon = LexiconFile(tmp_path / "none.bin")
    needs = Guessing(lexicon, world.engine, ANALYZERS, world.clock, world.zone)
    assert did_you_mean("灯塌", needs) == ()


def test_what_was_taken_down_since_is_not_told(
    world: "World", guess: Callable[[str], tuple[str, ...]]
) -> None:
    posts = [note(number, f"北岬灯塔第{number}夜") for number in range(1, 9)]
    world.take_posts(*posts, note(9, "别的事情"))
    assert guess("灯塌") == ("灯塔",)
    chat = world.store.list_chats()[0].chat
    for one in posts:
        stored = world.store.find_post(chat.key, one.id)
        assert stored is not None
        world.store.hide_post(stored.key, hidden=True)
    world.index()
    assert guess("灯塌") == ()


def test_what_became_sensitive_since_is_not_told(
    world: "World", guess: Callable[[str], tuple[str, ...]]
) -> None:
    world.take_posts(*(note(number, f"北岬灯塔第{number}夜") for number in range(1, 9)))
    assert guess("灯塌") == ("灯塔",)
    world.store.set_chat(world.store.list_chats()[0].chat.key, sensitive=True)
    world.index()
    assert guess("灯塌") == ()


def test_what_finds_less_than_was_typed_is_not_offered(
    world: "World", guess: Callable[[str], tuple[str, ...]]
) -> None:
    posts = [note(number, f"北岬灯塔第{number}夜") for number in range(1, 9)]
    world.take_posts(*posts, note(20, "灯塌在雨里"), note(21, "雨里灯塌"))
    assert guess("灯塌 雨里") == ()


def test_a_search_guesses_only_where_little_is_found(world: "World") -> None:
    world.take_posts(*(note(number, f"北岬灯塔第{number}夜") for number in range(1, FEW + 3)))
    asked: list[str] = []

    def listen(text: str) -> tuple[str, ...]:
        asked.append(text)
        return ("灯塔",)

    needs = Searching(world.store, world.engine, ANALYZERS, world.clock, world.zone, guess=listen)
    assert search(SearchRequest(text="灯塔"), needs).did_you_mean == ()
    assert search(SearchRequest(text="灯塌", sort=Sort.NEWEST), needs).did_you_mean == ()
    assert asked == []
    assert search(SearchRequest(text="灯塌 -雨"), needs).did_you_mean == ("灯塔",)
    assert asked == ["灯塌 -雨"]
    assert search(SearchRequest(text="灯塔 第3夜"), needs).did_you_mean == ("灯塔",)


def test_an_index_that_does_not_answer_is_told(
    world: "World", guess: Callable[[str], tuple[str, ...]]
) -> None:
    world.take_posts(*(note(number, f"北岬灯塔第{number}夜") for number in range(1, 9)))
    assert guess("灯塌")

    def fail(_: object) -> None:
        raise Unavailable("gone")

    world.engine.search = fail  # type: ignore[assignment,method-assign]
    with pytest.raises(Unavailable):
        guess("灯塌")
