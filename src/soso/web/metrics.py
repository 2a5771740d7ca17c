"""Measurements for Prometheus, in a registry of their own.

Knows names and units of measurements. Must not know how pages come about.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    GCCollector,
    Histogram,
    PlatformCollector,
    ProcessCollector,
    generate_latest,
)
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from soso.query.results import ResultPage

if TYPE_CHECKING:
    from soso.web.health import LatestStatus

CONTENT_TYPE: Final = CONTENT_TYPE_LATEST
_BUCKETS_S: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)
_STATUS_GAUGES: Final = (
    ("posts", "soso_posts", "posts that are shown"),
    ("chats", "soso_chats", "chats in the archive"),
    ("documents", "soso_index_documents", "documents in the index"),
    ("index_bytes", "soso_index_bytes", "size of the index"),
    ("store_bytes", "soso_store_bytes", "size of the store"),
    ("blob_bytes", "soso_blob_bytes", "size of the kept pictures"),
    ("lag", "soso_index_lag", "changes that the index has not followed yet"),
)


class Metrics:
    """Counts requests and searches, and reads the archive's state when it is asked."""

    def __init__(self, latest: "LatestStatus") -> None:
        self._registry = CollectorRegistry()
        ProcessCollector(registry=self._registry)
        PlatformCollector(registry=self._registry)
        GCCollector(registry=self._registry)
        self._registry.register(_StatusCollector(latest))
        self._requests = Histogram(
            "soso_http_request_duration_seconds",
            "time from a request's head to the end of its answer",
            ("method", "route", "status"),
            buckets=_BUCKETS_S,
            registry=self._registry,
        )
        self._searches = Histogram(
            "soso_search_duration_seconds",
            "time of a search from text to snippets",
            ("full",),
            buckets=_BUCKETS_S,
            registry=self._registry,
        )

    def observe_request(self, method: str, route: str, status: int, took_s: float) -> None:
        """Count a request."""
        self._requests.labels(method, route, str(status)).observe(took_s)

    def observe_search(self, page: ResultPage) -> None:
        """Count a search; full tells whether anything had all that was asked."""
        full = "yes" if page.full and page.total else "no"
        self._searches.labels(full).observe(page.took_ms / 1000)

    def render(self) -> bytes:
        """Return all measurements in Prometheus' text form. Raises what the archive raises."""
        return generate_latest(self._registry)


class _StatusCollector(Collector):
    """Reads the archive's state at the time it is asked for, not before."""

    def __init__(self, latest: "LatestStatus") -> None:
        self._latest = latest

    def describe(self) -> Iterable[GaugeMetricFamily]:
        """Say nothing beforehand: the archive is not to be read when the collector is made."""
        return ()

    def collect(self) -> Iterable[GaugeMetricFamily]:
        """Yield one gauge a number of the archive's status."""
        status = self._latest.status()
        for name, metric, what in _STATUS_GAUGES:
            yield GaugeMetricFamily(metric, what, value=float(getattr(status, name)))
        yield GaugeMetricFamily(
            "soso_index_stale", "1 while a new index is being built", value=float(status.stale)
        )
