"""A labelled set through the real flows: import, index, search; then the same for the baselines."""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from time import perf_counter

from soso.bootstrap import App, ImportOptions, open_app
from soso.config import load_settings
from soso.evaluation.baselines.choose import open_baseline
from soso.evaluation.corpus import Corpus
from soso.evaluation.measures import (
    DEPTH,
    Scores,
    difference,
    interval,
    measure,
    percentile,
)
from soso.evaluation.outcome import Line, Outcome
from soso.evaluation.sets import LabelledQuery, LabelledSet
from soso.model.errors import BadInput, Unavailable
from soso.query.results import Card, SearchRequest

Told = Callable[[str, int, int], None]
"""Told what is being done, how much of it is done and how much there is."""

Ranker = Callable[[LabelledQuery], list[str]]
"""Answers a query with documents, best first, without the query's own; at most DEPTH count."""


def evaluate(
    labelled: LabelledSet, *, related: bool, baselines: tuple[str, ...], told: Told
) -> Outcome:
    """Measure Soso, and the named baselines, on a set.

    related: rank related posts for the queries that are documents; the others are left out.
    Raises BadInput when there is nothing to rank or a package is missing, Unavailable.
    """
    queries = labelled.queries
    if related:
        queries = tuple(query for query in queries if query.own is not None)
        if not queries or labelled.of_chats:
            raise BadInput(f"{labelled.name}: no query is a post, so none has related posts")
    corpus = Corpus(labelled)
    with _archive(corpus, told) as app:
        rank = _related(app, corpus) if related else _searched(app, corpus)
        scores, line = _measured("soso", labelled, queries, rank, told)
        lines = []
        for name in baselines:
            told(f"{name}: index", 0, 1)
            with closing(open_baseline(name, words=app.analyzers.words)) as baseline:
                baseline.add((document.id, document.whole) for document in labelled.documents)
                rank = _without_own(baseline.search)
                lines.append(_measured(name, labelled, queries, rank, told, scores)[1])
    return Outcome(
        name=labelled.name,
        related=related,
        documents=len(labelled.documents),
        queries=len(queries),
        soso=line,
        baselines=tuple(lines),
    )


@contextmanager
def _archive(corpus: Corpus, told: Told) -> Iterator[App]:
    """Import and index a set in a folder of its own, whatever store the settings name."""
    with tempfile.TemporaryDirectory(prefix="soso-eval-") as folder:
        file = Path(folder) / "corpus.jsonl"
        corpus.write(file)
        with open_app(load_settings(data=Path(folder) / "data", store_url="")) as app:
            for report in app.import_paths(
                [file],
                ImportOptions(),
                lambda done: told("import", done.read_bytes, done.total_bytes or done.read_bytes),
            ):
                if report.state != "done" or report.skipped:
                    reasons = report.error or ", ".join(report.skipped) or report.state
                    raise Unavailable(f"the set could not be imported whole: {reasons}")
            indexed = app.index_changes(lambda done, total: told("index", done, total))
            if indexed.failed:
                raise Unavailable(f"the set could not be indexed whole: {indexed.failed[0]}")
            yield app


def _searched(app: App, corpus: Corpus) -> Ranker:
    def rank(query: LabelledQuery) -> list[str]:
        request = SearchRequest(
            text=query.text, limit=DEPTH + (query.own is not None), facets=False, sensitive=True
        )
        return _documents(app.search(request).rows, corpus)

    return rank


def _related(app: App, corpus: Corpus) -> Ranker:
    def rank(query: LabelledQuery) -> list[str]:
        chat, post_id = corpus.post_of(query.own or "")
        return _documents(app.get_related(chat, post_id, limit=DEPTH, sensitive=True), corpus)

    return rank


def _documents(cards: tuple[Card, ...], corpus: Corpus) -> list[str]:
    found = (corpus.find(card) for card in cards)
    return [document for document in found if document is not None]


def _without_own(search: Callable[[str, int], list[str]]) -> Ranker:
    return lambda query: search(query.text, DEPTH + (query.own is not None))


def _measured(
    name: str,
    labelled: LabelledSet,
    queries: tuple[LabelledQuery, ...],
    rank: Ranker,
    told: Told,
    ours: Scores | None = None,
) -> tuple[Scores, Line]:
    rankings: dict[str, list[str]] = {}
    took_ms: list[float] = []
    for query in queries:
        started = perf_counter()
        found = rank(query)
        took_ms.append((perf_counter() - started) * 1000)
        rankings[query.id] = [document for document in found if document != query.own][:DEPTH]
        told(f"{name}: search", len(rankings), len(queries))
    scores = measure(labelled.grades, rankings)
    line = Line(
        name=name,
        measures={measured: interval(values) for measured, values in scores.items()},
        p50_ms=percentile(took_ms, 0.5),
        p99_ms=percentile(took_ms, 0.99),
        ahead={measured: difference(ours[measured], scores[measured]) for measured in ours or ()}
        if ours is not None
        else {},
    )
    return scores, line
