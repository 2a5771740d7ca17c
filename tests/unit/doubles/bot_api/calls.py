"""Calls to a double over HTTP, without a framework in between."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from soso.doubles.bot_api import BotApiDouble, Limits, VirtualClock

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489"
    "0000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)


class Bot:
    def __init__(self, double: BotApiDouble) -> None:
        self.double = double
        self.client = httpx.Client(base_url=f"{double.url}/bot{double.token}/", timeout=20)

    def call(self, method: str, **args: Any) -> Any:
        """Return the result of a call that must succeed."""
        answer = self.client.post(method, json=args).json()
        assert answer["ok"], answer
        return answer["result"]

    def fail(self, method: str, **args: Any) -> tuple[int, str]:
        """Return code and text of a call that must fail."""
        answer = self.client.post(method, json=args)
        told = answer.json()
        assert not told["ok"], told
        assert told["error_code"] == answer.status_code
        return told["error_code"], told["description"]


@pytest.fixture
def double() -> Iterator[BotApiDouble]:
    """A double whose time stands still and whose limits are off."""
    with BotApiDouble(clock=VirtualClock(frozen=True), limits=Limits(enforced=False)) as opened:
        yield opened


@pytest.fixture
def bot(double: BotApiDouble) -> Iterator[Bot]:
    """A bot without a framework."""
    made = Bot(double)
    yield made
    made.client.close()
