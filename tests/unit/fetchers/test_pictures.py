from collections.abc import Collection

import pytest

from soso.fetchers.pictures import PictureDoor
from soso.model.errors import HostileInput, NotFound, Unavailable
from soso.ports.fetcher import Fetched

LINK = "https://cdn4.telesco.pe/file/x.jpg"


class Canned:
    def __init__(self, answer: Fetched | Exception) -> None:
        self.answer = answer
        self.asked: list[tuple[str, int, tuple[str, ...]]] = []

    def fetch(
        self,
        url: str,
        *,
        max_bytes: int,
        etag: str | None = None,
        last_modified: str | None = None,
        kinds: Collection[str] = (),
    ) -> Fetched:
        self.asked.append((url, max_bytes, tuple(kinds)))
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer

    def wait_s(self, url: str) -> float:
        return 0.0


def test_a_picture_is_asked_for_as_one() -> None:
    fetcher = Canned(Fetched(url=LINK, status=200, content=b"jpeg"))
    assert PictureDoor(fetcher).open_media(LINK, max_bytes=7) == b"jpeg"
    assert fetcher.asked == [(LINK, 7, ("image/",))]


def test_what_can_never_be_had_is_none() -> None:
    assert PictureDoor(Canned(HostileInput("large"))).open_media(LINK, max_bytes=7) is None


@pytest.mark.parametrize("status", [403, 404, 410])
def test_a_dead_link_is_told(status: int) -> None:
    with pytest.raises(NotFound):
        PictureDoor(Canned(Fetched(url=LINK, status=status))).open_media(LINK, max_bytes=7)


@pytest.mark.parametrize(
    "answer", [Unavailable("no"), Fetched(url=LINK, status=200, content=b"jp", cut=True)]
)
def test_what_can_be_had_later_is_told(answer: Fetched | Exception) -> None:
    with pytest.raises(Unavailable):
        PictureDoor(Canned(answer)).open_media(LINK, max_bytes=7)
