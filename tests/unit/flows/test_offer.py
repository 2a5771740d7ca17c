from collections.abc import Mapping, Sequence

import msgspec
import pytest

from soso.flows import offer
from soso.flows.offer import CONSUMER, Follower
from soso.model.chat import ChatSighting
from soso.model.errors import Unavailable
from soso.model.ids import DocId, post_doc
from soso.ports.suggestions import Offered

from .conftest import ANALYZERS, World, post


def follow(world: World, follower: Follower | None = None) -> int:
    """Do all steps there are; return how many documents were looked at."""
    follower = follower or Follower(world.store, ANALYZERS)
    looked = 0
    while done := follower.step():
        looked += done
    return looked


def begins(world: World, typed: str, kind: str = "post") -> int:
    [rows] = world.store.find_suggested([(kind, typed)])
    return len(rows)


def test_the_first_time_the_whole_archive_is_walked(world: World) -> None:
    world.take_posts(post(1, "彗星 #天文"), post(2, "台风"))
    world.store.ack("index", world.store.last_seq())
    world.store.trim_changes()  # the log has nothing of it any more
    assert world.store.last_seq() == 3
    follow(world)
    assert (begins(world, "彗"), begins(world, "台"), begins(world, "天", "tag")) == (1, 1, 1)
    assert begins(world, "样例", "chat") == begins(world, "ylpd", "chat") == 1
    assert follow(world) == 0
    assert world.store.lag(CONSUMER) == 0


def test_later_only_what_changed_is_looked_at(world: World) -> None:
    world.take_posts(post(1, "彗星"))
    follower = Follower(world.store, ANALYZERS)
    follow(world, follower)
    world.take_posts(post(2, "台风"))
    assert follow(world, follower) == 1
    assert begins(world, "台") == 1
    world.take_posts(post(2, "颱風改道了", edited=True, edited_at=world.clock.now()))
    follow(world, follower)
    assert (begins(world, "台风改"), world.store.count_suggestions()) == (1, 3)


def test_what_changes_during_the_walk_is_not_missed(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(offer, "STEP", 2)
    world.take_posts(*(post(n, f"第{n}夜") for n in range(1, 9)))
    follower = Follower(world.store, ANALYZERS)
    for _ in range(2):
        follower.step()
    world.take_posts(post(9, "台风"))
    chat = world.store.find_chat_by_username("yangli_soso_demo")
    assert chat is not None
    first = world.store.find_post(chat.key, 1)
    assert first is not None
    world.store.hide_post(first.key, hidden=True)
    follow(world, follower)
    assert (begins(world, "台"), begins(world, "第"), begins(world, "第1")) == (1, 7, 0)


def test_a_walk_that_was_cut_short_begins_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(offer, "STEP", 3)
    world.take_posts(*(post(n, f"第{n}夜") for n in range(1, 9)))
    Follower(world.store, ANALYZERS).step()  # and the process ends
    follow(world)
    assert begins(world, "第") == 8


def test_a_step_that_fails_is_done_again(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.take_posts(post(1, "彗星"))
    follower = Follower(world.store, ANALYZERS)

    def fail(offers: Mapping[DocId, Sequence[Offered]]) -> None:
        raise Unavailable("the disk is full")

    with monkeypatch.context() as patched:
        patched.setattr(world.store, "put_offers", fail)
        for _ in range(2):
            with pytest.raises(Unavailable):
                follower.step()
    follow(world, follower)
    assert begins(world, "彗") == 1


def test_lost_suggestions_are_made_anew(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.take_posts(post(1, "彗星"))
    follow(world)
    monkeypatch.setattr(world.store, "find_walk", lambda: None)
    follower = Follower(world.store, ANALYZERS)
    assert follower.step() == 2
    assert begins(world, "彗") == 1


def test_a_chat_with_another_title_is_found_by_that_alone(world: World) -> None:
    world.take_posts(post(1, "彗星"))
    follower = Follower(world.store, ANALYZERS)
    follow(world, follower)
    chat = world.store.find_chat_by_username("yangli_soso_demo")
    assert chat is not None
    world.store.update_chat(chat.key, ChatSighting(title="新名字"), world.clock.now())
    follow(world, follower)
    assert (begins(world, "样例", "chat"), begins(world, "新", "chat")) == (0, 1)


def test_a_date_in_the_future_does_not_win(world: World) -> None:
    seen, dated = post(1, "彗星甲", views=1000), post(2, "彗星乙", views=10)
    world.take_posts(seen, msgspec.structs.replace(dated, at=dated.at.replace(year=2090)))
    follow(world)
    [rows] = world.store.find_suggested([("post", "彗")])
    chat = world.store.find_chat_by_username("yangli_soso_demo")
    assert chat is not None
    first = world.store.find_post(chat.key, 1)
    assert first is not None
    assert rows[0].doc == post_doc(first.key)
