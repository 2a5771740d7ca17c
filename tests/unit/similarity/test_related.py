from collections import Counter
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from soso.model.ids import ChatKey, PostKey
from soso.schema.bonds import Bond, BondKind
from soso.similarity.related import (
    MOST_OF_A_CHAT,
    MOST_WITH,
    Candidate,
    Evidence,
    Shared,
    choose,
    is_faint,
    rarity,
    score,
)

DAY = date(2026, 11, 1)


def candidate(
    key: int, chat: int, points: float, *, day: date = DAY, story: bool = False
) -> Candidate:
    return Candidate(PostKey(key), ChatKey(chat), points, day, story)


def never(_one: PostKey, _other: PostKey) -> bool:
    return False


def keys(candidates: list[Candidate], limit: int = 8, are_copies=never) -> list[int]:  # type: ignore[no-untyped-def]
    return [one.key for one in choose(candidates, limit=limit, are_copies=are_copies)]


def test_of_two_copies_the_better_stays() -> None:
    found = [candidate(1, 1, 0.5), candidate(2, 2, 0.6), candidate(3, 3, 0.2)]
    assert keys(found, are_copies=lambda one, other: {one, other} == {1, 2}) == [2, 3]


def test_at_most_two_of_a_chat_while_there_are_others() -> None:
    found = [candidate(key, 1, 1 - key / 10) for key in range(1, 6)] + [candidate(9, 2, 0.4)]
    assert keys(found, limit=3) == [1, 2, 9]


def test_an_archive_of_one_chat_fills_its_list() -> None:
    found = [candidate(key, 1, 20 - key) for key in range(1, 12)]
    assert keys(found) == list(range(1, 9))


def test_not_all_of_one_day() -> None:
    found = [candidate(key, key, 20 - key) for key in range(1, 9)]
    older = [candidate(20 + n, 20 + n, 1, day=date(2026, 10, n)) for n in (1, 2)]
    assert keys([*found, *older]) == [1, 2, 3, 4, 5, 6, 22, 21]


def test_its_own_story_comes_first() -> None:
    found = [candidate(1, 1, 0.9), candidate(2, 2, 0.4, story=True), candidate(3, 3, 0.8)]
    assert keys(found) == [2, 1, 3]


def test_a_share_of_words_is_at_most_all_of_them() -> None:
    assert score(Evidence(words=5.0)) == score(Evidence(words=1.0)) == 1.0


def test_meaning_counts_beside_words_and_a_crowd_takes_from_it() -> None:
    near = Evidence(words=0.2, meaning=0.6)
    assert score(near) > score(Evidence(words=0.2, meaning=0.3)) > score(Evidence(words=0.2))
    assert score(near._replace(crowd=0.5)) < score(near)


def test_a_post_of_like_length_goes_first() -> None:
    short = Evidence(words=0.3, lengths=(30, 35))
    assert score(short) > score(Evidence(words=0.3, lengths=(30, 3_000)))


def test_what_few_have_ties_more() -> None:
    link = Bond(BondKind.LINK, "example.org/a")
    two, many = (Evidence(shared=(Shared(link, posts),)) for posts in (2, 40))
    assert score(two) > score(many) > score(Evidence(shared=(Shared(link, MOST_WITH),))) == 0.0
    assert rarity(2) == rarity(1) == 1.0


def test_what_a_chat_puts_under_its_posts_ties_none_of_them() -> None:
    link = Shared(Bond(BondKind.LINK, "example.org/us"), 9)
    assert score(Evidence(shared=(link,), same_chat=True)) == 0.0
    assert score(Evidence(shared=(link,))) > 0.0


def test_meaning_alone_must_be_nearer() -> None:
    alone, said = Evidence(meaning=0.3), Evidence(meaning=0.2, words=0.1)
    assert is_faint(alone, 0.3)
    assert not is_faint(said, 0.3)


candidates = st.lists(
    st.builds(
        candidate,
        st.integers(1, 40),
        st.integers(1, 6),
        st.floats(0, 3),
        day=st.dates(date(2026, 1, 1), date(2026, 1, 4)),
        story=st.booleans(),
    ),
    unique_by=lambda one: one.key,
    max_size=40,
)


@given(found=candidates, limit=st.integers(1, 8), copies=st.integers(2, 7))
def test_a_list_keeps_its_promises(found: list[Candidate], limit: int, copies: int) -> None:
    def are_copies(one: PostKey, other: PostKey) -> bool:
        return one % copies == other % copies

    chosen = choose(found, limit=limit, are_copies=are_copies)
    assert chosen == choose(list(reversed(found)), limit=limit, are_copies=are_copies)
    assert len(chosen) <= limit
    groups = [one.key % copies for one in chosen]
    assert len(set(groups)) == len(groups)
    stories = [one.same_story for one in chosen]
    assert stories == sorted(stories, reverse=True)
    if any(chats > MOST_OF_A_CHAT for chats in Counter(one.chat for one in chosen).values()):
        # Only where nothing else was left may a chat have more: everything of other chats that is
        # no copy is there already, or of a day that has its share.
        assert len({one.chat for one in chosen}) < limit


def test_a_third_of_a_chat_comes_only_when_others_are_used_up() -> None:
    found = [candidate(key, 1, 9.0) for key in range(1, 7)]
    found += [candidate(10, 2, 0.5), candidate(11, 3, 0.5), candidate(12, 4, 0.5)]
    assert sorted(keys(found, limit=6)) == [4, 5, 6, 10, 11, 12]
