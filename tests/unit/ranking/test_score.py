from soso.model.ids import DocId
from soso.query.plan_types import Hit
from soso.ranking import weights
from soso.ranking.score import rank, reach, recency, score

NOW_S = 1_800_000_000


def hit(doc: int, value: float, *, full: bool = True, at_s: int = 0, audience: int = 0) -> Hit:
    return Hit(doc=DocId(doc), score=value, full=full, at_s=at_s, audience=audience)


def test_signals_are_bounded() -> None:
    best = hit(1, 1.0, at_s=NOW_S + 10**9, audience=10**12)
    assert score(best, now_s=NOW_S) <= 1 + weights.RECENCY_SHARE + weights.AUDIENCE_SHARE
    assert 1.0 <= score(hit(1, 1.0), now_s=NOW_S) < 1.0001


def test_recency_halves() -> None:
    half_life_s = int(weights.RECENCY_HALF_LIFE_DAYS * 86_400)
    assert recency(NOW_S, now_s=NOW_S) == 1
    assert abs(recency(NOW_S - half_life_s, now_s=NOW_S) - 0.5) < 1e-9


def test_reach_rises() -> None:
    assert reach(0) == 0 < reach(10) < reach(1000) < reach(weights.AUDIENCE_CEILING) == 1
    assert reach(10**12) == 1


def test_full_documents_come_first_then_score_then_time() -> None:
    hits = [
        hit(1, 9.0, full=False),
        hit(2, 1.0),
        hit(3, 1.0, at_s=5),
        hit(4, 2.0),
    ]
    assert [found.doc for found, _ in rank(hits, now_s=NOW_S)] == [4, 3, 2, 1]


def test_a_clearly_better_match_beats_age_and_audience() -> None:
    old = hit(1, 1.3)
    fresh = hit(2, 1.0, at_s=NOW_S, audience=10**9)
    assert [found.doc for found, _ in rank([fresh, old], now_s=NOW_S)] == [1, 2]
