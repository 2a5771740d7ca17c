from datetime import timedelta

import msgspec
import pytest

from soso.flows import follow as follow_module
from soso.flows.follow import idle_s, ready_routes, visit_one
from soso.following.pages import Shown
from soso.model.batch import Block
from soso.model.errors import BadInput, NotFound, Refused, Unavailable
from soso.model.following import Followed, Route, SourceState

from .conftest import World
from .followed_world import Channel, Follower


@pytest.fixture
def follower(world: World) -> Follower:
    return Follower(world)


def test_a_new_source_is_visited_and_planned(follower: Follower) -> None:
    follower.site.add(Channel("Ming", 7, posts=3))
    follower.follow("ming")
    report = follower.visit()
    assert report is not None
    assert (report.inserted, report.fault) == (3, None)
    row = follower.row("ming")
    assert row.state is SourceState.FOLLOWING
    assert row.last_success_at == follower.world.clock.now()
    assert row.next_visit_at is not None
    assert row.next_visit_at > follower.world.clock.now()
    assert follower.visit() is None
    chat = follower.world.store.get_chat(row.chat)  # type: ignore[arg-type]
    assert (chat.username, chat.title) == ("Ming", "频道 7")


def test_the_state_is_kept_after_the_posts_and_under_the_lease(follower: Follower) -> None:
    """Whoever reads between the two sees posts and no state, never a state without its posts."""
    follower.site.add(Channel("ming", 7, posts=3))
    added = follower.follow("ming")
    store = follower.world.store
    kept: list[tuple[int, int | None]] = []
    keep = store.keep_followed

    def watched(row: Followed, owner: str, **lease: object) -> bool:
        kept.append((store.count_posts(), store.get_followed(added.number).newest_id))
        return keep(row, owner, **lease)  # type: ignore[arg-type]

    store.keep_followed = watched  # type: ignore[method-assign]
    follower.visit()
    assert kept[0] == (3, None)


def test_a_visit_that_was_cut_off_is_made_again_without_doubles(follower: Follower) -> None:
    follower.site.add(Channel("ming", 7, posts=12))
    follower.follow("ming")
    store = follower.world.store
    keep = store.keep_followed
    store.keep_followed = _killed  # type: ignore[method-assign]
    with pytest.raises(KeyboardInterrupt):
        follower.visit()
    store.keep_followed = keep  # type: ignore[method-assign]
    assert follower.visit() is None, "the dead process has its lease"
    assert store.free_leases(lambda owner: owner == "test/1") == 1
    follower.settle()
    assert follower.alive("ming") == set(range(1, 13))
    assert store.count_posts() == 12


def _killed(*_: object, **__: object) -> bool:
    raise KeyboardInterrupt


def test_a_failure_is_kept_and_tried_again_soon(follower: Follower) -> None:
    follower.site.add(Channel("ming", 7, posts=3))
    follower.follow("ming")
    follower.site.faults = [Unavailable("no network"), BadInput("no such page")]
    report = follower.visit()
    assert report is not None
    assert str(report.fault) == "no network"
    row = follower.row("ming")
    assert (row.failures, row.error, row.state) == (1, "no network", SourceState.NEW)
    follower.wait(seconds=6)
    follower.visit()
    assert follower.row("ming").failures == 2
    follower.wait(minutes=1)
    follower.visit()
    assert follower.row("ming").failures == 0
    assert follower.alive("ming") == {1, 2, 3}


def test_one_that_fails_never_stops_another(follower: Follower) -> None:
    for number, name in enumerate(("bad", "good")):
        follower.site.add(Channel(name, number + 1, posts=3))
        follower.follow(name)
    follower.site.channels["bad"].show = _broken  # type: ignore[method-assign]
    follower.pass_time(hours=6)
    bad, good = follower.row("bad"), follower.row("good")
    assert bad.state is SourceState.FAILING
    assert bad.error == "no such page"
    assert good.failures == 0
    assert follower.alive("good") == {1, 2, 3}
    asked = [name for name, _ in follower.site.asked]
    assert 3 <= asked.count("bad") <= 8
    assert asked.count("good") >= 2


def _broken(*_: object) -> None:
    raise BadInput("no such page")


def test_what_the_host_asks_for_is_waited_out(follower: Follower) -> None:
    follower.site.add(Channel("ming", 7, posts=3))
    follower.follow("ming")
    follower.site.faults = [Unavailable("later", retry_after_s=900.0)]
    follower.visit()
    row = follower.row("ming")
    assert row.next_visit_at == follower.world.clock.now() + timedelta(seconds=900)


@pytest.mark.parametrize(
    ("fault", "state"),
    [(NotFound("gone"), SourceState.GONE), (Refused("not in"), SourceState.PRIVATE)],
)
def test_what_a_route_is_told_becomes_a_state(
    follower: Follower, fault: NotFound, state: SourceState
) -> None:
    follower.follow("ming")
    follower.site.faults = [fault]
    follower.visit()
    assert follower.row("ming").state is state


def test_a_route_that_is_left_alone_is_not_asked(follower: Follower) -> None:
    follower.site.add(Channel("ming", 7, posts=3))
    follower.follow("ming")
    follower.site.wait = 60.0
    assert ready_routes(follower.following) == []
    assert follower.visit() is None
    assert idle_s(follower.following, longest_s=100) == 60
    follower.site.wait = 0.0
    assert idle_s(follower.following, longest_s=100) == 0
    assert follower.visit() is not None
    assert idle_s(follower.following, longest_s=5) == 5


def test_stopping_is_no_failure(follower: Follower) -> None:
    follower.site.add(Channel("ming", 7, posts=3))
    before = follower.follow("ming")

    def stop() -> None:
        follower.stopped = True

    follower.site.before_answer = stop
    follower.site.faults = [Unavailable("the program is ending")]
    report = follower.visit()
    assert report is not None
    assert follower.row("ming") == before
    follower.stopped = False
    assert follower.visit() is not None, "the lease has ended"


def test_the_operator_s_word_is_not_written_over(follower: Follower) -> None:
    """A source is paused while it is visited."""
    follower.site.add(Channel("ming", 7, posts=30))
    added = follower.follow("ming")

    def pause() -> None:
        follower.world.store.change_followed(
            added.number,
            lambda row: msgspec.structs.replace(
                row, state=SourceState.PAUSED, next_visit_at=None, next_work_at=None
            ),
        )

    follower.site.before_answer = pause
    follower.visit()
    assert follower.row("ming").state is SourceState.PAUSED
    assert follower.settle() == []


def test_a_source_that_was_removed_stays_so(follower: Follower) -> None:
    follower.site.add(Channel("ming", 7, posts=3))
    added = follower.follow("ming")
    follower.site.before_answer = lambda: follower.world.store.remove_followed(added.number)
    follower.visit()
    assert follower.world.store.list_followed() == []


def test_a_blocked_chat_is_not_asked(follower: Follower) -> None:
    follower.site.add(Channel("ming", 7, posts=3))
    follower.follow("ming")
    follower.world.store.add_block(Block(at=follower.world.clock.now(), chat="@Ming"))
    follower.world.store.add_block(Block(at=follower.world.clock.now(), word="word"))
    follower.visit()
    assert follower.row("ming").state is SourceState.PAUSED
    assert follower.site.asked == []


def test_a_chat_that_was_purged_and_blocked_does_not_come_back(follower: Follower) -> None:
    follower.site.add(Channel("ming", 7, posts=3))
    follower.follow("ming")
    follower.settle()
    store = follower.world.store
    store.purge_chat(follower.row("ming").chat)  # type: ignore[arg-type]
    store.add_block(Block(at=follower.world.clock.now(), chat="7"))
    follower.pass_time(hours=8)
    assert follower.row("ming").state is SourceState.PAUSED
    assert store.count_posts() == 0


def test_the_archive_s_own_failure_is_no_source_s(
    follower: Follower, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A full disk: the visit ends with an error, the source is as it was, all comes later."""
    follower.site.add(Channel("ming", 7, posts=3))
    follower.follow("ming")
    with monkeypatch.context() as patched:
        patched.setattr(follow_module, "take_batch", _full)
        with pytest.raises(Unavailable, match="disk is full"):
            follower.visit()
    row = follower.row("ming")
    assert (row.failures, row.newest_id) == (0, None)
    follower.wait(seconds=follow_module.LEASE_S)
    follower.settle()
    assert follower.alive("ming") == {1, 2, 3}


def _full(*_: object, **__: object) -> None:
    raise Unavailable("the disk is full")


def test_a_clock_that_goes_back_holds_nothing_up(follower: Follower) -> None:
    channel = follower.site.add(Channel("ming", 7, posts=3))
    follower.follow("ming")
    follower.settle()
    follower.wait(hours=-9)
    channel.add()
    follower.pass_time(hours=1)
    assert 4 in follower.alive("ming")
    follower.wait(days=400)
    channel.add()
    follower.settle()
    assert 5 in follower.alive("ming")


def test_when_all_is_late_all_wait_alike(follower: Follower) -> None:
    """One visit a minute for ten channels that want one each."""
    for number in range(10):
        follower.site.add(Channel(f"c{number}", number + 1, posts=5, size=9))
        follower.follow(f"c{number}")
    follower.settle()
    follower.wait(hours=1)
    follower.site.asked.clear()
    for _ in range(200):
        for channel in follower.site.channels.values():
            channel.add()
            channel.times[channel.last_id] = follower.world.clock.now()
        follower.wait(minutes=1)
        follower.visit()
    asked = [name for name, ask in follower.site.asked if ask.before is None]
    counts = [asked.count(f"c{number}") for number in range(10)]
    assert max(counts) - min(counts) <= 3
    late, lag = follower.world.store.count_late(follower.world.clock.now())
    assert late >= 8
    assert lag > 60


def test_one_is_visited_at_once(follower: Follower) -> None:
    follower.site.cards["ming"] = Shown.CLOSED
    added = follower.follow("ming", next_visit_at=None)
    report = visit_one(follower.following, added.number)
    assert report is not None
    assert report.followed.state is SourceState.CLOSED
    follower.world.store.take_followed(
        added.number, follower.world.clock.now(), "other", lease_s=60
    )
    assert visit_one(follower.following, added.number) is None
    with pytest.raises(NotFound):
        visit_one(follower.following, added.number + 1)
    assert Route.PREVIEW in follower.following.sources
