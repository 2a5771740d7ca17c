from collections.abc import Callable
from datetime import timedelta

import msgspec
import pytest

from soso.flows.identify import find_chat
from soso.model.batch import Batch
from soso.model.chat import ChatKind, ChatSighting
from soso.model.errors import NotFound
from soso.model.post import Post

from .conftest import CHANNEL, ListSource, World, post

Write = Callable[[int], list[Post]]
NAMELESS = ChatSighting(title=CHANNEL.title)


def batch(world: World, chat: ChatSighting, posts: list[Post]) -> Batch:
    return Batch(chat=chat, observed_at=world.clock.now(), posts=tuple(posts))


def chats(world: World) -> list[str]:
    return [row.chat.ref for row in world.store.list_chats(listed=False)]


def test_a_form_without_an_id_joins_by_title_and_twenty_posts(
    world: World, write_posts: Write
) -> None:
    world.take_posts(*write_posts(30))
    report = world.take(ListSource([batch(world, NAMELESS, write_posts(25))], name="html:a"))
    assert chats(world) == ["1500000001"]
    assert report.applied.kept == 25


def test_the_id_is_learnt_later(world: World, write_posts: Write) -> None:
    world.take(ListSource([batch(world, NAMELESS, write_posts(25))], name="html:a"))
    assert chats(world)[0].startswith("x")
    world.take_posts(*write_posts(30))
    assert chats(world) == ["1500000001"]
    assert world.store.count_posts() == 30


def test_pages_too_small_to_join_alone_join_at_the_end(world: World, write_posts: Write) -> None:
    world.take(ListSource([batch(world, NAMELESS, write_posts(30))], name="html:a"))
    pages = [write_posts(15), write_posts(30)[15:]]
    report = world.take(ListSource([batch(world, CHANNEL, page) for page in pages], name="pages"))
    assert chats(world) == ["1500000001"]
    assert world.store.count_posts() == 30
    assert report.chats == ("1500000001",)
    assert any("x1 was joined into 1500000001" in notice for notice in report.notices)


def test_a_nameless_chat_that_comes_in_pieces_joins_at_the_end(
    world: World, write_posts: Write
) -> None:
    world.take_posts(*write_posts(30))
    pages = [write_posts(15), write_posts(30)[15:]]
    report = world.take(ListSource([batch(world, NAMELESS, page) for page in pages], name="html"))
    assert chats(world) == ["1500000001"]
    assert report.chats == ("1500000001",)


def test_what_was_seen_earlier_does_not_displace_what_was_seen_later(world: World) -> None:
    def seen(days: int, **facts: object) -> Batch:
        chat = msgspec.structs.replace(CHANNEL, **facts)
        at = world.clock.now() - timedelta(days=days)
        return Batch(chat=chat, observed_at=at, posts=(post(1, "一"),))

    old = seen(9, title="旧名", members=900, username="old_name", description="旧的")
    new = seen(2, title="新名", members=1200, username="new_name")
    older = seen(12, title="更旧", members=100)
    world.take(ListSource([new, old], name="both"))
    world.take(ListSource([older], name="older"))
    chat = find_chat(world.store, "1500000001")
    assert (chat.title, chat.members, chat.username) == ("新名", 1200, "new_name")
    assert chat.description == "旧的"


def test_local_times_may_be_shifted(world: World, write_posts: Write) -> None:
    world.take_posts(*write_posts(30))
    local = [
        msgspec.structs.replace(one, at=one.at + timedelta(hours=8), at_certain=False)
        for one in write_posts(25)
    ]
    world.take(ListSource([batch(world, NAMELESS, local)], name="html:a"))
    assert chats(world) == ["1500000001"]
    stored = world.store.find_post(find_chat(world.store, "1500000001").key, 3)
    assert stored is not None
    assert stored.post.at == post(3, "").at


def test_too_few_posts_make_a_provisional_chat_once(world: World, write_posts: Write) -> None:
    world.take_posts(*write_posts(30))
    for _ in range(2):
        world.take(ListSource([batch(world, NAMELESS, write_posts(5))], name="html:a"))
    assert len(chats(world)) == 2


def test_the_same_title_alone_does_not_join(world: World, write_posts: Write) -> None:
    world.take_posts(*write_posts(30))
    others = [post(one.id, f"另外的{one.id}") for one in write_posts(25)]
    world.take(ListSource([batch(world, NAMELESS, others)], name="html:b"))
    assert len(chats(world)) == 2


@pytest.mark.parametrize(
    "told", ["@yangli_soso_demo", "1500000001", "https://t.me/yangli_soso_demo"]
)
def test_the_operator_can_tell(world: World, told: str) -> None:
    world.take_posts(post(1, "彗星"))
    world.take(ListSource([batch(world, NAMELESS, [post(2, "台风")])], name="html:a"), told)
    assert chats(world) == ["1500000001"]
    assert world.store.count_posts() == 2


def test_nonsense_told_is_bad_input(world: World) -> None:
    report = world.take(
        ListSource([batch(world, NAMELESS, [post(2, "台风")])], name="html:a"), "no chat"
    )
    assert report.state == "failed"
    assert "--chat" in (report.error or "")


def test_a_name_that_passed_on_does_not_join_two_peers(world: World) -> None:
    world.take_posts(post(1, "彗星"))
    other = msgspec.structs.replace(
        CHANNEL, peer=msgspec.structs.replace(CHANNEL.peer, id=1500000002), title="别的频道"
    )
    world.clock.at += timedelta(days=1)
    world.take_posts(post(1, "台风"), chat=other)
    assert sorted(chats(world)) == ["1500000001", "1500000002"]
    assert find_chat(world.store, "@Yangli_Soso_Demo").ref == "1500000002"


def test_a_row_by_name_meets_the_export_by_id(world: World) -> None:
    named = ChatSighting(username="yangli_soso_demo", title="样例频道", kind=ChatKind.CHANNEL)
    world.take(ListSource([batch(world, named, [])], name="preview:a"))
    world.take_posts(post(1, "彗星"))
    assert chats(world) == ["1500000001"]


def test_unknown_names_are_not_found(world: World) -> None:
    for name in ("@nobody_here", "99", "x99", "", "t.me/nobody_here"):
        with pytest.raises(NotFound):
            find_chat(world.store, name)
