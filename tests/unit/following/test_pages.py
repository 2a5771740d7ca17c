import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from soso.following.pages import (
    MOST_GAPS,
    Ask,
    Purpose,
    Shown,
    Span,
    check_page,
    ids_of,
    span_of,
    step_down,
    take_page,
)
from soso.following.plan import plan_gap
from soso.model.errors import BadInput
from soso.model.following import Followed, Gap

from .chats import NEWEST, Site, page, post, source


def backfill(before: int) -> Ask:
    return Ask(purpose=Purpose.BACKFILL, before=before)


def gap(before: int) -> Ask:
    return Ask(purpose=Purpose.GAP, before=before)


def test_the_first_page_says_where_history_begins() -> None:
    after = take_page(source(), NEWEST, page(post(7), post(8), post(9)))
    assert (after.newest_id, after.oldest_id, after.backfill_before) == (9, 7, 8)
    assert not after.is_backfilled
    assert after.recent_s == tuple(int(post(n).at.timestamp()) for n in (9, 8, 7))


def test_a_chat_whose_first_post_is_shown_has_no_history_left() -> None:
    after = take_page(source(), NEWEST, page(post(1), post(2)))
    assert after.is_backfilled
    assert after.backfill_before is None


def test_an_empty_chat_is_asked_again() -> None:
    after = take_page(source(), NEWEST, page())
    assert after == source()
    assert take_page(after, NEWEST, page(post(4), post(5))).backfill_before == 5


def test_a_page_that_does_not_reach_what_is_known_leaves_a_gap() -> None:
    known = source(newest_id=10, oldest_id=1, is_backfilled=True)
    after = take_page(known, NEWEST, page(post(14, album=(14, 15)), post(16)))
    assert after.gaps == (Gap(low=10, high=15),), "the album may be there in part only"
    assert after.newest_id == 16
    assert take_page(known, NEWEST, page(post(10), post(16))).gaps == ()


def test_a_gap_is_filled_from_its_top_until_known_posts_are_met() -> None:
    known = source(newest_id=30, oldest_id=1, is_backfilled=True, gaps=(Gap(low=10, high=24),))
    half = take_page(known, gap(25), page(post(18), post(20), post(24)))
    assert half.gaps == (Gap(low=10, high=18),)
    assert take_page(half, gap(19), page(post(9), post(18))).gaps == ()
    assert take_page(half, gap(19), page()).gaps == (), "there is nothing below"
    assert take_page(half, gap(99), page(post(9))).gaps == half.gaps, "an answer to another ask"


def test_there_are_never_many_gaps() -> None:
    row = source(newest_id=1, oldest_id=1, is_backfilled=True)
    for number in range(10, 10 * MOST_GAPS + 50, 10):
        row = take_page(row, NEWEST, page(post(number)))
    assert len(row.gaps) == MOST_GAPS
    assert row.gaps[0].low == 1


def test_history_is_read_to_its_first_post() -> None:
    row = source(newest_id=9, oldest_id=7, backfill_before=8)
    row = take_page(row, backfill(8), page(post(4), post(5), post(7)))
    assert (row.oldest_id, row.backfill_before) == (4, 5)
    row = take_page(row, backfill(5), page(post(4)))
    assert (row.backfill_before, row.is_backfilled) == (4, False), "one more page may come"
    row = take_page(row, backfill(4), page())
    assert (row.oldest_id, row.backfill_before, row.is_backfilled) == (4, None, True)


def test_a_page_that_was_not_asked_for_is_told() -> None:
    row = source(newest_id=90, oldest_id=40)
    with pytest.raises(BadInput):
        check_page(row, backfill(41), page(post(80), post(90)))
    first = check_page(row, backfill(40), page(post(40), post(41)))
    assert first.posts == (), "asked below the first post, the site may show the first page"
    album = page(post(38, album=(38, 39, 40, 41)), post(42))
    assert check_page(row, backfill(40), album).posts == album.posts[:1]
    assert check_page(row, NEWEST, album) == album


def test_what_a_page_speaks_for() -> None:
    shown = page(post(5, album=(5, 6)), post(9))
    assert span_of(NEWEST, shown) == Span(5, None)
    assert span_of(backfill(20), shown) == Span(5, 19)
    assert span_of(backfill(20), page()) == Span(1, 19)
    assert span_of(Ask(purpose=Purpose.CONFIRM, post_id=5), shown) is None
    assert span_of(NEWEST, msgspec.structs.replace(shown, shown=Shown.CLOSED)) is None


@given(st.sets(st.integers(1, 60), min_size=1), st.none() | st.integers(1, 70))
def test_going_down_falls_with_every_step(ids: set[int], before: int | None) -> None:
    posts = tuple(post(n) for n in sorted(ids) if before is None or n < before)
    below = step_down(posts, before)
    if below is not None and before is not None:
        assert below < before
    if below is not None:
        assert ids_of(posts[0])[0] <= below


def read_all(site: Site, row: Followed) -> tuple[Followed, set[int]]:
    """Ask as long as there is something to ask; return what was seen whole."""
    seen: set[int] = set()
    asks = 0
    while True:
        ask = plan_gap(row)
        if ask is None and not row.is_backfilled and row.backfill_before is not None:
            ask = backfill(row.backfill_before)
        if ask is None:
            return row, seen
        reading = check_page(row, ask, site.show(ask))
        seen |= {number for one in reading.posts for number in ids_of(one)}
        row = take_page(row, ask, reading)
        asks += 1
        assert asks < 500, "it does not end"


moves = st.lists(
    st.one_of(
        st.tuples(st.just("add"), st.integers(1, 4)),
        st.tuples(st.just("skip"), st.integers(1, 30)),
        st.tuples(st.just("delete"), st.integers(1, 80)),
        st.tuples(st.just("visit"), st.just(0)),
        st.tuples(st.just("crash"), st.just(0)),
    ),
    max_size=60,
)


@given(moves, st.booleans(), st.integers(4, 7))
def test_all_that_stays_is_read_whatever_happens(
    done: list[tuple[str, int]], parts: bool, size: int
) -> None:
    """Posts come and go between visits; some visits end before their state is kept."""
    site = Site(size=size, parts=parts)
    site.add()
    row, seen = source(), set[int]()
    for what, number in [*done, ("visit", 0)]:
        if what == "add":
            site.add(number)
        elif what == "skip":
            site.skip(number)
        elif what == "delete":
            site.delete(number)
        else:
            reading = site.show(NEWEST)
            after = take_page(row, NEWEST, reading)
            seen |= {i for one in reading.posts for i in ids_of(one)}
            row = after if what == "visit" else row
    row, more = read_all(site, row)
    assert site.ids() <= seen | more
    assert row.gaps == ()
