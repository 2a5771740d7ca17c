"""What differs between SQLite and PostgreSQL: the only place with SQL of one of them.

SQLite: WAL, so that readers never wait for the writer. synchronous=FULL: a commit returns after the
log is on disk, so neither `kill -9` nor a power cut takes back what was committed (as far as the
disk keeps its word); it costs one fsync a commit, about 0.5 ms. What may be lost has
synchronous=NORMAL: no fsync a commit, and in WAL mode a power cut still breaks nothing.
A transaction that writes begins with BEGIN IMMEDIATE and on PostgreSQL with an advisory lock: one
writer at a time, so that numbers taken under it rise in the order of commits.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy import event, exc
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection, Engine

MODE: Final = "soso_mode"
"""The execution option that says what a connection's transactions are for."""

WRITE: Final = "write"
_ALONE: Final = "alone"  # a statement that the database refuses inside a transaction

_COPIED_FROM: Final = 50
"""Fewer rows are quicker by INSERT."""

_WRITE_LOCK: Final = 7_053_050  # any number that others in the database do not lock
_SQLITE_PRAGMAS: Final = (
    "PRAGMA foreign_keys = ON",
    "PRAGMA secure_delete = ON",
    "PRAGMA cache_size = -8000",
    "PRAGMA wal_autocheckpoint = 4000",
    "PRAGMA journal_size_limit = 67108864",
)


def is_sqlite(engine: Engine) -> bool:
    """Whether the database is a file that this program holds alone."""
    return engine.dialect.name == "sqlite"


def file_of(engine: Engine) -> Path | None:
    """Return the database's file; None where there is none."""
    name = engine.url.database
    return Path(name) if is_sqlite(engine) and name else None


def prepare(engine: Engine, *, durable: bool) -> None:
    """Make the engine's connections and transactions behave as the module says."""
    if is_sqlite(engine):
        event.listen(engine, "connect", _connect_durable if durable else _connect_quick)
    event.listen(engine, "begin", _begin)


def _connect_durable(connection: Any, _record: object) -> None:
    _connect(connection, "FULL")


def _connect_quick(connection: Any, _record: object) -> None:
    _connect(connection, "NORMAL")


def _connect(connection: Any, synchronous: str) -> None:
    # The driver's own BEGIN comes late, before the first write; ours comes when it must.
    connection.isolation_level = None
    for pragma in (*_SQLITE_PRAGMAS, f"PRAGMA synchronous = {synchronous}"):
        connection.execute(pragma)


def _begin(connection: Connection) -> None:
    mode = connection.get_execution_options().get(MODE)
    if mode == _ALONE:
        return
    if is_sqlite(connection.engine):
        connection.exec_driver_sql("BEGIN IMMEDIATE" if mode == WRITE else "BEGIN")
    elif mode == WRITE:
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_WRITE_LOCK})")


def use_wal(engine: Engine) -> None:
    """Set the lasting mode of a SQLite file; nothing elsewhere."""
    if is_sqlite(engine):
        _run_alone(engine, "PRAGMA journal_mode = WAL")


def put(
    conn: Connection, table: sa.Table, rows: Sequence[dict[str, Any]], *, replace: bool = True
) -> None:
    """Insert rows; one whose primary key is taken replaces the old row or, if not replace, is left.

    Every row must have the same columns.
    """
    if not rows:
        return
    insert: Any = sqlite.insert if is_sqlite(conn.engine) else postgresql.insert
    statement = insert(table)
    keys = [column.name for column in table.primary_key]
    others = [name for name in rows[0] if name not in keys]
    if replace and others:
        values = {name: statement.excluded[name] for name in others}
        statement = statement.on_conflict_do_update(index_elements=keys, set_=values)
    else:
        statement = statement.on_conflict_do_nothing(index_elements=keys)
    conn.execute(statement, list(rows))


def insert(conn: Connection, table: sa.Table, rows: Sequence[dict[str, Any]]) -> None:
    """Insert rows whose keys are free; many at once go to PostgreSQL by COPY.

    Every row must have the same columns.
    """
    if not rows:
        return
    if is_sqlite(conn.engine) or len(rows) < _COPIED_FROM:
        conn.execute(sa.insert(table), list(rows))
        return
    names = list(rows[0])
    kept = [_to_kept(table.c[name].type, conn.dialect) for name in names]
    values = ([keep(row[name]) for keep, name in zip(kept, names, strict=True)] for row in rows)
    copy(conn, table.name, names, values)


def copy(conn: Connection, table: str, names: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Write rows by PostgreSQL's COPY. rows: values as they are kept, in the order of names."""
    quote = conn.dialect.identifier_preparer.quote
    command = f"COPY {quote(table)} ({', '.join(map(quote, names))}) FROM STDIN"
    cursor: Any = conn.connection.cursor()
    try:
        with cursor, cursor.copy(command) as door:
            for row in rows:
                door.write_row(row)
    except conn.dialect.loaded_dbapi.Error as error:
        raise exc.DBAPIError("COPY", None, error) from error


def _to_kept(kind: Any, dialect: sa.Dialect) -> Callable[[Any], Any]:
    if isinstance(kind, sa.types.TypeDecorator):
        return lambda value: kind.process_bind_param(value, dialect)
    return _as_is


def _as_is(value: Any) -> Any:
    return value


def now(conn: Connection) -> datetime:
    """Return the time by the database's clock; that of a file is this machine's."""
    if is_sqlite(conn.engine):
        return datetime.now(UTC)
    told: datetime = conn.execute(sa.select(sa.func.clock_timestamp())).scalar_one()
    return told.astimezone(UTC)


def add_up(
    conn: Connection,
    table: sa.Table,
    rows: Sequence[dict[str, Any]],
    *,
    sums: Sequence[str],
    bits: Sequence[str] = (),
) -> None:
    """Insert rows; one whose primary key is taken is added to the old row.

    sums: columns to be added; bits: those whose bits are joined; all others take the new value.
    """
    if not rows:
        return
    insert: Any = sqlite.insert if is_sqlite(conn.engine) else postgresql.insert
    statement = insert(table)
    keys = [column.name for column in table.primary_key]
    values: dict[str, Any] = {}
    for name in (name for name in rows[0] if name not in keys):
        old, new = table.c[name], statement.excluded[name]
        values[name] = old + new if name in sums else old.op("|")(new) if name in bits else new
    conn.execute(statement.on_conflict_do_update(index_elements=keys, set_=values), list(rows))


def size_bytes(engine: Engine) -> int:
    """Return what the database takes on disk, its log included."""
    file = file_of(engine)
    if file is None:
        with engine.connect() as conn:
            size = conn.exec_driver_sql("SELECT pg_database_size(current_database())").scalar_one()
        return int(size)
    parts = (Path(f"{file}{suffix}") for suffix in ("", "-wal", "-shm"))
    return sum(part.stat().st_size for part in parts if part.exists())


def damage(conn: Connection) -> list[str]:
    """Return what the database itself finds wrong in its file."""
    if not is_sqlite(conn.engine):
        return []
    broken = [str(row[0]) for row in conn.exec_driver_sql("PRAGMA integrity_check(20)")]
    orphans = conn.exec_driver_sql("PRAGMA foreign_key_check").fetchmany(20)
    return [line for line in broken if line != "ok"] + [
        f"row {row[1]} of {row[0]} points at a row of {row[2]} that is not there" for row in orphans
    ]


def erase_traces(engine: Engine) -> bool:
    """Rewrite the file so that nothing of deleted rows is left in it; False if readers hold it up.

    secure_delete zeroes what a delete frees, but rows that moved between pages before leave copies
    behind (about 3 in 1,000 deleted posts left one in a trial), so the file is written anew.
    PostgreSQL: VACUUM FULL does the same.
    """
    if not is_sqlite(engine):
        _run_alone(engine, "VACUUM FULL")
        return True
    _run_alone(engine, "VACUUM")
    busy = _run_alone(engine, "PRAGMA wal_checkpoint(TRUNCATE)")
    return bool(busy == 0)


def _run_alone(engine: Engine, statement: str) -> Any:
    """Run a statement outside of any transaction; return the first value it gives, if any."""
    options: dict[str, Any] = {MODE: _ALONE}
    if not is_sqlite(engine):
        options["isolation_level"] = "AUTOCOMMIT"
    with engine.connect().execution_options(**options) as conn:
        result = conn.exec_driver_sql(statement)
        return result.scalar() if result.returns_rows else None
