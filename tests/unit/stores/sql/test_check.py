from pathlib import Path

import pytest
import sqlalchemy as sa

from soso.model.batch import Tombstone
from soso.model.errors import Unavailable
from soso.stores.sql import SqlStore
from tests.contracts.store_cases import add_chat, apply, at, batch, find, photo, post


@pytest.fixture
def store(tmp_path: Path) -> SqlStore:
    made = SqlStore(f"sqlite:///{tmp_path / 'archive.db'}")
    chat = add_chat(made)
    album = post(3, album=(3, 4), media=(photo(post_id=3), photo(post_id=4)))
    dead = Tombstone(post_id=2, at=at(20_000))
    apply(made, chat, batch(post(1), post(2), album, tombstones=(dead,)))
    apply(made, chat, batch(post(1, "改", edited_at=at(9)), minutes=10_001))
    made.ack("index", 3)
    return made


def test_a_sound_archive_has_nothing_wrong(store: SqlStore) -> None:
    assert store.check() == []
    store.close()


@pytest.mark.parametrize(
    ("damage", "finding"),
    [
        ("UPDATE posts SET post_id = 77 WHERE post_id = 1", "columns and its body differ"),
        ("UPDATE posts SET shown = 1 WHERE post_id = 2", "columns and its body differ"),
        ("UPDATE posts SET kinds = 0", "columns and its body differ"),
        ("UPDATE posts SET body = x'7b' WHERE post_id = 1", "damaged"),
        ("UPDATE posts SET body = x'ff' WHERE post_id = 1", "damaged"),
        ("DELETE FROM revisions", "its revisions are not all there"),
        ("DELETE FROM album_ids", "not all ids of its album"),
        ("UPDATE chats SET posts = 9", "9 posts are counted, 2 are there"),
        ("UPDATE chats SET last_at_s = 1", "posts are counted"),
        ("UPDATE chats SET body = x'00'", "damaged"),
        ("UPDATE numbers SET last = 1 WHERE name = 'posts'", "numbered up to 3, but only 1"),
        ("UPDATE consumers SET seq = 10000", "never written"),
        ("UPDATE album_ids SET key = 999", "not there"),
    ],
)
def test_what_is_wrong_is_said(store: SqlStore, damage: str, finding: str) -> None:
    with store._main.engine.connect() as conn:
        conn.exec_driver_sql("ROLLBACK")
        conn.exec_driver_sql("PRAGMA foreign_keys = OFF")
        conn.exec_driver_sql("BEGIN")
        conn.exec_driver_sql(damage)
        conn.commit()
        conn.exec_driver_sql("PRAGMA foreign_keys = ON")
    found = store.check()
    assert any(finding in line for line in found), found
    assert all("\n" not in line for line in found)
    store.close()


def test_a_damaged_row_is_unavailable(store: SqlStore) -> None:
    chat = store.list_chats()[0].chat
    with store._main.writing() as conn:
        conn.execute(sa.text("UPDATE posts SET body = x'00' WHERE post_id = 1"))
    with pytest.raises(Unavailable, match="damaged"):
        find(store, chat, 1)
    store.close()


def test_a_file_with_broken_pages_is_found(tmp_path: Path) -> None:
    place = tmp_path / "archive.db"
    store = SqlStore(f"sqlite:///{place}")
    chat = add_chat(store)
    apply(store, chat, batch(*(post(n, "长" * 300) for n in range(1, 300))))
    store.close()
    content = bytearray(place.read_bytes())
    middle = len(content) // 2 // 4096 * 4096
    content[middle : middle + 4096 * 20] = b"\x5a" * 4096 * 20
    place.write_bytes(content)
    again = SqlStore(f"sqlite:///{place}")
    assert again.check() != []
    again.close()
