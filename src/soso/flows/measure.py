"""What stories are told by is measured on all tellings: how common terms are, how alike is alike."""

from collections.abc import Iterator

from soso.ports.store import Store
from soso.ports.stories import Measure
from soso.similarity.gauge import (
    APART_S,
    OTHERS,
    PLACES,
    PROBES,
    SPAN_S,
    choose_need,
    likest,
)
from soso.similarity.tellings import Counts, count_terms, weigh


def take_measure(store: Store) -> Measure:
    """Return the measure of an archive; it follows from the tellings alone. Raises Unavailable.

    Some seconds for a hundred thousand, 50 MB.
    """
    every = max(store.count_tellings() // PLACES, 1)
    places: list[int] = []

    def passing() -> Iterator[tuple[int, bytes]]:
        for number, row in enumerate(store.iter_terms()):
            if number % every == every // 2:
                places.append(row[0])
            yield row

    counts = count_terms(passing())
    found = [value for at_s in places[:PLACES] for value in _likest_of(store, counts, at_s)]
    return Measure(counts, choose_need(found))


def _likest_of(store: Store, counts: Counts, at_s: int) -> Iterator[float]:
    """Yield how like some posts of a time are to the most alike of days before."""
    before = store.list_told(from_s=at_s - APART_S - SPAN_S, limit=OTHERS)
    others = [
        weights
        for told in before
        if told.telling.at_s < at_s - APART_S and (weights := weigh(told.telling.terms, counts))
    ]
    if not others:
        return
    for told in store.list_told(from_s=at_s, limit=PROBES):
        if told.telling.at_s < at_s + SPAN_S and (probe := weigh(told.telling.terms, counts)):
            yield likest(probe, others)
