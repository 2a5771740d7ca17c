from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from soso.model.media import Media, MediaKind, Picture
from soso.model.post import LinkPreview, Location, Poll, Post, Service
from soso.stores.sql.rows import (
    AT_ONCE,
    blobs_of,
    clamp,
    fits,
    in_runs,
    is_shown,
    kinds_mask,
    second_of,
)
from tests.unit.model.sightings import START, at, first


def shown(**fields: Any) -> bool:
    return is_shown(first(Post(id=1, at=START, **fields)))


def test_lists_show_what_has_something_to_show() -> None:
    assert shown(text="a")
    assert shown(media=(Media(kind=MediaKind.VOICE),))
    assert shown(poll=Poll(question="?"))
    assert shown(location=Location(latitude=0, longitude=0))
    assert shown(previews=(LinkPreview(url="https://a.example"),))
    assert not shown()
    assert not shown(text="a", service=Service(action="pin_message"))
    assert not is_shown(first(Post(id=1, at=START, text="a"), hidden=True))
    assert not is_shown(first(Post(id=1, at=START, text="a"), buried_at=at(1)))


def test_kinds_are_bits() -> None:
    masks = [kinds_mask([kind]) for kind in MediaKind]
    assert len({*masks}) == len(MediaKind)
    assert kinds_mask(MediaKind) == sum(masks)
    assert kinds_mask([]) == 0


@pytest.mark.parametrize("at_s", [0, -1, 1_780_000_000])
def test_a_second_is_whole_and_before_its_fractions(at_s: int) -> None:
    when = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=at_s, microseconds=999_999)
    assert second_of(when) == at_s


def test_numbers_beyond_a_column() -> None:
    assert [fits(n) for n in (2**63 - 1, 2**63, -(2**63), -(2**63) - 1)] == [True, False] * 2
    assert (clamp(2**99), clamp(-(2**99)), clamp(5), clamp(None)) == (
        2**63 - 1,
        -(2**63),
        5,
        None,
    )
    runs = [list(run) for run in in_runs([2**64, *range(AT_ONCE + 1)])]
    assert [len(run) for run in runs] == [AT_ONCE, 1]


def test_blobs_are_originals_and_thumbnails() -> None:
    picture = Picture(blob="a", thumb="b", width=1, height=1, thumb_width=1, thumb_height=1)
    assert blobs_of([picture, None, picture]) == {"a", "b"}
