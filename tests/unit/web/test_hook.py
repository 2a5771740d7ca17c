"""Updates that Telegram brings: only with the secret, only what the program took."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.responses import Response

from soso.abilities.updating import HOOK_PATH
from soso.config import Settings
from soso.model.errors import BadInput, Unavailable
from soso.web.hook import MOST_UPDATE_BYTES, BodyLimits, make_hook_router

from .visitor import Visitor

SECRET = "s3cret_-"
HEADER = "X-Telegram-Bot-Api-Secret-Token"


class Archive:
    def __init__(self, **settings: Any) -> None:
        told = {"public_url": "https://soso.example.org", "bot_webhook_secret": SECRET, **settings}
        self.settings = Settings(**told)
        self.taken: list[Any] = []
        self.error: Exception | None = None

    def take_update(self, raw: Any) -> None:
        if self.error is not None:
            raise self.error
        self.taken.append(raw)


Open = Callable[[Archive], Visitor]


@pytest.fixture
def open_client() -> Iterator[Open]:
    opened: list[Visitor] = []

    async def refuse(*_: object) -> Response:
        return Response(status_code=503)

    def make(archive: Any) -> Visitor:
        application = FastAPI()
        application.include_router(make_hook_router(archive))
        application.add_exception_handler(Unavailable, refuse)
        opened.append(Visitor(BodyLimits(application, most_bytes=64 * 1024)))
        return opened[-1]

    yield make
    for one in opened:
        one.close()


def test_an_update_with_the_secret_is_taken(open_client: Open) -> None:
    archive = Archive()
    answer = open_client(archive).post(HOOK_PATH, json={"update_id": 1}, headers={HEADER: SECRET})
    assert (answer.status_code, archive.taken) == (200, [{"update_id": 1}])


@pytest.mark.parametrize("told", ["", "s3cret_", "S3CRET_-", "é"])
def test_without_the_secret_there_is_nothing_here(told: str, open_client: Open) -> None:
    archive = Archive()
    headers = {HEADER: told.encode()} if told else {}
    answer = open_client(archive).post(HOOK_PATH, json={"update_id": 1}, headers=headers)
    assert (answer.status_code, archive.taken) == (404, [])


@pytest.mark.parametrize("body", [b"", b"[1]", b"{", b"\xff"])
def test_what_is_no_update(body: bytes, open_client: Open) -> None:
    answer = open_client(Archive()).post(HOOK_PATH, content=body, headers={HEADER: SECRET})
    assert answer.status_code == 400


@pytest.mark.parametrize(("error", "status"), [(Unavailable("x"), 503), (BadInput("x"), 200)])
def test_what_was_not_stored_comes_again_and_nonsense_does_not(
    error: Exception, status: int, open_client: Open
) -> None:
    archive = Archive()
    archive.error = error
    answer = open_client(archive).post(HOOK_PATH, json={"update_id": 1}, headers={HEADER: SECRET})
    assert answer.status_code == status


def test_updates_may_be_larger_than_other_bodies(open_client: Open) -> None:
    archive = Archive()
    client = open_client(archive)
    told = {"text": "x" * 200_000}
    assert client.post(HOOK_PATH, json=told, headers={HEADER: SECRET}).status_code == 200
    assert client.post("/other", json=told).status_code == 413
    huge = {"text": "x" * MOST_UPDATE_BYTES}
    assert client.post(HOOK_PATH, json=huge, headers={HEADER: SECRET}).status_code == 413


@pytest.mark.parametrize("missing", ["public_url", "bot_webhook_secret"])
def test_there_is_no_hook_where_none_is_set(missing: str, open_client: Open) -> None:
    archive = Archive(**{missing: ""})
    answer = open_client(archive).post(HOOK_PATH, json={}, headers={HEADER: ""})
    assert answer.status_code == 404
