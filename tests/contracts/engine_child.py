"""Another process at the same index: run as `python engine_child.py VERB FOLDER`, told by lines.

hold     take the writer's lock, say so, keep it until told
write    commit batch after batch of ten and say each number once it is committed, until killed
rebuild  fill a new index without end, saying each number of documents committed, until killed
count    say how many documents there are, as often as told
open     open the index and say how many documents there are
full     write until the disk is full, then say what happened
"""

import sys
from collections.abc import Callable
from pathlib import Path

from soso.engines.tantivy import TantivyEngine
from soso.model.errors import SosoError
from soso.model.ids import DocId
from soso.ports.engine import IndexWriter
from soso.query.clauses import Everything
from soso.query.plan_types import Plan
from soso.schema.document import Document
from soso.schema.fields import CHARS, WORDS

BATCH = 10


def say(word: object) -> None:
    print(word, flush=True)


def batch(number: int, *, length: int = 5) -> list[Document]:
    """Return the documents number*BATCH up to the next batch's."""
    return [
        Document(
            doc=DocId(number * BATCH + k),
            terms={WORDS: [f"batch{number}"], CHARS: [f"{number}x{k}x{n}" for n in range(length)]},
        )
        for k in range(BATCH)
    ]


def total(engine: TantivyEngine) -> int:
    return engine.search(Plan(full=Everything(), limit=0)).total


def hold(engine: TantivyEngine) -> None:
    with engine.writer():
        say("held")
        sys.stdin.readline()


def _pour(writer: IndexWriter, first: int) -> None:
    number = first
    while True:
        writer.apply(batch(number), ())
        writer.commit()
        say(number)
        number += 1


def write(engine: TantivyEngine) -> None:
    with engine.writer() as writer:
        _pour(writer, total(engine) // BATCH)


def rebuild(engine: TantivyEngine) -> None:
    with engine.rebuild() as writer:
        _pour(writer, 0)


def count(engine: TantivyEngine) -> None:
    for _ in sys.stdin:
        say(total(engine))


def full(engine: TantivyEngine) -> None:
    import resource

    _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    with engine.writer() as writer:
        writer.apply(batch(0), ())
        writer.commit()
        resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, hard))  # of a file; writes then fail
        big = batch(1, length=5000)
        try:
            writer.apply(big, ())
            writer.commit()
            say("committed")
        except SosoError as error:
            say(type(error).__name__)
        say(total(engine))
        resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
        writer.commit()
        say(total(engine))
        writer.apply(big, ())
        writer.commit()
        say(total(engine))


VERBS: dict[str, Callable[[TantivyEngine], None]] = {
    "hold": hold,
    "write": write,
    "rebuild": rebuild,
    "count": count,
    "open": lambda engine: say(total(engine)),
    "full": full,
}

if __name__ == "__main__":
    folder = Path(sys.argv[2])
    VERBS[sys.argv[1]](TantivyEngine(folder, fingerprint="ours", heap_bytes=15_000_000))
