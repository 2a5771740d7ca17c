import msgspec
import pytest

from soso.flows.add_source import (
    add_source,
    find_source,
    hurry_source,
    pause_source,
    remove_source,
)
from soso.following.pages import Shown
from soso.model.errors import BadInput, NotFound, Unavailable
from soso.model.following import Followed, Route, SourceState

from .conftest import World
from .followed_world import Channel, Follower


@pytest.fixture
def follower(world: World) -> Follower:
    return Follower(world)


def add(follower: Follower, text: str, **asked: object) -> Followed:
    told: dict[str, object] = {"who": "test", **asked}
    return add_source(text, follower.following, follower.site, **told)  # type: ignore[arg-type]


def test_a_name_is_followed_from_its_first_page_on(follower: Follower) -> None:
    follower.site.add(Channel("Ming", 7, posts=3))
    added = add(follower, "@Ming")
    assert (added.name, added.shown_name, added.title) == ("ming", "Ming", "频道 7")
    assert added.state is SourceState.FOLLOWING
    assert follower.alive("ming") == {1, 2, 3}
    assert add(follower, "@MING") == added
    assert len(follower.site.asked) == 1, "the one look brings the first posts too"
    last = follower.world.store.list_decisions()[0]
    assert (last.who, last.what, last.subject) == ("test", "follow", "ming")


@pytest.mark.parametrize(
    ("shown", "said"), [(Shown.BOT, "bot"), (Shown.PERSON, "person"), (Shown.FREE, "nobody")]
)
def test_what_can_t_be_followed_is_told(follower: Follower, shown: Shown, said: str) -> None:
    follower.site.cards["ming"] = shown
    with pytest.raises(BadInput, match=said):
        add(follower, "@ming")
    assert follower.world.store.list_followed() == []


def test_closed_chats_are_listed_with_what_is_known(follower: Follower) -> None:
    follower.site.cards["ming"] = Shown.CLOSED
    added = add(follower, "@ming")
    assert (added.state, added.title, added.members) == (SourceState.CLOSED, "名片 ming", 5)
    assert "account" in (added.error or "")


def test_without_a_network_it_is_looked_at_later(follower: Follower) -> None:
    follower.site.faults = [Unavailable("no network")]
    added = add(follower, "@ming")
    assert (added.state, added.error) == (SourceState.NEW, "no network")
    assert len(follower.world.store.list_followed()) == 1


def test_long_lists_are_not_looked_at(follower: Follower) -> None:
    added = add(follower, "@ming", look=False, depth=2)
    assert (added.state, added.depth) == (SourceState.NEW, 2)
    assert follower.site.asked == []
    follower.settle()
    assert follower.row("ming").state is SourceState.GONE


def test_routes_that_are_not_set_up_are_told(follower: Follower) -> None:
    for text, route in (("https://example.org/feed", None), ("@ming", Route.ACCOUNT)):
        with pytest.raises(BadInput, match="no way"):
            add(follower, text, route=route)
    for text in ("two words", "ftp://x"):
        with pytest.raises(BadInput):
            add(follower, text)
    with pytest.raises(BadInput, match="address"):
        add(follower, "@ming", route=Route.FEED)
    with pytest.raises(BadInput, match="no name on Telegram"):
        add(follower, "https://example.org/x", route=Route.PREVIEW)


def test_a_bot_s_channel_is_never_due(follower: Follower) -> None:
    for text, name in (("@ming", "ming"), ("https://t.me/c/1500/7", "1500"), ("1600", "1600")):
        added = add(follower, text, route=Route.BOT)
        assert (added.name, added.next_visit_at) == (name, None)


def test_the_new_name_of_a_lost_chat_goes_on_with_its_history(follower: Follower) -> None:
    channel = follower.site.add(Channel("ming", 7, posts=3))
    old = add(follower, "@ming")
    follower.site.rename(channel, "Hong")
    follower.pass_time(hours=8)
    assert follower.row("ming").state is SourceState.GONE
    joined = add(follower, "@Hong")
    assert (joined.number, joined.name, joined.former_names) == (old.number, "hong", ("ming",))
    follower.settle()
    assert [row.name for row in follower.world.store.list_followed()] == ["hong"]
    assert follower.row("hong").state is SourceState.FOLLOWING


def test_a_source_is_found_by_all_it_was_ever_called(follower: Follower) -> None:
    channel = follower.site.add(Channel("ming", 7, posts=3))
    added = add(follower, "@ming")
    channel.name = "Hong"
    channel.add()
    follower.pass_time(hours=8)
    store, site = follower.world.store, follower.site
    for name in (f"#{added.number}", str(added.number), "@Hong", "hong", "ming", "@MING"):
        assert find_source(name, store, site).number == added.number
    for name in ("#99", "99", "nobody", "", "https://x.example/y", "二"):
        with pytest.raises(NotFound):
            find_source(name, store, site)


def test_pausing_going_on_and_taking_off(follower: Follower) -> None:
    follower.site.add(Channel("ming", 7, posts=3))
    add(follower, "@ming")
    following, site = follower.following, follower.site
    paused = pause_source("ming", following, site, is_paused=True, who="test")
    assert (paused.state, paused.next_visit_at) == (SourceState.PAUSED, None)
    with pytest.raises(BadInput, match="paused"):
        hurry_source("ming", following, site, sweep=True, who="test")
    going = pause_source("ming", following, site, is_paused=False, who="test")
    assert going.next_visit_at == follower.world.clock.now()
    assert follower.visit() is not None
    hurried = hurry_source("ming", following, site, sweep=True, who="test")
    assert hurried.sweep_wanted
    assert follower.visit() is not None
    gone = remove_source("ming", following, site, who="test")
    assert gone.name == "ming"
    assert follower.world.store.list_followed() == []
    assert follower.world.store.count_posts() == 3, "its posts stay"
    with pytest.raises(NotFound):
        remove_source("ming", following, site, who="test")


def test_a_bot_s_channel_goes_only_when_the_bot_has_gone(follower: Follower) -> None:
    added = add(follower, "1500", route=Route.BOT)
    store, following, site = follower.world.store, follower.following, follower.site

    def turn(state: SourceState) -> None:
        store.change_followed(added.number, lambda one: msgspec.structs.replace(one, state=state))

    turn(SourceState.FOLLOWING)
    with pytest.raises(BadInput, match="administrator"):
        remove_source("1500", following, site, who="test")
    turn(SourceState.CLOSED)
    remove_source("1500", following, site, who="test")
    assert store.list_followed() == []
