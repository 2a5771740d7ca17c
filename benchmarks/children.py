"""What is built in a process of its own, so that its time and memory are its own.

    python -m benchmarks.children KIND FILE FOLDER

Prints {"posts", "seconds"}. FILE is an export for soso, rows for the others.
"""

import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter
from typing import Final
from zoneinfo import ZoneInfo

import msgspec

from benchmarks.exports import TITLES, chat_id, read_rows
from benchmarks.peers import build_trigram, build_whoosh, build_words
from benchmarks.posts import CHATS, BenchPost
from benchmarks.probes import Built
from soso.bootstrap import ImportOptions, open_app
from soso.config import load_settings
from soso.engines.tantivy import TantivyEngine
from soso.model.chat import Chat, ChatKind, Visibility
from soso.model.ids import ChatKey, Peer, PeerKind, PostKey
from soso.model.post import Post, StoredPost
from soso.schema.build import build_document
from soso.text.analyzers import load_analyzers

STEP: Final = 1_000


def soso(file: Path, folder: Path) -> Built:
    """Import and index an export, from opening the archive to the last commit."""
    started = perf_counter()
    with open_app(load_settings(data=folder, store_url="")) as app:
        posts = 0
        for report in app.import_paths([file], ImportOptions(), lambda _: None):
            if report.state != "done" or report.skipped:
                raise RuntimeError(f"{report.state}: {report.error} {dict(report.skipped)}")
            posts += report.applied.inserted
        app.index_changes()
        return Built(posts=posts, seconds=perf_counter() - started)


def bare(file: Path, folder: Path) -> Built:
    """Fold, cut and add the same fields to the same engine: no store, no parsing, no change log.

    The posts and the dictionaries are in memory when the clock starts.
    """
    chats = [_chat(number) for number in range(CHATS)]
    posts = [_stored(post, key) for key, post in enumerate(read_rows(file), 1)]
    analyzers, zone = load_analyzers(), ZoneInfo("Asia/Shanghai")
    heap = load_settings(data=folder).index_heap_bytes
    engine = TantivyEngine(folder, fingerprint=analyzers.fingerprint, heap_bytes=heap)
    started = perf_counter()
    with engine.writer() as writer:
        for start in range(0, len(posts), STEP):
            step = posts[start : start + STEP]
            documents = [
                build_document(one, chats[one.chat - 1], analyzers, zone=zone) for one in step
            ]
            writer.apply(documents, ())
        writer.commit()
    return Built(posts=len(posts), seconds=perf_counter() - started)


def _chat(number: int) -> Chat:
    return Chat(
        key=ChatKey(number + 1),
        kind=ChatKind.CHANNEL,
        peer=Peer(kind=PeerKind.CHANNEL, id=chat_id(number)),
        title=TITLES[number],
        visibility=Visibility.PUBLIC,
    )


def _stored(post: BenchPost, key: int) -> StoredPost:
    at = datetime.fromtimestamp(post.at_s, UTC)
    return StoredPost(
        key=PostKey(key),
        chat=ChatKey(post.chat + 1),
        post=Post(id=post.id, at=at, text=post.text),
        first_seen_at=at,
        observed_at=at,
    )


def trigram(file: Path, folder: Path) -> Built:
    """SQLite FTS5 by trigrams."""
    posts = list(read_rows(file))
    return _timed(len(posts), lambda: build_trigram(posts, folder / "trigram.sqlite"))


def words(file: Path, folder: Path) -> Built:
    """SQLite FTS5 over our words."""
    posts = list(read_rows(file))
    cut = load_analyzers().words
    return _timed(len(posts), lambda: build_words(posts, folder / "words.sqlite", cut))


def whoosh(file: Path, folder: Path) -> Built:
    """Whoosh with jieba, whose dictionary is loaded before the clock starts."""
    from soso.evaluation.baselines.jieba_words import cut_for_search

    posts = list(read_rows(file))
    cut_for_search("字典")
    return _timed(len(posts), lambda: build_whoosh(posts, folder))


def _timed(posts: int, build: Callable[[], None]) -> Built:
    started = perf_counter()
    build()
    return Built(posts=posts, seconds=perf_counter() - started)


KINDS: Final = {one.__name__: one for one in (soso, bare, trigram, words, whoosh)}


def main() -> None:
    """Build what the command line names."""
    kind, file, folder = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
    folder.mkdir(parents=True, exist_ok=True)
    sys.stdout.buffer.write(msgspec.json.encode(KINDS[kind](file, folder)) + b"\n")


if __name__ == "__main__":
    main()
