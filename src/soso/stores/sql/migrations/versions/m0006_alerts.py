"""Saved queries, what they matched, and what is still to be delivered."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_NUMBERED = ("watches", "watches-turn", "deliveries")


def upgrade() -> None:
    """Make the tables and their numbers."""
    row_number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "watches",
        sa.Column("number", row_number, autoincrement=False, nullable=False),
        sa.Column("door", sa.Text, nullable=False),
        sa.Column("owner", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("secret", sa.Text, nullable=False),
        sa.Column("turn", sa.BigInteger, nullable=False),
        sa.Column("due_at", sa.BigInteger),
        sa.Column("told_at", sa.BigInteger),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_watches"),
        sa.UniqueConstraint("secret", name="uq_watches_secret"),
    )
    op.create_index("ix_watches_door_owner", "watches", ["door", "owner"])
    _create_partial("ix_watches_due_at", "watches", "due_at", "due_at IS NOT NULL")
    op.create_table(
        "matches",
        sa.Column("post", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("watch", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("found_at", sa.BigInteger, nullable=False),
        sa.Column("delivery", sa.BigInteger),
        sa.PrimaryKeyConstraint("post", "watch", name="pk_matches"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_matches_watch_found_at", "matches", ["watch", "found_at"])
    op.create_index("ix_matches_found_at", "matches", ["found_at"])
    _create_partial("ix_matches_delivery", "matches", "delivery", "delivery > 0")
    op.create_table(
        "deliveries",
        sa.Column("number", row_number, autoincrement=False, nullable=False),
        sa.Column("watch", sa.BigInteger, nullable=False),
        sa.Column("made_at", sa.BigInteger, nullable=False),
        sa.Column("due_at", sa.BigInteger),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_deliveries"),
    )
    op.create_index("ix_deliveries_watch", "deliveries", ["watch"])
    op.create_index("ix_deliveries_made_at", "deliveries", ["made_at"])
    _create_partial("ix_deliveries_due_at", "deliveries", "due_at", "due_at IS NOT NULL")
    _create_partial("uq_deliveries_open", "deliveries", "watch", "due_at IS NOT NULL", unique=True)
    numbers = sa.table("numbers", sa.column("name", sa.Text), sa.column("last", sa.BigInteger))
    op.bulk_insert(numbers, [{"name": name, "last": 0} for name in _NUMBERED])


def _create_partial(
    name: str, table: str, column: str, where: str, *, unique: bool = False
) -> None:
    only = sa.text(where)
    op.create_index(name, table, [column], unique=unique, sqlite_where=only, postgresql_where=only)


def downgrade() -> None:
    """Drop them."""
    numbers = sa.table("numbers", sa.column("name", sa.Text))
    op.execute(numbers.delete().where(numbers.c.name.in_(_NUMBERED)))
    for table in ("deliveries", "matches", "watches"):
        op.drop_table(table)
