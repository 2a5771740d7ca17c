import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from soso.model.ids import ChatKey, PostKey
from soso.similarity.stories import LONGEST_S, QUIET_S, Teller, tell
from soso.similarity.tellings import DAY_S, LEAD, TITLE, Counts, Telling, count_terms, pack_terms

EVENTS = {
    "bridge": "白鹭 大桥 通车 封闭 十九个月 桥面 更换 行人",
    "comet": "霁月 彗星 西南 低空 肉眼 尾巴 金星 近日点",
    "rocket": "飞鱼 火箭 海上 平台 首飞 入轨 卫星 尾焰",
}
NEED = 0.25


def telling(
    key: int,
    event: str,
    day: float,
    *,
    chat: int | None = None,
    cluster: int | None = None,
    vector: bytes = b"",
) -> Telling:
    """A post about an event in some words of its own."""
    own = [f"字{key}{number}" for number in range(4)]
    words = EVENTS[event].split()
    return Telling(
        key=PostKey(key),
        chat=ChatKey(key if chat is None else chat),
        at_s=int(day * DAY_S),
        tie=key * 7919 % 1000,
        cluster=key if cluster is None else cluster,
        terms=pack_terms([(words[key % 3 :], TITLE), ((*words, *own), LEAD)]),
        vector=vector,
    )


def counted(*tellings: Telling) -> Counts:
    others = [telling(1000 + n, event, 50 + n) for n, event in enumerate(EVENTS)]
    rows = sorted((one.at_s, one.terms) for one in (*tellings, *others))
    return count_terms(rows)


def groups(*tellings: Telling, need: float = NEED) -> set[frozenset[int]]:
    found = tell(tellings, counted(*tellings), need=need)
    return {frozenset(map(int, group)) for group in found}


def test_one_event_is_one_story_and_another_another() -> None:
    tellings = [telling(n, "bridge" if n % 2 else "comet", n / 10) for n in range(6)]
    assert groups(*tellings) == {frozenset({1, 3, 5}), frozenset({0, 2, 4})}


def test_a_story_that_went_quiet_is_over() -> None:
    tellings = [telling(1, "bridge", 0), telling(2, "bridge", 1), telling(3, "bridge", 366)]
    assert groups(*tellings) == {frozenset({1, 2}), frozenset({3})}
    just = QUIET_S / DAY_S
    assert groups(telling(1, "bridge", 0), telling(2, "bridge", just)) == {frozenset({1, 2})}
    assert len(groups(telling(1, "bridge", 0), telling(2, "bridge", just + 0.01))) == 2


def test_what_goes_on_for_weeks_is_told_in_several_stories() -> None:
    tellings = [telling(n, "bridge", 2 * n) for n in range(12)]
    found = sorted(groups(*tellings, need=-1.0), key=min)
    assert len(found) == 2
    assert all((max(group) - min(group)) * 2 * DAY_S <= LONGEST_S for group in found)


def test_a_copy_joins_its_cluster_and_moves_nothing() -> None:
    first, copy = telling(1, "bridge", 0), telling(2, "comet", 0.5, cluster=1)
    teller = Teller(counted(first, copy), need=NEED)
    story = teller.place(first)
    sums = dict(story.sums)
    assert teller.place(copy) is story
    assert [member.is_copy for member in story.members] == [False, True]
    assert (story.sums, story.count) == (sums, 1)
    later = telling(3, "comet", 9, cluster=1)  # its cluster's story is over by then
    assert teller.place(later) is not story


def test_a_chain_of_posts_does_not_become_one_story() -> None:
    """Each shares half of its words with the one before; the first and the last share nothing."""
    words = [f"词{number}" for number in range(60)]
    chain = [
        Telling(
            key=PostKey(n),
            chat=ChatKey(n),
            at_s=n * 3600,
            tie=0,
            cluster=n,
            terms=pack_terms([(words[n * 4 : n * 4 + 8], LEAD)]),
        )
        for n in range(12)
    ]
    found = tell(chain, counted(*chain), need=NEED)
    assert max(map(len, found)) <= 3


def test_a_column_of_one_chat_needs_more() -> None:
    same = [telling(n, "bridge", n / 10, chat=1) for n in (1, 4)]
    other = [telling(n, "bridge", n / 10) for n in (1, 4)]
    likeness = next(
        need / 100 for need in range(99, 0, -1) if len(groups(*other, need=need / 100)) == 1
    )
    assert len(groups(*same, need=likeness)) == 2
    assert len(groups(*same, need=likeness - 0.09)) == 1


def test_few_terms_stay_alone() -> None:
    short = telling(1, "bridge", 0)._replace(terms=pack_terms([(["彗星", "亮"], LEAD)]))
    assert groups(short, short._replace(key=PostKey(2), cluster=2)) == {
        frozenset({1}),
        frozenset({2}),
    }


def test_meaning_joins_what_words_only_hint_at() -> None:
    near, far = np.full(8, 100, np.int8), np.array([100, -100] * 4, np.int8)

    def pair(vector: bytes) -> list[Telling]:
        shared = (*"甲乙丙丁戊", "青鲤")
        return [
            Telling(
                key=PostKey(n),
                chat=ChatKey(n),
                at_s=n,
                tie=0,
                cluster=n,
                terms=pack_terms([((*shared, *(f"字{n}{k}" for k in range(7))), LEAD)]),
                vector=near.tobytes() if n == 1 else vector,
            )
            for n in (1, 2)
        ]

    alike = next(
        need / 100 for need in range(99, 0, -1) if len(groups(*pair(b""), need=need / 100)) == 1
    )
    assert len(groups(*pair(near.tobytes()), need=alike + 0.05)) == 1
    assert len(groups(*pair(far.tobytes()), need=alike)) == 2


def state(teller: Teller) -> list[tuple[object, ...]]:
    return sorted(
        (
            [int(member.telling.key) for member in story.members],
            sorted(story.sums.items()),
            sorted(story.indexed.items()),
            story.count,
            story.vectors,
            None if story.meant is None else story.meant.tolist(),
            story.chat,
        )
        for story in teller.held()
    )


@settings(max_examples=60)
@given(st.integers(0, 2**20), st.integers(1, 25))
def test_what_is_taken_back_leaves_no_trace(seed: int, count: int) -> None:
    rng = random.Random(seed)
    tellings = sorted(
        (
            telling(
                n,
                rng.choice(list(EVENTS)),
                rng.random() * 6,
                chat=rng.randrange(4),
                cluster=rng.randrange(20),
                vector=rng.choice([b"", rng.randbytes(8)]),
            )
            for n in range(count)
        ),
        key=lambda one: one.rank,
    )
    counts = counted(*tellings)
    teller, part = Teller(counts, need=NEED), Teller(counts, need=NEED)
    cut = rng.randrange(count)
    for one in tellings:
        teller.place(one)
    for one in tellings[:cut]:
        part.place(one)
    teller.rewind(tellings[cut].rank)
    assert state(teller) == state(part)
    for one in tellings[cut:]:
        assert [m.telling.key for m in teller.place(one).members] == [
            m.telling.key for m in part.place(one).members
        ]


def test_what_is_over_is_forgotten_and_cannot_be_taken_back() -> None:
    tellings = [telling(n, "bridge", n * 10) for n in range(4)]
    teller = Teller(counted(*tellings), need=NEED)
    for one in tellings:
        teller.place(one)
    assert teller.can_rewind(0)
    teller.forget(15 * DAY_S)
    assert len(teller) == 2
    assert teller.can_rewind(18 * DAY_S)
    assert not teller.can_rewind(17 * DAY_S)


def test_what_was_told_can_be_put_back() -> None:
    tellings = [telling(n, "bridge" if n % 2 else "comet", n / 10) for n in range(4)]
    counts = counted(*tellings)
    teller, again = Teller(counts, need=NEED), Teller(counts, need=NEED)
    beside: dict[int, int] = {}
    for one in tellings:
        number = teller.place(one).number
        known = again.find(beside[number]) if number in beside else None
        beside[number] = again.restore(one, known).number
    assert state(again) == state(teller)


@pytest.mark.parametrize("count", [0, 1])
def test_hardly_anything(count: int) -> None:
    assert len(groups(*[telling(n, "comet", 0) for n in range(count)])) == count
