"""How the installation is: /healthz for supervisors, /metrics for Prometheus.

Knows what a healthy archive says of itself. Must not know pages.
"""

import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

import msgspec
from fastapi import APIRouter
from starlette.responses import Response

from soso.model.errors import SosoError
from soso.web.metrics import CONTENT_TYPE, Metrics

if TYPE_CHECKING:
    from soso.bootstrap import App, Status

_KEPT_S: Final = 2.0
_NO_STORE: Final = {"Cache-Control": "no-store"}


class LatestStatus:
    """The archive's status, counted anew at most every two seconds.

    Anyone may ask for it as often as they like, and counting walks over the data folder.
    """

    def __init__(self, app: "App", *, now: Callable[[], float] = time.monotonic) -> None:
        self._app = app
        self._now = now
        self._lock = threading.Lock()
        self._status: Status | None = None
        self._read_at = 0.0

    def status(self) -> "Status":
        """Return the status. Raises what the archive raises."""
        with self._lock:
            if self._status is None or self._now() - self._read_at >= _KEPT_S:
                self._status = None  # if it fails now, it is not to be shown as well
                self._status = self._app.status()
                self._read_at = self._now()
            return self._status


def make_health_router(latest: LatestStatus, metrics: Metrics) -> APIRouter:
    """Return the routes for machines that watch over this one."""
    router = APIRouter(include_in_schema=False)

    @router.get("/healthz")
    def get_health() -> Response:
        try:
            status = latest.status()
        except SosoError as error:
            return _answer(503, {"ok": False, "error": str(error)})
        return _answer(
            200,
            {"ok": True, "lag": status.lag, "stale": status.stale, "version": status.version},
        )

    @router.get("/metrics")
    def get_metrics() -> Response:
        return Response(metrics.render(), headers={"Content-Type": CONTENT_TYPE, **_NO_STORE})

    return router


def _answer(status: int, content: dict[str, object]) -> Response:
    body = msgspec.json.encode(content)
    return Response(body, status, headers=_NO_STORE, media_type="application/json")
