"""Connections: to addresses that were checked, and never longer than a request may take.

Knows sockets. Must not know HTTP.
"""

import ssl
import threading
import time
from collections.abc import Iterable
from typing import Any, Final

import httpcore

from soso.fetchers.guard import Guard

_LEAST_S: Final = 0.001  # a socket takes 0 for "do not wait at all"


class Deadline(threading.local):
    """When the request of this thread must have ended, on the monotonic clock."""

    at: float | None = None

    def left_s(self, timeout: float | None) -> float | None:
        """Return how long one step may take."""
        if self.at is None:
            return timeout
        left = max(self.at - time.monotonic(), _LEAST_S)
        return left if timeout is None else min(timeout, left)


class Dialer(httpcore.NetworkBackend):
    """Opens connections for a pool. guard None: to a proxy, which the operator named."""

    def __init__(self, guard: Guard | None, deadline: Deadline) -> None:
        self._guard = guard
        self._deadline = deadline
        self._sockets = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """Connect to the first address that answers. Raises HostileInput, httpcore.ConnectError."""
        if self._guard is None:
            addresses = [host]
        else:
            try:
                addresses = self._guard.resolve(host, port)
            except (OSError, UnicodeError) as error:
                raise httpcore.ConnectError(f"the name is not known: {error}") from error
        failed: Exception = httpcore.ConnectError("the name has no address")
        for address in addresses:
            try:
                stream = self._sockets.connect_tcp(
                    address,
                    port,
                    timeout=self._deadline.left_s(timeout),
                    local_address=local_address,
                    socket_options=socket_options,
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failed = error
            else:
                return _Stream(stream, self._deadline)
        raise failed

    def sleep(self, seconds: float) -> None:
        """Wait."""
        time.sleep(seconds)


class _Stream(httpcore.NetworkStream):
    """A connection whose every step ends when the request's time is up.

    Without it an answer that drips, a byte now and a byte then, would never time out.
    """

    def __init__(self, stream: httpcore.NetworkStream, deadline: Deadline) -> None:
        self._stream = stream
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, timeout=self._deadline.left_s(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, timeout=self._deadline.left_s(timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        left = self._deadline.left_s(timeout)
        stream = self._stream.start_tls(ssl_context, server_hostname, left)
        return _Stream(stream, self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)
