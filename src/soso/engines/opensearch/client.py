"""The one door to a cluster: requests out, answers or our errors back.

Knows nodes, who asks, retries and what OpenSearch's failures mean; must not know plans or documents.
The package is imported when the first request is made, since only clusters need it.
"""

import logging
import ssl
import time
from base64 import b64encode
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from threading import Lock
from typing import Any, Final

import msgspec

from soso.model.errors import BadInput, NotFound, SosoError, Unavailable
from soso.model.value import Value

RETRIED: Final = frozenset({429, 502, 503, 504})
"""Statuses that pass: too much at once, a node that is gone, a shard on its way to another."""

SEARCH_TYPE = "dfs_query_then_fetch"
"""Statistics of terms are gathered from all shards before any of them scores: else a document's
score depends on which of them it lies in (benchmarks/parity.py measures by how much)."""

_TRIES: Final = 6
_SEARCH_TRIES: Final = 3  # somebody is waiting for the answer
_FIRST_WAIT_S: Final = 0.1
_LONGEST_WAIT_S: Final = 5.0
_CONNECTIONS: Final = 32
_REFUSED: Final = {401: "does not know who asks", 403: "does not let us do this"}
_NO_ROOM: Final = (413, 429)
_TOO_MUCH: Final = frozenset({"too_many_clauses", "too_many_nested_clauses"})


class TooMuch(Unavailable):
    """The cluster has no room for so much at once: now (429), or ever (413, not to be retried)."""


class AlreadyThere(Unavailable):
    """What was to be made is there: by another, or by a try whose answer was lost."""


class Access(Value):
    """Which cluster, and as whom.

    urls: its nodes, each http(s)://host:port. key: an API key instead of user and password.
    ca: a certificate to trust instead of this machine's. timeout_s: for one request.
    """

    urls: tuple[str, ...]
    user: str = ""
    password: str = ""
    key: str = ""
    ca: Path | None = None
    timeout_s: float = 30.0


class Cluster:
    """Requests to a cluster, by any number of threads; failed ones go to another node in turn.

    sleep: waits between tries; a test may pass another.
    """

    def __init__(self, access: Access, *, sleep: Callable[[float], None] = time.sleep) -> None:
        self._access = access
        self._sleep = sleep
        self._opening = Lock()
        self._client: Any = None

    def ask(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        doing: str = "asking the index",
        tries: int = _TRIES,
        **params: object,
    ) -> dict[str, Any]:
        """Return the answer to one request. params: of its address.

        body: a JSON value, or lines of JSON as bytes.
        Raises NotFound, BadInput for a query that is too large, Unavailable; what may pass is tried
        again with longer and longer waits, and so all we ask must bear being done twice.
        """
        raw = body if isinstance(body, bytes) or body is None else msgspec.json.encode(body)
        for wait_s in waits(tries):
            try:
                return self._once(method, path, raw, params, doing)
            except Unavailable as error:
                if error.retry_after_s is None or wait_s is None:
                    raise
                self._sleep(wait_s)
        raise AssertionError  # waits() ends with None

    def msearch(self, index: str, bodies: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
        """Return the answers to several searches of one index, asked at once.

        Counted over all shards, and of all or none: a shard that is away is an error. Raises as ask.
        """
        head = msgspec.json.encode(
            {
                "index": index,
                "search_type": SEARCH_TYPE,
                "allow_partial_search_results": False,
            }
        )
        lines = [line for body in bodies for line in (head, msgspec.json.encode(body))]
        said = b"\n".join(lines) + b"\n"
        for wait_s in waits(_SEARCH_TRIES):
            found = self.ask(
                "POST", "/_msearch", said, doing="searching the index", tries=_SEARCH_TRIES
            )
            answers: list[dict[str, Any]] = found["responses"]
            failure = next((f for f in map(_search_failure, answers) if f is not None), None)
            if failure is None:
                return answers
            passes = isinstance(failure, Unavailable) and failure.retry_after_s is not None
            if not passes or wait_s is None:
                raise failure
            self._sleep(wait_s)
        raise AssertionError

    def rest(self, wait_s: float) -> None:
        """Wait before something is tried again."""
        self._sleep(wait_s)

    def close(self) -> None:
        """Let go of the connections; the next request opens others."""
        with self._opening:
            client, self._client = self._client, None
        if client is not None:
            client.close()

    def _once(
        self, method: str, path: str, raw: bytes | None, params: dict[str, object], doing: str
    ) -> dict[str, Any]:
        client = self._open()
        from opensearchpy import exceptions

        try:
            answer = client.transport.perform_request(method, path, params=params, body=raw)
        except exceptions.ConnectionTimeout as error:  # asked again it would take as long again
            text = f"{doing} took longer than {self._access.timeout_s:g} s"
            raise Unavailable(text) from error
        except exceptions.SSLError as error:  # a certificate is not mended by waiting
            text = f"{doing} failed: no safe connection to the cluster: {error.error}"
            known = "CERTIFICATE_VERIFY_FAILED" in str(error.error)
            text += "; who signed its certificate is named by opensearch_ca" if known else ""
            raise Unavailable(text, retry_after_s=None if known else 1.0) from error
        except exceptions.ConnectionError as error:
            raise Unavailable(f"{doing} failed: {error.error}", retry_after_s=1.0) from error
        except exceptions.TransportError as error:
            raise translate(error.status_code, error.info, doing) from error
        except exceptions.OpenSearchException as error:
            raise Unavailable(f"{doing} failed: {error}") from error
        return answer if isinstance(answer, dict) else {"found": answer}

    def _open(self) -> Any:
        with self._opening:
            if self._client is None:
                self._client = _connect(self._access)
            return self._client


def waits(tries: int = _TRIES) -> list[float | None]:
    """Return how long to wait after each failed try; None: it was the last."""
    longer = [min(_FIRST_WAIT_S * 3**n, _LONGEST_WAIT_S) for n in range(tries - 1)]
    return [*longer, None]


def translate(status: object, said: object, doing: str) -> SosoError:
    """Return our error for an answer that failed. said: its body, or the text of what went wrong."""
    fault = said.get("error", said) if isinstance(said, Mapping) else said
    kind, reason = describe(fault)
    if status == 404:
        return NotFound(f"{doing} failed: {reason}")
    if status in _REFUSED:
        return Unavailable(f"{doing} failed: the cluster {_REFUSED[int(str(status))]}: {reason}")
    if kind in _TOO_MUCH:
        return BadInput(f"the query has too many parts for the index: {reason}")
    if kind == "resource_already_exists_exception":
        return AlreadyThere(f"{doing} failed: {reason}")
    if status in _NO_ROOM:
        retry_after_s = 1.0 if status == 429 else None
        return TooMuch(f"{doing} failed ({status}): {reason}", retry_after_s=retry_after_s)
    retry_after_s = 1.0 if status in RETRIED else None
    return Unavailable(f"{doing} failed ({status}): {reason}", retry_after_s=retry_after_s)


def describe(fault: object) -> tuple[str, str]:
    """Return the type and the reason of an error object, of the cause where it names one."""
    if not isinstance(fault, Mapping):
        return "", str(fault)[:300]
    causes = fault.get("root_cause")
    cause = causes[0] if isinstance(causes, list) and causes else fault
    if not isinstance(cause, Mapping):
        return "", str(cause)[:300]
    return str(cause.get("type", "")), str(cause.get("reason", cause))[:300]


def _search_failure(answer: Mapping[str, Any]) -> SosoError | None:
    if "error" in answer:
        return translate(answer.get("status"), answer, "searching the index")
    shards = answer.get("_shards", {})
    if shards.get("failed") or answer.get("timed_out"):
        text = "searching the index failed: a part of it does not answer"
        return Unavailable(text, retry_after_s=1.0)
    return None


def _connect(access: Access) -> Any:
    try:
        from opensearchpy import OpenSearch
    except ImportError as error:
        raise Unavailable("an OpenSearch cluster needs: pip install 'soso[cluster]'") from error
    options: dict[str, Any] = {"timeout": access.timeout_s, "pool_maxsize": _CONNECTIONS}
    if who := _introduce(access):
        options["headers"] = {"Authorization": who}
    if access.ca is not None:
        options["ca_certs"] = str(access.ca)
        try:
            ssl.create_default_context(cafile=access.ca)
        except OSError as error:
            raise BadInput(f"the certificate {access.ca} can't be used: {error}") from error
    logging.getLogger("opensearch").setLevel(logging.ERROR)  # its warnings are our errors
    try:
        return OpenSearch(hosts=list(access.urls), retry_on_timeout=False, **options)
    except (ValueError, TypeError, OSError) as error:
        raise BadInput(f"the cluster's address can't be used: {error}") from error


def _introduce(access: Access) -> str:
    """Return the header that says who asks, of any characters (RFC 7617 says UTF-8)."""
    if access.key:
        if not access.key.isascii() or not access.key.isprintable():
            raise BadInput("the cluster's API key has characters that no key has")
        return f"ApiKey {access.key}"
    if access.user:
        return "Basic " + b64encode(f"{access.user}:{access.password}".encode()).decode()
    return ""
