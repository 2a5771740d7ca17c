"""A labelled set through the real flows: import, index, search; then the same for the baselines."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from time import perf_counter
from typing import Final, NamedTuple

import msgspec

from soso.bootstrap import App
from soso.evaluation.archive import Archive, SetArchive, Told
from soso.evaluation.baselines.choose import open_baseline
from soso.evaluation.compare import compare
from soso.evaluation.corpus import Corpus
from soso.evaluation.measures import (
    DEPTH,
    Scores,
    check_measures,
    difference,
    interval,
    measure,
    percentile,
)
from soso.evaluation.outcome import Answers, Line, Outcome
from soso.evaluation.overrides import Overrides, name_overrides
from soso.evaluation.sets import LabelledQuery, LabelledSet
from soso.model.errors import BadInput
from soso.query.results import Card, SearchRequest
from soso.text.analyzers import load_analyzers
from soso.text.simplify import converter

Ranker = Callable[[LabelledQuery], Sequence[str]]
"""Answers a query with documents, best first, without the query's own; at most DEPTH count."""


class Configurations(NamedTuple):
    """What is laid over the settings: for what is measured, and for what it is held against.

    converted: OpenCC's conversions, such as s2t, in which the queries are asked once more.
    """

    laid: Overrides = {}
    against: Overrides | None = None
    converted: tuple[str, ...] = ()


AS_IT_IS = Configurations()

Ask = Callable[[LabelledSet, Overrides, dict[str, str]], Answers]
"""Asks the queries of a set under a configuration, and notes the titles of what it finds."""

FOLDED: Final = "soso, copies folded"
"""The line for related posts as readers get them: a set that takes a copy for related loses by it."""


def evaluate(
    labelled: LabelledSet,
    *,
    related: bool,
    baselines: tuple[str, ...],
    told: Told,
    settings: Configurations = AS_IT_IS,
) -> Outcome:
    """Measure Soso, and the named baselines, on a set; settings.against is measured beside it.

    related: rank related posts for the queries that are documents; the others are left out.
    Raises BadInput when there is nothing to rank or a package is missing, Unavailable.
    """
    check_measures()
    if related:
        labelled = _only_posts(labelled)
    with SetArchive(Corpus(labelled), told) as archive:

        def asked(labelled: LabelledSet, laid: Overrides, titles: dict[str, str]) -> Answers:
            with archive.opened(laid) as app:
                rank = _related if related else _searched
                return _ask("soso", labelled, rank(app, archive, titles), told)

        outcome, scores = _outcome(labelled, asked, settings, related=related)
        lines = []
        if related:
            with archive.opened(settings.laid) as app:
                answers = _ask(FOLDED, labelled, _related(app, archive, {}, copies=False), told)
            lines.append(_line(FOLDED, answers, measure(labelled.grades, answers.rankings), scores))
    for name in baselines:
        told(f"{name}: index", 0, 1)
        with closing(open_baseline(name, words=load_analyzers().words)) as baseline:
            baseline.add((document.id, document.whole) for document in labelled.documents)
            answers = _ask(name, labelled, _without_own(baseline.search), told)
        lines.append(_line(name, answers, measure(labelled.grades, answers.rankings), scores))
    return msgspec.structs.replace(outcome, baselines=(*outcome.baselines, *lines))


def evaluate_live(
    labelled: LabelledSet, archive: Archive, *, told: Told, settings: Configurations = AS_IT_IS
) -> Outcome:
    """Measure an archive that is there already; the set has the queries and judgements.

    Raises BadInput when a package is missing, Unavailable.
    """
    check_measures()

    def asked(labelled: LabelledSet, laid: Overrides, titles: dict[str, str]) -> Answers:
        with archive.opened(laid) as app:
            return _ask("soso", labelled, _searched(app, archive, titles), told)

    return _outcome(labelled, asked, settings, related=False)[0]


def _outcome(
    labelled: LabelledSet,
    asked: Ask,
    settings: Configurations,
    *,
    related: bool,
) -> tuple[Outcome, Scores]:
    titles: dict[str, str] = {}
    ours = asked(labelled, settings.laid, titles)
    scores = measure(labelled.grades, ours.rankings)
    outcome = Outcome(
        name=labelled.name,
        related=related,
        documents=len(labelled.documents),
        queries=len(labelled.queries),
        soso=_line(name_overrides(settings.laid) if settings.laid else "soso", ours, scores),
        baselines=tuple(_ask_converted(labelled, asked, settings, scores)),
        judged=_judged(labelled.grades, ours.rankings),
    )
    if settings.against is None:
        return outcome, scores
    theirs = asked(labelled, settings.against, titles)
    held = measure(labelled.grades, theirs.rankings)
    line = _line(name_overrides(settings.against), theirs, held, scores)
    comparison = compare(labelled, (ours, scores), (theirs, held), line=line, titles=titles)
    return msgspec.structs.replace(outcome, comparison=comparison), scores


def _ask_converted(
    labelled: LabelledSet, asked: Ask, settings: Configurations, scores: Scores
) -> Iterator[Line]:
    """The same queries in another script ought to find the same."""
    for name in settings.converted:
        convert = converter(name)
        queries = tuple(
            msgspec.structs.replace(query, text=convert(query.text)) for query in labelled.queries
        )
        answers = asked(msgspec.structs.replace(labelled, queries=queries), settings.laid, {})
        found = measure(labelled.grades, answers.rankings)
        yield _line(f"soso, queries {name}", answers, found, scores)


def _only_posts(labelled: LabelledSet) -> LabelledSet:
    queries = tuple(query for query in labelled.queries if query.own is not None)
    if not queries or labelled.of_chats:
        raise BadInput(f"{labelled.name}: no query is a post, so none has related posts")
    return msgspec.structs.replace(labelled, queries=queries)


def _searched(app: App, archive: Archive, titles: dict[str, str]) -> Ranker:
    def rank(query: LabelledQuery) -> list[str]:
        request = SearchRequest(
            text=query.text,
            limit=DEPTH + (query.own is not None),
            facets=False,
            sensitive=archive.sensitive,
        )
        return _documents(app.search(request).rows, archive, titles)

    return rank


def _related(
    app: App, archive: SetArchive, titles: dict[str, str], *, copies: bool = True
) -> Ranker:
    """Readers get copies folded into one row; labels say that a copy is about the same."""

    def rank(query: LabelledQuery) -> list[str]:
        chat, post_id = archive.corpus.post_of(query.own or "")
        found = app.get_related(chat, post_id, limit=DEPTH, sensitive=True, copies=copies)
        return _documents(found, archive, titles)

    return rank


def _documents(cards: Sequence[Card], archive: Archive, titles: dict[str, str]) -> list[str]:
    found = []
    for card in cards:
        document = archive.find(card)
        if document is not None:
            found.append(document)
            titles.setdefault(document, card.title.text or card.snippet.text)
    return found


def _without_own(search: Callable[[str, int], list[str]]) -> Ranker:
    return lambda query: search(query.text, DEPTH + (query.own is not None))


def _ask(name: str, labelled: LabelledSet, rank: Ranker, told: Told) -> Answers:
    """The first query is asked once more before the clock runs: models are loaded by it."""
    rankings: dict[str, list[str]] = {}
    took_ms: list[float] = []
    rank(labelled.queries[0])
    for query in labelled.queries:
        started = perf_counter()
        found = rank(query)
        took_ms.append((perf_counter() - started) * 1000)
        rankings[query.id] = [document for document in found if document != query.own][:DEPTH]
        told(f"{name}: search", len(rankings), len(labelled.queries))
    return Answers(rankings=rankings, took_ms=tuple(took_ms))


def _line(name: str, answers: Answers, scores: Scores, ours: Scores | None = None) -> Line:
    return Line(
        name=name,
        measures={measured: interval(values) for measured, values in scores.items()},
        p50_ms=percentile(answers.took_ms, 0.5),
        p99_ms=percentile(answers.took_ms, 0.99),
        ahead={measured: difference(ours[measured], scores[measured]) for measured in ours}
        if ours is not None
        else {},
    )


def _judged(
    grades: Mapping[str, Mapping[str, int]], rankings: Mapping[str, Sequence[str]]
) -> float:
    """Which share of what was found has been judged; 1 where nothing was found."""
    known = [found in grades[query] for query, ranking in rankings.items() for found in ranking]
    return sum(known) / len(known) if known else 1.0
