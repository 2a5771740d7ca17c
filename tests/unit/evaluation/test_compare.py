from soso.evaluation.compare import FIRST, LISTED, compare
from soso.evaluation.measures import measure
from soso.evaluation.outcome import Answers, Comparison, Line
from soso.evaluation.sets import LabelledQuery, LabelledSet

LINE = Line(name="other", measures={}, p50_ms=1.0, p99_ms=2.0)


def compared(*rankings: tuple[list[str], list[str]]) -> Comparison:
    """Each query is about document a, and b touches upon it."""
    names = [f"q{place}" for place in range(len(rankings))]
    labelled = LabelledSet(
        name="invented",
        documents=(),
        queries=tuple(LabelledQuery(id=name, text=f"text of {name}") for name in names),
        grades={name: {"a": 3, "b": 1} for name in names},
    )
    sides = []
    for side in (0, 1):
        found = {name: pair[side] for name, pair in zip(names, rankings, strict=True)}
        answers = Answers(rankings=found, took_ms=())
        sides.append((answers, measure(labelled.grades, found)))
    return compare(labelled, sides[0], sides[1], line=LINE, titles={"a": "About it"})


def test_wins_losses_ties_and_where_they_are() -> None:
    found = compared(
        (["a", "b"], ["a", "b"]),
        (["b", "a"], ["a", "b"]),
        ([], ["a"]),
        (["a"], ["x", "a"]),
        (["x"], ["y"]),
    )
    assert (found.wins, found.losses, found.ties) == (1, 2, 2)
    assert [pair.query for pair in found.worst] == ["q2", "q1"]
    assert [pair.query for pair in found.best] == ["q3"]
    worst = found.worst[1]
    assert worst.text == "text of q1"
    assert worst.theirs == 1.0
    assert 0 < worst.ours < 1
    assert [(one.document, one.title, one.grade) for one in found.best[0].their_first] == [
        ("x", "", None),
        ("a", "About it", 3),
    ]


def test_ten_queries_and_five_documents_are_listed() -> None:
    found = compared(*[(["a"], [*"uvwxyz", "a"])] * 12)
    assert (found.wins, len(found.best), found.worst) == (12, LISTED, ())
    assert len(found.best[0].their_first) == FIRST
