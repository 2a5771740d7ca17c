"""Two configurations query by query: who wins where. Pure."""

from collections.abc import Mapping, Sequence
from typing import Final

from soso.evaluation.measures import NAMES, Scores
from soso.evaluation.outcome import Answers, Comparison, Line, Pair, Placed
from soso.evaluation.sets import LabelledSet

LISTED: Final = 10
FIRST: Final = 5
"""How many queries are listed on either side, and how many documents of each."""

_EQUAL: Final = 1e-9


def compare(
    labelled: LabelledSet,
    ours: tuple[Answers, Scores],
    theirs: tuple[Answers, Scores],
    *,
    line: Line,
    titles: Mapping[str, str],
) -> Comparison:
    """Return wins, losses and ties, and the queries that differ most.

    Both sides answered all queries of the set in its order. line: theirs.
    titles: what people call the documents.
    """
    scored = zip(labelled.queries, ours[1][NAMES[0]], theirs[1][NAMES[0]], strict=True)
    pairs = [
        Pair(
            query=query.id,
            text=query.text,
            ours=one,
            theirs=other,
            our_first=_placed(ours[0].rankings[query.id], labelled.grades[query.id], titles),
            their_first=_placed(theirs[0].rankings[query.id], labelled.grades[query.id], titles),
        )
        for query, one, other in scored
    ]
    won = sorted((pair for pair in pairs if _ahead(pair) > _EQUAL), key=lambda one: -_ahead(one))
    lost = sorted((pair for pair in pairs if _ahead(pair) < -_EQUAL), key=_ahead)
    return Comparison(
        line=line,
        wins=len(won),
        losses=len(lost),
        ties=len(pairs) - len(won) - len(lost),
        worst=tuple(lost[:LISTED]),
        best=tuple(won[:LISTED]),
    )


def _ahead(pair: Pair) -> float:
    return pair.ours - pair.theirs


def _placed(
    ranking: Sequence[str], grades: Mapping[str, int], titles: Mapping[str, str]
) -> tuple[Placed, ...]:
    return tuple(
        Placed(document=document, title=titles.get(document, ""), grade=grades.get(document))
        for document in ranking[:FIRST]
    )
