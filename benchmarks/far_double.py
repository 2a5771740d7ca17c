"""The double of Telegram's preview site in a process of its own, and its control side."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import httpx

from benchmarks.probes import ROOT

_START_S: Final = 120.0


class FarDouble:
    """Calls the double's control side. Safe in many threads."""

    def __init__(self, address: str) -> None:
        self.address = address
        self._client = httpx.Client(base_url=f"{address}/_control/", timeout=_START_S)

    @property
    def place(self) -> str:
        """Its host and port."""
        return self.address.removeprefix("http://")

    def call(self, what: str, **arguments: Any) -> Any:
        """Call something; raises RuntimeError with what the double says against it."""
        answer = self._client.post(what, json=arguments).json()
        if "error" in answer:
            raise RuntimeError(f"{what}: {answer['error']}")
        return answer["result"]

    def close(self) -> None:
        """Let go of the connection."""
        self._client.close()


@contextmanager
def running_far_double(
    *, channels: int, posts: int, media: float, seed: int
) -> Iterator[FarDouble]:
    """Run a double with channel_0 and so on for as long as the context lasts."""
    command = [sys.executable, "-m", "soso.doubles.preview", "--channels", str(channels)]
    command += ["--posts", str(posts), "--media", str(media), "--seed", str(seed)]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        address = process.stdout.readline().strip()
        if not address:
            raise RuntimeError("the double did not start")
        double = FarDouble(address)
        yield double
        double.close()
    finally:
        process.kill()
        process.communicate()
