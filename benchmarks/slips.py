"""Labelled slips, and how an archive answers them; see benchmarks/spelling.py for the figures.

Files are rows of JSON: pairs {"a": as typed, "b": as meant}, texts {"text"}.
"""

import gzip
import random
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import msgspec

from benchmarks.probes import ROOT
from soso.bootstrap import App, ImportOptions, open_app
from soso.config import load_settings
from soso.evaluation.sets import Half, half_of
from soso.model.value import Value
from soso.text.normalize import fold_chars_text

SHORTEST: Final = 3
CHANNEL: Final = "1000000001"


class Pair(Value):
    """A query as it was typed (a) and as it was meant (b)."""

    a: str
    b: str

    @property
    def is_one_slip(self) -> bool:
        """Whether one character of at least SHORTEST is another."""
        if len(self.a) != len(self.b) or len(self.a) < SHORTEST:
            return False
        return sum(one != other for one, other in zip(self.a, self.b, strict=True)) == 1


class Answers(Value):
    """How slips were answered, as shares; queries: how many were asked."""

    queries: int
    first: float
    """The right query comes first."""
    among: float
    """It is one of those offered."""
    wrong: float
    """Another comes first."""


def load_pairs(shared: Path, name: str) -> list[Pair]:
    """Read the pairs of a set."""
    return [msgspec.convert(row, Pair) for row in _rows(shared / "eval" / name / "pairs.jsonl.gz")]


def load_texts(file: Path) -> list[str]:
    """Read the texts of a corpus or of queries."""
    return [str(row["text"]) for row in _rows(file)]


def _rows(file: Path) -> Iterator[dict[str, object]]:
    with gzip.open(file, "rt", encoding="utf-8") as lines:
        yield from (msgspec.json.decode(line) for line in lines)


def draw(rows: Sequence[Pair], half: Half, count: int | None, seed: int = 0) -> list[Pair]:
    """Return so many pairs of a half, all of them without a count."""
    kept = [row for row in rows if half is Half.ALL or half_of(row.b) is half]
    if count is None or count >= len(kept):
        return kept
    return random.Random(seed).sample(kept, count)


@contextmanager
def archive_of(texts: Iterable[str]) -> Iterator[tuple[App, float]]:
    """Import, index and learn the texts as posts of one channel; also: the seconds of learning."""
    with tempfile.TemporaryDirectory(prefix="soso-slips-") as folder:
        file = Path(folder) / "posts.jsonl"
        encode = msgspec.json.Encoder().encode
        with file.open("wb") as out:
            chat = {"type": "chat", "chat": CHANNEL, "kind": "channel", "is_public": True}
            out.write(encode(chat) + b"\n")
            for number, text in enumerate(texts, 1):
                row = {"type": "post", "chat": CHANNEL, "id": number, "at": "2024-01-01T00:00:00Z"}
                out.write(encode({**row, "text": text}) + b"\n")
        with opened(file, Path(folder) / "data") as app:
            yield app


@contextmanager
def sample_archive() -> Iterator[tuple[App, float]]:
    """The same of the sample archive."""
    with (
        tempfile.TemporaryDirectory(prefix="soso-slips-") as folder,
        opened(ROOT / "sample", Path(folder) / "data") as app,
    ):
        yield app


@contextmanager
def opened(source: Path, data: Path) -> Iterator[tuple[App, float]]:
    """Import, index and learn a source."""
    with open_app(load_settings(data=data, embedder="none", store_url="")) as app:
        for report in app.import_paths([source], ImportOptions(), lambda _: None):
            if report.state != "done":
                raise RuntimeError(f"{source}: {report}")
        app.index_changes()
        started = time.perf_counter()
        app.learn_spelling()
        yield app, time.perf_counter() - started


Ask = Callable[[str], Sequence[str]]


def measure_slips(ask: Ask, pairs: Sequence[Pair], took_ms: list[float]) -> Answers:
    """Ask what was typed and compare with what was meant, folded by character."""
    first = among = wrong = 0
    for pair in pairs:
        offered = [fold_chars_text(one) for one in _timed(ask, pair.a, took_ms)]
        meant = fold_chars_text(pair.b)
        first += offered[:1] == [meant]
        among += meant in offered
        wrong += bool(offered) and offered[0] != meant
    count = max(1, len(pairs))
    return Answers(
        queries=len(pairs), first=first / count, among=among / count, wrong=wrong / count
    )


def measure_correct(ask: Ask, texts: Sequence[str], took_ms: list[float]) -> float:
    """Return the share of correct queries for which anything is offered."""
    offered = sum(bool(_timed(ask, text, took_ms)) for text in texts)
    return offered / max(1, len(texts))


def _timed(ask: Ask, text: str, took_ms: list[float]) -> Sequence[str]:
    started = time.perf_counter()
    answer = ask(text)
    took_ms.append((time.perf_counter() - started) * 1000)
    return answer
