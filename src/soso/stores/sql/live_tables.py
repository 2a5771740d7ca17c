"""The tables of live sources.

Knows names and types of columns, as tables.py does. What must not be lost is in ARCHIVE.
"""

import sqlalchemy as sa

from soso.stores.sql.tables import ARCHIVE, SCRATCH, Moment, RowNumber

# When each host may be asked again; among what may be lost, so that no turn waits for an import.
hosts = sa.Table(
    "hosts",
    SCRATCH,
    sa.Column("host", sa.Text, primary_key=True),
    sa.Column("next_at", Moment, nullable=False),
    sa.Column("written_at", Moment, nullable=False),
    sa.Column("backoff_until", Moment),
    sa.Column("failures", sa.Integer, nullable=False),
    sa.Column("reason", sa.Text),
)

# Posts with pictures that are still to be fetched; no foreign key: a row whose post is gone is
# found and dropped when it is due.
pictures_due = sa.Table(
    "pictures_due",
    ARCHIVE,
    sa.Column("chat", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("post_id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("since", Moment, nullable=False),
    sa.Column("due_at", Moment, nullable=False),
    sa.Column("tries", sa.Integer, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("given_up", sa.Boolean, nullable=False),
)
sa.Index(
    "ix_pictures_due_due_at",
    pictures_due.c.due_at,
    sqlite_where=sa.not_(pictures_due.c.given_up),
    postgresql_where=sa.not_(pictures_due.c.given_up),
)

# What is followed, a row a source, kept whole in body. owner, leased_until: who visits it now.
followed = sa.Table(
    "followed",
    ARCHIVE,
    sa.Column("number", RowNumber, primary_key=True, autoincrement=False),
    sa.Column("route", sa.Text, nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("chat", sa.BigInteger, index=True),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("next_visit_at", Moment, index=True),
    sa.Column("next_work_at", Moment, index=True),
    sa.Column("planned_at", Moment),
    sa.Column("owner", sa.Text),
    sa.Column("leased_until", Moment),
    sa.Column("body", sa.LargeBinary, nullable=False),
    sa.UniqueConstraint("route", "name"),
)

# In which chats posts speak of a name. last_post: the newest post counted.
met_names = sa.Table(
    "met_names",
    ARCHIVE,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("chat", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("posts", sa.Integer, nullable=False),
    sa.Column("last_post", sa.BigInteger, nullable=False),
    sa.Column("last_at", Moment, nullable=False),
)

# Names that the operator does not want proposed.
ignored_names = sa.Table("ignored_names", ARCHIVE, sa.Column("name", sa.Text, primary_key=True))
