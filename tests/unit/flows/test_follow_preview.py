"""What visits to preview pages bring in, and what they bury."""

from contextlib import suppress
from datetime import datetime

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from soso.following.pages import Ask, Reading, Shown
from soso.model.errors import Unavailable
from soso.model.following import Followed, SourceState
from soso.model.post import Post, Service
from tests.unit.following.chats import page
from tests.unit.following.chats import post as told

from .conftest import START, World
from .followed_world import Channel, Follower


@pytest.fixture
def follower(world: World) -> Follower:
    return Follower(world)


def deep(follower: Follower, posts: int = 40, **fields: object) -> Channel:
    channel = follower.site.add(Channel("ming", 7, posts=posts, **fields))  # type: ignore[arg-type]
    follower.follow("ming")
    return channel


def test_history_is_read_to_its_first_post(follower: Follower) -> None:
    deep(follower, 40)
    assert (report := follower.visit()) is not None
    assert report.followed.state is SourceState.BACKFILLING
    follower.settle()
    row = follower.row("ming")
    assert (row.state, row.oldest_id, row.is_backfilled) == (SourceState.FOLLOWING, 1, True)
    assert follower.alive("ming") == set(range(1, 41))


def test_what_came_while_nobody_looked_is_found(follower: Follower) -> None:
    channel = deep(follower, 5)
    follower.settle()
    for _ in range(120):
        channel.add()
    follower.wait(hours=7)
    report = follower.visit()
    assert report is not None
    assert report.steps > 5, "the gap is filled in the visit that noticed it"
    follower.settle()
    assert follower.alive("ming") == set(range(1, 126))
    assert follower.row("ming").gaps == ()


def test_nothing_new_costs_nothing(follower: Follower) -> None:
    deep(follower, 5)
    follower.settle()
    posts = follower.posts("ming")
    follower.wait(hours=7)
    report = follower.visit()
    assert report is not None
    assert report.followed.last_success_at == follower.world.clock.now()
    assert follower.posts("ming") == posts


def test_edits_are_seen_while_posts_are_young(follower: Follower) -> None:
    channel = deep(follower, 20)
    follower.settle()
    channel.texts[4] = "edited far down"
    channel.texts[20] = "edited on top"
    follower.pass_time(hours=7)
    posts = follower.posts("ming")
    assert posts[20].post.text == "edited on top"
    assert posts[20].revisions == 1


def test_a_deleted_post_is_buried_after_two_readings(follower: Follower) -> None:
    channel = deep(follower, 5)
    follower.settle()
    channel.delete(4)
    follower.wait(hours=7)
    follower.visit()
    assert follower.alive("ming") == {1, 2, 3, 4, 5}, "one reading is not enough"
    noted_at = follower.world.clock.now()
    assert [one.post_id for one in follower.row("ming").missing] == [4]
    follower.pass_time(hours=0.2)
    assert follower.alive("ming") == {1, 2, 3, 5}
    assert follower.posts("ming")[4].buried_at == noted_at
    assert follower.row("ming").missing == ()


def test_the_newest_post_can_go_too(follower: Follower) -> None:
    channel = deep(follower, 5)
    follower.settle()
    channel.delete(5)
    follower.pass_time(hours=14)
    assert follower.alive("ming") == {1, 2, 3, 4}


def test_deletions_far_down_are_found_by_a_sweep(follower: Follower) -> None:
    channel = deep(follower, 60)
    follower.settle()
    for number in (1, 2, 17, 30, 31, 32, 33, 34, 35, 36):
        channel.delete(number)
    row = follower.row("ming")
    follower.world.store.change_followed(
        row.number, lambda one: _replaced(one, sweep_wanted=True, next_work_at=START)
    )
    follower.pass_time(hours=1)
    assert follower.alive("ming") == channel.ids()
    assert not follower.row("ming").sweep_wanted


def _replaced(row: Followed, **fields: object) -> Followed:
    return msgspec.structs.replace(row, **fields)


def test_a_chat_that_was_emptied_is_empty_in_the_end(follower: Follower) -> None:
    channel = deep(follower, 30)
    follower.settle()
    for number in range(1, 31):
        channel.delete(number)
    follower.pass_time(hours=30, step_s=900)
    assert follower.alive("ming") == set()
    assert follower.row("ming").state is SourceState.FOLLOWING


def test_a_preview_that_closes_buries_nothing(follower: Follower) -> None:
    deep(follower, 30)
    follower.settle()
    follower.site.cards["ming"] = Shown.CLOSED
    follower.pass_time(hours=48, step_s=900)
    assert follower.alive("ming") == set(range(1, 31))
    row = follower.row("ming")
    assert row.state is SourceState.CLOSED
    assert row.next_visit_at is not None
    del follower.site.cards["ming"]
    follower.pass_time(hours=24 * 8, step_s=3600)
    assert follower.row("ming").state is SourceState.FOLLOWING


def test_an_album_loses_an_item(follower: Follower) -> None:
    channel = deep(follower, 2)
    channel.add(4)
    follower.settle()
    assert follower.posts("ming")[3].post.album == (3, 4, 5, 6)
    channel.delete(5)
    follower.pass_time(hours=14)
    assert follower.posts("ming")[3].buried_at is None
    assert follower.row("ming").missing == ()
    assert [t.post_id for t in follower.world.store.iter_tombstones(follower.row("ming").chat)] == [
        5
    ]  # type: ignore[arg-type]
    for number in (3, 4, 6):
        channel.delete(number)
    follower.pass_time(hours=20)
    assert follower.alive("ming") == {1, 2}


def test_what_pages_never_list_is_not_dead(follower: Follower) -> None:
    """Posts of an export that no page shows, and rows of things that happened."""
    channel = deep(follower, 5)
    follower.settle()
    hidden = Post(id=6, at=START, text="only members see it")
    event = Post(id=7, at=START, service=Service(action="pin_message"))
    follower.world.take_posts(hidden, event, chat=channel.sighting())
    channel.skip(2)
    channel.add()
    shown = channel.show

    def show(ask: Ask, at: datetime = START) -> Reading:
        return page(told(6), at=at) if ask.post_id == 6 else shown(ask, at)

    channel.show = show  # type: ignore[method-assign]
    follower.pass_time(hours=24)
    assert follower.alive("ming") == {1, 2, 3, 4, 5, 6, 7, 8}
    row = follower.row("ming")
    assert row.unlisted == (6,)
    singles = [ask for _, ask in follower.site.asked if ask.post_id is not None]
    assert len(singles) == 1, "it is asked once, not every time"


def test_cards_tell_what_a_name_is(follower: Follower) -> None:
    wanted = {
        Shown.CLOSED: SourceState.CLOSED,
        Shown.PRIVATE: SourceState.PRIVATE,
        Shown.FREE: SourceState.GONE,
        Shown.BOT: SourceState.UNFIT,
        Shown.PERSON: SourceState.UNFIT,
    }
    for shown in wanted:
        name = shown.value.replace(" ", "")
        follower.site.cards[name] = shown
        follower.follow(name)
    follower.settle()
    rows = {shown: follower.row(shown.value.replace(" ", "")) for shown in wanted}
    assert {shown: row.state for shown, row in rows.items()} == wanted
    assert rows[Shown.CLOSED].title == "名片 closed"
    assert rows[Shown.PRIVATE].members == 5
    store = follower.world.store
    assert store.find_chat_by_username("closed") is not None, "a chat without posts is listed"
    assert store.find_chat_by_username("bot") is not None
    assert store.find_chats_by_title("名片 private") == []
    asked = len(follower.site.asked)
    follower.pass_time(hours=24, step_s=600)
    assert len(follower.site.asked) - asked <= 5 * 4, "ever more rarely"


def test_a_renamed_channel_is_the_same(follower: Follower) -> None:
    """The old name still leads to it: the page shows the new one."""
    channel = deep(follower, 8)
    follower.settle()
    key = follower.row("ming").chat
    channel.name = "Hong"
    channel.add()
    follower.wait(hours=7)
    follower.visit()
    row = follower.row("hong")
    assert (row.chat, row.former_names, row.shown_name) == (key, ("ming",), "Hong")
    chat = follower.world.store.get_chat(key)  # type: ignore[arg-type]
    assert chat.username == "Hong"
    assert follower.world.store.find_chat_by_username("ming") == chat, "old links lead to it"
    assert follower.alive("hong") == set(range(1, 10))


def test_a_lost_name_is_found_again_when_the_chat_is_seen_elsewhere(follower: Follower) -> None:
    channel = deep(follower, 3)
    follower.settle()
    follower.site.rename(channel, "Hong")
    follower.pass_time(hours=8)
    assert follower.row("ming").state is SourceState.GONE
    follower.world.take_posts(
        Post(id=9, at=START, text="by another route"), chat=channel.sighting()
    )
    follower.pass_time(hours=72, step_s=3600)
    row = follower.row("hong")
    assert (row.state, row.former_names) == (SourceState.FOLLOWING, ("ming",))


def test_a_name_that_another_chat_took_brings_nothing_in(follower: Follower) -> None:
    deep(follower, 3)
    follower.settle()
    follower.site.add(Channel("ming", 8, posts=9))
    follower.pass_time(hours=10)
    row = follower.row("ming")
    assert row.state is SourceState.TAKEN
    assert row.peer is not None
    assert row.peer.id == 7
    assert follower.alive("ming") == {1, 2, 3}
    assert follower.world.store.count_posts() == 3


def test_an_empty_channel_under_the_name_buries_nothing(follower: Follower) -> None:
    deep(follower, 3)
    follower.settle()
    follower.site.add(Channel("ming", 8, posts=0))
    follower.pass_time(hours=72, step_s=3600)
    assert follower.alive("ming") == {1, 2, 3}
    row = follower.row("ming")
    assert row.state is SourceState.FAILING
    assert row.title == "频道 7"


def test_pages_without_numbers_are_of_the_chat_that_is_followed(follower: Follower) -> None:
    channel = deep(follower, 3)
    follower.settle()
    channel.has_number = False
    channel.add()
    follower.pass_time(hours=8)
    assert follower.alive("ming") == {1, 2, 3, 4}


def test_a_chat_that_was_purged_is_read_anew(follower: Follower) -> None:
    deep(follower, 3)
    follower.settle()
    old = follower.row("ming").chat
    follower.world.store.purge_chat(old)  # type: ignore[arg-type]
    follower.site.channels["ming"].add()
    follower.pass_time(hours=8)
    assert 4 in follower.alive("ming")


happenings = st.lists(
    st.one_of(
        st.tuples(st.just("add"), st.integers(1, 4)),
        st.tuples(st.just("delete"), st.integers(1, 60)),
        st.tuples(st.just("edit"), st.integers(1, 60)),
        st.tuples(st.just("visit"), st.integers(1, 4)),
        st.tuples(st.just("hours"), st.integers(1, 30)),
        st.tuples(st.just("fail"), st.integers(1, 3)),
        st.tuples(st.just("killed"), st.just(0)),
    ),
    max_size=25,
)


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(happenings)
def test_in_the_end_the_archive_is_what_the_chat_is(
    tmp_path_factory: pytest.TempPathFactory, done: list[tuple[str, int]]
) -> None:
    follower = Follower(World(tmp_path_factory.mktemp("world")))
    channel = deep(follower, 7)
    for what, number in done:
        match what:
            case "add":
                channel.add(number)
            case "delete":
                channel.delete(number)
            case "edit" if number in channel.ids():
                channel.texts[number] = f"text {follower.world.clock.now()}"
            case "visit":
                for _ in range(number):
                    follower.visit() or follower.visit(background=True)
            case "hours":
                follower.wait(hours=number)
            case "fail":
                follower.site.faults = [Unavailable("no answer")] * number
            case "killed":
                _kill_in_a_visit(follower)
    follower.site.faults = []
    _sweep(follower)
    assert _first_ids(follower) == {ids[0] for ids in channel.blocks}
    for stored in follower.posts("ming").values():
        text = channel.texts.get(stored.post.id)
        if stored.buried_at is None and text is not None:
            assert stored.post.text == text
    follower.world.store.close()


def _first_ids(follower: Follower) -> set[int]:
    """What is alive, an album by its lowest message that is."""
    key = follower.row("ming").chat
    assert key is not None
    alive = {n for n, _ in follower.world.store.list_alive_ids(key, low=1, high=None, limit=999)}
    firsts = set()
    for stored in follower.posts("ming").values():
        ids = {stored.post.id, *stored.post.album} & alive
        if stored.buried_at is None and ids:
            firsts.add(min(ids))
    return firsts


def _kill_in_a_visit(follower: Follower) -> None:
    store = follower.world.store
    keep = store.keep_followed

    def killed(*_: object, **__: object) -> bool:
        raise KeyboardInterrupt

    store.keep_followed = killed  # type: ignore[method-assign]
    with suppress(KeyboardInterrupt):
        follower.visit() or follower.visit(background=True)
    store.keep_followed = keep  # type: ignore[method-assign]
    store.free_leases(lambda _: True)


def _sweep(follower: Follower) -> None:
    for _ in range(2):
        follower.wait(hours=30)
        follower.settle()
        row = follower.row("ming")
        follower.world.store.change_followed(
            row.number,
            lambda one: _replaced(one, sweep_wanted=True, next_work_at=follower.world.clock.now()),
        )
        follower.pass_time(hours=1)


def test_times_are_aware(follower: Follower) -> None:
    deep(follower, 3)
    follower.settle()
    last: datetime | None = follower.row("ming").last_post_at
    assert last is not None
    assert last.tzinfo is not None
