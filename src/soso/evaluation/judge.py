"""Judgements as a table that people fill in with any spreadsheet: judge.tsv. Pure.

Columns: query (its id), text, document, grade, title, excerpt. grade is left empty and
filled in by a person: 3 exactly what was asked for, 2 good, 1 touches upon it, 0 not meant. Only query,
document and grade are read back, so a spreadsheet may spoil the encoding of the others.
"""

import codecs
import csv
import hashlib
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from soso.model.errors import BadInput
from soso.model.value import Value

COLUMNS: Final = ("query", "text", "document", "grade", "title", "excerpt")
MOST_GRADE: Final = 3
_UNFIT: Final = re.compile("[\x00-\x20\x7f-\xa0\u2028\u2029\ud800-\udfff]+")
_FORMULA: Final = ("=", "+", "-", "@", "'", "|", "%", "＝", "＋", "－", "＠")
_DELIMITERS: Final = "\t,;"


class JudgeRow(Value):
    """A document that was found for a query. grade: None until somebody judged it."""

    query: str
    text: str
    document: str
    grade: int | None = None
    title: str = ""
    excerpt: str = ""


def query_id(text: str) -> str:
    """Return the id of a query: the same text has the same one in every table."""
    return "q" + hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=5).hexdigest()


def merge_rows(old: Iterable[JudgeRow], found: Iterable[JudgeRow]) -> list[JudgeRow]:
    """Return the old rows with their grades, and those found besides; each query's rows together.

    New rows stand in an order that says nothing of their places in the ranking, so that it does not
    sway who judges.
    """
    kept = list(old)
    fresh = list(found)
    places = {query: place for place, query in enumerate(dict.fromkeys(map(_query, kept + fresh)))}
    rows = {(row.query, row.document): row for row in kept}
    for row in sorted(fresh, key=_shuffled):
        rows.setdefault((row.query, row.document), row)
    return sorted(rows.values(), key=lambda row: places[row.query])


def _query(row: JudgeRow) -> str:
    return row.query


def _shuffled(row: JudgeRow) -> bytes:
    return hashlib.blake2b(f"{row.query}\0{row.document}".encode()).digest()


def unparse_rows(rows: Iterable[JudgeRow]) -> bytes:
    """Return the table: UTF-8 with the mark that spreadsheets know it by, cells parted by tabs.

    Foreign text is made harmless: a cell that a spreadsheet would compute begins with an apostrophe.
    """
    out = io.StringIO()
    table = csv.writer(out, delimiter="\t", lineterminator="\n")
    table.writerow(COLUMNS)
    for row in rows:
        grade = "" if row.grade is None else str(row.grade)
        texts = (_cell(text) for text in (row.title, row.excerpt))
        table.writerow((row.query, _cell(row.text), row.document, grade, *texts))
    return codecs.BOM_UTF8 + out.getvalue().encode()


def _cell(text: str) -> str:
    on_one_line = _UNFIT.sub(" ", text).strip()
    return f"'{on_one_line}" if on_one_line.startswith(_FORMULA) else on_one_line


def parse_rows(content: bytes, name: str) -> list[JudgeRow]:
    """Read a table as a spreadsheet gives it back: tabs, commas or semicolons, in any encoding.

    name: of the file, for errors. Raises BadInput naming the line.
    """
    text = _decoded(content)
    head = text.partition("\n")[0]
    delimiter = next((one for one in _DELIMITERS if f"query{one}" in head.replace('"', "")), "\t")
    table = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter)
    missing = {"query", "document", "grade"} - set(table.fieldnames or ())
    if missing:
        raise BadInput(f"{name} has no column {min(missing)!r}")
    try:
        return list(_rows(table, name))
    except csv.Error as error:
        raise BadInput(f"{name}, line {table.line_num}: {error}") from error


def _rows(table: "csv.DictReader[str]", name: str) -> Iterator[JudgeRow]:
    for cells in table:
        query, document = (cells["query"] or "").strip(), (cells["document"] or "").strip()
        if not query and not document:
            continue
        if not query or not document:
            raise BadInput(f"{name}, line {table.line_num}: no query, or no document")
        yield JudgeRow(
            query=query,
            document=document,
            grade=_grade(cells["grade"] or "", f"{name}, line {table.line_num}"),
            text=(cells.get("text") or "").removeprefix("'"),
            title=(cells.get("title") or "").removeprefix("'"),
            excerpt=(cells.get("excerpt") or "").removeprefix("'"),
        )


def _grade(cell: str, place: str) -> int | None:
    typed = cell.strip()
    if not typed:
        return None
    try:
        grade = float(typed)
    except ValueError:
        grade = -1
    if grade not in range(MOST_GRADE + 1):
        raise BadInput(f"{place}: the grade is {typed!r}; it is 0, 1, 2 or 3, or left empty")
    return int(grade)


def _decoded(content: bytes) -> str:
    for mark, encoding in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if content.startswith(mark):
            return content.decode(encoding, "replace")
    try:
        return content.decode()
    except UnicodeDecodeError:
        return content.decode("gb18030", "replace")


def judged_of(rows: Sequence[JudgeRow]) -> dict[str, dict[str, int]]:
    """Return query -> document -> grade of the rows that somebody judged."""
    grades: dict[str, dict[str, int]] = {}
    for row in rows:
        if row.grade is not None:
            grades.setdefault(row.query, {})[row.document] = row.grade
    return grades
