from datetime import timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from soso.model.batch import Tombstone
from soso.model.media import Media, MediaKind
from soso.model.merge import (
    Bury,
    Insert,
    Keep,
    Refresh,
    Revise,
    bury,
    decide,
    join,
    without,
)
from soso.model.post import Entity, EntityKind, Post, Reaction, Revision
from tests.unit.model.sightings import START, apply, at, first, fold, sightings

BOLD = (Entity(kind=EntityKind.BOLD, start=0, end=1),)


def post(text: str = "早上好", **fields: Any) -> Post:
    return Post(**({"id": 5, "at": START, "text": text} | fields))


def test_a_new_post_is_inserted() -> None:
    outcome = decide(None, post(edited_at=at(3)), observed_at=at(9))
    assert isinstance(outcome, Insert)
    assert (outcome.observed_at, outcome.version_at) == (at(9), at(3))
    assert outcome.post.edited


def test_a_later_text_revises_and_what_it_replaces_is_kept() -> None:
    old = first(post(entities=BOLD))
    outcome = decide(old, post("晚上好", edited_at=at(3)), observed_at=at(200))
    assert isinstance(outcome, Revise)
    assert outcome.post.post.text == "晚上好"
    assert outcome.post.post.entities == ()
    assert outcome.revision == Revision(text="早上好", entities=BOLD, replaced_at=at(200))


def test_an_earlier_text_is_kept_out_but_fills_gaps() -> None:
    old = first(post("晚上好", edited_at=at(3)))
    outcome = decide(old, post(author="甲", edited_at=at(2)), observed_at=at(200))
    assert isinstance(outcome, Refresh)
    assert (outcome.post.post.text, outcome.post.post.author) == ("晚上好", "甲")
    assert outcome.post.post.edited_at == at(3)


def test_a_mark_without_a_time_counts_as_seen() -> None:
    marked = first(post("晚上好", edited=True), seen=50)
    assert isinstance(decide(marked, post("丙", edited_at=at(60)), observed_at=at(70)), Revise)
    assert isinstance(decide(marked, post("丙", edited_at=at(40)), observed_at=at(70)), Keep)


def test_the_edit_time_of_a_mark_is_filled_in_and_forgets_no_later_sighting() -> None:
    marked = first(post("晚上好", edited=True), seen=50)
    dated = apply(marked, decide(marked, post("晚上好", edited_at=at(2)), observed_at=at(3)))
    assert dated.post.edited_at == at(2)
    assert isinstance(decide(dated, post("丙", edited_at=at(40)), observed_at=at(45)), Keep)


def test_of_two_unedited_texts_the_one_seen_later_is_kept() -> None:
    one, other = (post("早上好"), at(10)), (post("晚上好"), at(20))
    assert fold([one, other]).post.text == fold([other, one]).post.text == "晚上好"


def test_a_text_cut_short_by_a_feed_does_not_shorten_the_post() -> None:
    whole, cut = post("一二三四五六"), post("一二三…")
    outcome = decide(first(whole), cut, observed_at=at(200))
    assert isinstance(outcome, Keep)
    grown = decide(first(cut), whole, observed_at=at(1))
    assert isinstance(grown, Refresh)
    assert (grown.post.post.text, grown.index) == ("一二三四五六", True)


def test_a_poor_route_takes_nothing_away() -> None:
    rich = post(
        "早上  好",
        entities=BOLD,
        author="甲",
        views=1234,
        forwards=3,
        media=(Media(kind=MediaKind.VIDEO, bytes=5, duration_s=9, file_name="片.mp4"),),
    )
    poor = post("早上 好", media=(Media(kind=MediaKind.VIDEO),))
    assert isinstance(decide(first(rich), poor, observed_at=at(200)), Keep)
    assert fold([(poor, at(200)), (rich, at(100))]).post == rich


def test_an_edit_of_a_known_time_can_take_marks_away() -> None:
    link = (Entity(kind=EntityKind.TEXT_LINK, start=0, end=1, url="https://a.example"),)
    old = first(post(entities=link + BOLD))
    outcome = decide(old, post(entities=BOLD, edited_at=at(9)), observed_at=at(200))
    assert outcome.post.post.entities == BOLD if isinstance(outcome, Refresh) else False


def test_a_certain_time_moves_the_times_of_a_local_one() -> None:
    eight = timedelta(hours=8)
    local = post("晚上好", at=START + eight, at_certain=False, edited_at=at(3) + eight)
    certain = post("丙", edited_at=at(60))  # edited later, but before the other's local time
    for order in ([(local, at(900)), (certain, at(901))], [(certain, at(901)), (local, at(900))]):
        stored = fold(order)
        assert (stored.post.at, stored.post.at_certain) == (START, True)
        assert (stored.post.text, stored.post.edited_at) == ("丙", at(60))
    same = fold([(local, at(900)), (post("晚上好"), at(901))])
    assert same.post.edited_at == at(3)


@pytest.mark.parametrize(
    ("told", "now", "index"),
    [(100, 110, False), (100, 124, False), (100, 125, True), (None, 7, True), (0, 1, True)],
)
def test_the_index_follows_a_number_that_moved_by_a_quarter(
    told: int | None, now: int, index: bool
) -> None:
    outcome = decide(first(post(views=told)), post(views=now), observed_at=at(200))
    assert isinstance(outcome, Refresh)
    assert outcome.index is index


def test_small_moves_add_up_for_the_index() -> None:
    stored, told = first(post(views=100)), []
    for views in (110, 120, 130, 140):
        outcome = decide(stored, post(views=views), observed_at=at(200 + views))
        assert isinstance(outcome, Refresh)
        told.append(outcome.index)
        stored = outcome.post
    assert told == [False, False, True, False]


def test_reactions_count_for_the_index_and_votes_do_not() -> None:
    old = first(post(reactions=(Reaction(emoji="👍", count=100),)))
    seen = post(reactions=(Reaction(emoji="👍", count=101),))
    assert decide(old, seen, observed_at=at(200)) == Refresh(
        post=msgspec.structs.replace(old, post=seen, observed_at=at(200)), index=False
    )


def test_a_later_sighting_of_the_same_is_kept_with_its_time() -> None:
    old = first(post())
    outcome = decide(old, post(), observed_at=at(200))
    assert outcome == Keep(post=msgspec.structs.replace(old, observed_at=at(200)))
    assert decide(old, post(), observed_at=at(1)) == Keep(post=old)


def test_a_buried_post_comes_back_only_if_it_was_seen_later() -> None:
    alive = first(post())
    buried = bury(alive, Tombstone(post_id=5, at=at(150)))
    assert isinstance(buried, Bury)
    assert buried.post.buried_at == at(150)
    assert decide(buried.post, post("丙", edited_at=at(149)), observed_at=at(150)) == Keep(
        post=buried.post
    )
    back = decide(buried.post, post(), observed_at=at(151))
    assert isinstance(back, Refresh)
    assert (back.post.buried_at, back.index) == (None, True)
    revised = decide(buried.post, post("丙", edited_at=at(151)), observed_at=at(152))
    assert isinstance(revised, Revise)
    assert revised.post.buried_at is None


def test_a_deletion_told_of_late_does_not_bury_what_was_seen_since() -> None:
    seen = first(post(), seen=100)
    assert isinstance(bury(seen, Tombstone(post_id=5, at=at(99))), Keep)
    once = bury(seen, Tombstone(post_id=5, at=at(100)))
    assert isinstance(once, Bury)
    assert isinstance(bury(once.post, Tombstone(post_id=5, at=at(100))), Keep)
    later = bury(once.post, Tombstone(post_id=5, at=at(120)))
    assert isinstance(later, Keep)
    assert later.post.buried_at == at(120)


def album(*ids: int, text: str = "合影") -> Post:
    media = tuple(Media(kind=MediaKind.PHOTO, post_id=number) for number in ids)
    return post(text, id=ids[0], album=ids, media=media)


def test_a_deleted_item_leaves_its_album_and_the_first_takes_it_along() -> None:
    old = first(album(5, 6, 7))
    less = bury(old, Tombstone(post_id=6, at=at(150)))
    assert isinstance(less, Refresh)
    assert [item.post_id for item in less.post.post.media] == [5, 7]
    assert less.post.post.album == (5, 6, 7)
    assert isinstance(bury(less.post, Tombstone(post_id=6, at=at(150))), Keep)
    assert isinstance(bury(old, Tombstone(post_id=5, at=at(150))), Bury)
    assert isinstance(bury(old, Tombstone(post_id=9, at=at(150))), Keep)


def test_an_item_alone_joins_its_album() -> None:
    single = post("", id=6, media=(Media(kind=MediaKind.PHOTO, width=9),))
    for order in ([album(5, 6), single], [single, album(5, 6)]):
        merged = fold([(seen, at(100)) for seen in order]).post
        assert (merged.id, merged.album, merged.text) == (5, (5, 6), "合影")
        assert [(item.post_id, item.width) for item in merged.media] == [(5, None), (6, 9)]


def test_captions_of_several_items_come_under_each_other() -> None:
    one, two = post("一张", id=5), post("两张", id=6, entities=BOLD)
    joined = join(first(one), first(two))
    assert joined.post.post.text == "一张\n\n两张"
    assert joined.post.post.entities == (Entity(kind=EntityKind.BOLD, start=4, end=5),)
    whole = apply(None, joined)
    again = decide(whole, album(5, 6, text="一张\n\n两张"), observed_at=at(300))
    assert isinstance(again, Refresh)
    assert isinstance(decide(again.post, two, observed_at=at(300)), Keep)


def test_joining_two_rows_keeps_the_first_sight_and_every_veil() -> None:
    kept = first(post(), seen=100, first_seen_at=at(50))
    gone = first(post(), seen=90, first_seen_at=at(40), hidden=True)
    joined = join(kept, gone).post
    assert (joined.first_seen_at, joined.hidden, joined.sensitive) == (at(40), True, False)
    dead = msgspec.structs.replace(gone, buried_at=at(95))
    assert join(kept, dead).post.buried_at is None  # seen alive after that
    dead = msgspec.structs.replace(gone, buried_at=at(100))
    assert join(kept, dead).post.buried_at == at(100)
    assert join(dead, kept).post.buried_at == at(100)
    assert isinstance(join(kept, kept), Keep)


def test_without_leaves_single_posts_alone() -> None:
    single = post(media=(Media(kind=MediaKind.PHOTO),))
    assert without(single, {5}) is single
    assert [m.post_id for m in without(album(5, 6), {6}).media] == [5]


@settings(max_examples=150)
@given(st.lists(sightings, min_size=1, max_size=4))
def test_applying_twice_is_applying_once(seen: list[Any]) -> None:
    stored = None
    for sighting, observed_at in seen:
        outcome = decide(stored, sighting, observed_at=observed_at)
        stored = apply(stored, outcome)
        again = decide(stored, sighting, observed_at=observed_at)
        assert again == Keep(post=stored)


@settings(max_examples=150)
@given(st.lists(sightings, min_size=1, max_size=4), st.randoms(use_true_random=False))
def test_what_any_source_saw_is_in_the_result(seen: list[Any], random: Any) -> None:
    random.shuffle(seen)
    merged = fold(seen).post
    for name in ("text", "author", "author_peer", "views", "reply", "poll", "media", "reactions"):
        there = any(getattr(sighting, name) not in (None, "", ()) for sighting, _ in seen)
        assert there == (getattr(merged, name) not in (None, "", ())), name
    assert set(merged.album) >= {id_ for sighting, _ in seen for id_ in sighting.album}


@settings(max_examples=150)
@given(st.data())
def test_the_final_text_does_not_depend_on_the_order_of_arrival(data: st.DataObject) -> None:
    """Each sighting is of another time; texts may come back, and routes see edits or do not."""
    count = data.draw(st.integers(2, 5))
    times = data.draw(st.permutations(range(1, 9)))[:count]
    seen = []
    for minute in times:
        dated = data.draw(st.booleans())
        seen.append(
            (
                post(
                    data.draw(st.sampled_from(["甲", "乙", "丙 丁", "丙  丁"])),
                    edited=not dated,
                    edited_at=at(minute) if dated else None,
                    entities=BOLD if data.draw(st.booleans()) else (),
                ),
                at(data.draw(st.integers(minute, 20))) if dated else at(minute),
            )
        )
    latest = max(zip(times, seen, strict=True), key=lambda pair: pair[0])[1][0]
    for order in (seen, data.draw(st.permutations(seen))):
        assert fold(list(order)).post.text.split() == latest.text.split()


def test_a_feed_changes_no_text_that_was_seen_first_hand() -> None:
    seen = first(post("早上好", entities=BOLD), seen=10)
    told = post("早上好 (read more)", author="甲", second_hand=True, edited=True, at=at(-3))
    outcome = decide(seen, told, observed_at=at(200))
    assert isinstance(outcome, Refresh)
    assert outcome.post.post == msgspec.structs.replace(seen.post, author="甲")
    assert outcome.post.observed_at == at(10)  # a feed may be hours old: it proves no life
    assert decide(outcome.post, told, observed_at=at(200)) == Keep(post=outcome.post)


def test_a_first_hand_text_takes_the_place_of_a_feeds_without_being_an_edit() -> None:
    told = first(post("早上好 (read more)", second_hand=True, author="甲"), seen=90)
    outcome = decide(told, post("早上好"), observed_at=at(50))
    assert isinstance(outcome, Refresh)
    assert outcome.post.post == post("早上好", author="甲")
    assert (outcome.post.observed_at, outcome.post.version_at) == (at(50), START)


def test_a_feed_alone_revises_its_own_text() -> None:
    told = first(post("早上好", second_hand=True))
    outcome = decide(told, post("晚上好", second_hand=True), observed_at=at(200))
    assert isinstance(outcome, Revise)
    assert outcome.post.post.second_hand
    earlier = decide(outcome.post, post("早上好", second_hand=True), observed_at=at(150))
    assert isinstance(earlier, Keep)


def test_a_feed_brings_no_buried_post_back() -> None:
    outcome = bury(first(post()), Tombstone(post_id=5, at=at(300)))
    assert isinstance(outcome, Bury)
    again = decide(outcome.post, post(second_hand=True), observed_at=at(400))
    assert again == Keep(post=outcome.post)
    assert decide(outcome.post, post(), observed_at=at(400)).post.buried_at is None


def test_a_feed_does_not_keep_a_post_from_being_buried() -> None:
    seen = first(post(), seen=10)
    told = apply(seen, decide(seen, post(second_hand=True, author="甲"), observed_at=at(400)))
    assert isinstance(bury(told, Tombstone(post_id=5, at=at(300))), Bury)
