"""The baselines by name."""

from importlib.util import find_spec
from typing import Final

from soso.evaluation.baselines.baseline import Baseline, Words
from soso.model.errors import BadInput

NAMES: Final = ("whoosh", "trigram", "fts5", "bm25")
"""Whoosh with jieba; SQLite FTS5 by trigrams; FTS5 over our words; BM25 over jieba's words."""

TITLES: Final = {
    "whoosh": "Whoosh, jieba",
    "trigram": "FTS5, trigrams",
    "fts5": "FTS5, our words",
    "bm25": "BM25, jieba words",
}
PACKAGES: Final = {"whoosh": ("whoosh", "jieba"), "bm25": ("bm25s", "jieba")}
_ON_PYPI: Final = {"whoosh": "whoosh-reloaded"}


def parse_names(text: str) -> tuple[str, ...]:
    """Return the baselines that "none", "all" or names joined by commas mean. Raises BadInput."""
    if text == "all":
        return NAMES
    names = tuple(dict.fromkeys(part.strip() for part in text.split(",") if part.strip()))
    if names in ((), ("none",)):
        return ()
    for name in names:
        if name not in NAMES:
            raise BadInput(f"no baseline is called {name!r}: {', '.join(NAMES)}, all or none")
    return names


def missing_packages(name: str) -> list[str]:
    """Return the packages, as PyPI calls them, that a baseline needs and that are not here."""
    needed = PACKAGES.get(name, ())
    return [_ON_PYPI.get(part, part) for part in needed if find_spec(part) is None]


def open_baseline(name: str, *, words: Words) -> Baseline:
    """Return an empty baseline. Raises BadInput when its packages are not installed.

    words: our own analysis, for the baseline that uses it. What a baseline needs beside Soso is
    imported here, so that nobody else needs it.
    """
    missing = missing_packages(name)
    if missing:
        raise BadInput(f"the baseline {name} needs: pip install {' '.join(missing)}")
    if name == "whoosh":
        from soso.evaluation.baselines.whoosh_jieba import WhooshJieba

        return WhooshJieba()
    if name == "bm25":
        from soso.evaluation.baselines.bm25_jieba import Bm25Jieba

        return Bm25Jieba()
    from soso.evaluation.baselines.sqlite_fts import TrigramTable, WordTable

    return TrigramTable() if name == "trigram" else WordTable(words)
