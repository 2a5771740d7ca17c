"""Brings a database to the tables of this program, whatever version wrote it.

Knows revisions, not tables. Alembic is imported only when there is something to do: it takes longer
to load than the store takes to open.
"""

import logging
from pathlib import Path
from typing import Final

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from soso.model.errors import Unavailable
from soso.stores.sql.connect import Database

HEAD: Final = "0008"
"""The newest revision in migrations/versions; a test holds it to that."""

SCRIPTS: Final = Path(__file__).parent / "migrations"


def migrate(database: Database, *, head: str = HEAD, scripts: Path = SCRIPTS) -> None:
    """Make or upgrade the tables, in one transaction; nothing happens if they are up to date.

    Two processes may do it at once: one waits for the other and finds it done.
    Raises Unavailable if a newer program wrote the database.
    """
    with database.reading() as conn:
        if find_revision(conn) == head:
            return
    with database.writing() as conn:
        revision = find_revision(conn)
        if revision != head:
            _upgrade(conn, revision, scripts)


def find_revision(conn: Connection) -> str | None:
    """Return the revision that a database stands at, None for an empty one."""
    if not sa.inspect(conn).has_table("alembic_version"):
        return None
    revision = conn.execute(sa.text("SELECT version_num FROM alembic_version")).scalar_one_or_none()
    return None if revision is None else str(revision)


def _upgrade(conn: Connection, revision: str | None, scripts: Path) -> None:
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    logging.getLogger("alembic.runtime.plugins").setLevel(logging.WARNING)  # a line for each
    config = Config()
    config.set_main_option("script_location", str(scripts).replace("%", "%%"))
    config.attributes["connection"] = conn
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if revision is not None and revision not in known:
        raise Unavailable(
            f"The archive was written by a newer Soso (its tables are at {revision}); "
            "install that version or a later one."
        )
    command.upgrade(config, "head")
