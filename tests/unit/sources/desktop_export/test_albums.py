"""Messages that were sent together."""

from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace

from soso.model.ids import Peer, PeerKind
from soso.model.media import Media, MediaKind
from soso.model.post import Entity, EntityKind, Forward, Post, Reaction
from soso.sources.desktop_export.albums import Row, join_albums

AT = datetime(2025, 1, 1, tzinfo=UTC)
PHOTO = Media(kind=MediaKind.PHOTO)


def item(post_id: int, kind: MediaKind = MediaKind.PHOTO, **fields: object) -> Post:
    post = Post(id=post_id, at=AT, author="甲", media=(Media(kind=kind),))
    return replace(post, **fields) if fields else post


def join(*posts: Post) -> list[Row]:
    return list(join_albums(Row(mark=number, post=post) for number, post in enumerate(posts)))


def albums(*posts: Post) -> list[tuple[int, ...]]:
    return [row.post.album or (row.post.id,) for row in join(*posts) if row.post is not None]


def test_neighbours_of_a_second_become_one_post_under_the_lowest_id() -> None:
    (row,) = join(item(12), item(11, MediaKind.VIDEO), item(13))
    assert row.post is not None
    assert (row.post.id, row.post.album, row.joined, row.mark) == (11, (11, 12, 13), 2, 2)
    assert [(m.post_id, m.kind) for m in row.post.media] == [
        (11, MediaKind.VIDEO),
        (12, MediaKind.PHOTO),
        (13, MediaKind.PHOTO),
    ]


def test_a_single_item_stays_as_it_is() -> None:
    (row,) = join(item(5))
    assert row == Row(mark=0, post=item(5))


@pytest.mark.parametrize(
    "other",
    [
        item(2, at=AT + timedelta(seconds=1)),
        item(2, author="乙"),
        item(2, author_peer=Peer(kind=PeerKind.USER, id=1)),
        item(2, forward=Forward(name="x")),
        item(2, via_bot="gif"),
        item(2, media=()),
        item(2, MediaKind.FILE),
        item(2, MediaKind.STICKER),
        item(2, MediaKind.VOICE),
        item(1),
    ],
)
def test_what_is_no_album(other: Post) -> None:
    assert len(join(item(1), other)) == 2


@pytest.mark.parametrize("kind", [MediaKind.FILE, MediaKind.AUDIO])
def test_files_and_songs_make_albums_of_their_own(kind: MediaKind) -> None:
    assert albums(item(1, kind), item(2, kind), item(3)) == [(1, 2), (3,)]


def test_stickers_of_one_second_are_no_album() -> None:
    assert albums(item(1, MediaKind.STICKER), item(2, MediaKind.STICKER)) == [(1,), (2,)]


def test_ten_items_at_most() -> None:
    posts = [item(number) for number in range(1, 24)]
    assert [len(album) for album in albums(*posts)] == [10, 10, 3]


def test_a_row_that_is_left_out_ends_an_album_and_keeps_its_place() -> None:
    rows = [Row(mark=1, post=item(1)), Row(mark=2, skip="x"), Row(mark=3, post=item(3))]
    assert list(join_albums(rows)) == rows


def test_captions_are_joined_and_their_entities_shifted() -> None:
    bold = Entity(kind=EntityKind.BOLD, start=0, end=2)
    (row,) = join(
        item(1, text="图一", entities=(bold,)), item(2), item(3, text="图三", entities=(bold,))
    )
    assert row.post is not None
    assert row.post.text == "图一\n图三"
    assert [(entity.start, entity.end) for entity in row.post.entities] == [(0, 2), (3, 5)]


def test_reactions_are_summed_and_the_last_edit_counts() -> None:
    thumb = Reaction(emoji="👍", count=2)
    late = AT + timedelta(hours=2)
    (row,) = join(
        item(1, reactions=(thumb,), edited=True, edited_at=AT + timedelta(hours=1)),
        item(2, reactions=(thumb, Reaction(emoji="🔥", count=1)), edited=True, edited_at=late),
        item(3, at_certain=False),
    )
    assert row.post is not None
    assert row.post.reactions == (Reaction(emoji="👍", count=4), Reaction(emoji="🔥", count=1))
    assert (row.post.edited, row.post.edited_at, row.post.at_certain) == (True, late, False)
