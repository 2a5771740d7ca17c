import pytest

from soso.flows import take_down
from soso.flows.browse import Browsing, find_shown_post
from soso.model.batch import Batch, Block
from soso.model.chat import Visibility
from soso.model.errors import BadInput, Gone, NotFound
from soso.model.ids import Peer, PeerKind
from soso.ports.desk import RemovalRequest, RequestState

from .conftest import ANALYZERS, CHANNEL, ListSource, World, post

CHAT = "1500000001"


def removing(world: World) -> take_down.Removing:
    return take_down.Removing(world.store, world.blobs, world.clock, "tester")


def ask(world: World, post_id: int | None = 1) -> int:
    request = RemovalRequest(
        chat=CHAT, post_id=post_id, role="named", reason="我的名字在里面", at=world.clock.now()
    )
    return take_down.request_removal(request, world.store)


def test_an_accepted_request_hides_at_once_and_keeps_it_out(world: World) -> None:
    world.take_posts(post(1, "彗星"), post(2, "彗星"))
    number = ask(world)
    take_down.decide_request(number, removing(world), accept=True, note="好")
    assert world.found("彗星") == [2]  # though the index was not told yet
    with pytest.raises(Gone):
        find_shown_post(world.store, CHAT, 1)
    world.index()
    assert world.search("彗星").total == 1
    report = world.take_posts(post(1, "彗星 又来"))
    assert report.applied.inserted == report.applied.revised == 0
    assert world.found("彗星") == [2]
    assert world.store.get_request(number).state is RequestState.ACCEPTED
    assert [one.what for one in world.store.list_decisions()] == ["accept request"]


def test_a_refused_request_changes_nothing(world: World) -> None:
    world.take_posts(post(1, "彗星"))
    number = ask(world)
    take_down.decide_request(number, removing(world), accept=False, note="公开新闻")
    assert world.found("彗星") == [1]
    with pytest.raises(BadInput):
        take_down.decide_request(number, removing(world), accept=True, note="")


def test_a_chat_can_be_taken_out_whole(world: World) -> None:
    world.take_posts(post(1, "彗星"))
    take_down.decide_request(ask(world, None), removing(world), accept=True, note="")
    assert world.found("彗星") == []
    with pytest.raises(NotFound):
        find_shown_post(world.store, CHAT, 1)
    assert world.store.list_posts(None) == []


@pytest.mark.parametrize(("role", "reason"), [("king", "x"), ("owner", "  ")])
def test_requests_are_checked(world: World, role: str, reason: str) -> None:
    world.take_posts(post(1, "彗星"))
    with pytest.raises(BadInput):
        take_down.request_removal(
            RemovalRequest(chat=CHAT, role=role, reason=reason, at=world.clock.now()), world.store
        )


def test_a_request_for_what_is_not_here_is_refused(world: World) -> None:
    world.take_posts(post(1, "彗星"))
    with pytest.raises(NotFound):
        ask(world, 99)


def test_a_person_can_have_their_messages_left_out(world: World) -> None:
    author = Peer(kind=PeerKind.USER, id=7000000001)
    world.take_posts(post(1, "彗星", author_peer=author), post(2, "彗星"))
    block = Block(at=world.clock.now(), author=author.ref)
    assert take_down.add_block(block, removing(world)) == 1
    assert world.found("彗星") == [2]
    report = world.take_posts(post(3, "彗星", author_peer=author))
    assert report.applied.blocked == 1


def test_a_word_can_be_kept_out(world: World) -> None:
    world.take_posts(post(1, "加微信领彗星"), post(2, "彗星"))
    assert take_down.add_block(Block(at=world.clock.now(), word="加微信"), removing(world)) == 1
    assert world.found("彗星") == [2]
    with pytest.raises(BadInput):
        take_down.add_block(Block(at=world.clock.now()), removing(world))


def test_purging_leaves_nothing(world: World) -> None:
    world.take_posts(post(1, "彗星"), post(2, "彗星"))
    assert take_down.purge(CHAT, 1, removing(world)) == 1
    world.index()
    assert world.search("彗星").total == 1
    with pytest.raises(NotFound):
        find_shown_post(world.store, CHAT, 1)
    assert take_down.purge(CHAT, None, removing(world)) == 1
    world.index()
    assert world.search("彗星").total == 0
    with pytest.raises(NotFound):
        take_down.purge(CHAT, None, removing(world))


def test_an_unlisted_chat_is_read_by_those_who_have_the_address(world: World) -> None:
    world.take_posts(post(1, "彗星"))
    take_down.set_chat(
        CHAT,
        removing(world),
        visibility=Visibility.UNLISTED,
        sensitive=None,
        no_index=None,
    )
    assert world.found("彗星") == []
    assert find_shown_post(world.store, CHAT, 1)[1].post.id == 1
    assert Browsing(world.store, ANALYZERS, False).store.list_posts(None) == []


@pytest.mark.parametrize(
    ("named", "left"),
    [({"chat": CHAT, "post_id": 1}, [2]), ({"word": "加微信"}, [2]), ({"chat": CHAT}, [])],
)
def test_a_new_block_of_an_import_hides_what_is_here(
    world: World, named: dict[str, object], left: list[int]
) -> None:
    world.take_posts(post(1, "加微信领彗星"), post(2, "彗星"))
    now = world.clock.now()
    blocks = (
        Block(at=now, **named),  # type: ignore[arg-type]
        Block(at=now, chat="1599999999", post_id=4),  # of a chat that is not here
    )
    batch = Batch(chat=CHANNEL, observed_at=now, blocks=blocks)
    assert world.take(ListSource([batch], name="test:dump")).state == "done"
    assert world.found("彗星") == left


def test_a_block_that_was_here_hides_nothing_again(world: World) -> None:
    world.take_posts(post(1, "彗星"))
    block = Block(at=world.clock.now(), chat=CHAT, post_id=1)
    take_down.add_block(block, removing(world))
    take_down.hide_post(CHAT, 1, removing(world), hidden=False)
    world.take(ListSource([Batch(chat=CHANNEL, observed_at=block.at, blocks=(block,))]))
    assert world.found("彗星") == [1]
