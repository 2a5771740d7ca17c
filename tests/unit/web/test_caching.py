import asyncio

import httpx
import pytest
from starlette.responses import Response, StreamingResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from soso.web.caching import Compression, HeadAsGet, Validators


def ask(app: ASGIApp, method: str = "GET", path: str = "/", **headers: str) -> httpx.Response:
    async def run() -> httpx.Response:
        transport = httpx.ASGITransport(app)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        async with httpx.AsyncClient(transport=transport, base_url="http://soso.test") as client:
            return await client.request(method, path, headers=named)

    return asyncio.run(run())


BODY = "<p>天气</p>" * 200


async def page_app(scope: Scope, receive: Receive, send: Send) -> None:
    await Response(BODY, media_type="text/html")(scope, receive, send)


def test_the_same_page_has_the_same_validator_and_is_not_sent_twice() -> None:
    app = Validators(page_app)
    first = ask(app)
    assert first.headers["etag"].startswith('W/"')
    assert ask(app).headers["etag"] == first.headers["etag"]
    again = ask(app, if_none_match=first.headers["etag"])
    assert again.status_code == 304
    assert again.content == b""
    assert again.headers["etag"] == first.headers["etag"]
    assert again.headers["cache-control"] == "no-cache"
    assert "cookie" in again.headers["vary"].lower()
    assert "content-length" not in again.headers


@pytest.mark.parametrize("tags", ["*", '"a", W/"b", {tag}', "{strong}"])
def test_forms_of_if_none_match(tags: str) -> None:
    app = Validators(page_app)
    tag = ask(app).headers["etag"]
    given = tags.format(tag=tag, strong=tag.removeprefix("W/"))
    assert ask(app, if_none_match=given).status_code == 304


@pytest.mark.parametrize("tags", ['"a"', "", 'W/"', "nonsense", '"a","b"'])
def test_other_tags_get_the_page(tags: str) -> None:
    assert ask(Validators(page_app), if_none_match=tags).status_code == 200


def test_another_body_has_another_validator() -> None:
    other = Response("<p>别的</p>", media_type="text/html")
    assert ask(Validators(page_app)).headers["etag"] != ask(Validators(other)).headers["etag"]


def test_a_date_is_enough_where_there_is_one_and_a_tag_goes_before_it() -> None:
    modified = "Mon, 23 Nov 2026 12:00:00 GMT"
    app = Validators(
        Response("{}", media_type="application/json", headers={"Last-Modified": modified})
    )
    assert ask(app, if_modified_since=modified).status_code == 304
    assert ask(app, if_modified_since="Mon, 23 Nov 2026 11:59:59 GMT").status_code == 200
    assert ask(app, if_modified_since="yesterday").status_code == 200
    assert ask(app, if_modified_since=modified, if_none_match='"other"').status_code == 200


@pytest.mark.parametrize(
    "answer",
    [
        Response("secret", media_type="text/html", headers={"Cache-Control": "no-store"}),
        Response("gone", media_type="text/html", status_code=410),
        Response(b"pixels", media_type="image/png"),
    ],
)
def test_what_gets_no_validator(answer: Response) -> None:
    assert "etag" not in ask(Validators(answer)).headers


def test_errors_are_not_kept() -> None:
    gone = Response("gone", media_type="text/html", status_code=410)
    assert ask(Validators(gone)).headers["cache-control"] == "no-store"


def test_what_an_answer_says_of_itself_stays() -> None:
    for_ever = Response("x", media_type="text/css", headers={"Cache-Control": "immutable"})
    assert ask(Validators(for_ever)).headers["cache-control"] == "immutable"


def test_a_body_in_pieces_is_validated_as_a_whole_unless_it_is_huge() -> None:
    async def pieces(count: int):  # type: ignore[no-untyped-def]
        for _ in range(count):
            yield b"x" * 2**20

    small = ask(Validators(StreamingResponse(pieces(2), media_type="text/html")))
    assert len(small.content) == 2 * 2**20
    assert "etag" in small.headers
    huge = ask(Validators(StreamingResponse(pieces(12), media_type="text/html")))
    assert len(huge.content) == 12 * 2**20
    assert "etag" not in huge.headers


def test_head_is_get_without_the_body() -> None:
    answer = ask(HeadAsGet(Validators(page_app)), "HEAD")
    assert answer.status_code == 200
    assert answer.content == b""
    assert answer.headers["etag"] == ask(Validators(page_app)).headers["etag"]
    assert int(answer.headers["content-length"]) == len(BODY.encode())


def test_text_is_compressed_but_not_beside_secrets() -> None:
    app = Compression(page_app)
    assert ask(app, accept_encoding="gzip").headers["content-encoding"] == "gzip"
    assert "content-encoding" not in ask(app, accept_encoding="identity").headers
    for path in ("/admin/chats", "/report"):
        assert "content-encoding" not in ask(app, path=path, accept_encoding="gzip").headers
