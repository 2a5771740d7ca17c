"""The archive that a set is measured in: an own one, imported for it, or the operator's own.

Knows how it is filled and opened, once for all configurations that read the same; must not know
measures.
"""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Final, Protocol, Self

from soso.bootstrap import App, ImportOptions, open_app
from soso.config import load_settings
from soso.evaluation.corpus import Corpus
from soso.evaluation.overrides import Overrides
from soso.model.errors import BadInput, Unavailable
from soso.query.results import Card

Told = Callable[[str, int, int], None]
"""Told what is being done, how much of it is done and how much there is."""

IMPORTED: Final = frozenset(
    ("zone", "sensitive_words", "import_max_bytes", "media_max_bytes", "media_file_max_bytes")
)
"""Settings that change what is imported or indexed; any other only changes how it is searched."""


class Archive(Protocol):
    """What is searched. sensitive: whether sensitive documents are asked for too."""

    sensitive: bool

    def opened(self, laid: Overrides) -> AbstractContextManager[App]:
        """Open it under a configuration, ready to be searched. Raises BadInput, Unavailable."""
        ...

    def find(self, card: Card) -> str | None:
        """Return the document that a card shows, None for what is no document of the set."""
        ...


class SetArchive:
    """A labelled set, imported into folders of its own that go when the context ends."""

    sensitive = True

    def __init__(self, corpus: Corpus, told: Told) -> None:
        self.corpus = corpus
        self._told = told
        self._folder = tempfile.TemporaryDirectory(prefix="soso-eval-")
        self._filled: dict[str, Path] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._folder.cleanup()

    def find(self, card: Card) -> str | None:
        """Return the document that a card shows."""
        return self.corpus.find(card)

    def post_of(self, document: str) -> tuple[str, int]:
        """Return the chat and post id of a document that is a post."""
        return self.corpus.post_of(document)

    @contextmanager
    def opened(self, laid: Overrides) -> Iterator[App]:
        """Import it, the first time that these settings for importing are asked for, and open it."""
        imported = {name: laid[name] for name in sorted(IMPORTED & laid.keys())}
        folder = self._filled.get(repr(imported))
        is_new = folder is None
        if folder is None:
            folder = Path(self._folder.name) / f"data{len(self._filled)}"
            self._filled[repr(imported)] = folder
        models = load_settings(**laid).models_folder  # built once, not for each measurement
        with open_app(
            load_settings(**{"models": models, **laid, "data": folder, "store_url": ""})
        ) as app:
            if is_new:
                self._fill(app)
            self._prepare(app)
            yield app

    def _fill(self, app: App) -> None:
        file = Path(self._folder.name) / "corpus.jsonl"
        if not file.exists():
            self.corpus.write(file)
        for report in app.import_paths(
            [file],
            ImportOptions(),
            lambda done: self._told("import", done.read_bytes, done.total_bytes or done.read_bytes),
        ):
            if report.state != "done" or report.skipped:
                reasons = report.error or ", ".join(report.skipped) or report.state
                raise Unavailable(f"the set could not be imported whole: {reasons}")

    def _prepare(self, app: App) -> None:
        """What search needs beyond the import; a second configuration finds most of it done."""
        indexed = app.index_changes(lambda done, total: self._told("index", done, total))
        if indexed.failed:
            raise Unavailable(f"the set could not be indexed whole: {indexed.failed[0]}")
        if app.settings.mode != "words":
            self._embed(app)

    def _embed(self, app: App) -> None:
        total, done = app.status().documents, 0
        while not (report := app.embed_step()).is_idle:
            if report.failed:
                raise Unavailable(f"the set could not be embedded whole: {report.failed[0]}")
            done += report.embedded + report.passed
            self._told("embed", min(done, total), total)
        app.load_meaning()


class LiveArchive:
    """The operator's own archive, as it is: it is only read, and searched as a reader would."""

    sensitive = False

    def __init__(self, data: Path | None) -> None:
        self._data = data

    @contextmanager
    def opened(self, laid: Overrides) -> Iterator[App]:
        """Open it under a configuration. Raises BadInput for one that needs another import."""
        imported = sorted(IMPORTED & laid.keys())
        if imported:
            raise BadInput(f"{imported[0]} changes what is imported; this archive is only read")
        with open_app(load_settings(**{**laid, "data": self._data})) as app:
            yield app

    def find(self, card: Card) -> str | None:
        """Return CHAT/ID of a post, and what a chat is called."""
        return name_card(card)


def name_card(card: Card) -> str:
    """Return CHAT/ID of a post, and what a chat is called."""
    stored = card.stored
    return card.chat.ref if stored is None else f"{card.chat.ref}/{stored.post.id}"
