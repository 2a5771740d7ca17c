"""Rows become batches."""

from datetime import UTC, datetime, timedelta

from soso.model.chat import ChatSighting
from soso.model.post import Post, Service
from soso.sources.desktop_export.albums import Row
from soso.sources.desktop_export.batches import (
    JOINED,
    REPEATED,
    ZONE_UNKNOWN,
    Gatherer,
    Notes,
    Place,
    load_place,
    written_at,
)

WRITTEN = datetime(2025, 1, 1, tzinfo=UTC)


def post(post_id: int, at: datetime = WRITTEN, *, certain: bool = True) -> Post:
    return Post(id=post_id, at=at, at_certain=certain, text="x")


def gather(*rows: Row) -> Gatherer:
    gatherer = Gatherer(ChatSighting(title="x"), Notes(), written_at=WRITTEN)
    for row in rows:
        gatherer.add(row)
    return gatherer


def test_ids_rise_and_stand_once_and_all_rows_are_accounted_for() -> None:
    rows = [
        Row(mark=1, post=post(5)),
        Row(mark=2, skip="why"),
        Row(mark=3, post=post(3), joined=2),
        Row(mark=4, post=post(5)),
    ]
    gatherer = gather(*rows)
    assert (len(gatherer), gatherer.mark) == (6, 4)
    batch = gatherer.take(cursor="c", read_bytes=9)
    assert [post.id for post in batch.posts] == [3, 5]
    assert batch.skipped == {"why": 1, JOINED: 2, REPEATED: 1}
    assert len(batch.posts) + sum(batch.skipped.values()) == 6
    assert len(gatherer) == 0
    assert gatherer.take(cursor="c", read_bytes=9).skipped == {}


def test_a_batch_is_not_observed_before_its_newest_time() -> None:
    old, new = WRITTEN - timedelta(days=9), WRITTEN + timedelta(days=9)
    take = {"cursor": "c", "read_bytes": 0}
    assert gather(Row(mark=1, post=post(1, old))).take(**take).observed_at == WRITTEN
    assert gather(Row(mark=1, post=post(1, new))).take(**take).observed_at == new
    edited = Post(id=1, at=old, text="x", edited=True, edited_at=new)
    assert gather(Row(mark=1, post=edited)).take(**take).observed_at == new


def test_an_unknown_zone_is_said_once_and_not_for_events_without_a_time() -> None:
    event = Post(id=1, at=WRITTEN, at_certain=False, service=Service(action="x"))
    gatherer = gather(Row(mark=1, post=event))
    assert gatherer.take(cursor="c", read_bytes=0).notices == ()
    for number in (2, 3):
        gatherer.add(Row(mark=number, post=post(number, certain=False)))
    assert gatherer.take(cursor="c", read_bytes=0).notices == (ZONE_UNKNOWN,)
    gatherer.add(Row(mark=4, post=post(4, certain=False)))
    assert gatherer.take(cursor="c", read_bytes=0).notices == ()


def test_a_cursor_comes_back_only_for_the_same_input() -> None:
    place = Place(stamp="a", chat=2, mark=9)
    assert load_place(place.dump(), "a") == place
    start = Place(stamp="b")
    for cursor in (place.dump(), None, "", "{", "[]", '{"stamp": 5}', "\ud800"):
        assert load_place(cursor, "b") == start


def test_absurd_file_dates_are_the_epoch() -> None:
    assert written_at(0) == written_at(1e300) == datetime(1970, 1, 1, tzinfo=UTC)
