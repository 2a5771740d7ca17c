from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from soso.flows.learn_spelling import PAUSE, STALE, is_due, learn_spelling
from soso.model.chat import ChatKind, ChatSighting, Visibility
from soso.model.ids import Peer, PeerKind
from soso.model.post import Post, Service
from soso.spelling.propose import Speller
from soso.spelling.vocabulary import Vocabulary

if TYPE_CHECKING:
    from tests.unit.flows.conftest import World


class KeptLexicon:
    """A lexicon in memory, with the time a test sets."""

    def __init__(self) -> None:
        self.content: bytes | None = None
        self.at: datetime | None = None

    def find(self) -> Speller | None:
        return Speller(self.vocabulary()) if self.content is not None else None

    def vocabulary(self) -> Vocabulary:
        assert self.content is not None
        return Vocabulary(self.content)

    def keep(self, content: bytes) -> None:
        self.content = content
        self.at = datetime(2026, 11, 21, tzinfo=UTC)

    def kept_at(self) -> datetime | None:
        return self.at

    def posts_with(self, pair: str) -> int:
        vocabulary = self.vocabulary()
        return vocabulary.pair(*map(vocabulary.number, pair))


PRIVATE = ChatSighting(
    peer=Peer(kind=PeerKind.CHANNEL, id=1500000002),
    kind=ChatKind.CHANNEL,
    title="暗号小组",
    is_public=False,
)


def note(number: int, text: str, **more: object) -> Post:
    at = datetime(2026, 11, 1, tzinfo=UTC) + timedelta(hours=number)
    return Post(id=number, at=at, text=text, **more)  # type: ignore[arg-type]


@pytest.fixture
def lexicon() -> KeptLexicon:
    return KeptLexicon()


def test_posts_and_names_of_listed_chats_are_learned(world: "World", lexicon: KeptLexicon) -> None:
    world.take_posts(note(1, "北岬灯塔"), note(2, "灯塔旁边"))
    report = learn_spelling(world.store, lexicon)
    assert (report.posts, report.chats) == (2, 1)
    assert report.bytes == len(lexicon.content or b"")
    assert lexicon.posts_with("灯塔") == 2
    assert lexicon.posts_with("样例") == 3  # of the title, which counts as three posts


def test_what_may_not_be_found_is_not_learned(world: "World", lexicon: KeptLexicon) -> None:
    world.take_posts(note(1, "暗道机关"), chat=PRIVATE)
    world.take_posts(
        note(1, "隐藏内容"),
        note(2, "敏感内容"),
        note(3, "加入群组", service=Service(action="join")),
        note(4, "北岬灯塔"),
    )
    chat = world.store.list_chats()[0].chat
    hidden, sensitive = (world.store.find_post(chat.key, number) for number in (1, 2))
    assert hidden is not None
    assert sensitive is not None
    world.store.hide_post(hidden.key, hidden=True)
    world.store.mark_post(sensitive.key, sensitive=True)
    learn_spelling(world.store, lexicon)
    assert lexicon.posts_with("灯塔") == 1
    for pair in ("暗道", "暗号", "隐藏", "敏感", "加入"):
        assert lexicon.posts_with(pair) == 0, pair


def test_a_sensitive_chat_is_not_learned(world: "World", lexicon: KeptLexicon) -> None:
    world.take_posts(note(1, "北岬灯塔"))
    world.store.set_chat(world.store.list_chats()[0].chat.key, sensitive=True)
    learn_spelling(world.store, lexicon)
    assert lexicon.posts_with("灯塔") == 0
    assert lexicon.posts_with("样例") == 0


def test_a_large_archive_is_drawn_from(
    world: "World", lexicon: KeptLexicon, write_posts: Callable[[int], list[Post]]
) -> None:
    world.take_posts(*write_posts(90))
    report = learn_spelling(world.store, lexicon, most_posts=30)
    assert report.posts == 30
    assert lexicon.vocabulary().grown[0] == 90


def test_it_can_be_given_up(
    world: "World", lexicon: KeptLexicon, write_posts: Callable[[int], list[Post]]
) -> None:
    world.take_posts(*write_posts(5))
    assert learn_spelling(world.store, lexicon, rest=lambda: False).bytes == 0
    assert lexicon.content is None


def test_others_get_to_work_between_batches(
    world: "World", lexicon: KeptLexicon, write_posts: Callable[[int], list[Post]]
) -> None:
    world.take_posts(*write_posts(450))
    rests: Iterator[int] = iter(range(100))
    assert learn_spelling(world.store, lexicon, rest=lambda: next(rests) >= 0).bytes
    assert next(rests) == 3


def test_when_it_is_due(
    world: "World", lexicon: KeptLexicon, write_posts: Callable[[int], list[Post]]
) -> None:
    assert not is_due(world.store, lexicon, world.clock)  # there is nothing to learn
    posts = write_posts(30)
    world.take_posts(*posts[:20])
    assert is_due(world.store, lexicon, world.clock)
    learn_spelling(world.store, lexicon)
    learned_at = lexicon.at
    assert learned_at is not None
    world.clock.at = learned_at + STALE
    assert not is_due(world.store, lexicon, world.clock)  # nothing has changed
    world.take_posts(posts[20])
    world.clock.at = learned_at + STALE - timedelta(minutes=1)
    assert not is_due(world.store, lexicon, world.clock)  # too little has
    world.clock.at = learned_at + STALE
    assert is_due(world.store, lexicon, world.clock)
    world.take_posts(*posts[21:])
    world.clock.at = learned_at + PAUSE - timedelta(seconds=1)
    assert not is_due(world.store, lexicon, world.clock)  # too early
    world.clock.at = learned_at + PAUSE
    assert is_due(world.store, lexicon, world.clock)


def test_an_archive_that_has_shrunk_is_learned_anew(
    world: "World", lexicon: KeptLexicon, write_posts: Callable[[int], list[Post]]
) -> None:
    world.take_posts(*write_posts(5))
    learn_spelling(world.store, lexicon)
    assert lexicon.at is not None
    world.clock.at = lexicon.at + PAUSE
    chat = world.store.list_chats()[0].chat
    world.store.set_chat(chat.key, visibility=Visibility.PRIVATE)
    assert is_due(world.store, lexicon, world.clock)


def test_the_form_that_is_kept_is_that_of_the_data_folder(world: "World", tmp_path: Path) -> None:
    from soso.stores.lexicon import LexiconFile

    world.take_posts(note(1, "北岬灯塔"))
    lexicon = LexiconFile(tmp_path / "spelling.bin")
    learn_spelling(world.store, lexicon)
    speller = lexicon.find()
    assert speller is not None
    assert speller.grown[0] == 1
