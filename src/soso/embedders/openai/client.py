"""Asking an endpoint over HTTP until it answers.

Knows addresses, the key, status codes, time limits, when to try again; must not know what vectors
are. The key goes into one header and nowhere else: no text, name or log line of ours holds it.
"""

import ipaddress
import time
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final
from urllib.parse import urlsplit

import httpx

from soso.embedders.openai.wire import parse_complaint
from soso.model.errors import BadInput, Unavailable
from soso.model.value import Value

_AGAIN: Final = frozenset({408, 425, 429, 500, 502, 503, 504, 529})
_FIRST_REST_S: Final = 0.5
_FIRST_OF_ERRORS: Final = 400
_SAID_LONGEST: Final = 200
_COMPLAINT_BYTES: Final = 64 * 2**10


class Patience(Value):
    """How long an answer is waited for, how often it is asked for, how long to rest in between.

    An endpoint that asks for a longer rest than longest_rest_s is left alone: Unavailable.
    """

    timeout_s: float
    tries: int
    longest_rest_s: float


class _NotNow(Exception):
    """The endpoint asks to be asked again. rest_s: as it says, None if it says nothing."""

    def __init__(self, why: str, rest_s: float | None) -> None:
        super().__init__(why)
        self.rest_s = rest_s


class Endpoint:
    """One address; used from many threads."""

    def __init__(
        self, url: str, *, key: str = "", rest: Callable[[float], None] = time.sleep
    ) -> None:
        """Use the address up to /v1, or to /embeddings. rest: waits so many seconds.

        Raises BadInput for an address or key that can't be used.
        """
        self.host, self._url = _checked_address(url)
        headers = {"Content-Type": "application/json", "Accept-Encoding": "identity"}
        if key:
            headers["Authorization"] = f"Bearer {_checked_key(key)}"
        self._key = key
        self._rest = rest
        # A proxy for the outside world does not know this machine.
        self._client = httpx.Client(headers=headers, trust_env=not is_here(self.host))

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def ask(self, body: bytes, *, patience: Patience, longest_bytes: int) -> bytes:
        """Return the answer to a body. Raises Unavailable, BadInput when it is refused for good."""
        why = ""
        for attempt in range(patience.tries):
            rest_s = _FIRST_REST_S * 2**attempt
            try:
                return self._post(body, patience.timeout_s, longest_bytes)
            except _NotNow as refusal:
                why = str(refusal)
                rest_s = rest_s if refusal.rest_s is None else refusal.rest_s
            except httpx.RequestError as error:
                why = f"{type(error).__name__} {error}".strip()
            if attempt == patience.tries - 1 or rest_s > patience.longest_rest_s:
                break
            self._rest(rest_s)
        raise Unavailable(f"the endpoint at {self.host} does not answer: {self._hidden(why)}")

    def _post(self, body: bytes, timeout_s: float, longest_bytes: int) -> bytes:
        until = time.monotonic() + timeout_s
        with self._client.stream("POST", self._url, content=body, timeout=timeout_s) as response:
            status = response.status_code
            if status == httpx.codes.OK:
                return self._read(response, longest_bytes, until)
            if status in _AGAIN:
                raise _NotNow(f"status {status}", _asked_rest(response))
            said = parse_complaint(self._read(response, _COMPLAINT_BYTES, until))
            raise BadInput(self._refusal(status, said))

    def _read(self, response: httpx.Response, longest_bytes: int, until: float) -> bytes:
        """httpx limits the time of each piece; here is the limit of them all."""
        read = bytearray()
        for piece in response.iter_bytes():
            read += piece
            if len(read) > longest_bytes:
                raise Unavailable(f"the endpoint at {self.host} answers without end")
            if time.monotonic() > until:
                raise httpx.ReadTimeout("the answer takes too long")
        return bytes(read)

    def _refusal(self, status: int, said: str) -> str:
        reason = {
            401: "it wants a key, or another one",
            403: "the key does not allow it",
            404: "it has no such address or model",
            413: "the texts are too long for it",
        }.get(status, "it has moved" if status < _FIRST_OF_ERRORS else "it does not take this")
        text = f"the endpoint at {self.host} refuses ({status}): {reason}"
        return f"{text}. It says: {self._hidden(said)[:_SAID_LONGEST]}" if said else text

    def _hidden(self, text: str) -> str:
        """An endpoint may repeat the key in its complaint."""
        return text.replace(self._key, "***") if self._key else text


def is_here(host: str) -> bool:
    """Whether a host is this machine, so that what is sent to it stays."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _checked_address(url: str) -> tuple[str, httpx.URL]:
    try:
        parts = urlsplit(url.strip())
        host, _port = parts.hostname, parts.port
    except ValueError as error:
        raise BadInput("the endpoint's address can't be read") from error
    if parts.scheme not in {"http", "https"} or not host or len(host.split()) > 1:
        raise BadInput("the endpoint's address must begin with http:// or https:// and name a host")
    if parts.username or parts.password or parts.query or parts.fragment:
        raise BadInput("the endpoint's address must hold no key, user or question mark")
    path = parts.path.rstrip("/")
    if not path.endswith("/embeddings"):
        path += "/embeddings"
    try:
        address = httpx.URL(f"{parts.scheme}://{parts.netloc}{path}")
    except httpx.InvalidURL as error:
        raise BadInput(f"the endpoint's address can't be read: {error}") from error
    return host, address


def _checked_key(key: str) -> str:
    if not key.isascii() or not key.isprintable() or " " in key:
        raise BadInput("the endpoint's key may hold printable ASCII characters only")
    return key


def _asked_rest(response: httpx.Response) -> float | None:
    """Return the seconds that a Retry-After header asks for: a number, or a date."""
    text = response.headers.get("Retry-After", "").strip()
    if text.isascii() and text.isdigit():
        return float(text)
    try:
        at = parsedate_to_datetime(text)
    except (ValueError, TypeError):
        return None
    at = at if at.tzinfo is not None else at.replace(tzinfo=UTC)
    return max(0.0, (at - datetime.now(UTC)).total_seconds())
