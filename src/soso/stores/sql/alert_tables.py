"""The tables of saved queries, of what they matched, and of what is to be delivered.

No foreign keys: a match outlives the rows of its post, so that a post which is taken down and comes
back is not told twice.
"""

from typing import Final

import sqlalchemy as sa

from soso.stores.sql.tables import ARCHIVE, Moment, RowNumber

watches: Final = sa.Table(
    "watches",
    ARCHIVE,
    sa.Column("number", RowNumber, primary_key=True, autoincrement=False),
    sa.Column("door", sa.Text, nullable=False),
    sa.Column("owner", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("secret", sa.Text, nullable=False, unique=True),
    sa.Column("turn", sa.BigInteger, nullable=False),  # raised by every change
    sa.Column("due_at", Moment),  # null: nothing waits that is to be sent
    sa.Column("told_at", Moment),  # when its last delivery was made
    sa.Column("body", sa.LargeBinary, nullable=False),
    sa.Index("ix_watches_door_owner", "door", "owner"),
)
sa.Index(
    "ix_watches_due_at",
    watches.c.due_at,
    sqlite_where=watches.c.due_at.is_not(None),
    postgresql_where=watches.c.due_at.is_not(None),
)

matches: Final = sa.Table(
    "matches",
    ARCHIVE,
    sa.Column("post", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("watch", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("found_at", Moment, nullable=False),
    sa.Column("delivery", sa.BigInteger),  # null: it waits; 0: it will not be told
    sa.Index("ix_matches_watch_found_at", "watch", "found_at"),
    sa.Index("ix_matches_found_at", "found_at"),
    sqlite_with_rowid=False,
)
sa.Index(
    "ix_matches_delivery",
    matches.c.delivery,
    sqlite_where=matches.c.delivery > 0,
    postgresql_where=matches.c.delivery > 0,
)

# One delivery of a watch is on its way at a time: due_at is null once it has ended. While it is
# being sent, due_at is when its sender counts as dead.
deliveries: Final = sa.Table(
    "deliveries",
    ARCHIVE,
    sa.Column("number", RowNumber, primary_key=True, autoincrement=False),
    sa.Column("watch", sa.BigInteger, nullable=False, index=True),
    sa.Column("made_at", Moment, nullable=False, index=True),
    sa.Column("due_at", Moment),
    sa.Column("body", sa.LargeBinary, nullable=False),
)
sa.Index(
    "ix_deliveries_due_at",
    deliveries.c.due_at,
    sqlite_where=deliveries.c.due_at.is_not(None),
    postgresql_where=deliveries.c.due_at.is_not(None),
)
sa.Index(
    "uq_deliveries_open",
    deliveries.c.watch,
    unique=True,
    sqlite_where=deliveries.c.due_at.is_not(None),
    postgresql_where=deliveries.c.due_at.is_not(None),
)
