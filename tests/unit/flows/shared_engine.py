"""An engine in memory that many write to: whole indexes beside each other, with versions."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager

from soso.engines.memory import MemoryEngine
from soso.engines.memory.match import build_entry
from soso.model.errors import IndexMismatch, NotFound
from soso.model.ids import DocId
from soso.ports.engine import EngineStatus, IndexWriter
from soso.schema.document import Document

Kept = dict[DocId, tuple[int, Document | None]]


class Killed(BaseException):
    """A worker died here."""


class SharedBuilds:
    """Fills ports.engine.Builds. step: called at each write, and may raise Killed."""

    def __init__(self) -> None:
        self.all: dict[str, Kept] = {}
        self.serving = ""
        self.made = 0
        self.ours = "one"
        self.versions: dict[str, str] = {}
        self.idle: list[str] = []
        self.identities: dict[str, str] = {}
        self.noted: dict[str, int] = {}
        self.step: Callable[[], None] = lambda: None

    def version(self) -> str:
        return self.ours

    def live(self) -> str:
        if not self.serving:
            self.serving = self.begin()
        return self.serving

    def begin(self) -> str:
        self.made += 1
        name = f"b{self.made}"
        self.all[name] = {}
        self.versions[name] = self.ours
        return name

    @contextmanager
    def writer(self, build: str) -> Iterator[IndexWriter]:
        self._get(build)
        if self.versions[build] != self.ours:
            raise IndexMismatch(build)
        yield SharedWriter(self, build)

    def finish(self, build: str) -> None:
        self.step()
        self._get(build)
        before, self.serving = self.serving, build
        if before != build:
            self.all.pop(before, None)
        self.step()

    def drop(self, build: str) -> None:
        assert build != self.serving
        self.all.pop(build, None)

    def list_idle(self) -> list[str]:
        return [name for name in self.idle if name in self.all]

    def identity(self, build: str) -> str:
        self._get(build)
        return self.identities.get(build, build)

    def reached(self, build: str) -> int | None:
        return self.noted.get(build)

    def note_reached(self, build: str, seq: int) -> None:
        self.noted[build] = seq

    def _get(self, build: str) -> Kept:
        if build not in self.all:
            raise NotFound(build)
        return self.all[build]


class SharedWriter:
    """What it applies is kept at once, as in a cluster; an older version is passed over."""

    def __init__(self, builds: SharedBuilds, build: str) -> None:
        self._builds = builds
        self._build = build

    def apply(
        self, upserts: Sequence[Document], deletes: Sequence[DocId], *, version: int = 0
    ) -> None:
        self._builds.step()
        kept = self._builds._get(self._build)
        rows: list[tuple[DocId, Document | None]] = [(one.doc, one) for one in upserts]
        for doc, document in [*rows, *((doc, None) for doc in deletes)]:
            if kept.get(doc, (0, None))[0] <= version:
                kept[doc] = (version, document)

    def commit(self) -> None:
        self._builds.step()


class SharedEngine(MemoryEngine):
    """Serves what the live build holds."""

    def __init__(self) -> None:
        super().__init__()
        self.shared = SharedBuilds()
        self.is_stale = False

    @property
    def builds(self) -> SharedBuilds:  # type: ignore[override]
        return self.shared

    def documents(self) -> dict[DocId, Document]:
        kept = self.shared.all[self.shared.live()]
        return {doc: one for doc, (_, one) in kept.items() if one is not None}

    def status(self) -> EngineStatus:
        documents = self.documents()
        self._entries = {doc: build_entry(one) for doc, one in documents.items()}
        return EngineStatus(
            documents=len(documents), bytes=0, fingerprint="shared", stale=self._is_stale()
        )

    def _is_stale(self) -> bool:
        return self.is_stale or self.shared.versions[self.shared.live()] != self.shared.ours

    def writer(self) -> AbstractContextManager[IndexWriter]:
        return self.shared.writer(self.shared.live())

    def iter_doc_ids(self) -> Iterator[DocId]:
        yield from sorted(self.documents())
