import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from soso.evaluation.judge import (
    COLUMNS,
    JudgeRow,
    judged_of,
    merge_rows,
    parse_rows,
    query_id,
    unparse_rows,
)
from soso.model.errors import BadInput

texts = st.text(max_size=30)
rows = st.builds(
    JudgeRow,
    query=texts.map(query_id),
    text=texts,
    document=st.sampled_from(["1500000001/5", "u77", "x3/1"]),
    grade=st.none() | st.integers(0, 3),
    title=texts,
    excerpt=texts,
)


def a_row(**changes: object) -> JudgeRow:
    return JudgeRow(**{"query": "q1", "text": "彗星", "document": "1/2", **changes})  # type: ignore[arg-type]


@given(st.lists(rows, max_size=6))
def test_a_table_comes_back(some: list[JudgeRow]) -> None:
    back = parse_rows(unparse_rows(some), "judge.tsv")
    assert [(row.query, row.document, row.grade) for row in back] == [
        (row.query, row.document, row.grade) for row in some
    ]


@given(st.lists(rows, min_size=1, max_size=4))
def test_no_cell_is_computed_and_each_row_is_a_line(some: list[JudgeRow]) -> None:
    lines = unparse_rows(some).decode("utf-8-sig").splitlines()
    assert len(lines) == len(some) + 1
    for cells in csv.reader(io.StringIO("\n".join(lines[1:])), delimiter="\t"):
        assert len(cells) == len(COLUMNS)
        assert not any(cell.startswith(tuple("=+-@\t")) for cell in cells)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda text: text.encode("utf-16"),
        lambda text: text.encode("gb18030"),
        lambda text: text.replace("\t", ",").encode(),
        lambda text: text.replace("\t", ";").replace("\n", "\r\n").encode("utf-8-sig"),
        lambda text: "\n".join(
            "\t".join(f'"{cell}"' for cell in line.split("\t")) for line in text.splitlines()
        ).encode(),
    ],
)
def test_what_spreadsheets_make_of_it(spoil: object) -> None:
    text = unparse_rows([a_row(grade=3), a_row(document="1/3")]).decode("utf-8-sig")
    back = parse_rows(spoil(text), "judge.tsv")  # type: ignore[operator]
    assert [(row.query, row.document, row.grade) for row in back] == [
        ("q1", "1/2", 3),
        ("q1", "1/3", None),
    ]


@pytest.mark.parametrize(("typed", "grade"), [("2", 2), ("３", 3), (" 1.0 ", 1), ("", None)])
def test_grades_as_typed(typed: str, grade: int | None) -> None:
    content = f"query\tdocument\tgrade\nq1\t1/2\t{typed}\n\t\t\n".encode()
    assert [row.grade for row in parse_rows(content, "judge.tsv")] == [grade]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("query\tdocument\nq1\t1/2\n", "no column 'grade'"),
        ("", "no column"),
        ("query\tdocument\tgrade\nq1\t1/2\tgood\n", "line 2: the grade is 'good'"),
        ("query\tdocument\tgrade\nq1\t1/2\t4\n", "line 2: the grade is '4'"),
        ("query\tdocument\tgrade\nq1\t1/2\tnan\n", "line 2: the grade is 'nan'"),
        ("query\tdocument\tgrade\nq1\t\t1\n", "line 2: no query, or no document"),
        ("query\tdocument\tgrade\nq1\n", "line 2: no query, or no document"),
    ],
)
def test_what_can_not_be_read(content: str, told: str) -> None:
    with pytest.raises(BadInput, match=told):
        parse_rows(content.encode(), "judge.tsv")


def test_what_was_judged_stays_and_the_order_says_nothing_of_places() -> None:
    old = [a_row(document="1/9", grade=2), a_row(document="1/1", grade=0)]
    found = [a_row(document=f"1/{place}") for place in range(30)]
    found += [a_row(query="q0", document="1/1")]
    merged = merge_rows(old, found)
    assert [row.document for row in merged[:2]] == ["1/9", "1/1"]
    assert [row.grade for row in merged if row.grade is not None] == [2, 0]
    assert [row.query for row in merged] == ["q1"] * 30 + ["q0"]
    fresh = [row.document for row in merged[2:-1]]
    assert sorted(fresh) != fresh
    assert judged_of(merged) == {"q1": {"1/9": 2, "1/1": 0}}
    assert merge_rows(merged, found) == merged
