"""The builds of an index: physical indexes beside each other, one of them behind the alias.

Knows names, aliases, settings and labels; must not know plans or documents. A build is written
through an alias of its own, which a bulk must find: a writer of a build that was dropped is told so
instead of making an index out of nothing.
"""

import hashlib
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from time import monotonic, time
from typing import Any, Final

import msgspec

from soso.engines.opensearch.client import AlreadyThere, Cluster
from soso.engines.opensearch.mapping import build_label, build_mapping, build_settings
from soso.engines.opensearch.writer import ClusterWriter
from soso.model.errors import BadInput, IndexMismatch, NotFound, Unavailable
from soso.model.value import Value
from soso.ports.engine import IndexWriter

_KEPT_S: Final = 5.0
"""How long it is believed which build serves and what its label says."""

_LIKELY_IN_USE_S: Final = 3_600.0
_REACHED: Final = "reached"
"""In the label: how far the change log had come, for certain."""


class Layout(Value):
    """How a new index is made. shards: primaries. replicas: copies of each."""

    name: str
    fingerprint: str
    shards: int = 1
    replicas: int = 1


class ClusterBuilds:
    """The port Builds over the indexes `<name>-<time>-<chance>` behind the alias `<name>`."""

    def __init__(self, cluster: Cluster, layout: Layout) -> None:
        self._cluster = cluster
        self._layout = layout
        self._label = build_label(layout.fingerprint)
        self._known: tuple[float, str, dict[str, Any]] | None = None

    def version(self) -> str:
        """Return a short name of our label, which all of an index's label must be like."""
        return hashlib.sha256(msgspec.json.encode(self._label, order="sorted")).hexdigest()[:16]

    def live(self) -> str:
        """Return the name of the one that serves, made empty if there is none."""
        for _ in range(3):  # another may make it, or swap it, at the same moment
            name = self._behind_alias()
            if name is not None:
                return name
            self._make_first()
        raise Unavailable(f"the alias {self._layout.name} leads to no index")

    def begin(self) -> str:
        """Make an empty index of our schema, which serves nothing yet."""
        at = datetime.now(UTC).strftime("%Y%m%d%H%M%S")
        build = f"{self._layout.name}-{at}-{secrets.token_hex(4)}"
        with suppress(
            AlreadyThere
        ):  # nobody else calls one so: the answer to our first try was lost
            self._make(build, {writes(build): {}})
        return build

    @contextmanager
    def writer(self, build: str) -> Iterator[IndexWriter]:
        """Write to one of them; what is not committed when the context ends may be forgotten.

        Raises NotFound when it is there no more, IndexMismatch if it is not of our schema.
        """
        if self._read_label(build) != self._label:
            raise IndexMismatch("the index is of another version: reindex")
        yield ClusterWriter(self._cluster, writes(build))

    def finish(self, build: str) -> None:
        """Let it serve from now on, in one step, and drop those that did."""
        before = [name for name in self._aliased() if name != build]
        alias = self._layout.name
        actions: list[dict[str, Any]] = [{"add": {"index": build, "alias": alias}}]
        actions += [{"remove": {"index": name, "alias": alias}} for name in before]
        self._cluster.ask("POST", "/_aliases", {"actions": actions}, doing="swapping the index")
        self._known = None
        for name in before:
            self.drop(name)

    def drop(self, build: str) -> None:
        """Forget one that does not serve; one that is not there is no error. Raises BadInput if it
        serves."""
        if build in self._aliased():
            raise BadInput(f"the index {build} serves, and can't be dropped")
        with suppress(NotFound):
            self._cluster.ask("DELETE", f"/{build}", doing="dropping an index")

    def list_idle(self) -> list[str]:
        """Return those that serve nothing and were begun more than an hour ago."""
        pattern = f"/{self._layout.name}-*/_settings"
        found = self._cluster.ask("GET", pattern, doing="listing indexes", expand_wildcards="all")
        ours = re.compile(rf"{re.escape(self._layout.name)}-\d{{14}}-[0-9a-f]{{8}}")
        serving = self._aliased()
        newest_ms = (time() - _LIKELY_IN_USE_S) * 1000
        return sorted(
            name
            for name, told in found.items()
            if ours.fullmatch(name)
            and name not in serving
            and int(told["settings"]["index"]["creation_date"]) < newest_ms
        )

    def identity(self, build: str) -> str:
        """Return what stays the same until the index is restored from a snapshot.

        Made anew, it has another uuid; restored in its place, another history.
        """
        found = self._cluster.ask(
            "GET", f"/{build}/_settings", doing="reading the index's settings"
        )
        for index in found.values():
            told = index["settings"]["index"]
            return f"{told['uuid']} {told.get('history', {}).get('uuid', '')}".strip()
        raise NotFound(f"there is no index {build}")

    def reached(self, build: str) -> int | None:
        """Return what was noted in the index, or in the snapshot it was restored from."""
        noted = self._read_meta(build).get(_REACHED)
        return noted if isinstance(noted, int) else None

    def note_reached(self, build: str, seq: int) -> None:
        """Note in the index that it has all changes up to seq."""
        meta = self._read_meta(build)
        if meta.get(_REACHED) == seq:
            return
        body = {"_meta": meta | {_REACHED: seq}}
        self._cluster.ask("PUT", f"/{build}/_mapping", body, doing="noting how far the index is")

    def label(self) -> dict[str, Any]:
        """Return what the live index says it was built by, as of a few seconds ago."""
        known = self._known
        if known is None or known[0] < monotonic():
            build = self.live()
            known = monotonic() + _KEPT_S, build, self._read_label(build)
            self._known = known
        return known[2]

    def is_stale(self) -> bool:
        """Whether the live index is not of our schema and analyzers."""
        return self.label() != self._label

    def _aliased(self) -> list[str]:
        try:
            return sorted(self._cluster.ask("GET", f"/_alias/{self._layout.name}"))
        except NotFound:
            return []

    def _behind_alias(self) -> str | None:
        names = self._aliased()
        return names[-1] if names else None

    def _make_first(self) -> None:
        # Under a name that all agree on: of several at once, one makes it, with its alias in the
        # same step, and the others find it.
        build = f"{self._layout.name}-first"
        with suppress(AlreadyThere):
            self._make(build, {writes(build): {}, self._layout.name: {}})

    def _make(self, build: str, aliases: dict[str, Any]) -> None:
        layout = self._layout
        told = self._cluster.ask("GET", "/", doing="asking for the cluster's version")
        major = int(told["version"]["number"].partition(".")[0])
        settings = build_settings(shards=layout.shards, replicas=layout.replicas, major=major)
        body = {
            "settings": {"index": settings},
            "mappings": build_mapping(layout.fingerprint),
            "aliases": aliases,
        }
        self._cluster.ask("PUT", f"/{build}", body, doing="making an index")

    def _read_label(self, build: str) -> dict[str, Any]:
        return {name: told for name, told in self._read_meta(build).items() if name != _REACHED}

    def _read_meta(self, build: str) -> dict[str, Any]:
        found = self._cluster.ask("GET", f"/{build}/_mapping", doing="reading the index's mapping")
        for index in found.values():
            meta: dict[str, Any] = index["mappings"].get("_meta", {})
            return meta
        raise NotFound(f"there is no index {build}")


def writes(build: str) -> str:
    """Return the alias through which a build is written."""
    return f"{build}.writes"
