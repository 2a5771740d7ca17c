from datetime import UTC, datetime, timedelta

from soso.flows.kept_answer import KEPT_FOR, KeptAnswer, find_kept, keep_answer
from soso.model.ids import DocId
from tests.unit.flows.conftest import World

NOW = datetime(2026, 11, 1, tzinfo=UTC)


def answer(count: int, limit: int) -> KeptAnswer:
    return KeptAnswer(
        docs=tuple(DocId(2 * number) for number in range(count)),
        full=(True,) * count,
        scores=tuple(map(float, range(count))),
        passages=tuple(range(count)),
        total=count,
        all_full=True,
        limit=limit,
    )


def test_an_answer_is_found_until_its_time_is_over(world: World) -> None:
    kept = answer(5, 2)
    token = keep_answer(kept, world.store, now=NOW)
    assert find_kept(token, world.store, now=NOW) == kept
    assert find_kept(token, world.store, now=NOW + KEPT_FOR + timedelta(seconds=1)) is None
    assert find_kept("0" * 18, world.store, now=NOW) is None


def test_what_is_behind_a_place_knows_what_was_before() -> None:
    kept = answer(5, 2)
    rest = kept.behind(kept.start(1), limit=10)
    assert rest.docs == (4, 6, 8)
    assert (rest.scores, rest.passages, len(rest.full)) == ((2.0, 3.0, 4.0), (2, 3, 4), 3)
    assert rest.shown == (0, 2)
    assert rest.behind(rest.start(1), limit=3).shown == (0, 2, 4, 6, 8)
