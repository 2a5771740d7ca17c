import sqlite3
from pathlib import Path

import pytest
import sqlalchemy as sa

from soso.model.errors import BadInput, NotFound, Unavailable
from soso.stores.sql import SqlStore
from soso.stores.sql.connect import Database


@pytest.fixture
def database(tmp_path: Path) -> Database:
    made = Database(f"sqlite:///{tmp_path / 'a.db'}")
    with made.writing() as conn:
        conn.execute(sa.text("CREATE TABLE t (n INTEGER)"))
    return made


def numbers(database: Database) -> list[int]:
    with database.reading() as conn:
        return list(conn.execute(sa.text("SELECT n FROM t")).scalars())


@pytest.mark.parametrize(
    "url", ["", "nonsense", "mysql://host/db", "sqlite://", "sqlite:///:memory:", "/a/path.db"]
)
def test_an_address_that_can_be_none_is_bad_input(url: str) -> None:
    with pytest.raises(BadInput):
        Database(url)


def test_a_place_that_is_not_there_is_unavailable(tmp_path: Path) -> None:
    with pytest.raises(Unavailable):
        SqlStore(f"sqlite:///{tmp_path / 'nowhere' / 'a.db'}")


def test_a_file_that_is_no_database_is_unavailable_and_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "a.db"
    file.write_bytes(b"this is my diary " * 500)
    with pytest.raises(Unavailable, match="not a database"):
        SqlStore(f"sqlite:///{file}")
    assert file.read_bytes() == b"this is my diary " * 500


def test_an_error_undoes_what_was_written(database: Database) -> None:
    def write() -> None:
        with database.writing() as conn:
            conn.execute(sa.text("INSERT INTO t VALUES (1)"))
            raise NotFound("nothing")

    with pytest.raises(NotFound):
        write()
    assert numbers(database) == []
    database.close()


@pytest.mark.parametrize("statement", ["SELECT * FROM nowhere", "no sql", "INSERT INTO t VALUES"])
def test_what_the_database_raises_is_unavailable(database: Database, statement: str) -> None:
    with pytest.raises(Unavailable) as raised, database.reading() as conn:
        conn.execute(sa.text(statement))
    assert "\n" not in str(raised.value)
    assert isinstance(raised.value.__cause__, sa.exc.SQLAlchemyError)
    database.close()


def test_a_value_that_no_column_holds_is_bad_input(database: Database) -> None:
    for value in (2**63, "\ud800"):
        with pytest.raises(BadInput), database.writing() as conn:
            conn.execute(sa.text("INSERT INTO t VALUES (:n)"), {"n": value})
    database.close()


def test_a_read_sees_one_moment(database: Database) -> None:
    with database.reading() as conn:
        assert conn.execute(sa.text("SELECT count(*) FROM t")).scalar() == 0
        with database.writing() as other:
            other.execute(sa.text("INSERT INTO t VALUES (1)"))
        assert conn.execute(sa.text("SELECT count(*) FROM t")).scalar() == 0
    assert numbers(database) == [1]
    database.close()


def test_connections_are_set_as_the_module_says(database: Database, tmp_path: Path) -> None:
    def pragma(of: Database, name: str) -> int | str:
        with of.reading() as conn:
            return conn.exec_driver_sql(f"PRAGMA {name}").scalar_one()

    quick = Database(f"sqlite:///{tmp_path / 'b.db'}", durable=False)
    assert (pragma(database, "journal_mode"), pragma(quick, "journal_mode")) == ("wal", "wal")
    assert (pragma(database, "synchronous"), pragma(quick, "synchronous")) == (2, 1)
    assert (pragma(database, "foreign_keys"), pragma(database, "secure_delete")) == (1, 1)
    assert pragma(database, "busy_timeout") == 30_000
    for one in (database, quick):
        one.close()


def test_closing_leaves_one_file_that_others_can_open(tmp_path: Path) -> None:
    store = SqlStore(f"sqlite:///{tmp_path / 'archive.db'}")
    store.close()
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "archive-scratch.db",
        "archive-suggestions.db",
        "archive.db",
    ]
    other = sqlite3.connect(tmp_path / "archive.db")
    assert other.execute("SELECT count(*) FROM posts").fetchone() == (0,)
    other.close()


def test_the_scratch_file_can_stand_elsewhere(tmp_path: Path) -> None:
    place = tmp_path / "elsewhere.db"
    store = SqlStore(f"sqlite:///{tmp_path / 'a.db'}", scratch_url=f"sqlite:///{place}")
    store.close()
    assert place.exists()
    assert not (tmp_path / "a-scratch.db").exists()


def test_a_folder_that_can_not_be_written_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "closed"
    (folder / "a.db").mkdir(parents=True)  # can't be opened, by the superuser neither
    with pytest.raises(Unavailable, match=r"the file .*closed/a\.db can't be opened"):
        SqlStore(f"sqlite:///{folder / 'a.db'}")
    monkeypatch.setattr("os.access", lambda path, _mode: Path(path) != folder)
    with pytest.raises(Unavailable, match=r"data folder .*closed can't be written by this user"):
        SqlStore(f"sqlite:///{folder / 'a.db'}")
