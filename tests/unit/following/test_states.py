import msgspec

from soso.following.pace import OPEN
from soso.following.states import REFUSED, failed, other_routes, paused, refused, renamed, succeeded
from soso.model.following import Route, SourceState

from .chats import NOW, later, source

State = SourceState


def test_every_state_is_of_one_kind() -> None:
    assert OPEN | REFUSED | {State.PAUSED} == set(State)
    assert not OPEN & REFUSED


def test_a_success_opens_and_tells_what_is_going_on() -> None:
    assert succeeded(source(), NOW).state is State.FOLLOWING
    assert succeeded(source(backfill_before=9), NOW).state is State.BACKFILLING
    done = source(backfill_before=None, is_backfilled=True, last_post_at=later(days=-31))
    assert succeeded(done, NOW).state is State.QUIET
    lost = source(state=State.GONE, failures=9, error="nobody")
    after = succeeded(lost, NOW)
    assert (after.state, after.failures, after.error) == (State.FOLLOWING, 0, None)
    assert (after.last_visit_at, after.last_success_at) == (NOW, NOW)


def test_three_failures_in_a_row_are_failing() -> None:
    row = source(state=State.FOLLOWING)
    states = []
    for _ in range(3):
        row = failed(row, "x" * 9999, NOW)
        states.append(row.state)
    assert states == [State.FOLLOWING, State.FOLLOWING, State.FAILING]
    assert len(row.error or "") == 300
    assert succeeded(row, NOW).state is State.FOLLOWING


def test_a_failure_changes_no_refusal() -> None:
    row = source(state=State.CLOSED, failures=5)
    assert failed(row, "no network", NOW).state is State.CLOSED


def test_refusals_are_counted_while_they_are_the_same() -> None:
    row = source(failures=2, etag="x")
    row = refused(row, State.GONE, NOW, why="nobody")
    assert (row.state, row.failures, row.etag) == (State.GONE, 1, None)
    assert refused(row, State.GONE, NOW).failures == 2
    assert refused(row, State.CLOSED, NOW).failures == 1


def test_pausing_and_going_on() -> None:
    row = paused(source(state=State.FAILING, failures=4), is_paused=True, why="blocked")
    assert (row.state, row.failures, row.error) == (State.PAUSED, 0, "blocked")
    assert paused(row, is_paused=False).state is State.NEW


def test_old_names_are_remembered() -> None:
    row = renamed(source(name="one", etag="x"), "two", "Two")
    assert (row.name, row.shown_name, row.former_names, row.etag) == ("two", "Two", ("one",), None)
    back = renamed(row, "one", "One")
    assert (back.name, back.former_names) == ("one", ("two",))
    assert renamed(back, "one", "ONE") == msgspec.structs.replace(back, shown_name="ONE")
    many = source(name="n")
    for number in range(50):
        many = renamed(many, f"n{number}", "")
    assert len(many.former_names) == 20


def test_other_routes_are_named_where_this_one_shows_nothing() -> None:
    assert other_routes(source(state=State.CLOSED)) == (Route.BOT, Route.ACCOUNT)
    assert other_routes(source(state=State.FOLLOWING)) == ()
