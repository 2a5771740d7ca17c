"""The tables of what processes share for seconds; all among what may be lost.

Knows names and types of columns, as tables.py does. Times are seconds since 1970 by one clock.
"""

import sqlalchemy as sa

from soso.stores.sql.tables import SCRATCH, RowNumber

# Who sends for the bot.
bot_senders = sa.Table(
    "bot_senders",
    SCRATCH,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("joined", sa.Double, nullable=False),
    sa.Column("until", sa.Double, nullable=False),
)

# What was sent in the last minute, or will be in the next moments.
bot_sent = sa.Table(
    "bot_sent",
    SCRATCH,
    sa.Column("number", RowNumber, primary_key=True),
    sa.Column("chat", sa.Text, nullable=False),
    sa.Column("at", sa.Double, nullable=False, index=True),
    sa.Index("ix_bot_sent_chat_at", "chat", "at"),
)

# What each process counted in a second, a row each.
tallies = sa.Table(
    "tallies",
    SCRATCH,
    sa.Column("number", RowNumber, primary_key=True, autoincrement=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("owner", sa.Text, nullable=False),
    sa.Column("at", sa.Double, nullable=False),
    sa.Column("hits", sa.LargeBinary, nullable=False),
)
