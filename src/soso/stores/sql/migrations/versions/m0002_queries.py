"""What readers ask, counted."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table of counts."""
    op.create_table(
        "query_counts",
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("day", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        *(
            sa.Column(name, sa.BigInteger, nullable=False)
            for name in ("asked", "missed", "partial", "clicked", "hours")
        ),
        sa.PrimaryKeyConstraint("key", "day", name="pk_query_counts"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_query_counts_day", "query_counts", ["day"])


def downgrade() -> None:
    """Drop it."""
    op.drop_table("query_counts")
