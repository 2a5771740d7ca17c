from collections.abc import Iterator
from datetime import UTC, datetime

from soso.model.batch import Batch
from soso.model.chat import ChatSighting
from soso.sources.files.noted import NotedSource

BATCH = Batch(
    chat=ChatSighting(title="T"), observed_at=datetime(2026, 11, 1, tzinfo=UTC), notices=("own",)
)


class Two:
    name = "two"
    total_bytes = 5

    def pull(self, cursor: str | None) -> Iterator[Batch]:
        yield from [BATCH, BATCH] if cursor is None else [BATCH]

    def open_media(self, source: str, *, max_bytes: int) -> bytes | None:
        return f"{source} {max_bytes}".encode()


def test_the_first_batch_carries_the_notice() -> None:
    source = NotedSource(Two(), "left out: a.txt")
    assert [batch.notices for batch in source.pull(None)] == [("own", "left out: a.txt"), ("own",)]
    assert [batch.notices for batch in source.pull("x")] == [("own", "left out: a.txt")]


def test_all_else_is_the_other_sources() -> None:
    source = NotedSource(Two(), "x")
    assert (source.name, source.total_bytes) == ("two", 5)
    assert source.open_media("a", max_bytes=7) == b"a 7"
