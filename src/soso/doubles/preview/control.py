"""The control side over HTTP: POST /_control/WHAT with a JSON object of arguments.

What may be called is listed here; the answer is JSON. For tests and measurements whose double runs
in a process of its own.
"""

import json
from collections.abc import Callable
from typing import Any, Final

from soso.doubles.preview.double import PreviewDouble
from soso.doubles.preview.failures import Failure

PREFIX: Final = "/_control/"
_CALLED: Final = frozenset(
    {
        *("add_channel", "add_card", "names", "rename", "change", "remove", "post", "post_album"),
        *("edit", "delete", "set_views", "expire_links", "truth", "forget_requests", "busiest"),
        *("list_requests", "count_requests", "count_failed", "last_id"),
    }
)


def control(double: PreviewDouble, what: str, body: bytes) -> tuple[int, bytes]:
    """Do what is asked; return a status and JSON."""
    try:
        arguments = json.loads(body or b"{}")
        result = _find(double, what)(**arguments)
    except (ValueError, TypeError, KeyError) as error:
        return 400, json.dumps({"error": f"{type(error).__name__}: {error}"}).encode()
    plain = isinstance(result, list | int | type(None))
    return 200, json.dumps({"result": result if plain else None}, ensure_ascii=False).encode()


def _find(double: PreviewDouble, what: str) -> Callable[..., Any]:
    def fail(*, count: int = 1, path: str = "/", **how: Any) -> None:
        double.fail(Failure(**how), count=count, path=path)

    def fail_sometimes(*, share: float, seed: int = 0) -> None:
        double.fail_sometimes(share, seed=seed)

    def stop_failing() -> None:
        with double.lock:
            double.failures.clear()

    own: dict[str, Callable[..., Any]] = {
        "fail": fail,
        "fail_sometimes": fail_sometimes,
        "stop_failing": stop_failing,
    }
    if what in own:
        return own[what]
    if what not in _CALLED:
        raise ValueError(f"there is nothing called {what}")
    found: Callable[..., Any] = getattr(double, what)
    return found
