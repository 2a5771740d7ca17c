"""What Soso is measured beside: tables and an index that others would build of the same posts."""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from pathlib import Path

from benchmarks.posts import BenchPost
from soso.evaluation.baselines.baseline import Words
from soso.evaluation.baselines.sqlite_fts import TrigramTable, WordTable

ROWS = 20


def build_trigram(posts: Iterable[BenchPost], file: Path) -> None:
    """SQLite's own trigram index, which holds the texts too."""
    with closing(TrigramTable(file)) as table:
        table.add(_named(posts))


def build_words(posts: Sequence[BenchPost], file: Path, words: Words) -> None:
    """FTS5 over the words that our own index holds, and the texts to show and to scan."""
    with closing(WordTable(words, file)) as table:
        table.add(_named(posts))
    with closing(sqlite3.connect(file)) as base, base:
        base.execute("CREATE TABLE posts (id INTEGER PRIMARY KEY, text TEXT NOT NULL)")
        texts = enumerate((post.text for post in posts), 1)
        base.executemany("INSERT INTO posts VALUES (?, ?)", texts)


def build_whoosh(posts: Iterable[BenchPost], folder: Path) -> None:
    """Whoosh with jieba: the index alone."""
    from soso.evaluation.baselines.whoosh_jieba import WhooshJieba

    with closing(WhooshJieba(folder)) as index:
        index.add(_named(posts))


def _named(posts: Iterable[BenchPost]) -> Iterator[tuple[str, str]]:
    return ((str(number), post.text) for number, post in enumerate(posts, 1))


class WordPeer:
    """FTS5 over our words, with the texts of what it finds."""

    def __init__(self, file: Path, words: Words) -> None:
        self._table = WordTable(words, file)
        self._texts = sqlite3.connect(file)

    def search(self, text: str) -> list[str]:
        """Return the texts of the best ROWS posts that have any of the words."""
        ids = [int(found) for found in self._table.search(text, ROWS)]
        marks = ", ".join("?" * len(ids))
        query = f"SELECT id, text FROM posts WHERE id IN ({marks})"
        texts = dict(self._texts.execute(query, ids))
        return [texts[found] for found in ids]

    def close(self) -> None:
        """Let go of the file."""
        self._table.close()
        self._texts.close()


class ScanPeer:
    """LIKE over all posts, newest first, which is what most bots do."""

    def __init__(self, file: Path) -> None:
        self._base = sqlite3.connect(file)

    def search(self, text: str) -> list[str]:
        """Return the newest ROWS posts that hold all of the query's parts."""
        parts = text.split()
        where = " AND ".join(["text LIKE ?"] * len(parts)) or "0"
        query = f"SELECT text FROM posts WHERE {where} ORDER BY id DESC LIMIT {ROWS}"
        return [row[0] for row in self._base.execute(query, [f"%{part}%" for part in parts])]

    def close(self) -> None:
        """Let go of the file."""
        self._base.close()
