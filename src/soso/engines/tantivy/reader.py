"""The live index, open for reading.

Knows when a reader must look anew: Tantivy sees other processes' commits only when told to reload
(50 µs), and a rebuild puts another folder in place. Must not know plans.
"""

from threading import Lock
from typing import Final

import tantivy

from soso.engines.tantivy.failures import translated
from soso.engines.tantivy.folder import Build, Home, Mark
from soso.model.errors import Unavailable
from soso.model.value import Value

_TRIES: Final = 5
"""How often a build may be replaced and removed between being named and being opened."""


class View(Value):
    """One commit of one build: nothing that happens later changes it."""

    build: Build
    schema: tantivy.Schema
    searcher: tantivy.Searcher


class Reader:
    """Gives the newest view; shared by all threads."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self._lock = Lock()
        self._mark: Mark = None
        self._open: tuple[Build, tantivy.Index] | None = None

    def view(self) -> View:
        """Return the newest commit of the live build. Raises Unavailable if there is none."""
        for left in reversed(range(_TRIES)):
            try:
                with translated("opening the index"):
                    build, index = self._follow()
                    index.reload()
                    return View(build=build, schema=index.schema, searcher=index.searcher())
            except Unavailable:
                with self._lock:
                    self._open = None
                if left == 0:
                    raise
        raise AssertionError("unreachable: the last try returns or raises")

    def _follow(self) -> tuple[Build, tantivy.Index]:
        mark = self._home.mark()  # before the pointer is read, so that a later change is noticed
        with self._lock:
            if self._open is None or mark != self._mark:
                build = self._home.live()
                if build is None:
                    raise Unavailable("the index is missing or damaged: reindex")
                self._open = build, tantivy.Index.open(str(build.path))
                self._mark = mark
            return self._open
