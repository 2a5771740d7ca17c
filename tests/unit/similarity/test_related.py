from soso.model.ids import ChatKey, PostKey
from soso.similarity.copies import print_of
from soso.similarity.related import Candidate, choose

SUBJECT = print_of("霁月彗星今晚八点在西边天空可见请带上望远镜")


def candidate(key: int, chat: int, score: float, text: str | None = None) -> Candidate:
    letters = text or "".join(chr(0x4E00 + key * 97 + place * 13) for place in range(30))
    return Candidate(PostKey(key), ChatKey(chat), score, print_of(letters))


def keys(chosen: list[Candidate]) -> list[int]:
    return [one.key for one in chosen]


def test_copies_of_the_post_are_left_out() -> None:
    signed = "霁月彗星今晚八点在西边天空可见请带上望远镜订阅本频道"
    assert keys(choose(SUBJECT, [candidate(1, 1, 9, signed), candidate(2, 2, 1)], limit=8)) == [2]


def test_of_two_copies_the_better_stays() -> None:
    text = "超级台风青鲤预计明晚登陆港湾区请居民留在家中关好门窗"
    found = [candidate(1, 1, 5, text), candidate(2, 2, 6, text), candidate(3, 3, 2)]
    assert keys(choose(SUBJECT, found, limit=8)) == [2, 3]


def test_at_most_two_of_a_chat_while_others_are_about_as_near() -> None:
    found = [candidate(key, 1, 10 - key) for key in range(1, 6)] + [candidate(9, 2, 4)]
    assert keys(choose(SUBJECT, found, limit=3)) == [1, 2, 9]


def test_far_posts_of_others_do_not_push_near_ones_out() -> None:
    found = [candidate(key, 1, 10.0) for key in range(1, 6)] + [candidate(9, 2, 0.5)]
    assert 9 not in keys(choose(SUBJECT, found, limit=3))


def test_what_is_far_beside_the_nearest_is_left_out() -> None:
    found = [candidate(1, 1, 40.0), candidate(2, 2, 11.0), candidate(3, 3, 9.0)]
    assert keys(choose(SUBJECT, found, limit=8)) == [1, 2]


def test_a_copy_does_not_make_others_far() -> None:
    found = [candidate(1, 1, 90.0, SUBJECT.letters), candidate(2, 2, 9.0)]
    assert keys(choose(SUBJECT, found, limit=8)) == [2]


def test_an_archive_of_one_chat_fills_its_list() -> None:
    found = [candidate(key, 1, 20 - key) for key in range(1, 12)]
    assert keys(choose(SUBJECT, found, limit=8)) == list(range(1, 9))
