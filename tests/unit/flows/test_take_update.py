"""What a bot hears of channels: items of albums one by one, in any order, and more than once."""

from datetime import timedelta
from itertools import permutations

import msgspec
import pytest

from soso.flows.ingest import Ingestion
from soso.flows.take_update import (
    ALBUMS_KEPT,
    NOT_LET_IN,
    forget_albums,
    take_membership,
    take_post,
)
from soso.model.batch import Batch
from soso.model.chat import ChatSighting
from soso.model.following import Followed, Route, SourceState
from soso.model.media import Media, MediaKind
from soso.model.post import Post, StoredPost
from soso.stores.blobs.keeper import PictureKeeper

from .conftest import CHANNEL, ListSource, World, post


def needs(world: World) -> Ingestion:
    return Ingestion(world.store, PictureKeeper(world.blobs), world.clock, 10**6, lambda _: None)


def take(world: World, one: Post, *, album: str | None = None) -> bool:
    batch = Batch(chat=CHANNEL, observed_at=world.clock.now(), posts=(one,))
    return take_post(batch, ListSource([]), needs(world), album=album) is not None


def item(number: int, text: str = "") -> Post:
    media = Media(kind=MediaKind.PHOTO, post_id=number)
    return msgspec.structs.replace(post(number, text), media=(media,))


def kept(world: World) -> list[StoredPost]:
    assert CHANNEL.peer is not None
    chat = world.store.find_chat_by_peer(CHANNEL.peer)
    return [] if chat is None else list(world.store.iter_posts(chat.key))


def source(world: World) -> Followed:
    (one,) = world.store.list_followed()
    return one


@pytest.mark.parametrize("order", list(permutations([10, 11, 12])))
def test_an_album_is_one_post_in_whatever_order_it_comes(
    world: World, order: tuple[int, ...]
) -> None:
    texts = {10: "第一张", 11: "", 12: ""}
    for number in (*order, *order):  # all of them are delivered again
        take(world, item(number, texts[number]), album="g")
    (album,) = kept(world)
    assert (album.post.id, album.post.album, album.post.text) == (10, (10, 11, 12), "第一张")
    assert [media.post_id for media in album.post.media] == [10, 11, 12]
    assert album.revisions == 0


def test_an_edit_of_an_item_is_one_of_its_album(world: World) -> None:
    for number in (10, 11):
        take(world, item(number, "旧" if number == 10 else ""), album="g")
    world.clock.at += timedelta(minutes=5)
    edited = msgspec.structs.replace(item(10, "新的话"), edited=True, edited_at=world.clock.at)
    take(world, edited)
    (album,) = kept(world)
    assert (album.post.text, album.revisions, len(album.post.media)) == ("新的话", 1, 2)


def test_albums_of_one_name_far_apart_are_two(world: World) -> None:
    take(world, item(10), album="g")
    take(world, item(900), album="g")
    assert [one.post.id for one in kept(world)] == [10, 900]


def test_albums_are_forgotten_when_no_item_can_follow(world: World) -> None:
    take(world, item(10), album="g")
    assert forget_albums(world.store, world.clock.now()) == 0
    later = world.clock.now() + ALBUMS_KEPT + timedelta(seconds=1)
    assert forget_albums(world.store, later) == 1


def test_a_channel_that_posts_is_followed(world: World) -> None:
    take(world, post(7, "x"))
    take(world, post(9, "y"))
    take(world, post(8, "z"))
    one = source(world)
    assert (one.state, one.title, one.next_visit_at) == (SourceState.FOLLOWING, "样例频道", None)
    assert (one.oldest_id, one.newest_id) == (7, 9)


def test_a_channel_that_was_paused_is_left_alone(world: World) -> None:
    take(world, post(7, "x"))

    def pause(one: Followed) -> Followed:
        return msgspec.structs.replace(one, state=SourceState.PAUSED)

    world.store.change_followed(source(world).number, pause)
    assert not take(world, post(8, "y"))
    assert [one.post.id for one in kept(world)] == [7]
    take_membership(CHANNEL, needs(world), posts_arrive=True, who="u1")
    assert source(world).state is SourceState.PAUSED


def test_coming_and_going(world: World) -> None:
    assert take_membership(CHANNEL, needs(world), posts_arrive=False, who="u1") is None
    came = take_membership(CHANNEL, needs(world), posts_arrive=True, who="u1")
    assert came is not None
    assert (came.state, came.added_by) == (SourceState.FOLLOWING, "u1")
    went = take_membership(CHANNEL, needs(world), posts_arrive=False, who="u1")
    assert went is not None
    assert (went.number, went.state, went.error) == (came.number, SourceState.CLOSED, NOT_LET_IN)
    again = take_membership(CHANNEL, needs(world), posts_arrive=True, who="u2")
    assert again is not None
    assert (again.number, again.state, again.error) == (came.number, SourceState.FOLLOWING, None)


def test_a_new_title_is_the_chats(world: World) -> None:
    take(world, post(7, "x"))
    world.clock.at += timedelta(minutes=1)
    renamed: ChatSighting = msgspec.structs.replace(CHANNEL, title="新名字")
    batch = Batch(chat=renamed, observed_at=world.clock.now(), posts=(post(8, "y"),))
    take_post(batch, ListSource([]), needs(world))
    assert source(world).title == "新名字"


def test_a_channel_added_by_its_name_is_the_one_that_posts(world: World) -> None:
    name = CHANNEL.username
    assert name is not None
    bare = Followed(route=Route.BOT, name=name.lower(), added_at=world.clock.now(), added_by="me")
    added = world.store.add_followed(bare)
    take(world, post(7, "x"))
    one = source(world)
    assert (one.number, one.state, one.added_by) == (added.number, SourceState.FOLLOWING, "me")
    assert CHANNEL.peer is not None
    assert one.name == CHANNEL.peer.ref
    take(world, post(8, "y"))
    assert source(world).newest_id == 8
