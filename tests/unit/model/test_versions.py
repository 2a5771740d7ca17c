from datetime import timedelta
from typing import Any

import pytest

from soso.model.post import Post
from soso.model.versions import (
    choose_wording,
    compare,
    edit_order,
    ids_of,
    meet,
    share_clock,
    sight,
)
from tests.unit.model.sightings import START, at


def post(text: str = "甲", **fields: Any) -> Post:
    return Post(**({"id": 5, "at": START, "text": text} | fields))


@pytest.mark.parametrize(
    ("seen", "version"),
    [
        (post(), START),
        (post(edited=True), at(90)),
        (post(edited=True, edited_at=at(7)), at(7)),
        (post(edited_at=at(7)), at(7)),
    ],
)
def test_a_version_stands_when_it_was_true(seen: Post, version: Any) -> None:
    assert sight(seen, at(90)).version_at == version
    assert sight(seen, at(90), at(3)).version_at == at(3)


def test_ids_are_the_posts_own_and_those_of_its_album() -> None:
    assert ids_of(post(album=(5, 6))) == {5, 6}
    assert ids_of(post()) == {5}


def test_edits_of_known_times_are_ordered_and_marks_are_not() -> None:
    assert edit_order(post(), post(edited_at=at(1))) == 1
    assert edit_order(post(edited_at=at(2)), post(edited_at=at(1))) == -1
    assert edit_order(post(), post(edited=True)) == 0
    assert (compare(2, 1), compare(1, 1), compare(1, 2)) == (1, 0, -1)


def test_the_later_version_is_worded() -> None:
    old, new = sight(post("甲"), at(10)), sight(post("乙", edited_at=at(3)), at(4))
    wording = choose_wording(old, new)
    assert (wording.text, wording.replaced, wording.version_at) == ("乙", True, at(3))
    assert choose_wording(new, old).text == "乙"
    assert not choose_wording(new, old).replaced


def test_a_text_that_a_route_can_not_see_is_no_version() -> None:
    silent = sight(post("", edited_at=at(9)), at(10))
    spoken = sight(post("甲", edited_at=at(3)), at(4))
    for pair in ((silent, spoken), (spoken, silent)):
        wording = choose_wording(*pair)
        assert (wording.text, wording.version_at, wording.replaced) == ("甲", at(3), False)


def test_a_caption_of_an_item_is_part_of_the_albums_text() -> None:
    whole = sight(post("甲\n\n乙", album=(5, 6)), at(10))
    item = sight(post("乙", id=6), at(20))
    assert choose_wording(whole, item).text == choose_wording(item, whole).text == "甲\n\n乙"
    edited = sight(post("丙", id=6, edited_at=at(30)), at(40))
    assert choose_wording(whole, edited).text == "丙"


@pytest.mark.parametrize("hours", [-12, -3.5, 5.75, 8, 14])
def test_a_local_time_is_moved_by_its_zone(hours: float) -> None:
    shift = timedelta(hours=hours)
    local = post(at=START + shift, at_certain=False, edited_at=at(7) + shift)
    old, new = share_clock(sight(local, at(99)), sight(post(), at(99)))
    assert (old.post.at, old.post.edited_at, old.version_at) == (START, at(7), at(7))
    assert new == sight(post(), at(99))


def test_a_difference_that_is_no_zone_moves_no_edit() -> None:
    local = post(at=START + timedelta(seconds=61), at_certain=False, edited_at=at(7))
    old, _ = share_clock(sight(local, at(99)), sight(post(), at(99)))
    assert (old.post.at, old.post.edited_at) == (START, at(7))


def test_what_is_told_second_hand_defers_to_what_was_seen() -> None:
    seen = sight(post("甲", edited_at=at(3)), at(10))
    told = sight(post("乙", at=at(1), at_certain=False, second_hand=True, edited=True), at(50))
    for pair in (meet(seen, told), meet(told, seen)[::-1]):
        assert pair[0] == seen
        assert (pair[1].post.text, pair[1].post.at, pair[1].post.edited_at) == ("甲", START, at(3))
        assert pair[1].observed_at < seen.observed_at
    assert meet(told, told) == (told, told)
    silent = sight(post(""), at(10))
    assert meet(silent, told)[1].post.text == "乙"
