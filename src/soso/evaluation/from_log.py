"""A set of the operator's own: queries that readers asked, to be judged, over the archive itself.

    SET/queries.jsonl   {"id", "text"}
    SET/judge.tsv       what was found for each, to be graded by a person (judge.py)

There is no corpus: the archive is the corpus, with its names, dates and audiences, which a copy of
the texts would not have. Only what a reader may find gets into the table.
"""

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import timedelta
from itertools import zip_longest
from pathlib import Path
from typing import Final

import msgspec

from soso.bootstrap import App
from soso.evaluation.archive import name_card
from soso.evaluation.judge import (
    JudgeRow,
    judged_of,
    merge_rows,
    parse_rows,
    query_id,
    unparse_rows,
)
from soso.evaluation.measures import DEPTH
from soso.evaluation.read import read_queries
from soso.evaluation.sets import LabelledQuery, LabelledSet
from soso.model.errors import BadInput, Unavailable
from soso.model.value import Value
from soso.ports.queries import QueryRow
from soso.query.plan_types import Mode
from soso.query.results import Card, SearchRequest

QUERIES: Final = "queries.jsonl"
TABLE: Final = "judge.tsv"
EXCERPT: Final = 160
LOGGED: Final = timedelta(days=90)
"""How far back the log is read: what was asked long ago may have nothing to find any more."""


class Written(Value):
    """What was written: queries and rows in all, and how many of the rows are still to be judged."""

    queries: int
    rows: int
    to_judge: int
    new_rows: int


def list_asked(app: App, *, count: int) -> list[str]:
    """Return the texts of logged queries to judge: popular ones, and ones that went wrong.

    Raises BadInput where nothing is logged.
    """
    since = (app.clock.now() - LOGGED).date()
    asked, unclicked, missed = (
        app.store.list_queries(since=since, order=order, limit=count)
        for order in ("asked", "unclicked", "missed")
    )
    if not asked:
        raise BadInput(
            f"the query log has nothing of the last {LOGGED.days} days; "
            "name a file with a query a line: --queries-file"
        )
    return choose_queries(asked, unclicked, missed, count=count)


def choose_queries(*rankings: Sequence[QueryRow], count: int) -> list[str]:
    """Return the texts of the first of each ranking, then the second, without repeating one."""
    chosen: dict[str, str] = {}
    for rows in zip_longest(*rankings):
        for row in rows:
            if row is not None and len(chosen) < count:
                chosen.setdefault(row.key, row.text)
    return list(chosen.values())


def read_lines(file: Path, *, count: int) -> list[str]:
    """Return the first queries of a text file, one a line. Raises BadInput."""
    try:
        lines = file.read_text("utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"{file} can't be read: {error}") from error
    found = dict.fromkeys(line.strip() for line in lines if line.strip())
    return list(found)[:count]


def gather(app: App, texts: Iterable[str], told: Callable[[int], None]) -> Iterator[JudgeRow]:
    """Yield the first documents of each query, as the archive answers now and by words alone.

    Two ways of searching are pooled, so that a grade does not only exist for what one of them finds.
    """
    for number, text in enumerate(texts, 1):
        pooled: dict[str, Card] = {}
        for mode in (None, Mode.WORDS):
            request = SearchRequest(text=text, limit=DEPTH, facets=False, mode=mode)
            for card in app.search(request).rows:
                pooled.setdefault(name_card(card), card)
        for name, card in pooled.items():
            yield JudgeRow(
                query=query_id(text),
                text=text,
                document=name,
                title=card.title.text or card.chat.title,
                excerpt=card.snippet.text[:EXCERPT],
            )
        told(number)


def write_set(folder: Path, texts: Sequence[str], found: Iterable[JudgeRow]) -> Written:
    """Write the set, or add to one that is there: what was judged in it stays. Raises BadInput."""
    queries = {query_id(text): text for text in texts}
    table, file = folder / TABLE, folder / QUERIES
    old = parse_rows(table.read_bytes(), str(table)) if table.is_file() else []
    if file.is_file():
        queries = {row.id: row.text for row in read_queries(file)} | queries
    rows = merge_rows(old, (row for row in found if row.query in queries))
    encode = msgspec.json.encode
    lines = [encode({"id": name, "text": text}) for name, text in queries.items()]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _write(file, b"\n".join(lines) + b"\n")
        _write(table, unparse_rows(rows))
    except OSError as error:
        raise Unavailable(f"{folder} can't be written: {error.strerror}") from error
    return Written(
        queries=len(queries),
        rows=len(rows),
        to_judge=sum(row.grade is None for row in rows),
        new_rows=len(rows) - len(old),
    )


def _write(file: Path, content: bytes) -> None:
    """All or nothing: hours of somebody's work may be in the old one."""
    beside = file.with_name(file.name + ".new")
    beside.write_bytes(content)
    os.replace(beside, file)


def is_own_set(folder: Path) -> bool:
    """Whether a folder is such a set."""
    return (folder / TABLE).is_file() and (folder / QUERIES).is_file()


def load_own_set(folder: Path) -> LabelledSet:
    """Read the queries and what was judged. Queries without a good document are left out.

    Raises BadInput where nothing is judged yet.
    """
    table = folder / TABLE
    try:
        grades = judged_of(parse_rows(table.read_bytes(), str(table)))
    except OSError as error:
        raise BadInput(f"{table} can't be read: {error.strerror}") from error
    wanted = tuple(
        LabelledQuery(id=query.id, text=query.text)
        for query in read_queries(folder / QUERIES)
        if any(grades.get(query.id, {}).values())
    )
    if not wanted:
        raise BadInput(f"{table}: no document has a grade above 0 yet; fill in the column grade")
    return LabelledSet(
        name=folder.resolve().name,
        documents=(),
        queries=wanted,
        grades={query.id: grades[query.id] for query in wanted},
    )
