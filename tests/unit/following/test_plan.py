import msgspec

from soso.following.pace import MOST_MISSING, Habits
from soso.following.pages import Ask, Purpose, take_page
from soso.following.plan import plan_gap, plan_work
from soso.model.following import Followed, Gap, Missing, Round

from .chats import NOW, Site, later, source

HABITS = Habits()
FRESH = tuple(int(NOW.timestamp()) - n for n in range(20))


def open_source(**fields: object) -> Followed:
    told: dict[str, object] = {
        "newest_id": 90,
        "oldest_id": 1,
        "is_backfilled": True,
        "recent_s": FRESH,
        "next_round_at": later(hours=6),
    }
    return source(**(told | fields))


def test_nothing_is_asked_before_the_first_page() -> None:
    row = source(gaps=(Gap(low=1, high=2),))
    assert plan_work(row, NOW, HABITS) == (row, None)


def test_deaths_come_first_then_gaps_then_history_then_rounds() -> None:
    row = open_source(
        missing=(Missing(post_id=50, noted_at=later(hours=-1)),),
        gaps=(Gap(low=3, high=9), Gap(low=60, high=70)),
        is_backfilled=False,
        backfill_before=3,
        next_round_at=later(hours=-1),
    )
    purposes = []
    for done in ({"missing": ()}, {"gaps": ()}, {"is_backfilled": True}, {}):
        row, ask = plan_work(row, NOW, HABITS)
        assert ask is not None
        purposes.append((ask.purpose, ask.before))
        row = msgspec.structs.replace(row, **done)
    assert purposes == [
        (Purpose.CONFIRM, 51),
        (Purpose.GAP, 71),
        (Purpose.BACKFILL, 3),
        (Purpose.ROUND, None),
    ]


def test_without_gaps_none_is_filled() -> None:
    assert plan_gap(open_source()) is None


def test_a_round_is_for_chats_that_write_more_than_a_page() -> None:
    due = later(hours=7)
    row, ask = plan_work(open_source(), due, HABITS)
    assert ask == Ask(purpose=Purpose.ROUND)
    assert row.round == Round(started_at=due, down_to=later(hours=7 - 48))
    assert row.next_round_at == later(hours=13)
    slow = open_source(recent_s=tuple(int(later(days=-n).timestamp()) for n in range(20)))
    row, ask = plan_work(slow, due, HABITS)
    assert ask is None
    assert row.next_round_at == later(hours=13)


def test_a_round_planned_by_a_clock_that_was_ahead_is_planned_anew() -> None:
    row, ask = plan_work(open_source(next_round_at=later(days=400)), NOW, HABITS)
    assert ask is None
    assert row.next_round_at == later(hours=6)


def test_all_is_read_again_when_wanted_or_after_a_month() -> None:
    for row, at in ((open_source(sweep_wanted=True), NOW), (open_source(), later(days=31))):
        after, ask = plan_work(row, at, HABITS)
        assert ask == Ask(purpose=Purpose.ROUND)
        assert after.round == Round(started_at=at)
        assert not after.sweep_wanted
    never = Habits(sweep_s=0)
    after, _ = plan_work(open_source(next_round_at=later(days=32)), later(days=31), never)
    assert after.round is None or after.round.down_to is not None


def test_a_sweep_waits_for_what_is_noted_and_a_round_while_too_much_is() -> None:
    noted = (Missing(post_id=3, noted_at=NOW),)
    row, ask = plan_work(open_source(sweep_wanted=True, missing=noted), NOW, HABITS)
    assert (row.round, ask) == (None, None)
    full = tuple(Missing(post_id=n, noted_at=NOW) for n in range(1, MOST_MISSING + 1))
    going = open_source(round=Round(started_at=NOW, before=40), missing=full)
    assert plan_work(going, NOW, HABITS)[1] is None
    assert plan_work(msgspec.structs.replace(going, missing=noted), NOW, HABITS)[1] == Ask(
        purpose=Purpose.ROUND, before=40
    )


def test_a_sweep_goes_to_the_first_post_and_ends() -> None:
    site = Site()
    for _ in range(33):
        site.add()
    row = open_source(newest_id=33, sweep_wanted=True)
    seen: set[int] = set()
    for _ in range(20):
        row, ask = plan_work(row, NOW, HABITS)
        if ask is None:
            break
        reading = site.show(ask)
        seen |= {one.id for one in reading.posts}
        row = take_page(row, ask, reading)
    assert seen == site.ids()
    assert row.round is None
    assert row.last_sweep_at == NOW


def test_a_short_round_ends_at_old_posts() -> None:
    site = Site()
    for _ in range(33):
        site.add()
    row = open_source(round=Round(started_at=NOW, down_to=later(minutes=-59.7)))
    asked = 0
    while row.round is not None:
        row, ask = plan_work(row, NOW, HABITS)
        assert ask is not None
        row = take_page(row, ask, site.show(ask))
        asked += 1
    assert 2 <= asked <= 5
    assert row.last_sweep_at is None
