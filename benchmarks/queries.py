"""What is asked, in five kinds: real queries where they are at hand, else words of the posts."""

import gzip
import random
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import msgspec
import rjieba

LOOKED_AT: Final = 20_000
_CHINESE: Final = re.compile(r"[一-鿿]{2,8}")
_RUN: Final = re.compile(r"[一-鿿]{4,}")


def make_queries(
    texts: Sequence[str], *, each: int, log: Path | None, seed: int = 0
) -> Mapping[str, list[str]]:
    """Return so many queries of each kind: as typed, two words, quoted, one character, rare.

    log: a queries.jsonl.gz of what people typed; None takes words of the texts.
    """
    drawn = random.Random(seed)
    looked = drawn.sample(texts, min(LOOKED_AT, len(texts)))
    words = [word for text in looked for word in rjieba.cut(text) if _CHINESE.fullmatch(word)]
    runs = [run[0] for text in looked if (run := _RUN.search(text)) is not None]
    if not words or not runs:
        raise ValueError("the posts hold no Chinese")
    counts = Counter(words)
    rare = [word for word, count in counts.items() if count == 1] or list(counts)
    typed = _typed(log) if log is not None else words
    characters = "".join(runs)
    return {
        "words": drawn.choices(typed, k=each),
        "two words": [" ".join(drawn.choices(words, k=2)) for _ in range(each)],
        "quoted": [f'"{_middle(run, drawn)}"' for run in drawn.choices(runs, k=each)],
        "one character": drawn.choices(characters, k=each),
        "rare": drawn.choices(rare, k=each),
    }


def mixed(queries: Mapping[str, Sequence[str]], *, seed: int = 0) -> list[str]:
    """Return the queries of all kinds, shuffled."""
    all_of_them = [query for kind in queries.values() for query in kind]
    random.Random(seed).shuffle(all_of_them)
    return all_of_them


def bare(query: str) -> str:
    """Return a query without our grammar, for peers."""
    return query.replace('"', "")


def _typed(log: Path) -> list[str]:
    with gzip.open(log, "rt", encoding="utf-8") as lines:
        return [msgspec.json.decode(line)["text"] for line in lines]


def _middle(run: str, drawn: random.Random) -> str:
    length = drawn.randint(3, min(8, len(run)))
    start = drawn.randrange(len(run) - length + 1)
    return run[start : start + length]
