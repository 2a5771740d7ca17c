from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import msgspec
import pytest

from soso.bootstrap import App, ImportOptions, open_app
from soso.config import load_settings
from soso.evaluation.archive import LiveArchive
from soso.evaluation.from_log import (
    QUERIES,
    TABLE,
    choose_queries,
    gather,
    is_own_set,
    list_asked,
    load_own_set,
    read_lines,
    write_set,
)
from soso.evaluation.judge import parse_rows, unparse_rows
from soso.evaluation.run import Configurations, evaluate_live
from soso.model.errors import BadInput
from soso.ports.queries import QueryCount, QueryRow

AT = "2026-11-01T08:00:00Z"
ROWS = [
    {"type": "chat", "chat": "1600000001", "kind": "channel", "title": "海港", "is_public": True},
    {"type": "chat", "chat": "1600000002", "kind": "group", "title": "家", "visibility": "private"},
    {"type": "post", "chat": "1600000001", "id": 1, "at": AT, "text": "台风今晚登陆"},
    {"type": "post", "chat": "1600000001", "id": 2, "at": AT, "text": "=台风过后的港口"},
    {"type": "post", "chat": "1600000001", "id": 3, "at": AT, "text": "台风暗号", "hidden": True},
    {"type": "post", "chat": "1600000002", "id": 4, "at": AT, "text": "台风时家里的钥匙"},
    {"type": "post", "chat": "1600000001", "id": 5, "at": AT, "text": "彗星来了"},
]


def quiet(doing: str, done: int, total: int) -> None:
    assert 0 <= done <= total


@pytest.fixture
def app(tmp_path: Path) -> Iterator[App]:
    file = tmp_path / "rows.jsonl"
    file.write_bytes(b"\n".join(map(msgspec.json.encode, ROWS)))
    with open_app(load_settings(data=tmp_path / "data")) as opened:
        for report in opened.import_paths([file], ImportOptions(), lambda _: None):
            assert (report.state, report.skipped) == ("done", {})
        opened.index_changes()
        yield opened


def a_query(text: str, **counts: int) -> QueryRow:
    some = {"asked": 1, "missed": 0, "partial": 0, "clicked": 0, "days": 1, "hours": 1, **counts}
    return QueryRow(key=text.lower(), text=text, last=date(2026, 11, 1), **some)


def test_popular_and_failing_queries_take_turns() -> None:
    popular = [a_query(name) for name in "abcd"]
    failing = [a_query(name) for name in "Axy"]
    assert choose_queries(popular, failing, [], count=4) == ["a", "b", "x", "c"]
    assert choose_queries(popular, failing, count=99) == ["a", "b", "x", "c", "y", "d"]
    assert choose_queries([], [], count=3) == []


def test_the_log_is_asked(app: App) -> None:
    with pytest.raises(BadInput, match="--queries-file"):
        list_asked(app, count=5)
    today = app.clock.now().date()
    app.store.add_queries(
        [
            QueryCount(key="台风", text="台风", day=today, asked=9, clicked=4),
            QueryCount(key="火箭", text="火箭", day=today, asked=3, missed=3),
            QueryCount(key="老", text="老", day=date(2020, 1, 1), asked=99),
        ]
    )
    assert list_asked(app, count=5) == ["台风", "火箭"]


def test_only_what_a_reader_finds_gets_out(app: App, tmp_path: Path) -> None:
    texts = ["台风", "彗星", "火箭"]
    told: list[int] = []
    folder = tmp_path / "own"
    written = write_set(folder, texts, gather(app, texts, told.append))
    assert told == [1, 2, 3]
    assert (written.queries, written.rows, written.to_judge) == (3, 3, 3)
    assert is_own_set(folder)
    rows = parse_rows((folder / TABLE).read_bytes(), TABLE)
    assert {row.document for row in rows} == {"1600000001/1", "1600000001/2", "1600000001/5"}
    content = (folder / TABLE).read_text("utf-8-sig")
    assert "钥匙" not in content
    assert "暗号" not in content
    assert "\t=" not in content


def test_from_asking_to_measuring(app: App, tmp_path: Path) -> None:
    folder = tmp_path / "own"
    write_set(folder, ["台风", "彗星"], gather(app, ["台风", "彗星"], lambda _: None))
    with pytest.raises(BadInput, match="no document has a grade above 0"):
        load_own_set(folder)
    judge(folder, {"1600000001/1": 0, "1600000001/2": 3})
    labelled = load_own_set(folder)
    assert [query.text for query in labelled.queries] == ["台风"]
    outcome = evaluate_live(
        labelled,
        LiveArchive(app.data),
        told=quiet,
        settings=Configurations(against={"site_name": "Other"}),
    )
    assert outcome.soso.measures["recall@10"].mean == 1.0
    assert (outcome.documents, outcome.judged) == (0, 1.0)
    assert outcome.comparison is not None
    assert outcome.comparison.ties == 1
    with pytest.raises(BadInput, match="only read"):
        evaluate_live(
            labelled, LiveArchive(app.data), told=quiet, settings=Configurations({"zone": "UTC"})
        )


def test_a_second_round_adds_and_keeps(app: App, tmp_path: Path) -> None:
    folder = tmp_path / "own"
    write_set(folder, ["彗星"], gather(app, ["彗星"], lambda _: None))
    judge(folder, {"1600000001/5": 2})
    again = write_set(folder, ["台风"], gather(app, ["台风"], lambda _: None))
    assert (again.queries, again.new_rows, again.to_judge) == (2, 2, 2)
    assert load_own_set(folder).grades[load_own_set(folder).queries[0].id] == {"1600000001/5": 2}
    assert sorted(path.name for path in folder.iterdir()) == [TABLE, QUERIES]


def test_asking_is_not_logged(app: App) -> None:
    list(gather(app, ["台风"], lambda _: None))
    long_ago = datetime(2000, 1, 1).date()
    assert app.store.list_queries(since=long_ago) == []


def test_queries_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "queries.txt"
    file.write_text("\ufeff台风\n\n 彗星 \n台风\n港口\n", "utf-8")
    assert read_lines(file, count=2) == ["台风", "彗星"]
    with pytest.raises(BadInput, match="can't be read"):
        read_lines(tmp_path / "absent", count=1)


def judge(folder: Path, grades: dict[str, int]) -> None:
    table = folder / TABLE
    rows = parse_rows(table.read_bytes(), TABLE)
    judged = [msgspec.structs.replace(row, grade=grades.get(row.document)) for row in rows]
    table.write_bytes(unparse_rows(judged))
