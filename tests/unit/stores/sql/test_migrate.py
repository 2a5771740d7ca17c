import shutil
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from soso.model.errors import Unavailable
from soso.stores.sql import SqlStore
from soso.stores.sql.connect import Database
from soso.stores.sql.migrate import HEAD, SCRIPTS, find_revision, migrate
from soso.stores.sql.tables import ARCHIVE
from tests.contracts.store_cases import add_chat, apply, batch, find, post

NEXT = """
import sqlalchemy as sa
from alembic import op

revision = "next"
down_revision = "{head}"


def upgrade() -> None:
    with op.batch_alter_table("posts") as posts:
        posts.add_column(sa.Column("extra", sa.Text))
    {more}
"""


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'archive.db'}"


def revision_of(database: Database) -> str | None:
    with database.reading() as conn:
        return find_revision(conn)


def with_next_step(folder: Path, more: str = "pass") -> Path:
    """The steps of the program and one more."""
    scripts = folder / "migrations"
    shutil.copytree(SCRIPTS, scripts, ignore=shutil.ignore_patterns("__pycache__"))
    (scripts / "versions" / "next.py").write_text(NEXT.format(head=HEAD, more=more))
    return scripts


def test_an_empty_database_gets_the_tables_of_the_program(url: str) -> None:
    database = Database(url)
    assert revision_of(database) is None
    migrate(database)
    assert revision_of(database) == HEAD
    with database.reading() as conn:
        context = MigrationContext.configure(conn, opts={"compare_type": True})
        assert compare_metadata(context, ARCHIVE) == []
    database.close()


def test_the_head_is_the_newest_step() -> None:
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    assert ScriptDirectory.from_config(config).get_heads() == [HEAD]


def test_an_older_database_is_brought_up_to_date_with_all_that_is_in_it(
    url: str, tmp_path: Path
) -> None:
    store = SqlStore(url)
    chat = add_chat(store)
    apply(store, chat, batch(post(1), post(2)))
    store.close()
    database = Database(url)
    scripts = with_next_step(tmp_path)
    migrate(database, head="next", scripts=scripts)
    migrate(database, head="next", scripts=scripts)
    assert revision_of(database) == "next"
    with database.reading() as conn:
        rows = conn.execute(sa.text("SELECT post_id, extra FROM posts ORDER BY 1")).all()
        assert [tuple(row) for row in rows] == [(1, None), (2, None)]
        assert conn.execute(sa.text("PRAGMA foreign_key_check")).all() == []
    database.close()


def test_a_step_that_fails_leaves_the_database_as_it_was(url: str, tmp_path: Path) -> None:
    store = SqlStore(url)
    chat = add_chat(store)
    apply(store, chat, batch(post(1)))
    database = Database(url)
    scripts = with_next_step(tmp_path, 'op.execute("SELECT * FROM nowhere")')
    with pytest.raises(Unavailable, match="nowhere"):
        migrate(database, head="next", scripts=scripts)
    assert revision_of(database) == HEAD
    database.close()
    assert find(store, chat, 1).post == post(1)
    assert store.check() == []
    store.close()


def test_a_newer_database_is_refused_untouched(url: str) -> None:
    store = SqlStore(url)
    with store._main.writing() as conn:
        conn.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    store.close()
    with pytest.raises(Unavailable, match=r"newer Soso.*9999"):
        SqlStore(url)
    database = Database(url)
    assert revision_of(database) == "9999"
    database.close()


def test_the_step_back_leaves_nothing(url: str) -> None:
    from alembic import command

    database = Database(url)
    migrate(database)
    with database.writing() as conn:
        config = Config()
        config.set_main_option("script_location", str(SCRIPTS))
        config.attributes["connection"] = conn
        command.downgrade(config, "base")
    with database.reading() as conn:
        assert sa.inspect(conn).get_table_names() == ["alembic_version"]
    database.close()
