from typing import Any

import msgspec
import pytest

from soso.model.media import Media, MediaKind, Picture
from soso.model.media_merge import Items, join_media, own


def item(kind: MediaKind = MediaKind.PHOTO, **fields: Any) -> Media:
    return Media(kind=kind, **fields)


def joined(old: Items, new: Items, **how: Any) -> Items:
    return join_media(old, new, **{"leads": (10, 10), "later": 1, "version": 1, "edit": 0, **how})


def picture(width: int, blob: str = "a") -> Picture:
    return Picture(
        blob=blob * 64, thumb="b" * 64, width=width, height=100, thumb_width=48, thumb_height=48
    )


def test_owners_are_written_down_in_albums_only() -> None:
    items = (item(post_id=12), item(), item(post_id=99))
    assert [one.post_id for one in own(items, 10, {10, 12})] == [10, 10, 12]
    assert [one.post_id for one in own((item(post_id=10),), 10, {10})] == [None]
    single = (item(),)
    assert own(single, 10, {10}) is single


def test_details_of_a_rich_route_outlive_a_poor_one() -> None:
    rich = item(
        MediaKind.VIDEO, file_name="片.mp4", bytes=5_000_000, duration_s=61, picture=picture(400)
    )
    poor = item(MediaKind.VIDEO, duration_s=60, width=320)
    for old, new in ((rich, poor), (poor, rich)):
        assert joined((old,), (new,)) == (msgspec.structs.replace(rich, width=320),)


@pytest.mark.parametrize(
    ("old", "new", "kept"),
    [
        (MediaKind.VIDEO, MediaKind.ANIMATION, MediaKind.ANIMATION),
        (MediaKind.ROUND_VIDEO, MediaKind.VIDEO, MediaKind.ROUND_VIDEO),
        (MediaKind.AUDIO, MediaKind.FILE, MediaKind.AUDIO),
    ],
)
def test_the_telling_kind_is_kept(old: MediaKind, new: MediaKind, kept: MediaKind) -> None:
    assert joined((item(old, title="曲"),), (item(new),)) == (item(kept, title="曲"),)


def test_another_kind_in_its_place_is_another_item() -> None:
    photo, video = item(picture=picture(9)), item(MediaKind.VIDEO)
    assert joined((photo,), (video,), version=1) == (video,)
    assert joined((photo,), (video,), version=-1) == (photo,)


def test_an_edit_can_replace_a_file_by_another() -> None:
    old, new = item(MediaKind.FILE, bytes=1000, file_name="一"), item(MediaKind.FILE, bytes=9000)
    assert joined((old,), (new,), edit=1) == (new,)
    # A rounded size is no other file.
    rounded = item(MediaKind.FILE, bytes=1020)
    assert joined((old,), (rounded,), edit=1)[0].file_name == "一"


def test_items_are_matched_by_their_message_and_the_others_stay() -> None:
    old = (item(post_id=10, width=1), item(post_id=12, width=3))
    new = (item(post_id=11, width=2), item(post_id=12, height=9))
    assert joined(old, new) == (
        item(post_id=10, width=1),
        item(post_id=11, width=2),
        item(post_id=12, width=3, height=9),
    )


def test_pictures_without_ids_are_matched_by_place() -> None:
    known = tuple(item(post_id=number, bytes=number) for number in (10, 11, 12))
    feed = tuple(item(post_id=10, source=f"{number}.jpg") for number in (1, 2, 3))
    together = joined(known, feed)
    assert together == joined(feed, known, later=-1)
    assert [(one.post_id, one.bytes, one.source) for one in together] == [
        (10, 10, "1.jpg"),
        (11, 11, "2.jpg"),
        (12, 12, "3.jpg"),
    ]
    assert joined(together, feed) == together


def test_the_larger_picture_is_kept_and_a_file_that_is_there_is_not_missing() -> None:
    small, large = item(picture=picture(90)), item(picture=picture(900, "c"), source="p.jpg")
    missing = item(missing="exceeds maximum size")
    for old, new in ((small, large), (large, small)):
        assert joined((old,), (new,))[0].picture == picture(900, "c")
    assert joined((missing,), (large,), later=-1)[0].missing is None
    assert joined((item(),), (missing,))[0].missing == "exceeds maximum size"
