"""The port store: saved queries, what they matched, and what is to be delivered."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import count

import msgspec
import pytest

from soso.alerts.delivery import DELIVERED, Delivery, DeliveryState, End, Outcome, proceed
from soso.alerts.due import SPACED
from soso.alerts.watch import Door, Owner, Quiet, Watch, WatchState
from soso.model.errors import NotFound, Refused
from soso.model.ids import PostKey
from soso.ports.store import Store
from soso.ports.watches import Match, Waiting

from .store_cases import add_chat, apply, at, batch, post

CONSUMER = "alert"
BOTH = (Door.BOT, Door.WEBHOOK)
ALICE = Owner(door=Door.BOT, id="1001")
SECRETS = count()


def watch_of(text: str = "台风", owner: Owner = ALICE, **more: object) -> Watch:
    told = {"owner": owner, "text": text, "created_at": at(0), "since": at(0)}
    told |= {"secret": f"secret-{next(SECRETS)}"}
    return Watch(**(told | more))  # type: ignore[arg-type]


def add(store: Store, text: str = "台风", owner: Owner = ALICE, **more: object) -> Watch:
    return store.add_watch(watch_of(text, owner, **more), most=100)


def change(store: Store, times: int = 1) -> int:
    """Let something happen to the archive; return the newest change."""
    for _ in range(times):
        add_chat(store, 9_000 + store.last_seq())
    return store.last_seq()


def found(store: Store, watch: Watch, *posts: int, minutes: float = 1, due: float = 1) -> int:
    """Let a watch match posts; return how many matches were new."""
    rows = [Match(watch=watch.number, post=PostKey(p), found_at=at(minutes)) for p in posts]
    return store.put_matches(rows, {watch.number: at(due)}, done=(CONSUMER, change(store)))


def due(store: Store, minutes: float, *doors: Door) -> list[Waiting]:
    return store.list_due(now=at(minutes), doors=doors or BOTH, limit=10)


def open_(store: Store, watch: Watch, *told: int, minutes: float = 2) -> Delivery:
    made = store.open_delivery(
        watch.number, [PostKey(p) for p in told], (), now=at(minutes), due_at=at(minutes + 5)
    )
    assert made is not None
    return made


def take(store: Store, minutes: float, *doors: Door, limit: int = 10) -> list[Delivery]:
    return store.take_deliveries(now=at(minutes), doors=doors or BOTH, lease_s=600, limit=limit)


def test_a_watch_is_kept_as_it_is(store: Store) -> None:
    one = add(store, "台风 -广告", quiet=Quiet(start=23, end=7), kinds=("video",), zone="UTC")
    two = add(store, "x" * 500, Owner(door=Door.WEBHOOK, id="operator"), url="https://例.example/")
    assert (one.number, two.number) == (1, 2)
    assert store.get_watch(1) == one
    assert store.get_watches([2, 7]) == {2: two}
    assert store.list_watches() == [two, one]
    assert store.list_watches(owner=ALICE) == [one]
    assert store.list_watches(limit=1, offset=1) == [one]
    assert (store.count_watches(), store.count_watches(owner=ALICE)) == (2, 1)
    assert store.find_watch_by_secret(two.secret) == two
    assert store.find_watch_by_secret("another") is None
    with pytest.raises(NotFound):
        store.get_watch(3)


def test_an_owner_has_so_many_and_no_more(store: Store) -> None:
    for _ in range(2):
        store.add_watch(watch_of(), most=2)
    with pytest.raises(Refused):
        store.add_watch(watch_of(), most=2)
    other = Owner(door=Door.FEED, id=ALICE.id)
    assert store.add_watch(watch_of(owner=other), most=2).owner == other


def test_many_at_once_are_no_more_either(store: Store) -> None:
    def one(_: int) -> bool:
        try:
            store.add_watch(watch_of(), most=3)
        except Refused:
            return False
        return True

    with ThreadPoolExecutor(6) as pool:
        assert sum(pool.map(one, range(12))) == 3


def test_turns_tell_which_watches_changed(store: Store) -> None:
    one, two = add(store), add(store)
    before = store.watch_turns()
    assert before.keys() == {1, 2}
    store.keep_watch(msgspec.structs.replace(two, text="地震"), due_at=None)
    after = store.watch_turns()
    assert (after[1], after[2] > before[2]) == (before[1], True)
    store.keep_watch(msgspec.structs.replace(one, state=WatchState.STOPPED), due_at=None)
    assert store.watch_turns().keys() == {2}
    with pytest.raises(NotFound):
        store.keep_watch(msgspec.structs.replace(one, number=9), due_at=None)


def test_a_match_is_there_once_and_with_the_acknowledgement(store: Store) -> None:
    watch = add(store)
    assert found(store, watch, 5, 6, 6) == 2
    assert store.lag(CONSUMER) == 0
    assert found(store, watch, 6, 7) == 1
    assert [one.post for one in store.list_matches(watch.number)] == [7, 6, 5]
    assert len(store.list_matches(watch.number, limit=2)) == 2


def test_what_another_process_has_done_is_not_done_again(store: Store) -> None:
    watch, seq = add(store), change(store, 2)
    rows = [Match(watch=watch.number, post=PostKey(5), found_at=at(1))]
    assert store.put_matches(rows, {}, done=(CONSUMER, seq)) == 1
    late = [Match(watch=watch.number, post=PostKey(6), found_at=at(1))]
    assert store.put_matches(late, {}, done=(CONSUMER, seq)) == 0
    assert store.put_matches(late, {}, done=(CONSUMER, seq - 1)) == 0
    assert len(store.list_matches(watch.number)) == 1
    assert store.lag(CONSUMER) == 0


def test_watches_that_stopped_or_went_match_nothing(store: Store) -> None:
    gone, stopped = add(store), add(store)
    store.keep_watch(msgspec.structs.replace(stopped, state=WatchState.STOPPED), due_at=None)
    found(store, gone, 4)
    delivery = open_(store, gone, 4)
    store.remove_watch(gone.number)
    assert found(store, gone, 5) == found(store, stopped, 5) == 0
    assert store.list_deliveries(gone.number) == store.list_delivered(delivery.number) == []
    assert take(store, 90) == []
    with pytest.raises(NotFound):
        store.remove_watch(gone.number)


def test_what_is_due_is_told_by_door_in_its_order(store: Store) -> None:
    late, soon = add(store), add(store)
    hook = add(store, owner=Owner(door=Door.WEBHOOK, id="operator"))
    found(store, late, 3, due=8)
    found(store, soon, 5, minutes=2, due=4)
    found(store, soon, 4, minutes=3, due=99)  # it waits already
    found(store, hook, 3, due=4)
    assert due(store, 3) == []
    assert [one.watch for one in due(store, 8, Door.BOT)] == [soon, late]
    assert due(store, 4, Door.WEBHOOK)[0].watch == hook
    assert due(store, 4, Door.BOT) == [Waiting(watch=soon, posts=(5, 4), oldest_at=at(2))]  # type: ignore[arg-type]


def test_a_delivery_takes_what_waits_once(store: Store) -> None:
    watch = add(store)
    found(store, watch, 3, 4, 5)
    made = store.open_delivery(watch.number, [PostKey(3)], [PostKey(4)], now=at(2), due_at=at(7))
    assert made == Delivery(number=1, watch=watch.number, made_at=at(2), next_at=at(2))
    assert store.list_delivered(1) == [3]
    assert store.find_told_of_watch(watch.number, [PostKey(n) for n in (3, 4, 5, 6)]) == {3}
    assert store.last_told_at(watch.number) == at(2)
    assert due(store, 99) == []  # one is on its way
    assert store.open_delivery(watch.number, [PostKey(5)], (), now=at(3), due_at=at(7)) is None
    assert take(store, 3)[0].state is DeliveryState.SENDING
    assert take(store, 3) == []
    store.keep_delivery(proceed(made, DELIVERED, Door.BOT, now=at(3)))
    assert due(store, 6) == []
    assert [one.posts for one in due(store, 7)] == [(5,)]
    for told in ([3], [4], [5, 6]):  # told, dropped, and one that was never matched
        keys = [PostKey(one) for one in told]
        assert store.open_delivery(watch.number, keys, (), now=at(8), due_at=at(9)) is None
    assert open_(store, watch, 5, minutes=8).number == 2
    assert [one.number for one in store.list_deliveries(watch.number)] == [2, 1]


def test_dropping_alone_makes_no_delivery(store: Store) -> None:
    watch = add(store)
    found(store, watch, 3)
    assert store.open_delivery(watch.number, [], [PostKey(3)], now=at(2), due_at=at(7)) is None
    assert due(store, 99) == take(store, 99) == []
    assert found(store, watch, 3) == 0


def test_messages_of_one_watch_are_spaced(store: Store) -> None:
    watch = add(store)
    found(store, watch, 3)
    store.keep_delivery(proceed(open_(store, watch, 3, minutes=2), DELIVERED, Door.BOT, now=at(2)))
    found(store, watch, 4, minutes=2, due=2)
    soon = (SPACED - timedelta(seconds=1)).total_seconds() / 60
    assert due(store, 2 + soon) == []
    assert len(due(store, 2 + soon + 0.1)) == 1


def test_a_sender_that_died_leaves_a_doubt_where_a_person_would_see_it(store: Store) -> None:
    hook = Owner(door=Door.WEBHOOK, id="operator")
    for watch in (add(store), add(store, owner=hook)):
        found(store, watch, 3)
        open_(store, watch, 3)
    assert [one.doubts for one in take(store, 2)] == [0, 0]
    assert take(store, 11) == []
    again = take(store, 12.1)
    assert [(one.watch, one.doubts, one.state.value) for one in again] == [
        (1, 1, "sending"),
        (2, 0, "sending"),
    ]
    assert [one.doubts for one in take(store, 23, Door.BOT)] == [2]


def test_a_delivery_goes_on_as_it_is_kept(store: Store) -> None:
    watch = add(store)
    found(store, watch, 3)
    (taken,) = (open_(store, watch, 3), *take(store, 2))[1:]
    refused = Outcome(end=End.LATER, reason="503", after_s=300)
    store.keep_delivery(proceed(taken, refused, Door.BOT, now=at(2)))
    assert take(store, 6.9) == []
    (taken,) = take(store, 7.1)
    assert (taken.attempts, taken.doubts, taken.reason) == (1, 0, "503")
    gone = proceed(taken, Outcome(end=End.GONE, reason="blocked"), Door.BOT, now=at(8))
    stopped = msgspec.structs.replace(watch, state=WatchState.GONE, reason="blocked")
    store.keep_delivery(gone, stopped=stopped)
    assert store.get_watch(watch.number) == stopped
    assert store.list_deliveries(watch.number) == [gone]
    assert take(store, 99_999) == []


def test_one_delivery_goes_to_one_of_many_senders(store: Store) -> None:
    for number in range(20):
        watch = add(store, f"台风 {number}")
        found(store, watch, number + 1)
        open_(store, watch, number + 1)
    with ThreadPoolExecutor(5) as pool:
        runs = list(pool.map(lambda _: take(store, 3, limit=4), range(8)))
    numbers = [one.number for run in runs for one in run]
    assert sorted(numbers) == list(range(1, 21))


def test_one_of_many_openers_makes_the_delivery(store: Store) -> None:
    watch = add(store)
    found(store, watch, 3)

    def one(_: int) -> bool:
        key = [PostKey(3)]
        return store.open_delivery(watch.number, key, (), now=at(2), due_at=at(3)) is not None

    with ThreadPoolExecutor(5) as pool:
        assert sum(pool.map(one, range(10))) == 1


def test_changing_a_watch_moves_what_waits(store: Store) -> None:
    watch = add(store)
    store.keep_watch(watch, due_at=at(1))
    assert due(store, 99) == []  # nothing waits
    found(store, watch, 3, due=50)
    store.keep_watch(watch, due_at=at(20))
    assert (due(store, 19), len(due(store, 20))) == ([], 1)
    store.keep_watch(watch, due_at=None)
    assert due(store, 999) == []


def test_what_is_old_is_forgotten_unless_it_is_on_its_way(store: Store) -> None:
    watch, other, third = add(store), add(store), add(store)
    for one in (watch, other, third):
        found(store, one, 3)
    store.keep_delivery(proceed(open_(store, watch, 3), DELIVERED, Door.BOT, now=at(2)))
    open_(store, other, 3)
    assert store.forget_matches(before=at(1)) == 0
    assert store.forget_matches(before=at(100)) == 2
    assert store.list_matches(watch.number) == store.list_deliveries(watch.number) == []
    assert len(store.list_matches(other.number)) == len(store.list_deliveries(other.number)) == 1
    assert due(store, 999)[0].posts == ()


def test_a_post_that_is_purged_leaves_no_more_than_its_number(store: Store) -> None:
    chat = add_chat(store)
    apply(store, chat, batch(post(1, "台风秘密")))
    key = store.find_posts(chat.key, [1])[1].key
    watch = add(store)
    found(store, watch, key)
    store.purge_posts([key])
    assert [one.post for one in store.list_matches(watch.number)] == [key]
    assert store.get_posts([key]) == []
