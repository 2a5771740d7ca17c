"""The sample archive behind each engine, at a moment that stays the same."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from soso.bootstrap import App, ImportOptions, open_app
from soso.config import load_settings
from soso.engines.memory import MemoryEngine
from soso.flows.index import reindex
from soso.query.plan_types import Mode
from soso.query.results import ResultPage, SearchRequest
from tests.relevance.judgements import Judgements

SAMPLE = Path(__file__).parents[2] / "sample"
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)  # the day after the last post
ENGINES = ("memory", "tantivy")


class StoppedClock:
    def now(self) -> datetime:
        return NOW


class Archive:
    """The sample archive, searched with one engine or another."""

    def __init__(self, app: App) -> None:
        self._app = app
        app.index_changes()
        self._engines = {"tantivy": app.engine, "memory": MemoryEngine()}
        reindex(app.store, self._engines["memory"], app.builder)
        self._is_embedded = False
        app.clock = StoppedClock()  # type: ignore[assignment]

    def search(self, text: str, *, engine: str, mode: str = "words") -> ResultPage:
        if mode != Mode.WORDS and not self._is_embedded:
            self._embed()
        self._app.engine = self._engines[engine]  # type: ignore[assignment]
        request = SearchRequest(text=text, limit=20, facets=False, mode=Mode(mode))
        return self._app.search(request)

    def _embed(self) -> None:
        while not (report := self._app.embed_step()).is_idle:
            assert report.failed == ()
        self._app.load_meaning()
        self._is_embedded = True

    def names(self, judgements: Judgements) -> set[str]:
        """All that a reader could find, by the names of the judgements."""
        shown: set[str] = set()
        for row in self._app.list_chats(limit=100):
            chat = judgements.chat_of(row.chat.ref)
            shown.add(chat)
            page = self._app.get_chat_page(row.chat.ref, limit=100)
            shown.update(judgements.name_of(card) for card in page.rows)
        return shown


@pytest.fixture(scope="session")
def archive(tmp_path_factory: pytest.TempPathFactory, models: Path) -> Iterator[Archive]:
    folder = tmp_path_factory.mktemp("sample")
    with open_app(load_settings(data=folder / "data", models=models, embedder="e5")) as app:
        for report in app.import_paths([SAMPLE], ImportOptions(), lambda _: None):
            assert report.state == "done", report
        yield Archive(app)
