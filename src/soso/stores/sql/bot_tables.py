"""The tables of what the bot keeps. Types and metadata are those of tables.py."""

import sqlalchemy as sa

from soso.stores.sql.tables import ARCHIVE, Moment, RowNumber

bot_chats = sa.Table(
    "bot_chats",
    ARCHIVE,
    sa.Column("number", RowNumber, primary_key=True, autoincrement=False),
    sa.Column("reachable", sa.Boolean, nullable=False),
    sa.Column("body", sa.LargeBinary, nullable=False),
)

bot_queries = sa.Table(
    "bot_queries",
    ARCHIVE,
    sa.Column("token", sa.Text, primary_key=True),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("kept_at", Moment, nullable=False, index=True),
)

bot_albums = sa.Table(
    "bot_albums",
    ARCHIVE,
    sa.Column("chat", sa.Text, primary_key=True),
    sa.Column("album", sa.Text, primary_key=True),
    sa.Column("post_id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("noted_at", Moment, nullable=False, index=True),
)

bot_submissions = sa.Table(
    "bot_submissions",
    ARCHIVE,
    sa.Column("number", RowNumber, primary_key=True, autoincrement=False),
    sa.Column("state", sa.Text, nullable=False, index=True),
    sa.Column("name", sa.Text, nullable=False, index=True),  # folded
    sa.Column("chat", sa.BigInteger, nullable=False),
    sa.Column("told", sa.Boolean, nullable=False),
    sa.Column("body", sa.LargeBinary, nullable=False),
)

bot_broadcasts = sa.Table(
    "bot_broadcasts",
    ARCHIVE,
    sa.Column("number", RowNumber, primary_key=True, autoincrement=False),
    sa.Column("state", sa.Text, nullable=False, index=True),
    sa.Column("body", sa.LargeBinary, nullable=False),
)
