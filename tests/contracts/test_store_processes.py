"""The store under many hands and hard blows: threads, processes, kill -9, a full disk, a purge."""

import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from soso.model.batch import Block
from soso.model.errors import Busy, Unavailable
from soso.model.ids import doc_key, is_chat_doc
from soso.stores.sql import SqlStore

from .store_cases import (
    NOW,
    add_chat,
    apply,
    at,
    batch,
    drain,
    find,
    ids,
    make_store,
    post,
    tombstones,
)
from .store_child import SIZE

CHILD = Path(__file__).with_name("store_child.py")
ROOT = Path(__file__).parents[2]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlStore]:
    made = make_store("sqlite", tmp_path)
    yield made
    assert made.check() == []
    made.close()


def child(verb: str, folder: Path, chat: int = 0, number: int = 0) -> "subprocess.Popen[str]":
    url = f"sqlite:///{folder / 'archive.db'}"
    return subprocess.Popen(
        [sys.executable, str(CHILD), verb, url, str(chat), str(number)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )


def test_two_processes_write_side_by_side(store: SqlStore, tmp_path: Path) -> None:
    chat = add_chat(store)
    children = [child("fill", tmp_path, chat.key, start) for start in (1, 5001, 501)]
    said = [int(one.communicate(timeout=60)[0]) for one in children]
    # The first and the last meet at 501 to 1000; each post is inserted by one of them.
    assert sum(said) == 2500
    assert ids(list(store.iter_posts(chat.key))) == [*range(1, 1501), *range(5001, 6001)]
    log = store.changes("index", limit=10_000)
    assert [change.seq for change in log] == list(range(1, len(log) + 1))
    keys = [doc_key(change.doc) for change in log if not is_chat_doc(change.doc)]
    assert len(keys) == len({*keys}) == 2500


def test_one_archive_is_made_by_several_processes_at_once(tmp_path: Path) -> None:
    children = [child("open", tmp_path) for _ in range(4)]
    assert [one.communicate(timeout=60)[0] for one in children] == ["0\n"] * 4
    assert all(one.returncode == 0 for one in children)


def test_a_killed_writer_leaves_whole_batches(store: SqlStore, tmp_path: Path) -> None:
    chat, chance = add_chat(store), random.Random(7)
    done = -1
    for _ in range(6):
        writer = child("write", tmp_path, chat.key, done + 1)
        assert writer.stdout is not None
        first = int(writer.stdout.readline())
        time.sleep(chance.uniform(0, 0.15))
        writer.send_signal(signal.SIGKILL)
        said = [first, *(int(line) for line in writer.stdout.read().split())]
        writer.wait(timeout=20)
        writer.stdout.close()
        there = ids(list(store.iter_posts(chat.key)))
        # All that was said to be written is there, at most one batch more, and none in part.
        whole, part = divmod(len(there), SIZE)
        assert part == 0
        assert there == list(range(len(there)))
        assert said[-1] + 1 <= whole <= said[-1] + 2
        assert store.find_cursor("child") == str(whole - 1)
        assert store.check() == []
        done = whole - 1


def limit_pages(store: SqlStore, pages: int) -> None:
    """Let the main database grow by so many pages and no more."""

    def limit(connection: Any, *_: object) -> None:
        now = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {now + pages}")

    store.close()  # the next connection is a new one
    event.listen(store._main.engine, "connect", limit)


def test_a_full_disk_is_unavailable_and_nothing_is_half_written(tmp_path: Path) -> None:
    store = make_store("sqlite", tmp_path)
    chat = add_chat(store)
    apply(store, chat, batch(post(1), cursor="1"))
    seq = store.last_seq()
    limit_pages(store, 30)
    large = batch(*(post(number, "满" * 2000) for number in range(2, 400)), cursor="2")
    for _ in range(3):
        with pytest.raises(Unavailable, match="full"):
            apply(store, chat, large)
    assert ids(list(store.iter_posts(chat.key))) == [1]
    assert (store.find_cursor("test"), store.last_seq()) == ("1", seq)
    assert apply(store, chat, batch(post(2), cursor="2")) == [(1, 0, 0, 0, 0, 0)]
    assert store.check() == []
    store.close()
    again = SqlStore(f"sqlite:///{tmp_path / 'archive.db'}")
    assert apply(again, chat, large) == [(397, 1, 0, 0, 0, 0)]
    again.close()


def test_readers_never_wait_for_a_writer(store: SqlStore) -> None:
    chat = add_chat(store)
    apply(store, chat, batch(post(1)))
    with store._main.writing():
        started = time.monotonic()
        assert find(store, chat, 1).post == post(1)
        store.keep_answer("token", b"page", expires_at=NOW)
        assert store.find_answer("token", now=at(0)) == b"page"
        assert time.monotonic() - started < 2


def test_a_writer_that_waits_too_long_is_told(tmp_path: Path) -> None:
    store = make_store("sqlite", tmp_path, wait_s=0.1)
    chat = add_chat(store)
    other = SqlStore(f"sqlite:///{tmp_path / 'archive.db'}")
    with other._main.writing(), pytest.raises(Unavailable, match="locked"):
        apply(store, chat, batch(post(1)))
    assert apply(store, chat, batch(post(1))) == [(1, 0, 0, 0, 0, 0)]
    other.close()
    store.close()


def test_many_threads_share_a_store(store: SqlStore) -> None:
    chats = [add_chat(store, number) for number in range(1, 5)]
    stop = threading.Event()

    def write(place: int) -> None:
        for start in range(1, 401, 50):
            apply(store, chats[place], batch(*map(post, range(start, start + 50))))

    def read() -> int:
        seen = 0
        while not stop.is_set():
            page = store.list_posts(None, limit=50)
            assert len(page) == len({stored.key for stored in page})
            assert len(store.get_posts([stored.key for stored in page])) == len(page)
            seen += 1
        return seen

    with ThreadPoolExecutor(8) as pool:
        readers = [pool.submit(read) for _ in range(4)]
        writers = [pool.submit(write, place) for place in range(4)]
        for writer in writers:
            writer.result(timeout=60)
        stop.set()
        assert all(reader.result(timeout=60) for reader in readers)
    assert store.count_posts() == 1600


def test_a_purge_leaves_no_trace_in_any_file(store: SqlStore, tmp_path: Path) -> None:
    """Posts that grow move between pages, where secure_delete alone leaves copies of some."""
    chat, chance = add_chat(store), random.Random(1)
    everyone = range(1, 1501)
    apply(store, chat, batch(*(post(n, f"秘密-{n:05d}-" * 2) for n in everyone)))
    for turn in range(6):
        some = sorted(chance.sample(everyone, 200))
        grown = {n: f"改{turn}秘密-{n:05d}-" * chance.choice([3, 40, 90]) for n in some}
        edited = [post(n, grown[n], edited_at=at(1000 + turn)) for n in some]
        apply(store, chat, batch(*edited, minutes=20_000 + turn))
    gone = chance.sample(everyone, 400)
    store.purge_posts([find(store, chat, number).key for number in gone])
    left = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    kept = next(number for number in everyone if number not in gone)
    assert f"秘密-{kept:05d}".encode() in left["archive.db"]
    for number in gone:
        for name, content in left.items():
            assert f"秘密-{number:05d}".encode() not in content, name


def test_a_purged_chat_leaves_no_trace_either(store: SqlStore, tmp_path: Path) -> None:
    chat = add_chat(store, title="秘密频道", username="secret_name", description="秘密说明")
    apply(store, chat, batch(post(1, "秘密一"), post(2, "秘密二", author="秘密作者")))
    apply(store, chat, batch(post(1, "公开", edited_at=at(9)), minutes=10_001), tombstones(2))
    drain(store)
    store.add_block(Block(at=NOW, word="别的"))
    store.purge_chat(chat.key)
    for path in tmp_path.iterdir():
        content = path.read_bytes()
        assert "秘密".encode() not in content, path.name
        assert b"secret_name" not in content, path.name


def test_a_purge_that_a_long_read_holds_up_says_so(tmp_path: Path) -> None:
    store = make_store("sqlite", tmp_path, wait_s=0.2)
    chat = add_chat(store)
    apply(store, chat, batch(post(1, "秘密"), post(2)))
    key = find(store, chat, 1).key
    with store._main.reading() as conn:
        conn.exec_driver_sql("SELECT count(*) FROM posts").scalar()
        with pytest.raises(Busy):
            store.purge_posts([key])
        assert store.get_posts([key]) == []
    assert store.purge_posts([key]) == []
    assert all("秘密".encode() not in path.read_bytes() for path in tmp_path.iterdir())
    store.close()


def test_a_store_that_was_closed_opens_again_as_it_was(tmp_path: Path) -> None:
    store = make_store("sqlite", tmp_path)
    chat = add_chat(store)
    apply(store, chat, batch(post(1)))
    store.close()
    again = make_store("sqlite", tmp_path)
    assert find(again, chat, 1).post == post(1)
    assert again.get_chat(chat.key) == chat
    again.close()
