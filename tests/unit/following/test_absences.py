from datetime import datetime

import msgspec
import pytest

from soso.following.absences import Absent, next_confirmation, note_absences, take_single
from soso.following.pace import MOST_MISSING
from soso.following.pages import Ask, Purpose, Reading, Shown, Span, span_of
from soso.model.batch import Tombstone
from soso.model.following import Followed, Missing

from .chats import NEWEST, NOW, later, page, post, source

SHOWN = page(post(10), post(12), post(14))


def note(
    row: Followed, *absent: Absent, reading: Reading = SHOWN, at: datetime = NOW
) -> tuple[Followed, tuple[Tombstone, ...]]:
    span = span_of(NEWEST, reading)
    assert span is not None
    return note_absences(row, span, reading, absent, now=at, confirm_s=300)


def test_what_vanished_is_buried_by_a_second_reading_and_no_sooner() -> None:
    row, dead = note(source(), Absent(11))
    assert row.missing == (Missing(post_id=11, noted_at=NOW),)
    assert dead == ()
    row, dead = note(row, Absent(11), at=later(seconds=299))
    assert dead == ()
    assert row.missing[0].noted_at == NOW
    row, dead = note(row, Absent(11), at=later(seconds=300))
    assert dead == (Tombstone(post_id=11, at=NOW),), "it went when it was first not there"
    assert row.missing == ()


def test_what_is_shown_again_was_not_dead() -> None:
    row, _ = note(source(), Absent(11))
    again, dead = note(row, reading=page(post(10), post(11), post(14)), at=later(hours=1))
    assert (again.missing, dead) == ((), ())


def test_what_the_archive_knows_to_be_gone_is_noted_no_more() -> None:
    row, _ = note(source(), Absent(11))
    assert note(row, at=later(hours=1)) == (msgspec.structs.replace(row, missing=()), ())


def test_pages_say_nothing_of_ids_beyond_them() -> None:
    row, _ = note(source(), Absent(11))
    other = page(post(40), post(44))
    after, dead = note(row, reading=other, at=later(hours=1))
    assert (after.missing, dead) == (row.missing, ())


@pytest.mark.parametrize(
    ("absent", "reading"),
    [
        (Absent(11, was_listed=False), SHOWN),
        (Absent(11), page(post(10), post(14), skipped={"odd": 1})),
        (Absent(11), page(post(8, album=(8, 9)), post(14))),
        (Absent(11), page()),
    ],
    ids=["never listed", "a part unread", "behind an album", "an empty page"],
)
def test_where_pages_prove_nothing_the_post_itself_is_asked(
    absent: Absent, reading: Reading
) -> None:
    row, _ = note(source(), absent, reading=reading)
    row, dead = note(row, absent, reading=reading, at=later(minutes=9))
    assert dead == ()
    ask = next_confirmation(row, later(minutes=9), confirm_s=300)
    assert ask == Ask(purpose=Purpose.CONFIRM, post_id=11)

    alive = take_single(row, ask, page(post(11)))
    assert (alive.missing, alive.unlisted) == ((), (11,))
    again, dead = note(alive, absent, reading=reading, at=later(hours=1))
    assert (again.missing, dead) == ((), ()), "pages never show it: that is known now"

    denied = take_single(row, ask, Reading(shown=Shown.NO_POST, at=later(minutes=9)))
    then = next_confirmation(denied, later(minutes=9), confirm_s=300)
    assert then == Ask(purpose=Purpose.CONFIRM, before=12), "a closed chat denies all its posts"
    after, dead = note(denied, absent, reading=reading, at=later(minutes=9))
    assert dead == (Tombstone(post_id=11, at=NOW),)
    assert after.missing == ()


def test_an_item_of_an_album_goes_when_the_page_was_made() -> None:
    """The album was seen alive on that page; only a later deletion takes the item from it."""
    shown = page(post(10, album=(10, 12)), at=later(minutes=6))
    item = Absent(31, is_item=True)
    row = source(missing=(Missing(post_id=31, noted_at=NOW),))
    _, dead = note(row, item, reading=shown, at=later(minutes=6))
    assert dead == (Tombstone(post_id=31, at=later(minutes=6)),)


def test_a_note_of_a_clock_that_was_ahead_begins_anew() -> None:
    row = source(missing=(Missing(post_id=11, noted_at=later(hours=5)),))
    assert next_confirmation(row, NOW, confirm_s=300) is not None
    after, dead = note(row, Absent(11))
    assert (after.missing, dead) == ((Missing(post_id=11, noted_at=NOW),), ())


def test_a_chat_that_was_emptied_is_settled_in_parts() -> None:
    gone = [Absent(number) for number in range(1, MOST_MISSING + 100)]
    row, _ = note_absences(source(), Span(1, None), page(), gone, now=NOW, confirm_s=300)
    assert len(row.missing) == MOST_MISSING
    assert row.sweep_wanted
    assert max(one.post_id for one in row.missing) == MOST_MISSING + 99


def test_nothing_is_confirmed_before_its_time() -> None:
    row = source(missing=(Missing(post_id=11, noted_at=NOW),))
    assert next_confirmation(row, later(seconds=10), confirm_s=300) is None
    assert next_confirmation(source(), NOW, confirm_s=0) is None
    two = source(missing=(Missing(post_id=11, noted_at=NOW), Missing(post_id=9, noted_at=NOW)))
    ask = next_confirmation(two, later(minutes=6), confirm_s=300)
    assert ask == Ask(purpose=Purpose.CONFIRM, before=12), "one page may settle both"


def test_other_answers_to_a_single_page_say_nothing() -> None:
    row = source(missing=(Missing(post_id=11, noted_at=NOW, doubtful=True),))
    ask = Ask(purpose=Purpose.CONFIRM, post_id=11)
    assert take_single(row, ask, Reading(shown=Shown.FREE, at=NOW)) == row
    other = Ask(purpose=Purpose.CONFIRM, post_id=12)
    assert take_single(row, other, Reading(shown=Shown.NO_POST, at=NOW)) == row
