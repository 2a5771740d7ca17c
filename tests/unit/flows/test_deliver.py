"""From matches to what goes out: folded, once, whatever goes wrong on the way."""

import random
import threading
from collections.abc import Callable
from datetime import timedelta

import pytest

from soso.alerts.delivery import DELIVERED, DeliveryState, End, Outcome
from soso.alerts.digest import LISTED, Digest
from soso.alerts.watch import Door, Owner, Quiet, Rhythm, Watch, WatchState
from soso.flows import deliver as deliver_module
from soso.flows.alert import Alerter
from soso.flows.cluster import cluster_changes
from soso.flows.deliver import (
    COPIES_WAIT,
    LEASE_S,
    Delivering,
    DeliverReport,
    deliver_due,
    read_feed,
    stop_all,
)
from soso.flows.take_down import Removing, hide_post
from soso.flows.watch import change_watch
from soso.model.chat import ChatKind, ChatSighting
from soso.model.errors import NotFound, Unavailable
from soso.model.ids import Peer, PeerKind
from tests.unit.flows.conftest import ANALYZERS, CHANNEL, World
from tests.unit.flows.test_alert import alerter, fresh, run, watch, watching

NEWS = (
    "地铁九号线今天正式开通运营，首班车早上六点从港湾站发出，末班车晚上十一点半。全线共有二十三座车站，"
    "贯穿东西两岸，预计每天运送乘客四十万人次。票价起步三元，学生半价。"
)
HOOK = Owner(door=Door.WEBHOOK, id="operator")


class FakeDoor:
    """Notes what it is given, and answers as it is told to."""

    def __init__(self, answer: Callable[[Digest], Outcome] = lambda _: DELIVERED) -> None:
        self.answer = answer
        self.sent: list[Digest] = []
        self._lock = threading.Lock()

    def send(self, digest: Digest) -> Outcome:
        outcome = self.answer(digest)
        if outcome.end is End.DELIVERED:
            with self._lock:
                self.sent.append(digest)
        return outcome

    @property
    def posts(self) -> list[list[int]]:
        """The numbers of the posts in each message."""
        return [[card.stored.post.id for card in one.cards if card.stored] for one in self.sent]


def other_chat(number: int) -> ChatSighting:
    return ChatSighting(
        peer=Peer(kind=PeerKind.CHANNEL, id=number),
        kind=ChatKind.CHANNEL,
        title=f"频道{number}",
        is_public=True,
    )


def needs(world: World) -> Delivering:
    return Delivering(world.store, ANALYZERS, world.clock)


def deliver(world: World, door: FakeDoor, where: Door = Door.BOT) -> DeliverReport:
    """Deliver until nothing is left to do now."""
    done = []
    while True:
        report = deliver_due({where: door}, needs(world))
        done.append(report)
        if not report.sent:
            return DeliverReport(
                sent=sum(one.sent for one in done),
                later=sum(one.later for one in done),
                ended=sum(one.ended for one in done),
                paused_s=report.paused_s,
            )


def bring(world: World, alerting: Alerter) -> None:
    """Match and look for copies, as the workers do."""
    run(alerting)
    cluster_changes(world.store)


def states(world: World, one: Watch) -> list[str]:
    return [delivery.state.value for delivery in world.store.list_deliveries(one.number)]


def test_new_posts_are_told_once_newest_first_and_marked(world: World) -> None:
    alerting, one, door = alerter(world), watch(world, "台风"), FakeDoor()
    world.take_posts(fresh(world, 1, "台风要来", hours=2), fresh(world, 2, "台风来了", hours=1))
    bring(world, alerting)
    assert deliver(world, door).sent == 1
    assert door.posts == [[2, 1]]
    assert (door.sent[0].watch, door.sent[0].more, door.sent[0].repeat) == (one, 0, False)
    assert door.sent[0].cards[0].title.highlights
    for _ in range(3):
        world.clock.at += timedelta(hours=1)
        bring(world, alerting)
        assert deliver(world, door).sent == 0
    assert states(world, one) == ["sent"]


def test_copies_are_one_line_now_and_later(world: World) -> None:
    alerting, door = alerter(world), FakeDoor()
    watch(world, "地铁")
    world.take_posts(fresh(world, 1, NEWS, hours=3))
    for number in (21, 22):
        world.take_posts(fresh(world, number, f"{NEWS}！", hours=2), chat=other_chat(number))
    world.take_posts(fresh(world, 5, "地铁站里的猫"))
    bring(world, alerting)
    deliver(world, door)
    assert door.posts == [[5, 1]]
    assert [card.copying_chats for card in door.sent[0].cards] == [0, 2]
    world.clock.at += timedelta(hours=1)
    world.take_posts(fresh(world, 23, f"转：{NEWS}"), chat=other_chat(23))
    bring(world, alerting)
    deliver(world, door)
    assert len(door.sent) == 1
    world.clock.at += timedelta(hours=1)
    world.take_posts(fresh(world, 24, f"{NEWS}"), fresh(world, 25, "地铁涨价"), chat=other_chat(24))
    bring(world, alerting)
    deliver(world, door)
    assert door.posts[1:] == [[25]]


def test_a_match_waits_a_little_until_it_is_known_for_a_copy(world: World) -> None:
    alerting, door = alerter(world), FakeDoor()
    watch(world, "地铁")
    world.take_posts(fresh(world, 1, NEWS))
    run(alerting)
    assert deliver(world, door).sent == 0
    world.clock.at += COPIES_WAIT
    assert deliver(world, door).sent == 1


def test_many_are_ten_and_a_number(world: World) -> None:
    alerting, door = alerter(world), FakeDoor()
    watch(world, "石头")
    world.take_posts(*(fresh(world, n, f"第{n}颗石头", hours=n / 60) for n in range(1, 36)))
    bring(world, alerting)
    deliver(world, door)
    assert [(len(one.cards), one.more) for one in door.sent] == [(LISTED, 25)]


def test_what_was_taken_down_meanwhile_is_not_told(world: World) -> None:
    alerting, one, door = alerter(world), watch(world, "台风"), FakeDoor()
    removing = Removing(world.store, world.blobs, world.clock, "test")
    world.take_posts(fresh(world, 1, "台风甲"), fresh(world, 2, "台风乙的事"))
    bring(world, alerting)
    hide_post(CHANNEL.peer.ref, 1, removing, hidden=True)  # type: ignore[union-attr]
    bring(world, alerting)
    down = FakeDoor(lambda _: Outcome(end=End.LATER, reason="500"))
    assert deliver(world, down).later == 1
    hide_post(CHANNEL.peer.ref, 2, removing, hidden=True)  # type: ignore[union-attr]
    world.clock.at += timedelta(hours=1)
    assert deliver(world, door).ended == 1
    assert (door.sent, states(world, one)) == ([], ["empty"])


def test_while_the_other_side_is_down_what_matches_gathers(world: World) -> None:
    alerting, one = alerter(world), watch(world, "台风", HOOK, url="https://example.org/")
    is_up = False
    door = FakeDoor(lambda _: DELIVERED if is_up else Outcome(end=End.LATER, reason="503"))
    for number in range(1, 13):
        world.take_posts(fresh(world, number, f"台风第{number}号，{number * 7}级"))
        bring(world, alerting)
        deliver(world, door, Door.WEBHOOK)
        world.clock.at += timedelta(minutes=5)
    is_up = True
    world.clock.at += timedelta(hours=3)
    deliver(world, door, Door.WEBHOOK)
    world.clock.at += timedelta(minutes=1)
    deliver(world, door, Door.WEBHOOK)
    assert door.posts[0] == [1]
    total = sum(len(sent.cards) + sent.more for sent in door.sent)
    assert (total, len(door.sent), states(world, one)) == (12, 2, ["sent", "sent"])


def test_a_door_that_is_down_is_asked_by_one_and_nobody_loses_by_it(world: World) -> None:
    alerting = alerter(world)
    watches = [watch(world, "台风", Owner(door=Door.BOT, id=str(n))) for n in range(1, 30)]
    world.take_posts(fresh(world, 1, "台风"))
    bring(world, alerting)
    asked: list[int] = []

    def down(digest: Digest) -> Outcome:
        asked.append(digest.number)
        return Outcome(end=End.LATER, reason="the API is down", after_s=30, all_wait=True)

    report = deliver(world, FakeDoor(down))
    assert (report.sent, report.later, report.paused_s) == (0, 29, {"bot": 30})
    assert len(asked) <= deliver_module.THREADS
    world.clock.at += timedelta(seconds=31)
    door = FakeDoor()
    assert deliver(world, door).sent == len(watches)
    (delivery,) = world.store.list_deliveries(watches[0].number)
    assert (delivery.attempts, delivery.doubts) == (0, 0)


def test_who_blocked_the_bot_is_told_nothing_more(world: World) -> None:
    alerting = alerter(world)
    one, two = watch(world, "台风"), watch(world, "地震")
    other = watch(world, "台风", Owner(door=Door.BOT, id="2"))
    world.take_posts(fresh(world, 1, "台风"))
    bring(world, alerting)

    def answer(digest: Digest) -> Outcome:
        gone = digest.watch.owner == one.owner
        return Outcome(end=End.GONE, reason="blocked") if gone else DELIVERED

    deliver(world, FakeDoor(answer))
    found = {w.number: (w.state, w.reason) for w in world.store.list_watches()}
    assert found[one.number] == found[two.number] == (WatchState.GONE, "blocked")
    assert found[other.number][0] is WatchState.ACTIVE
    world.take_posts(fresh(world, 2, "台风地震"))
    bring(world, alerting)
    assert deliver(world, FakeDoor()).sent == 0  # the other waits its turn
    assert stop_all(one.owner, "again", world.store) == 0


def test_who_refuses_for_days_is_given_up_and_can_be_taken_up_again(world: World) -> None:
    alerting, one = alerter(world), watch(world, "台风", HOOK, url="https://example.org/")
    world.take_posts(fresh(world, 1, "台风"))
    bring(world, alerting)
    door = FakeDoor(lambda _: Outcome(end=End.LATER, reason="it answers 500"))
    for _ in range(200):
        deliver(world, door, Door.WEBHOOK)
        world.clock.at += timedelta(hours=1)
    stopped = world.store.get_watch(one.number)
    assert (stopped.state, stopped.reason) == (WatchState.FAILING, "it answers 500")
    again = change_watch(stopped, {"state": "active"}, watching(world))
    assert (again.state, again.reason) == (WatchState.ACTIVE, "")


def test_quiet_hours_mutes_and_rhythms_hold_what_matches(world: World) -> None:
    world.clock.at = world.clock.at.replace(hour=15, minute=30)  # 23:30 in Shanghai
    alerting, door = alerter(world), FakeDoor()
    shanghai = {"zone": "Asia/Shanghai"}
    watch(world, "台风", quiet=Quiet(start=23, end=7), **shanghai)
    watch(world, "台风", Owner(door=Door.BOT, id="2"), rhythm=Rhythm.HOURLY)
    watch(world, "台风", Owner(door=Door.BOT, id="3"), rhythm=Rhythm.DAILY, hour=9, **shanghai)
    world.take_posts(fresh(world, 1, "台风"))
    bring(world, alerting)
    told = {}
    for _ in range(48):
        deliver(world, door)
        told |= {
            one.watch.owner.id: world.clock.at
            for one in door.sent
            if one.watch.owner.id not in told
        }
        world.clock.at += timedelta(minutes=15)
    hours = {who: at.astimezone(world.zone).strftime("%H") for who, at in told.items()}
    assert hours == {"1001": "07", "2": "00", "3": "09"}


def test_a_retry_keeps_quiet_hours_too(world: World) -> None:
    world.clock.at = world.clock.at.replace(hour=14, minute=59)
    alerting, door = alerter(world), FakeDoor()
    one = watch(world, "台风", quiet=Quiet(start=23, end=7), zone="Asia/Shanghai")
    world.take_posts(fresh(world, 1, "台风"))
    bring(world, alerting)
    deliver(world, FakeDoor(lambda _: Outcome(end=End.LATER, reason="429", after_s=120)))
    world.clock.at += timedelta(minutes=30)
    assert deliver(world, door).sent == 0
    world.clock.at = world.clock.at.replace(hour=23, minute=1)
    assert deliver(world, door).sent == 1
    change_watch(one, {"muted_until": world.clock.at + timedelta(days=1)}, watching(world))
    world.take_posts(fresh(world, 2, "台风"))
    bring(world, alerting)
    world.clock.at += timedelta(hours=20)
    assert deliver(world, door).sent == 0
    world.clock.at += timedelta(hours=5)
    assert deliver(world, door).sent == 1


def test_a_stopped_watch_has_nothing_on_its_way(world: World) -> None:
    alerting, one, door = alerter(world), watch(world, "台风"), FakeDoor()
    world.take_posts(fresh(world, 1, "台风"))
    bring(world, alerting)
    deliver(world, FakeDoor(lambda _: Outcome(end=End.LATER, reason="500")))
    change_watch(one, {"state": "stopped"}, watching(world))
    world.clock.at += timedelta(hours=1)
    deliver(world, door)
    assert (door.sent, states(world, one)) == ([], [DeliveryState.EMPTY.value])


@pytest.mark.parametrize(("where", "repeats"), [(Door.BOT, True), (Door.WEBHOOK, False)])
def test_a_kill_while_sending_is_said_where_a_person_would_see_it_twice(
    world: World, where: Door, repeats: bool
) -> None:
    alerting = alerter(world)
    watch(world, "台风", Owner(door=where, id="operator"), url="https://example.org/")
    world.take_posts(fresh(world, 1, "台风"))
    bring(world, alerting)

    def killed(_: Digest) -> Outcome:
        raise Unavailable("killed")

    with pytest.raises(Unavailable):
        deliver(world, FakeDoor(killed), where)
    door = FakeDoor()
    assert deliver(world, door, where).sent == 0
    world.clock.at += timedelta(seconds=LEASE_S + 1)
    assert deliver(world, door, where).sent == 1
    assert (door.sent[0].number, door.sent[0].repeat) == (1, repeats)


class Killed(BaseException):
    """The process ends here."""


@pytest.mark.parametrize("seed", range(6))
def test_a_kill_at_any_step_loses_nothing_and_repeats_only_what_is_in_doubt(
    world: World, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    """Every call to the store or the door may be the last of a process, before or after it."""
    chance = random.Random(seed)
    watches = [
        watch(world, text, Owner(door=Door.BOT, id=str(n))) for n, text in enumerate(("台风", "号"))
    ]
    received: list[tuple[int, bool, int]] = []
    is_mortal = True

    def mortal(call: Callable[..., object]) -> Callable[..., object]:
        def wrapped(*given: object, **named: object) -> object:
            if is_mortal and chance.random() < 0.06:
                raise Killed
            answer = call(*given, **named)
            if is_mortal and chance.random() < 0.06:
                raise Killed
            return answer

        return wrapped

    def receive(digest: Digest) -> Outcome:
        received.extend(
            (c.stored.post.id, digest.repeat, digest.watch.number) for c in digest.cards if c.stored
        )
        return DELIVERED

    for name in ("put_matches", "open_delivery", "take_deliveries", "keep_delivery", "list_due"):
        monkeypatch.setattr(world.store, name, mortal(getattr(world.store, name)))
    door = FakeDoor(receive)
    monkeypatch.setattr(door, "send", mortal(door.send))
    alerting = alerter(world)
    for number in range(1, 27):
        if number <= 12:
            world.take_posts(fresh(world, number, f"台风第{number}号，风力{number}级"))
        is_mortal = number < 24
        try:
            bring(world, alerting)
            deliver_due({Door.BOT: door}, needs(world))
        except Killed:
            alerting = alerter(world)  # another process
        world.clock.at += timedelta(minutes=11)
    for one in watches:
        posts = [post for post, _, number in received if number == one.number]
        sure = [post for post, repeat, number in received if number == one.number and not repeat]
        assert set(posts) == set(range(1, 13))
        assert len(sure) == len(set(sure))


def test_a_feed_is_read_as_it_is_now(world: World) -> None:
    alerting, one = alerter(world), watch(world, "地铁", Owner(door=Door.FEED, id="reader"))
    world.take_posts(fresh(world, 1, NEWS, hours=3), fresh(world, 2, "地铁站的猫", hours=1))
    world.take_posts(fresh(world, 9, NEWS, hours=2), chat=other_chat(9))
    bring(world, alerting)
    feed = read_feed(one.secret, needs(world))
    assert [card.stored.post.id for card in feed.cards if card.stored] == [2, 1]
    removing = Removing(world.store, world.blobs, world.clock, "test")
    hide_post(CHANNEL.peer.ref, 2, removing, hidden=True)  # type: ignore[union-attr]
    assert len(read_feed(one.secret, needs(world)).cards) == 1
    for secret in ("", "no", one.secret + "x"):
        with pytest.raises(NotFound):
            read_feed(secret, needs(world))
