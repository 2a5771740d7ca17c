"""Files are fetched within bounds, and the token stays inside."""

import logging

import httpx
import pytest

from soso.model.errors import Unavailable
from soso.sources.bot_updates import BotFiles

TOKEN = "123:secret"


def files(handler: httpx.MockTransport) -> BotFiles:
    made = BotFiles("https://api.example.org", TOKEN, client=httpx.Client(transport=handler))
    made.know({"bot/U": "F"})
    return made


def serve(
    path: str = "photos/a.jpg", size: int = 3, content: bytes = b"abc"
) -> httpx.MockTransport:
    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/getFile"):
            return httpx.Response(200, json={"result": {"file_path": path, "file_size": size}})
        assert request.url.path == f"/file/bot{TOKEN}/photos/a.jpg"
        return httpx.Response(200, content=content)

    return httpx.MockTransport(answer)


def test_a_file_is_fetched() -> None:
    assert files(serve()).open_media("bot/U", max_bytes=10) == b"abc"


@pytest.mark.parametrize(
    "transport",
    [
        serve(size=11),
        serve(content=b"x" * 11),
        serve(path="../../etc/passwd"),
        serve(path="a?b"),
        serve(path=""),
        httpx.MockTransport(lambda _: httpx.Response(400, json={"ok": False})),
        httpx.MockTransport(lambda _: httpx.Response(200, content=b"no json")),
    ],
)
def test_what_is_not_taken(transport: httpx.MockTransport) -> None:
    assert files(transport).open_media("bot/U", max_bytes=10) is None


def test_a_file_nobody_told_of() -> None:
    assert files(serve()).open_media("bot/other", max_bytes=10) is None


@pytest.mark.parametrize("status", [500, 429])
def test_trouble_is_tried_again_but_not_for_ever(
    status: int, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    asked = files(httpx.MockTransport(lambda _: httpx.Response(status)))
    for _ in range(2):
        with pytest.raises(Unavailable) as caught:
            asked.open_media("bot/U", max_bytes=10)
        assert TOKEN not in str(caught.value)
        assert caught.value.__cause__ is None
    assert asked.open_media("bot/U", max_bytes=10) is None
    assert TOKEN not in caplog.text


def test_a_network_that_is_away() -> None:
    def fall(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError(f"no way to {request.url}")

    with pytest.raises(Unavailable) as caught:
        files(httpx.MockTransport(fall)).open_media("bot/U", max_bytes=10)
    assert TOKEN not in str(caught.value)
