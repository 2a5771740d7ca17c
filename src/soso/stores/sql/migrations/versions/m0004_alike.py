"""Copies of posts, what chats put under or over their posts, and stories."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_PARTIAL = {
    "text": "text IS NOT NULL AND tied < 2",
    "origin": "origin IS NOT NULL",
    "head": "senior IS NOT NULL",
}
_NUMBERED = ("copies", "stories", "stories-turn")


def upgrade() -> None:
    """Make the tables, and the numbers of the last changes of clusters and stories."""
    _make_copies()
    _make_stories()
    numbers = sa.table("numbers", sa.column("name", sa.Text), sa.column("last", sa.BigInteger))
    op.bulk_insert(numbers, [{"name": name, "last": 0} for name in _NUMBERED])


def downgrade() -> None:
    """Drop them."""
    numbers = sa.table("numbers", sa.column("name", sa.Text))
    op.execute(numbers.delete().where(numbers.c.name.in_(_NUMBERED)))
    for table in ("story_counts", "stories", "tellings", "dressings", "copy_features", "copies"):
        op.drop_table(table)


def _make_copies() -> None:
    row_number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "copies",
        sa.Column("key", row_number, autoincrement=False, nullable=False),
        sa.Column("chat", sa.BigInteger, nullable=False),
        sa.Column("at_us", sa.BigInteger, nullable=False),
        sa.Column("tie", sa.BigInteger, nullable=False),
        sa.Column("text", sa.BigInteger),
        sa.Column("features", sa.LargeBinary),
        sa.Column("origin", sa.BigInteger),
        sa.Column("source", sa.BigInteger),
        sa.Column("tied", sa.SmallInteger, nullable=False),
        sa.Column("senior", sa.BigInteger),
        sa.Column("head", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_copies"),
    )
    for column, where in _PARTIAL.items():
        op.create_index(
            f"ix_copies_{column}",
            "copies",
            [column],
            sqlite_where=sa.text(where),
            postgresql_where=sa.text(where),
        )
    op.create_table(
        "copy_features",
        sa.Column("feature", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("key", sa.BigInteger, autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("feature", "key", name="pk_copy_features"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "dressings",
        sa.Column("chat", row_number, autoincrement=False, nullable=False),
        sa.Column("identity", sa.Text, nullable=False),
        sa.Column("bound", sa.BigInteger),
        sa.Column("marks", sa.LargeBinary, nullable=False),
        sa.Column("stale", sa.Boolean, nullable=False),
        sa.Column("sample", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("chat", name="pk_dressings"),
    )


def _make_stories() -> None:
    row_number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "tellings",
        sa.Column("key", row_number, autoincrement=False, nullable=False),
        sa.Column("chat", sa.BigInteger, nullable=False),
        sa.Column("at_s", sa.BigInteger, nullable=False),
        sa.Column("tie", sa.BigInteger, nullable=False),
        sa.Column("cluster", sa.BigInteger, nullable=False),
        sa.Column("terms", sa.LargeBinary, nullable=False),
        sa.Column("vector", sa.LargeBinary, nullable=False),
        sa.Column("story", sa.BigInteger),
        sa.Column("due_s", sa.BigInteger),
        sa.PrimaryKeyConstraint("key", name="pk_tellings"),
    )
    op.create_index("ix_tellings_at_s_tie_key", "tellings", ["at_s", "tie", "key"])
    for column in ("story", "due_s"):
        op.create_index(
            f"ix_tellings_{column}",
            "tellings",
            [column],
            sqlite_where=sa.text(f"{column} IS NOT NULL"),
            postgresql_where=sa.text(f"{column} IS NOT NULL"),
        )
    op.create_table(
        "stories",
        sa.Column("number", row_number, autoincrement=False, nullable=False),
        sa.Column("first_s", sa.BigInteger, nullable=False),
        sa.Column("last_s", sa.BigInteger, nullable=False),
        sa.Column("posts", sa.Integer, nullable=False),
        sa.Column("chats", sa.Integer, nullable=False),
        sa.Column("heat", sa.Double, nullable=False),
        sa.Column("moved_to", sa.BigInteger),
        sa.PrimaryKeyConstraint("number", name="pk_stories"),
    )
    op.create_index(
        "ix_stories_heat",
        "stories",
        ["heat"],
        sqlite_where=sa.text("chats > 1"),
        postgresql_where=sa.text("chats > 1"),
    )
    op.create_index("ix_stories_moved_to", "stories", ["moved_to"])
    op.create_table(
        "story_counts",
        sa.Column("number", row_number, autoincrement=False, nullable=False),
        sa.Column("posts", sa.BigInteger, nullable=False),
        sa.Column("need", sa.Double, nullable=False),
        sa.Column("packed", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_story_counts"),
    )
