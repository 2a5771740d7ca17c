"""Followed sources, the pace of hosts, pictures that are still to be fetched."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    _make_followed()
    _make_pictures_due()
    _make_met_names()
    numbers = sa.table("numbers", sa.column("name", sa.Text), sa.column("last", sa.BigInteger))
    op.bulk_insert(numbers, [{"name": "followed", "last": 0}])


def downgrade() -> None:
    """Drop them."""
    numbers = sa.table("numbers", sa.column("name", sa.Text))
    op.execute(numbers.delete().where(numbers.c.name == "followed"))
    op.drop_table("ignored_names")
    op.drop_table("met_names")
    op.drop_table("pictures_due")
    op.drop_table("followed")


def _make_followed() -> None:
    row_number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "followed",
        sa.Column("number", row_number, autoincrement=False, nullable=False),
        sa.Column("route", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("chat", sa.BigInteger),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("next_visit_at", sa.BigInteger),
        sa.Column("next_work_at", sa.BigInteger),
        sa.Column("planned_at", sa.BigInteger),
        sa.Column("owner", sa.Text),
        sa.Column("leased_until", sa.BigInteger),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_followed"),
        sa.UniqueConstraint("route", "name", name="uq_followed_route_name"),
    )
    for column in ("chat", "next_visit_at", "next_work_at"):
        op.create_index(f"ix_followed_{column}", "followed", [column])


def _make_pictures_due() -> None:
    op.create_table(
        "pictures_due",
        sa.Column("chat", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("post_id", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("since", sa.BigInteger, nullable=False),
        sa.Column("due_at", sa.BigInteger, nullable=False),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("given_up", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("chat", "post_id", name="pk_pictures_due"),
    )
    op.create_index(
        "ix_pictures_due_due_at",
        "pictures_due",
        ["due_at"],
        sqlite_where=sa.text("NOT given_up"),
        postgresql_where=sa.text("NOT given_up"),
    )


def _make_met_names() -> None:
    op.create_table(
        "met_names",
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("chat", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("posts", sa.Integer, nullable=False),
        sa.Column("last_post", sa.BigInteger, nullable=False),
        sa.Column("last_at", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("name", "chat", name="pk_met_names"),
    )
    op.create_table(
        "ignored_names",
        sa.Column("name", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_ignored_names"),
    )
