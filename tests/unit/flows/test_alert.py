"""Saved queries over a real store: who is matched, once, and who never."""

from datetime import timedelta

import msgspec
import pytest

from soso.alerts.watch import Door, Owner, Rhythm, Watch, WatchState
from soso.flows.alert import CONSUMER, Alerter
from soso.flows.take_down import Removing, hide_post, set_chat
from soso.flows.watch import NewWatch, Watching, add_watch, change_watch, get_watch
from soso.model.batch import Batch, Tombstone
from soso.model.chat import ChatKind, ChatSighting, Visibility
from soso.model.errors import BadInput, NotFound, Refused
from soso.model.ids import Peer, PeerKind
from soso.model.post import Post
from tests.unit.flows.conftest import ANALYZERS, CHANNEL, ListSource, World

ALICE = Owner(door=Door.BOT, id="1001")


def alerter(world: World) -> Alerter:
    fresh = timedelta(days=3)
    return Alerter(world.store, ANALYZERS, world.clock, world.zone, fresh=fresh)


def watching(world: World) -> Watching:
    made = iter(range(10**6))
    return Watching(
        world.store,
        world.clock,
        secret=lambda: f"s{world.store.count_watches()}-{next(made)}",
        key=lambda: "whsec_a2V5",
    )


def watch(world: World, text: str, owner: Owner = ALICE, **more: object) -> Watch:
    wanted = NewWatch(owner=owner, text=text, **more)  # type: ignore[arg-type]
    made, _ = add_watch(wanted, watching(world), most=100)
    world.clock.at += timedelta(seconds=1)
    return made


def fresh(world: World, number: int, text: str, *, hours: float = 0, **more: object) -> Post:
    at = world.clock.at - timedelta(hours=hours)
    return Post(id=number, at=at, text=text, **more)  # type: ignore[arg-type]


def matched(world: World, one: Watch) -> list[int]:
    """The numbers of the posts that a watch matched, as they came."""
    keys = [match.post for match in world.store.list_matches(one.number)]
    posts = {stored.key: stored.post.id for stored in world.store.get_posts(keys)}
    return [posts[key] for key in reversed(keys)]


def run(alerting: Alerter) -> int:
    found = 0
    while (report := alerting.step()).changes:
        found += report.matches
    return found


def test_a_new_post_is_matched_once_whatever_happens_to_it(world: World) -> None:
    alerting, one = alerter(world), watch(world, "台风")
    world.take_posts(fresh(world, 1, "台风登陆"), fresh(world, 2, "天气很好"))
    assert run(alerting) == 1
    world.clock.at += timedelta(hours=1)
    world.take_posts(fresh(world, 1, "颱風登陸了，注意安全", hours=1, edited=True, views=10**6))
    assert (run(alerting), matched(world, one)) == (0, [1])
    assert run(alerter(world)) == 0
    assert world.store.lag(CONSUMER) == 0


def test_an_edit_that_comes_to_match_is_told_then(world: World) -> None:
    alerting, one = alerter(world), watch(world, "台风 views:>100")
    world.take_posts(fresh(world, 1, "好消息", views=5), fresh(world, 2, "台风", views=7))
    assert run(alerting) == 0
    world.clock.at += timedelta(hours=1)
    edited = fresh(world, 1, "台风要来", hours=1, edited_at=world.clock.at, views=500)
    world.take_posts(edited, fresh(world, 2, "台风", hours=1, views=5000))
    assert (run(alerting), matched(world, one)) == (2, [1, 2])


def test_what_was_there_before_the_watch_is_old(world: World) -> None:
    world.take_posts(fresh(world, 1, "台风"))
    world.clock.at += timedelta(minutes=1)
    alerting, one = alerter(world), watch(world, "台风")
    world.take_posts(
        fresh(world, 1, "台风，改过", hours=0.1, edited_at=world.clock.at),
        fresh(world, 2, "台风二"),
    )
    assert (run(alerting), matched(world, one)) == (1, [2])


def test_an_import_of_old_posts_tells_nobody(world: World) -> None:
    alerting, one = alerter(world), watch(world, "台风")
    world.take_posts(*(fresh(world, n, f"台风{n}", hours=24 * n) for n in range(1, 60)))
    assert (run(alerting), matched(world, one)) == (3, [1, 2, 3])


def test_what_nobody_may_see_is_told_to_nobody(world: World) -> None:
    alerting, one = alerter(world), watch(world, "台风")
    private = msgspec.structs.replace(
        CHANNEL,
        peer=Peer(kind=PeerKind.CHANNEL, id=77),
        title="私",
        username=None,
        is_public=False,
    )
    veiled = ChatSighting(
        peer=Peer(kind=PeerKind.CHANNEL, id=78),
        kind=ChatKind.CHANNEL,
        title="敏感",
        is_public=True,
        sensitive=True,
    )
    world.take_posts(fresh(world, 1, "台风"), chat=private)
    world.take_posts(fresh(world, 2, "台风"), chat=veiled)
    world.take_posts(fresh(world, 3, "台风"), fresh(world, 4, "台风"))
    removing = Removing(world.store, world.blobs, world.clock, "test")
    hide_post(CHANNEL.peer.ref, 3, removing, hidden=True)  # type: ignore[union-attr]
    chat = world.store.find_chat_by_peer(CHANNEL.peer)  # type: ignore[arg-type]
    assert chat is not None
    dead = Batch(
        chat=CHANNEL,
        observed_at=world.clock.at,
        tombstones=(Tombstone(post_id=4, at=world.clock.at),),
    )
    world.take(ListSource([dead], name="test:dead"))
    assert (run(alerting), matched(world, one)) == (0, [])
    set_chat(chat.ref, removing, visibility=Visibility.UNLISTED, sensitive=None, no_index=None)
    world.take_posts(fresh(world, 5, "台风"))
    assert run(alerting) == 0


def test_changes_of_saved_queries_are_noticed(world: World) -> None:
    alerting, one, two = alerter(world), watch(world, "台风"), watch(world, "地震")
    world.take_posts(fresh(world, 1, "台风和地震"))
    assert run(alerting) == 2
    two = change_watch(two, {"text": "海啸"}, watching(world))
    change_watch(one, {"state": WatchState.STOPPED}, watching(world))
    world.clock.at += timedelta(seconds=1)
    world.take_posts(fresh(world, 2, "台风和地震和海啸"))
    assert (run(alerting), matched(world, one), matched(world, two)) == (1, [1], [1, 2])
    world.clock.at += timedelta(hours=1)
    one = change_watch(get_watch(one.number, world.store), {"state": "active"}, watching(world))
    world.take_posts(fresh(world, 3, "台风"))
    run(alerting)
    assert matched(world, one) == [1]  # seen in the very moment it went on
    world.clock.at += timedelta(seconds=1)
    world.take_posts(fresh(world, 4, "台风"))
    run(alerting)
    assert matched(world, one) == [1, 4]
    world.store.remove_watch(one.number)
    world.take_posts(fresh(world, 5, "台风"))
    assert run(alerting) == 0


def test_a_chat_that_comes_after_its_watch(world: World) -> None:
    alerting, one = alerter(world), watch(world, "chat:@yangli_soso_demo 台风")
    other = watch(world, "台风")
    world.take_posts(fresh(world, 1, "台风"))
    assert run(alerting) == 2
    assert matched(world, one) == matched(world, other) == [1]


def test_without_saved_queries_changes_are_let_go(world: World) -> None:
    alerting = alerter(world)
    world.take_posts(fresh(world, 1, "台风"))
    assert alerting.step().changes == 0
    assert world.store.lag(CONSUMER) == 0
    one = watch(world, "台风")
    world.take_posts(fresh(world, 2, "台风"))
    assert (run(alerting), matched(world, one)) == (1, [2])


def test_two_processes_match_each_post_once(world: World) -> None:
    first, second, one = alerter(world), alerter(world), watch(world, "台风")
    for number in range(1, 6):
        world.take_posts(fresh(world, number, f"台风{number}"))
        assert first.step().matches + second.step().matches == 1
    assert len(matched(world, one)) == 5


def test_when_a_match_is_due(world: World) -> None:
    alerting = alerter(world)
    now = watch(world, "台风")
    daily = watch(world, "台风", Owner(door=Door.BOT, id="7"), rhythm=Rhythm.DAILY, hour=9)
    feed = watch(world, "台风", Owner(door=Door.FEED, id="reader"))
    world.take_posts(fresh(world, 1, "台风"))
    run(alerting)

    def due() -> list[int]:
        listed = world.store.list_due(now=world.clock.at, doors=list(Door), limit=9)
        return [one.watch.number for one in listed]

    assert due() == [now.number]
    world.clock.at += timedelta(days=1)
    assert set(due()) == {now.number, daily.number}
    assert matched(world, feed) == [1]


def test_the_same_words_of_one_owner_are_one_watch(world: World) -> None:
    one = watch(world, "台风")
    assert watch(world, " 台风 ", rhythm=Rhythm.DAILY).number == one.number
    assert world.store.get_watch(one.number).rhythm is Rhythm.DAILY
    assert watch(world, "台风").rhythm is Rhythm.DAILY  # asked again in passing
    assert watch(world, "台风", kinds=("video",)).number != one.number
    assert watch(world, "台风", Owner(door=Door.BOT, id="2")).number != one.number


@pytest.mark.parametrize("text", ["", "  ", "kind:channel", "台风 kind:group,bot", "字" * 900])
def test_what_can_not_be_watched(world: World, text: str) -> None:
    with pytest.raises(BadInput):
        watch(world, text)


def test_odd_text_gives_notices_and_too_many_are_refused(world: World) -> None:
    wanted = NewWatch(owner=ALICE, text="台风 after:neverland")
    _, notices = add_watch(wanted, watching(world), most=1)
    assert notices
    with pytest.raises(Refused):
        add_watch(NewWatch(owner=ALICE, text="地震"), watching(world), most=1)


@pytest.mark.parametrize(
    "changes", [{"rhythm": "sometimes"}, {"hour": "nine"}, {"colour": 1}, {"muted_until": 5}]
)
def test_what_can_not_be_changed_is_refused(world: World, changes: dict[str, object]) -> None:
    one = watch(world, "台风")
    with pytest.raises(BadInput):
        change_watch(one, changes, watching(world))
    assert world.store.get_watch(one.number) == one


def test_a_watch_of_somebody_else_is_not_there(world: World) -> None:
    one = watch(world, "台风")
    assert get_watch(one.number, world.store, ALICE) == one
    with pytest.raises(NotFound):
        get_watch(one.number, world.store, Owner(door=Door.BOT, id="2"))
