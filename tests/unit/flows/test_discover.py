import pytest

from soso.flows.discover import CONSUMER, choose_found, discover_step, list_proposed
from soso.model.chat import ChatKind, ChatSighting
from soso.model.following import Followed, Route
from soso.model.ids import Peer, PeerKind
from soso.model.post import Forward

from .conftest import START, World, post


def channel(number: int) -> ChatSighting:
    return ChatSighting(
        peer=Peer(kind=PeerKind.CHANNEL, id=1500000100 + number),
        kind=ChatKind.CHANNEL,
        title=f"频道{number}",
        username=f"channel_{number}",
        is_public=True,
    )


def speak(world: World, number: int, *texts: str, start: int = 1) -> None:
    posts = tuple(post(start + place, text) for place, text in enumerate(texts))
    world.take_posts(*posts, chat=channel(number))


def run(world: World) -> int:
    looked = 0
    while done := discover_step(world.store):
        looked += done
    return looked


def test_names_are_proposed_by_how_many_chats_speak_of_them(world: World) -> None:
    speak(world, 1, "看 @Hidden_Gem 和 https://t.me/s/other_one/5", "再看 @hidden_gem")
    speak(world, 2, "t.me/hidden_gem 值得关注", "@channel_1 已经在这里")
    run(world)
    proposed = [(one.name, one.chats, one.posts) for one in list_proposed(world.store)]
    assert proposed == [("hidden_gem", 2, 3), ("other_one", 1, 1)]
    assert run(world) == 0
    assert world.store.lag(CONSUMER) == 0


def test_an_archive_from_before_is_walked_once(world: World) -> None:
    speak(world, 1, "@older_name")
    world.store.ack("index", world.store.last_seq())
    world.store.trim_changes()
    run(world)
    speak(world, 1, "@newer_name", start=9)
    run(world)
    assert {one.name for one in list_proposed(world.store)} == {"older_name", "newer_name"}


def test_forwards_count_and_hidden_posts_do_not(world: World) -> None:
    forwarded = post(1, "转", forward=Forward(username="Far_Away", post_id=3))
    world.take_posts(forwarded, post(2, "@spam_name"), chat=channel(1))
    chat = world.store.find_chat_by_username("channel_1")
    assert chat is not None
    hidden = world.store.find_post(chat.key, 2)
    assert hidden is not None
    world.store.hide_post(hidden.key, hidden=True)
    run(world)
    assert [one.name for one in list_proposed(world.store)] == ["far_away"]


def test_a_chat_that_comes_in_is_proposed_no_more(world: World) -> None:
    speak(world, 1, "@channel_2")
    run(world)
    assert [one.name for one in list_proposed(world.store)] == ["channel_2"]
    speak(world, 2, "你好")
    assert list_proposed(world.store) == []


def test_following_by_itself_needs_leave_enough_chats_and_room(world: World) -> None:
    for number in (1, 2, 3):
        speak(world, number, "@often_met @rarely_met" if number == 1 else "@often_met")
    run(world)
    store = world.store
    assert choose_found(store, depth=0, enough=1, room=9) == []
    assert choose_found(store, depth=1, enough=3, room=0) == []
    assert choose_found(store, depth=1, enough=3, room=9) == [("often_met", 1)]
    assert choose_found(store, depth=1, enough=1, room=1) == [("often_met", 1)]


@pytest.mark.parametrize(("depth", "chosen"), [(2, []), (3, [("next_one", 3)])])
def test_depth_is_counted_from_what_the_operator_chose(
    world: World, depth: int, chosen: list[tuple[str, int]]
) -> None:
    speak(world, 1, "@next_one")
    chat = world.store.find_chat_by_username("channel_1")
    assert chat is not None
    row = Followed(
        route=Route.PREVIEW,
        name="channel_1",
        added_at=START,
        added_by="discovery",
        chat=chat.key,
        depth=2,
    )
    world.store.add_followed(row)
    run(world)
    assert choose_found(world.store, depth=depth, enough=1, room=9) == chosen
