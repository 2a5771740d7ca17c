"""An archive in SQLite is copied into a real PostgreSQL, and is the same there."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from soso.model.batch import Block
from soso.model.chat import Chat
from soso.model.errors import BadInput
from soso.model.ids import PostKey
from soso.ports.store import Store
from soso.stores.sql import SqlStore, transfer
from soso.stores.sql.transfer import Transferred
from tests.servers import postgres, skip_without

from .store_cases import add_chat, apply, at, batch, find, photo, post, tombstones

pytestmark = pytest.mark.servers


def silent(_doing: str, _done: int, _total: int) -> None:
    """Progress that nobody looks at."""


@pytest.fixture
def target() -> str:
    skip_without(postgres.why_absent())
    return postgres.running().make_database()


@pytest.fixture
def source(tmp_path: Path) -> Iterator[SqlStore]:
    """Two chats with all that posts have, one joined into another that came later."""
    store = open_file(tmp_path)
    first, second, third = add_chat(store, 1500), add_chat(store, peer=None), add_chat(store, 1502)
    many = [post(number, f"第 {number} 条，海边有风") for number in range(1, 60)]
    apply(store, first, batch(*many), batch(post(7, "改过的\t第 \\ 七条\n"), minutes=20_000))
    apply(store, second, batch(post(1, media=(photo("a"),)), post(2)), tombstones(2))
    apply(store, third, batch(post(3, album=(3, 4), media=(photo("b"), photo("c")))))
    store.merge_chats(second.key, third.key, at(30_000))
    store.add_block(Block(at=at(1), word="赌博"))
    store.hide_post(find(store, first, 9).key, hidden=True)
    store.set_setting("site.secret", "s")
    store.changes("index", limit=1)
    store.ack("index", 20)
    yield store
    store.close()


def open_file(folder: Path) -> SqlStore:
    return SqlStore(f"sqlite:///{folder / 'archive.db'}")


def move(folder: Path, target: str) -> Transferred:
    file, beside = folder / "archive.db", folder / "archive-suggestions.db"
    return transfer.transfer(f"sqlite:///{file}", f"sqlite:///{beside}", target, told=silent)


def read_all(store: Store) -> object:
    """Return everything that an archive shows, as values."""
    chats: list[Chat] = []
    for chat in sorted(store.list_chats(limit=1000, listed=False), key=lambda one: one.chat.key):
        chats.append(chat.chat)
    posts = [list(store.iter_posts(chat.key)) for chat in chats]
    revisions = [list(store.list_revisions(one.key)) for run in posts for one in run]
    return chats, posts, revisions, list(store.list_blocks()), store.changes("index")


def test_all_is_there_and_the_same(source: SqlStore, tmp_path: Path, target: str) -> None:
    moved = move(tmp_path, target)
    assert (moved.differing, moved.behind, moved.removed) == ({}, 0, 0)
    assert moved.rows["posts"] == 62
    assert moved.written >= sum(moved.rows.values()) - moved.rows["numbers"]  # zeros are there
    there = SqlStore(target)
    try:
        assert read_all(there) == read_all(source)
        assert there.last_seq() == source.last_seq()
        chat = add_chat(there, 1600)
        assert chat.key > max(one.chat.key for one in source.list_chats(limit=99, listed=False))
        assert apply(there, chat, batch(post(1)))[0][0] == 1
    finally:
        there.close()


def test_what_came_since_is_brought_over(source: SqlStore, tmp_path: Path, target: str) -> None:
    move(tmp_path, target)
    chat = source.list_chats(limit=1, listed=False)[0].chat
    apply(source, chat, batch(post(1, "又改了"), post(700, "新的"), minutes=40_000))
    gone = find(source, chat, 5).key
    source.purge_posts([PostKey(gone)])
    again = move(tmp_path, target)
    assert again.differing == {}
    assert 3 <= again.written < 30
    assert again.removed >= 1
    there = SqlStore(target)
    assert read_all(there) == read_all(source)
    there.close()
    assert move(tmp_path, target).written == 0


def test_a_copy_that_was_cut_off_goes_on(
    source: SqlStore, tmp_path: Path, target: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transfer, "RUN", 7)
    monkeypatch.setattr(transfer, "_READ_AT_ONCE", 5)
    file, beside = tmp_path / "archive.db", tmp_path / "archive-suggestions.db"
    for doing, enough in (("posts", 15), ("posts", 40), ("checking posts", 10)):

        def told(
            now: str, done: int, _total: int, doing: str = doing, enough: int = enough
        ) -> None:
            if now == doing and done >= enough:
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            transfer.transfer(f"sqlite:///{file}", f"sqlite:///{beside}", target, told=told)
    assert move(tmp_path, target).differing == {}
    there = SqlStore(target)
    assert read_all(there) == read_all(source)
    there.close()


def test_a_database_of_others_is_left_alone(source: SqlStore, tmp_path: Path, target: str) -> None:
    other = SqlStore(target)
    add_chat(other, 99)
    other.close()
    with pytest.raises(BadInput, match="another archive"):
        move(tmp_path, target)


def test_a_database_that_was_used_since_is_left_alone(
    source: SqlStore, tmp_path: Path, target: str
) -> None:
    move(tmp_path, target)
    there = SqlStore(target)
    apply(there, there.list_chats(limit=1, listed=False)[0].chat, batch(post(999)))
    there.close()
    with pytest.raises(BadInput, match="used since"):
        move(tmp_path, target)


def test_a_row_that_is_not_the_same_is_told(
    source: SqlStore, tmp_path: Path, target: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = transfer._copy

    def forgetful(conn: object, table: object, rows: list[tuple[object, ...]], **how: bool) -> None:
        kept = rows[1:] if getattr(table, "name", "") == "posts" else rows
        real(conn, table, kept, **how)  # type: ignore[arg-type]

    monkeypatch.setattr(transfer, "_copy", forgetful)
    assert move(tmp_path, target).differing["posts"] == 1


def test_a_zero_character_does_not_stop_it(tmp_path: Path, target: str) -> None:
    store = open_file(tmp_path)
    store.set_setting("odd", "a\x00b")
    store.close()
    assert move(tmp_path, target).differing == {}
    there = SqlStore(target)
    assert there.get_setting("odd") == "a\ufffdb"
    there.close()


def test_addresses_of_other_kinds(tmp_path: Path, source: SqlStore) -> None:
    with pytest.raises(BadInput, match="--to"):
        move(tmp_path, "sqlite:////tmp/x")
    with pytest.raises(BadInput, match="not the other way"):
        transfer.transfer("postgresql://x/y", "sqlite:////x", "postgresql://x/y", told=silent)
