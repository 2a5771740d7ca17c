from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.requests import Request
from starlette.responses import Response

from soso.stores.sql.store import SqlStore
from soso.web.sessions import Sessions
from soso.web.sharing import Windows
from soso.wiring import SystemClock


@pytest.fixture
def stores(tmp_path: Path) -> Iterator[list[SqlStore]]:
    url = f"sqlite:///{tmp_path / 'archive.db'}"
    opened = [SqlStore(url) for _ in range(2)]
    yield opened
    for one in opened:
        one.close()


def test_a_client_that_divides_its_requests_is_counted_once(stores: list[SqlStore]) -> None:
    processes = [Windows() for _ in stores]
    pages = [one.open("pages", "4/minute") for one in processes]
    tries = [one.open("tries", "4/minute") for one in processes]
    for one, store in zip(processes, stores, strict=True):
        one.swap(store)
    assert [window.hit("1.2.3.4") for window in pages for _ in range(2)] == [0, 0, 0, 0]
    for one, store in zip(processes * 2, stores * 2, strict=True):
        one.swap(store)
    assert all(window.hit("1.2.3.4") > 0 for window in pages)
    assert all(window.hit("5.6.7.8") == 0 for window in pages)
    assert all(window.hit("1.2.3.4") == 0 for window in tries)


def test_who_signs_out_in_one_process_is_out_in_all(stores: list[SqlStore]) -> None:
    clock = SystemClock()
    here, there = (Sessions("s" * 32, https=False, answers=store, clock=clock) for store in stores)
    answer = Response()
    session = here.begin(answer)
    cookie = answer.headers["set-cookie"].partition(";")[0]
    request = Request({"type": "http", "headers": [(b"cookie", cookie.encode())]})
    assert there.find(request) == session
    here.end(session, Response())
    assert there.find(request) is None
    assert here.find(request) is None
