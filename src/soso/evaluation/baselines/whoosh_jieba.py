"""Whoosh with jieba's own analyzer for it, as several search bots run it.

Those bots ask for all words, which finds nothing for most questions; here any word will do and
Whoosh's BM25F (k1 1.2, b 0.75) orders them, which is the best it can.
"""

import warnings
from collections.abc import Iterable
from pathlib import Path

from whoosh import fields, index, query
from whoosh.filedb.filestore import RamStorage

from soso.evaluation.baselines import jieba_words as _quiet  # noqa: F401  jieba says less then

with warnings.catch_warnings():
    warnings.simplefilter("ignore", ResourceWarning)  # its import leaves a file open
    from jieba.analyse import ChineseAnalyzer

WRITER_MEGABYTES = 128


class WhooshJieba:
    """folder: where the index is kept; None keeps it in memory."""

    def __init__(self, folder: Path | None = None) -> None:
        self._analyzer = ChineseAnalyzer()
        schema = fields.Schema(
            id=fields.ID(stored=True), body=fields.TEXT(analyzer=self._analyzer, phrase=False)
        )
        if folder is None:
            self._index = RamStorage().create_index(schema)
        else:
            self._index = index.create_in(str(folder), schema)
        self._searcher = self._index.searcher()

    def add(self, documents: Iterable[tuple[str, str]]) -> None:
        """Index documents: (id, text)."""
        writer = self._index.writer(limitmb=WRITER_MEGABYTES)
        for doc, text in documents:
            writer.add_document(id=doc, body=text)
        writer.commit()
        self._searcher.close()
        self._searcher = self._index.searcher()

    def search(self, text: str, k: int) -> list[str]:
        """Return the documents that share most and rarest words with the query."""
        words = dict.fromkeys(token.text for token in self._analyzer(text, mode="query"))
        if not words:
            return []
        anything = query.Or([query.Term("body", word) for word in words])
        found = self._searcher.search(anything, limit=k)
        return [hit["id"] for hit in found]

    def close(self) -> None:
        """Let go of the index."""
        self._searcher.close()
        self._index.close()
