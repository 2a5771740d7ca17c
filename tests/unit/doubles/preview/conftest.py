import json
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from soso.doubles.preview import PreviewDouble, Started, start_preview_double
from soso.sources.web_preview import PreviewPage, parse_page

NAME = "chengdu_books"
NOW_S = 1_764_000_000
Get = Callable[[str], PreviewPage]


@pytest.fixture
def double() -> PreviewDouble:
    return PreviewDouble(seed=3, now=lambda: NOW_S)


@pytest.fixture
def site(double: PreviewDouble) -> Iterator[Started]:
    started = start_preview_double(double)
    yield started
    started.stop()


@pytest.fixture
def get(site: Started) -> Get:
    """Read a page of the double as Soso does."""

    def read(path: str) -> PreviewPage:
        with urllib.request.urlopen(site.address + path) as answer:
            return parse_page(answer.read(), fetched_at=datetime.fromtimestamp(NOW_S, UTC))

    return read


@pytest.fixture
def control(site: Started) -> Callable[..., Any]:
    """Call the control side."""

    def call(what: str, **arguments: Any) -> Any:
        request = urllib.request.Request(
            f"{site.address}/_control/{what}", json.dumps(arguments).encode()
        )
        try:
            with urllib.request.urlopen(request) as answer:
                return json.load(answer)["result"]
        except urllib.error.HTTPError as error:
            return json.load(error)["error"]

    return call
