"""Which model serves searches, and what is near a query by it.

A change of the model in the settings makes all vectors anew in the background; until that is done
the old model serves. Whatever is missing (the package, the endpoint, the vectors) leaves words.
Of several processes with different settings the one that began to embed last chooses for all.
Each holds the vectors itself, or all ask what is shared, which whoever embeds brings up to the store.
"""

import logging
from collections.abc import Callable, Sequence
from threading import Lock
from typing import Final, NamedTuple

import msgspec
import numpy as np

from soso.flows.embed import (
    EmbedReport,
    consumer_named,
    embed_step,
    fill_shared,
    load_vectors,
)
from soso.model.errors import BadInput, Unavailable
from soso.model.ids import DocId
from soso.model.value import Value
from soso.ports.embedder import Embedder, Vectors
from soso.ports.nearest import Nearby, Nearest, SharedNearest, SharedTables
from soso.ports.store import Store
from soso.similarity.nearness import Nearness, compare, mean_of
from soso.similarity.vectors import read_packed, unpack_vectors
from soso.text.alike import write_alike

log = logging.getLogger(__name__)

SERVING: Final = "meaning"
"""The setting in the store that names the model searches are answered by."""

CHOSEN: Final = "meaning-chosen"
"""The setting in the store that names the model that vectors are made with."""

_MIDDLE: Final = 2_000
"""Of so many documents, those that were embedded first, the middle is taken."""


class Choice(Value):
    """Which embedder, as settings name it. url, model and dimension are those of an endpoint."""

    embedder: str
    url: str = ""
    model: str = ""
    dimension: int = 0
    query_prefix: str = ""
    post_prefix: str = ""


class Outside(NamedTuple):
    """What fills the ports: how an embedder is opened and a table is made for its vectors.

    open raises BadInput and Unavailable. shared: instead of make_table, where all ask the same one.
    """

    open: Callable[[Choice], Embedder]
    make_table: Callable[[int], Nearest]
    shared: SharedTables | None = None


class _Side(NamedTuple):
    """A model with the vectors it made."""

    choice: Choice
    embedder: Embedder
    nearest: Nearest
    shared: SharedNearest | None = None  # the same as nearest, where it is filled for all


class NotAnswered(Unavailable):
    """A model serves, and what holds its vectors does not answer."""


class Asked:
    """A query as a vector, to be compared with whatever is wanted. Raises NotAnswered."""

    def __init__(self, vector: Vectors, nearest: Nearest) -> None:
        self._vector = vector
        self._nearest = nearest

    def near(self, limit: int) -> Nearby:
        """Return the nearest documents of all."""
        return self._find(limit, None)

    def among(self, docs: Sequence[DocId], *, limit: int | None = None) -> Nearby:
        """Return the nearest of some documents, all of them without a limit."""
        return self._find(len(docs) if limit is None else limit, docs)

    def _find(self, limit: int, among: Sequence[DocId] | None) -> Nearby:
        try:
            return self._nearest.find(self._vector, limit=limit, among=among)
        except Unavailable as error:
            raise NotAnswered(str(error), retry_after_s=error.retry_after_s) from error


class Meaning:
    """Holds the model that serves. Used by searches in many threads and by one worker."""

    def __init__(self, store: Store, target: Choice, outside: Outside) -> None:
        """target: what the settings ask for; it is opened by the first step or load."""
        self._store = store
        self._target = target
        self._outside = outside
        self._lock = Lock()  # of what follows: opening a model takes seconds
        self._opened: dict[Choice, _Side] = {}
        self._seqs: dict[Choice, int] = {}
        self._serving: _Side | None = None
        self._means: dict[Choice, tuple[int, Vectors]] = {}
        self._has_chosen = False
        self._is_complete = False
        self._looked_to: DocId | None = None

    def ask(self, text: str) -> Asked | None:
        """Return the vector of a query; None where no model serves yet, or there is no text.

        Raises Unavailable when an endpoint does not answer.
        """
        side = self._serving
        if side is None or not len(side.nearest) or not text.strip():
            return None
        return Asked(side.embedder.embed_query(write_alike(text)), side.nearest)

    def ask_like(self, docs: Sequence[DocId]) -> Asked | None:
        """Return what kept documents have in common as a vector, the mean of all their passages.

        It costs a look into the store and no model. None where none of them has a vector.
        """
        side = self._serving
        if side is None or not len(side.nearest):
            return None
        kept = self._store.find_vectors(side.embedder.name, docs)
        if not kept:
            return None
        packed = read_packed(b"".join(kept.values()), dimension=side.embedder.dimension)
        mean = unpack_vectors(packed).mean(axis=0)
        length = float(np.linalg.norm(mean))
        return Asked((mean / length).astype(np.float32), side.nearest) if length else None

    def passage(self, text: str, number: int) -> str:
        """Return the passage of a text that the model that serves knows by a number, or nothing."""
        side = self._serving
        passages = side.embedder.passages(text) if side is not None else []
        return passages[number] if number < len(passages) else ""

    def compare(self, doc: DocId, others: Sequence[DocId]) -> dict[DocId, Nearness]:
        """Return how near other documents lie to one, beside how near any two do.

        By their kept vectors; those without any are left out.
        """
        side = self._serving
        if side is None:
            return {}
        name, dimension = side.embedder.name, side.embedder.dimension
        kept = {
            one: read_packed(packed, dimension=dimension)
            for one, packed in self._store.find_vectors(name, [doc, *others]).items()
        }
        subject = kept.pop(doc, None)
        return compare(subject, kept, mean=self._mean(side)) if subject is not None else {}

    def _mean(self, side: _Side) -> Vectors:
        """The middle of some thousand documents, which moves little while more come in."""
        known = self._means.get(side.choice)
        if known is None or known[0] * 2 < len(side.nearest):
            rows = self._store.list_vectors(side.embedder.name, limit=_MIDDLE)
            dimension = side.embedder.dimension
            kept = [read_packed(row.packed, dimension=dimension) for row in rows if row.packed]
            mean = mean_of(kept) if kept else np.zeros(dimension, np.float32)
            known = len(side.nearest), mean
            self._means[side.choice] = known
        return known[1]

    @property
    def size(self) -> int:
        """How many passages the nearest are looked for among."""
        return len(self._serving.nearest) if self._serving is not None else 0

    @property
    def model(self) -> str | None:
        """The name of the model that serves."""
        return self._serving.embedder.name if self._serving is not None else None

    @property
    def dimension(self) -> int:
        """How many numbers a vector of the model that serves has; 0 without one."""
        return self._serving.embedder.dimension if self._serving is not None else 0

    def count(self) -> int:
        """Return how many documents the model that is wanted has seen; 0 before it is opened."""
        side = self._opened.get(self._target)
        return self._store.count_vectors(side.embedder.name) if side is not None else 0

    def load(self, *, for_all: bool = False) -> None:
        """Open the model that serves and bring its vectors up to the store.

        for_all: those that are shared too, which only one process need do.
        Raises Unavailable, BadInput; searches go on by what is there.
        """
        with self._lock:
            choice = self._find(SERVING) or self._target
            try:
                side = self._open(choice)
            except (Unavailable, BadInput) as error:
                if choice == self._target:
                    raise
                # Kept nowhere: another process may well be able to open it.
                log.warning("%s, which serves, can't be opened here: %s", _told(choice), error)
                side = self._open(self._target)
            self._load(side, for_all=for_all)
            self._serving = side
            self._let_go()

    def step(self) -> EmbedReport:
        """Embed a little with the model that is wanted; when all is done, let it serve.

        Raises Unavailable, BadInput.
        """
        with self._lock:
            side = self._choose()
        report = embed_step(
            self._store, side.embedder, backlog=not self._is_complete, after=self._looked_to
        )
        if report.is_idle and self._looked_to is not None:
            self._looked_to = None  # once more from the beginning, to be sure
            return EmbedReport(passed=1)
        self._looked_to = report.last or self._looked_to
        with self._lock:
            if self._find(SERVING) is None:
                self._keep(SERVING, side.choice)
            if report.is_idle and not self._is_complete:
                self._is_complete = self._take_over(side)
        self.load(for_all=True)
        return report

    def _choose(self) -> _Side:
        """Return the model to embed with: this process's own until another one chooses later."""
        chosen = self._find(CHOSEN)
        if self._has_chosen and chosen is not None and chosen != self._target:
            log.warning(
                "another process has chosen the model %s for this archive; this one, set to %s,"
                " stands back and goes by that until it is started again",
                _told(chosen),
                _told(self._target),
            )
            self._target, self._is_complete, self._looked_to = chosen, False, None
        side = self._open(self._target)
        if not self._has_chosen:  # only what could be opened
            self._keep(CHOSEN, self._target)
            self._has_chosen = True
        return side

    def _take_over(self, side: _Side) -> bool:
        """All is embedded: forget other models, unless another was chosen meanwhile."""
        if self._find(CHOSEN) != side.choice:
            return False
        if side.shared is not None:  # others ask it as soon as it serves
            fill_shared(self._store, side.shared, side.embedder.name)
        self._keep(SERVING, side.choice)
        for name in self._store.list_models():
            if name != side.embedder.name:
                log.info("meaning: %s serves, the vectors of %s go", side.embedder.name, name)
                if self._outside.shared is not None:
                    self._outside.shared.drop(name)
                self._store.drop_model(name)
                self._store.drop_consumer(consumer_named(name))
        return True

    def _let_go(self) -> None:
        """Free what neither serves nor is wanted: a model takes 100 MB and more.

        Searches that still ask it hold it until they are done.
        """
        kept = {self._target, self._serving.choice if self._serving is not None else self._target}
        for choice in self._opened.keys() - kept:
            del self._opened[choice]
            self._seqs.pop(choice, None)
            self._means.pop(choice, None)

    def _open(self, choice: Choice) -> _Side:
        if choice not in self._opened:
            embedder = self._outside.open(choice)
            if self._outside.shared is not None:
                shared = self._outside.shared.open(embedder.name, embedder.dimension)
                shared.place()  # raises where there never can be one: then nothing is embedded
                self._opened[choice] = _Side(choice, embedder, shared, shared)
            else:
                table = self._outside.make_table(embedder.dimension)
                self._opened[choice] = _Side(choice, embedder, table)
        return self._opened[choice]

    def _load(self, side: _Side, *, for_all: bool) -> None:
        name = side.embedder.name
        if side.shared is not None:
            if for_all:
                fill_shared(self._store, side.shared, name)
            return
        after = self._seqs.get(side.choice, 0)
        self._seqs[side.choice] = load_vectors(self._store, side.nearest, name, after=after)

    def _find(self, setting: str) -> Choice | None:
        kept = self._store.get_setting(setting)
        try:
            return msgspec.json.decode(kept, type=Choice) if kept else None
        except msgspec.DecodeError:
            return None  # written by another version; the settings decide

    def _keep(self, setting: str, choice: Choice) -> None:
        self._store.set_setting(setting, msgspec.json.encode(choice).decode())


def _told(choice: Choice) -> str:
    return f"{choice.embedder} {choice.model}".strip()
