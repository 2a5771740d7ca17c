"""Fetches over HTTP: guarded, limited and polite.

Knows HTTP. Whom it may ask says guard.py, when it may says queue.py. Addresses may carry tokens:
errors and logs name hosts only.
"""

import logging
import time
from collections.abc import Collection
from typing import Final, NamedTuple

import httpcore
import httpx

from soso.fetchers.dialing import Deadline, Dialer
from soso.fetchers.guard import Guard, host_of, parse_address
from soso.fetchers.kinds import check_kind
from soso.fetchers.pace import parse_retry_after
from soso.fetchers.queue import PoliteQueue
from soso.fetchers.reading import ENCODINGS, FIRST_BYTES, Unpacker, read_content
from soso.model.errors import BadInput, HostileInput, Unavailable
from soso.ports.clock import Clock
from soso.ports.fetcher import Fetched

log = logging.getLogger(__name__)

MOST_REDIRECTS: Final = 4
_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_TOO_MANY: Final = 429
_FAILED: Final = 500
_CONNECTIONS: Final = 32
_IDLE_S: Final = 30.0
_WRONG: Final = (httpcore.NetworkError, httpcore.ProtocolError, httpcore.ProxyError)


class Limits(NamedTuple):
    """How fast, and how long. rate: requests a second to one host, 0: as fast as it answers."""

    rate: float
    connect_s: float = 10.0
    read_s: float = 20.0
    total_s: float = 60.0

    @property
    def every_s(self) -> float:
        """The time between two requests."""
        return 1 / self.rate if self.rate > 0 else 0.0


class HttpFetcher:
    """Fills ports.fetcher.Fetcher. Safe in many threads."""

    def __init__(
        self,
        guard: Guard,
        queue: PoliteQueue,
        clock: Clock,
        *,
        limits: Limits,
        user_agent: str,
        proxy: str = "",
    ) -> None:
        """Nothing is connected yet. Raises BadInput for a proxy that can't be one.

        proxy: http://, https:// or socks5://, with a name and password if it asks for them. It
        resolves names itself: with one, only names and plain addresses are checked here.
        """
        self._guard = guard
        self._queue = queue
        self._clock = clock
        self._limits = limits
        self._deadline = Deadline()
        self._pool = _open_pool(guard, self._deadline, proxy)
        self._headers = {
            "User-Agent": user_agent,
            "Accept": "*/*",
            "Accept-Encoding": ENCODINGS,
            "Accept-Language": "en",  # counts and sentences of service messages are read in English
        }

    def close(self) -> None:
        """Let go of all connections."""
        self._pool.close()

    def fetch(
        self,
        url: str,
        *,
        max_bytes: int,
        etag: str | None = None,
        last_modified: str | None = None,
        kinds: Collection[str] = (),
    ) -> Fetched:
        """See ports/fetcher.py."""
        address = parse_address(url)
        headers = dict(self._headers)
        headers |= {"If-None-Match": etag} if etag else {}
        headers |= {"If-Modified-Since": last_modified} if last_modified else {}
        for _ in range(MOST_REDIRECTS + 1):
            self._guard.check(address)
            host = host_of(address)
            self._queue.wait_turn(host, self._limits.every_s)
            answer = self._ask(address, headers, max_bytes, kinds)
            if not isinstance(answer, httpx.URL):
                return answer
            address = answer
        raise HostileInput(f"{host_of(address)}: too many redirects")

    def wait_s(self, url: str) -> float:
        """See ports/fetcher.py."""
        return self._queue.wait_s(host_of(parse_address(url)), self._limits.every_s)

    def _ask(
        self, url: httpx.URL, headers: dict[str, str], max_bytes: int, kinds: Collection[str]
    ) -> Fetched | httpx.URL:
        """Send one request; return its answer, or where it leads."""
        host = host_of(url)
        self._deadline.at = time.monotonic() + self._limits.total_s
        try:
            with self._pool.stream(
                "GET", _core_url(url), headers=_core_headers(url, headers), extensions=self._times()
            ) as response:
                told = httpx.Headers(response.headers)
                self._check_status(host, response.status, told)
                if response.status in _REDIRECTS and told.get("Location"):
                    self._queue.tell_success(host)
                    return _join(url, told["Location"])
                answer = _read(url, response, told, max_bytes, kinds)
            if answer.cut and not answer.content:
                raise self._failed(host, "it hung up before it answered", None)
        except httpcore.TimeoutException as error:
            raise self._failed(host, "it took too long to answer", None) from error
        except _WRONG as error:
            raise self._failed(host, f"it can't be reached ({_said(error)})", None) from error
        finally:
            self._deadline.at = None
        self._queue.tell_success(host)
        return answer

    def _check_status(self, host: str, status: int, told: httpx.Headers) -> None:
        if status != _TOO_MANY and status < _FAILED:
            return
        now = self._clock.now()
        asked_s = parse_retry_after(told.get("Retry-After"), told.get("Date"), now)
        raise self._failed(host, f"it answers {status}", status, asked_s)

    def _failed(
        self, host: str, reason: str, status: int | None, asked_s: float | None = None
    ) -> Unavailable:
        """Write a failure down, and return it as an error."""
        for_s = self._queue.tell_failure(
            host, self._limits.every_s, reason=reason, status=status, retry_after_s=asked_s
        )
        log.info("%s: %s; it is left alone for %.1f s", host, reason, for_s)
        return Unavailable(f"{host}: {reason}", retry_after_s=for_s)

    def _times(self) -> dict[str, dict[str, float]]:
        connect_s, read_s = self._limits.connect_s, self._limits.read_s
        waits = {"connect": connect_s, "pool": self._limits.total_s}
        return {"timeout": waits | {"read": read_s, "write": read_s}}


def _plain(value: str | None) -> str | None:
    """Return what can be sent back as a header; anything else would spoil every later request."""
    is_fit = value is not None and value.isascii() and value.isprintable() and len(value) <= 512
    return value if is_fit else None


def _read(
    url: httpx.URL,
    response: httpcore.Response,
    told: httpx.Headers,
    max_bytes: int,
    kinds: Collection[str],
) -> Fetched:
    wanted = response.status < 300
    content, cut = b"", False
    if wanted:
        length = told.get("Content-Length", "")
        if length.isascii() and length.isdigit() and int(length[:20]) > max_bytes:
            raise HostileInput(f"{url.host}: the answer is larger than {max_bytes} bytes")
        unpacker = Unpacker(told.get("Content-Encoding"))
        content, cut = read_content(response.iter_stream(), unpacker, max_bytes=max_bytes)
        if content or not cut:
            check_kind(told.get("Content-Type"), content[:FIRST_BYTES], kinds)
    return Fetched(
        url=str(url),
        status=response.status,
        content=content,
        etag=_plain(told.get("ETag")),
        last_modified=_plain(told.get("Last-Modified")),
        content_type=told.get("Content-Type"),
        cut=cut,
    )


def _open_pool(guard: Guard, deadline: Deadline, proxy: str) -> httpcore.ConnectionPool:
    limits = {"max_connections": _CONNECTIONS, "keepalive_expiry": _IDLE_S}
    if not proxy:
        return httpcore.ConnectionPool(network_backend=Dialer(guard, deadline), **limits)  # type: ignore[arg-type]
    address = parse_address(proxy)
    way = httpcore.SOCKSProxy if address.scheme.startswith("socks5") else httpcore.HTTPProxy
    if address.scheme not in ("http", "https", "socks5", "socks5h") or not address.host:
        raise BadInput("fetch_proxy is an address such as http://127.0.0.1:7890")
    auth = (address.username, address.password) if address.userinfo else None
    plain = address.copy_with(userinfo=b"", scheme=address.scheme.removesuffix("h"))
    try:
        return way(
            str(plain),
            proxy_auth=auth,
            network_backend=Dialer(None, deadline),
            **limits,  # type: ignore[arg-type]
        )
    except (RuntimeError, ValueError) as error:
        raise BadInput(f"fetch_proxy can't be used: {error}") from error


def _core_url(url: httpx.URL) -> httpcore.URL:
    return httpcore.URL(
        scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path
    )


def _core_headers(url: httpx.URL, headers: dict[str, str]) -> list[tuple[bytes, bytes]]:
    host = (b"Host", url.netloc)
    try:
        return [host, *((k.encode("ascii"), v.encode("ascii")) for k, v in headers.items())]
    except UnicodeEncodeError as error:
        raise BadInput("a header of a request must be plain ASCII") from error


def _join(url: httpx.URL, location: str) -> httpx.URL:
    try:
        return url.join(location[:4096])
    except (httpx.InvalidURL, ValueError) as error:
        raise HostileInput(f"{host_of(url)}: it leads to what is no address") from error


def _said(error: Exception) -> str:
    """Return what went wrong, without any address."""
    return type(error).__name__
