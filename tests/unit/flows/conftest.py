"""Flows over a real store and the engine in memory."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from soso.engines.memory import MemoryEngine
from soso.flows.index import Builder, index_changes
from soso.flows.ingest import Ingestion, ingest
from soso.flows.search import Searching, search
from soso.model.batch import Batch
from soso.model.chat import ChatKind, ChatSighting
from soso.model.ids import Peer, PeerKind
from soso.model.post import Post
from soso.ports.journal import ImportReport
from soso.query.results import ResultPage, SearchRequest
from soso.stores.blobs.folder import BlobFolder
from soso.stores.blobs.keeper import PictureKeeper
from soso.stores.sql.store import SqlStore
from soso.text.analyzers import load_analyzers

ANALYZERS = load_analyzers()
START = datetime(2026, 11, 1, tzinfo=UTC)
CHANNEL = ChatSighting(
    peer=Peer(kind=PeerKind.CHANNEL, id=1500000001),
    kind=ChatKind.CHANNEL,
    title="样例频道",
    username="yangli_soso_demo",
    is_public=True,
)


class FixedClock:
    """A clock that tests set."""

    def __init__(self) -> None:
        self.at = START + timedelta(days=20)

    def now(self) -> datetime:
        return self.at


class ListSource:
    """A source of batches that a test wrote."""

    total_bytes = None

    def __init__(self, batches: list[Batch], *, name: str = "test:list") -> None:
        self.batches = batches
        self.name = name
        self.pictures: dict[str, bytes] = {}

    def pull(self, cursor: str | None) -> Iterator[Batch]:
        done = int(cursor or 0)
        yield from self.batches[done:]

    def open_media(self, source: str, *, max_bytes: int) -> bytes | None:
        content = self.pictures.get(source)
        return content if content is not None and len(content) <= max_bytes else None


class World:
    """Everything that flows need, and short ways to call them."""

    def __init__(self, folder: Path) -> None:
        self.clock = FixedClock()
        self.blobs = BlobFolder(folder / "blobs")
        self.store = SqlStore(f"sqlite:///{folder / 'soso.sqlite'}")
        self.engine = MemoryEngine()
        self.zone = ZoneInfo("Asia/Shanghai")
        self.builder = Builder(self.store, ANALYZERS, self.zone)

    def take(self, source: ListSource, chat: str | None = None) -> ImportReport:
        needs = Ingestion(self.store, PictureKeeper(self.blobs), self.clock, 10**6, lambda _: None)
        return ingest(source, needs, form="test", chat=chat)

    def take_posts(self, *posts: Post, chat: ChatSighting = CHANNEL) -> ImportReport:
        batch = Batch(chat=chat, observed_at=self.clock.now(), posts=posts)
        report = self.take(ListSource([batch], name=f"test:{chat.title}"))
        self.index()
        return report

    def index(self) -> None:
        index_changes(self.store, self.engine, self.builder)

    def search(self, text: str, **asked: object) -> ResultPage:
        needs = Searching(self.store, self.engine, ANALYZERS, self.clock, self.zone)
        return search(SearchRequest(text=text, **asked), needs)  # type: ignore[arg-type]

    def found(self, text: str, **asked: object) -> list[int | None]:
        rows = self.search(text, **asked).rows
        return [row.stored.post.id if row.stored else None for row in rows]


def post(number: int, text: str, **more: object) -> Post:
    """A post, an hour after the one before."""
    return Post(
        id=number,
        at=START + timedelta(hours=number),
        text=text,
        **more,  # type: ignore[arg-type]
    )


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path)
    yield made
    made.store.close()


@pytest.fixture
def write_posts() -> Callable[[int], list[Post]]:
    """Posts that differ, rising ids from 1."""
    return lambda count: [post(n, f"第{n}颗石头") for n in range(1, count + 1)]
