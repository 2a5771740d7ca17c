"""SQLite's FTS5, as peers use it: by trigrams, and over words cut beforehand.

Both ask for any of the query's terms and order by FTS5's own bm25 (k1 1.2, b 0.75, fixed in it).
file: where the table is kept, or already is; None keeps it in memory.
"""

import sqlite3
from collections.abc import Iterable
from pathlib import Path

from soso.evaluation.baselines.baseline import Words

_ANY = "SELECT id FROM found WHERE body MATCH ? ORDER BY bm25(found), rowid LIMIT ?"


class _Table:
    def __init__(self, tokenize: str, file: Path | None) -> None:
        self._base = sqlite3.connect(file or ":memory:")
        self._base.execute(
            "CREATE VIRTUAL TABLE IF NOT EXISTS found "
            f"USING fts5(id UNINDEXED, body, tokenize='{tokenize}')"
        )

    def close(self) -> None:
        """Forget all."""
        self._base.close()

    def _insert(self, rows: Iterable[tuple[str, str]]) -> None:
        with self._base:
            self._base.executemany("INSERT INTO found VALUES (?, ?)", rows)

    def _any(self, terms: Iterable[str], k: int) -> list[str]:
        quoted = " OR ".join(f'"{term}"' for term in dict.fromkeys(terms))
        if not quoted:
            return []
        return [row[0] for row in self._base.execute(_ANY, (quoted, k))]


class TrigramTable(_Table):
    """FTS5 with its trigram tokenizer, which finds nothing shorter than three characters.

    So a query whose runs are all shorter is looked for by LIKE, as those who use it do.
    """

    def __init__(self, file: Path | None = None) -> None:
        super().__init__("trigram", file)

    def add(self, documents: Iterable[tuple[str, str]]) -> None:
        """Index documents: (id, text)."""
        self._insert((doc, _clean(text)) for doc, text in documents)

    def search(self, text: str, k: int) -> list[str]:
        """Return the documents that share most and rarest trigrams with the query."""
        runs = _clean(text).replace('"', " ").split()
        trigrams = [run[at : at + 3] for run in runs for at in range(len(run) - 2)]
        return self._any(trigrams, k) if trigrams else self._like(runs, k)

    def _like(self, runs: list[str], k: int) -> list[str]:
        if not runs:
            return []
        where = " AND ".join("instr(body, ?)" for _ in runs)
        rows = self._base.execute(f"SELECT id FROM found WHERE {where} LIMIT ?", (*runs, k))
        return [row[0] for row in rows]


class WordTable(_Table):
    """FTS5 over words joined by spaces.

    words: the analysis of our own index. What its unicode61 cuts further, it cuts on both sides.
    """

    def __init__(self, words: Words, file: Path | None = None) -> None:
        super().__init__("unicode61 remove_diacritics 0", file)
        self._words = words

    def add(self, documents: Iterable[tuple[str, str]]) -> None:
        """Index documents: (id, text)."""
        self._insert((doc, _clean(" ".join(self._words(text)))) for doc, text in documents)

    def search(self, text: str, k: int) -> list[str]:
        """Return the documents that share most and rarest words with the query."""
        return self._any((_clean(word).replace('"', "") for word in self._words(text)), k)


def _clean(text: str) -> str:
    """SQLite's texts end at a NUL and can't hold half of a surrogate pair."""
    return text.replace("\0", " ").encode("utf-8", "replace").decode()
