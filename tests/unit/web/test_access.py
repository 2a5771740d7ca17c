import logging
from typing import Any

import pytest


def test_the_log_tells_what_was_served_and_not_what_was_sought(
    visitor: Any, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, logger="soso.web.access"):
        answer = visitor.get("/search?q=secret-word", headers={"Cookie": "soso_session=abc"})
    (line,) = [record.getMessage() for record in caplog.records]
    assert line.startswith("GET /search 200 ")
    assert answer.headers["x-request-id"] in line
    for private in ("secret-word", "192.0.2.7", "abc"):
        assert private not in line


def test_a_path_can_not_forge_a_line(visitor: Any, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, logger="soso.web.access"):
        visitor.get("/a%0AGET%20/forged%20200%1b[2J")
    (line,) = [record.getMessage() for record in caplog.records]
    assert "\n" not in line
    assert "\x1b" not in line


def test_requests_are_measured_by_route_and_not_by_path(visitor: Any) -> None:
    for path in ("/c/1500000001/1", "/c/1500000001/3", "/api/v1/chats/1500000001", "/x", "/y"):
        visitor.get(path)
    visitor.request("BREW", "/")
    text = visitor.get("/metrics").text
    counted = "soso_http_request_duration_seconds_count"
    for labels, count in (
        ('method="GET",route="/c/{ref}/{post_id}",status="200"', 2),
        ('method="GET",route="/api/v1/chats/{chat}",status="200"', 1),
        ('method="GET",route="none",status="404"', 2),
        ('method="OTHER",route="/",status="405"', 1),
    ):
        assert f"{counted}{{{labels}}} {count}.0" in text
    assert "1500000001" not in text
