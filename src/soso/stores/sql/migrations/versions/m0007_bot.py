"""What the bot keeps: its chats, queries too long for a button, albums, submissions, broadcasts."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

NUMBERED = ("bot-submissions", "bot-broadcasts")


def upgrade() -> None:
    """Make the tables."""
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "bot_chats",
        sa.Column("number", number, primary_key=True, autoincrement=False),
        sa.Column("reachable", sa.Boolean, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "bot_queries",
        sa.Column("token", sa.Text, primary_key=True),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("kept_at", sa.BigInteger, nullable=False),
    )
    op.create_index("ix_bot_queries_kept_at", "bot_queries", ["kept_at"])
    op.create_table(
        "bot_albums",
        sa.Column("chat", sa.Text, primary_key=True),
        sa.Column("album", sa.Text, primary_key=True),
        sa.Column("post_id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("noted_at", sa.BigInteger, nullable=False),
    )
    op.create_index("ix_bot_albums_noted_at", "bot_albums", ["noted_at"])
    op.create_table(
        "bot_submissions",
        sa.Column("number", number, primary_key=True, autoincrement=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("chat", sa.BigInteger, nullable=False),
        sa.Column("told", sa.Boolean, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
    )
    op.create_index("ix_bot_submissions_state", "bot_submissions", ["state"])
    op.create_index("ix_bot_submissions_name", "bot_submissions", ["name"])
    op.create_table(
        "bot_broadcasts",
        sa.Column("number", number, primary_key=True, autoincrement=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
    )
    op.create_index("ix_bot_broadcasts_state", "bot_broadcasts", ["state"])
    for name in NUMBERED:
        op.execute(f"INSERT INTO numbers (name, last) VALUES ('{name}', 0)")


def downgrade() -> None:
    """Drop them."""
    for name in NUMBERED:
        op.execute(f"DELETE FROM numbers WHERE name = '{name}'")
    for table in ("bot_broadcasts", "bot_submissions", "bot_albums", "bot_queries", "bot_chats"):
        op.drop_table(table)
