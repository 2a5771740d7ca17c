"""What every store promises of stories."""

import pytest

from soso.model.batch import Batch
from soso.model.chat import Chat, ChatSighting, Visibility
from soso.model.errors import Busy
from soso.model.ids import PostKey
from soso.ports.store import Store
from soso.ports.stories import Measure, StoryRow, Told
from soso.similarity.clusters import Settled
from soso.similarity.tellings import LEAD, Telling, count_terms, pack_terms

from .store_cases import NOW, add_chat, post

WORDS = pack_terms([([f"词{number}" for number in range(8)], LEAD)])


def told(key: int, *, at_s: int = 0, story: int | None = None, due: int | None = None) -> Told:
    telling = Telling(PostKey(key), 1, at_s or key, key % 3, key, WORDS)  # type: ignore[arg-type]
    return Told(telling, story, due)


def put(store: Store, *rows: Told) -> None:
    store.put_tellings(store.stories_turn(), rows)


def place(store: Store, rows: list[StoryRow], **placed: int | None) -> None:
    where = {PostKey(int(name[1:])): story for name, story in placed.items()}
    store.put_stories(store.stories_turn(), placed=where, gone=[], rows=rows)


def row(number: int, *, heat: float = 0.0, chats: int = 2) -> StoryRow:
    return StoryRow(number=number, first_s=1, last_s=9, posts=2, chats=chats, heat=heat)


def test_tellings_come_back_as_they_were_put(store: Store) -> None:
    one = told(7, story=3, due=5)
    one = one._replace(telling=one.telling._replace(vector=b"\x01\xff", at_s=-(2**40)))
    put(store, one, told(8))
    assert store.find_told([PostKey(7), PostKey(9)]) == {PostKey(7): one}
    assert (store.count_tellings(), store.first_due()) == (2, 5)


def test_they_are_listed_by_rank_in_pages(store: Store) -> None:
    put(store, *(told(key, at_s=100 + key // 3) for key in range(1, 20)))
    every = store.list_told(from_s=0)
    ranks = [one.telling.rank for one in every]
    assert ranks == sorted(ranks)
    found: list[Told] = []
    after = None
    while page := store.list_told(from_s=0, after=after, limit=4):
        found += page
        after = page[-1].telling.rank
    assert found == every
    assert {one.telling.at_s for one in store.list_told(from_s=104)} == {104, 105, 106}
    assert [at_s for at_s, _ in store.iter_terms()] == [one.telling.at_s for one in every]


def test_gone_posts_lose_their_terms_and_are_due_until_they_are_forgotten(store: Store) -> None:
    put(store, told(7, at_s=50, story=3))
    turn = store.put_tellings(store.stories_turn(), [], gone=[PostKey(7), PostKey(8)])
    assert store.first_due() == 50
    left = store.find_told([PostKey(7)])[PostKey(7)]
    assert (left.telling.terms, left.story) == (b"", 3)
    assert list(store.iter_terms()) == []
    store.put_stories(turn, placed={}, gone=[PostKey(7)], rows=[])
    assert (store.first_due(), store.count_tellings()) == (None, 0)


def test_a_turn_that_has_passed_is_refused_and_nothing_is_written(store: Store) -> None:
    turn = store.stories_turn()
    assert store.put_tellings(turn, [told(1, due=1)]) == turn + 1 == store.stories_turn()
    with pytest.raises(Busy):
        store.put_tellings(turn, [told(2)], done=("stories", 0))
    with pytest.raises(Busy):
        store.put_stories(turn, placed={PostKey(1): 4}, gone=[], rows=[row(4)])
    assert store.find_told([PostKey(2)]) == {}
    assert store.find_story(4) is None
    assert store.first_due() == 1


def test_placing_ends_what_was_due_and_may_leave_more(store: Store) -> None:
    put(store, told(1, due=1), told(2, due=2), told(30, story=5), told(40, story=6))
    where: dict[PostKey, int | None] = {PostKey(1): 5, PostKey(2): None}
    store.put_stories(
        store.stories_turn(),
        placed=where,
        gone=[],
        rows=[row(5)],
        lost=[6],
        behind_s=40,
        due={PostKey(30): 30},
    )
    found = store.find_told([PostKey(key) for key in (1, 2, 30, 40)])
    assert {key: (one.story, one.due_s) for key, one in found.items()} == {
        1: (5, None),
        2: (None, None),
        30: (5, 30),
        40: (6, 40),
    }


def test_what_moved_in_time_is_due_until_both_times_are_told(store: Store) -> None:
    put(store, told(30, story=5, due=10), told(40, due=20))
    turn = store.stories_turn()
    store.put_stories(turn, placed={}, gone=[], rows=[], behind_s=25, covered_s=15)
    found = store.find_told([PostKey(30), PostKey(40)])
    assert {key: one.due_s for key, one in found.items()} == {30: 30, 40: 20}


def test_a_story_that_lost_a_post_to_another_time_is_due_as_a_whole(store: Store) -> None:
    put(store, told(1, story=5), told(2, story=5, due=9), told(3, story=6), told(4, story=5, due=1))
    store.put_tellings(store.stories_turn(), [], lost=[5])
    found = store.find_told([PostKey(key) for key in range(1, 5)])
    assert {key: one.due_s for key, one in found.items()} == {1: 1, 2: 2, 3: None, 4: 1}


def test_what_was_emptied_meanwhile_stays_due(store: Store) -> None:
    put(store, told(1), told(2, due=9))
    turn = store.put_tellings(store.stories_turn(), [], gone=[PostKey(1), PostKey(2)])
    store.put_stories(turn, placed={PostKey(1): 5, PostKey(2): 5}, gone=[], rows=[row(5)])
    found = store.find_told([PostKey(1), PostKey(2)])
    assert {key: (one.story, one.due_s) for key, one in found.items()} == {
        1: (None, 1),
        2: (None, 2),
    }


def test_which_stories_have_something_before_a_time(store: Store) -> None:
    put(store, told(1, story=5), told(9, story=5), told(7, story=6), told(2))
    assert store.find_told_of([5, 6, 7], 7) == {5}
    assert store.find_told_of([5, 6], 8) == {5, 6}
    assert store.find_told_of([], 8) == set()


def test_a_telling_gets_the_head_its_post_has_now_and_is_due(store: Store) -> None:
    put(store, told(1), told(2), told(3, due=1))
    turn = store.stories_turn()
    moved = tuple((PostKey(key), PostKey(2)) for key in (1, 2, 3, 9))
    store.put_copies(store.copies_turn(), Settled([], [], [], [], moved))
    found = store.find_told([PostKey(key) for key in (1, 2, 3)])
    assert {key: (one.telling.cluster, one.due_s) for key, one in found.items()} == {
        1: (2, 1),
        2: (2, None),
        3: (2, 1),
    }
    assert store.stories_turn() == turn + 1  # who is telling meanwhile begins anew
    same = ((PostKey(2), PostKey(2)),)
    store.put_copies(store.copies_turn(), Settled([], [], [], [], same))
    assert store.stories_turn() == turn + 1


def test_numbers_are_new_each_time(store: Store) -> None:
    first = store.take_story_numbers(3)
    assert store.take_story_numbers(1) == first + 3


def test_a_story_taken_in_leads_on_however_often(store: Store) -> None:
    put(store, told(1), told(2))
    place(store, [row(5), row(6)], k1=5, k2=6)
    place(store, [row(6), StoryRow(number=5, moved_to=6)], k1=6)
    place(store, [row(9), StoryRow(number=6, moved_to=9)], k1=9, k2=9)
    for number in (5, 6):
        found = store.find_story(number)
        assert found is not None
        assert found.moved_to == 9
    assert [one.number for one in store.list_stories()] == [9]


def test_a_story_is_not_over_while_some_of_it_is_still_to_be_placed(store: Store) -> None:
    put(store, told(1, story=5), told(2, story=5))
    place(store, [row(5)])
    place(store, [StoryRow(number=5)], k1=None)
    assert store.find_story(5) == row(5)
    place(store, [StoryRow(number=5)], k2=None)
    assert store.find_story(5) == StoryRow(number=5)
    assert store.list_hot(limit=9) == []


def test_the_warmest_come_first_and_one_chat_is_no_story(store: Store) -> None:
    rows = [row(1, heat=2.5), row(2, heat=-1.25), row(3, heat=2.5), row(4, heat=9.0, chats=1)]
    place(store, rows)
    assert [one.number for one in store.list_hot(limit=9)] == [3, 1, 2]
    assert [one.number for one in store.list_hot(limit=1, offset=1)] == [1]
    assert [one.number for one in store.list_stories(after=1, limit=1)] == [2]


def test_a_measure_is_kept_and_makes_all_due(store: Store) -> None:
    assert store.load_measure() is None
    put(store, told(4), told(9, story=2))
    counts = count_terms(store.iter_terms())
    turn = store.stories_turn()
    store.tell_all_anew(Measure(counts, 0.225))
    found = store.load_measure()
    assert found is not None
    assert (found.need, found.counts.posts) == (0.225, 2)
    assert (found.counts.by_term == counts.by_term).all()
    assert (store.first_due(), store.stories_turn()) == (4, turn + 1)


def _posts(store: Store, chat: Chat, *numbers: int) -> list[PostKey]:
    batch = Batch(
        chat=ChatSighting(peer=chat.peer),
        observed_at=NOW,
        posts=tuple(post(number) for number in numbers),
    )
    store.apply(chat.key, batch, source="test", at=NOW)
    return [found.key for found in store.find_posts(chat.key, numbers).values()]


def test_parts_are_shown_posts_of_listed_chats(store: Store) -> None:
    public = add_chat(store, 1500)
    private = add_chat(store, 1501, is_public=False)
    one, two, three = _posts(store, public, 1, 2, 3)
    (other,) = _posts(store, private, 1)
    put(store, *(told(key, at_s=100 - key, story=7) for key in (one, two, three, other)))
    store.hide_post(two, hidden=True)
    store.mark_post(three, sensitive=True)
    parts = store.list_parts([7, 8])
    assert [(part.key, part.story, part.sensitive) for part in parts] == [
        (three, 7, True),
        (one, 7, False),
    ]
    assert parts[0].terms == WORDS
    assert store.find_story_of(one) == 7
    assert store.find_story_of(PostKey(99)) is None
    store.set_chat(public.key, visibility=Visibility.UNLISTED)
    assert store.list_parts([7]) == []
    assert store.list_parts([]) == []
