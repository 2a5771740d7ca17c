"""The tables of the archive.

Knows names and types of columns. A chat, a post, a report is kept whole as JSON in `body`; the
columns beside it are what SQL must find, count or order by, and follow the body in every write.
How a change of these tables reaches an older database: migrations/.
"""

from datetime import UTC, datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)


class Moment(TypeDecorator[datetime]):
    """An aware time, kept as whole microseconds since 1970 UTC."""

    impl = sa.BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        """Return the number for a time."""
        return None if value is None else (value - _EPOCH) // _MICROSECOND

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """Return the time for a number."""
        return None if value is None else _EPOCH + timedelta(microseconds=value)


# Only a column declared INTEGER is SQLite's own row number.
RowNumber = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

_NAMES: Final = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

ARCHIVE: Final = sa.MetaData(naming_convention=_NAMES)
"""What must not be lost."""

SCRATCH: Final = sa.MetaData(naming_convention=_NAMES)
"""What may be lost; on SQLite in a file of its own, so that it never waits for an import."""

# The last number given to a row of a kind. Taken under the write lock, so numbers rise in the order
# of commits, on every database, and are never used twice.
numbers = sa.Table(
    "numbers",
    ARCHIVE,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("last", sa.BigInteger, nullable=False),
)

chats = sa.Table(
    "chats",
    ARCHIVE,
    sa.Column("key", RowNumber, primary_key=True, autoincrement=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("title", sa.Text, nullable=False, index=True),
    sa.Column("peer_kind", sa.Text),
    sa.Column("peer_id", sa.BigInteger),
    sa.Column("username", sa.Text, index=True),  # the present one, folded
    sa.Column("visibility", sa.Text, nullable=False),
    sa.Column("members", sa.BigInteger),
    sa.Column("merged_into", RowNumber, sa.ForeignKey("chats.key"), index=True),
    sa.Column("posts", sa.BigInteger, nullable=False),  # how many are shown
    sa.Column("last_at_s", sa.BigInteger),  # of those
    sa.Column("body", sa.LargeBinary, nullable=False),
    sa.UniqueConstraint("peer_kind", "peer_id"),
)

chat_names = sa.Table(
    "chat_names",
    ARCHIVE,
    sa.Column("name", sa.Text, primary_key=True),  # folded
    sa.Column("chat", RowNumber, sa.ForeignKey("chats.key"), primary_key=True, index=True),
    sa.Column("last_seen_at", Moment, nullable=False),
)

chat_blobs = sa.Table(
    "chat_blobs",
    ARCHIVE,
    sa.Column("chat", RowNumber, sa.ForeignKey("chats.key"), primary_key=True),
    sa.Column("blob", sa.Text, primary_key=True, index=True),
)

posts = sa.Table(
    "posts",
    ARCHIVE,
    sa.Column("key", RowNumber, primary_key=True, autoincrement=False),
    sa.Column("chat", RowNumber, sa.ForeignKey("chats.key"), nullable=False),
    sa.Column("post_id", sa.BigInteger, nullable=False),
    sa.Column("at_s", sa.BigInteger, nullable=False),
    sa.Column(
        "shown", sa.Boolean, nullable=False
    ),  # not buried, not hidden, with something to show
    sa.Column("kinds", sa.Integer, nullable=False),  # a bit for each kind of media it has
    sa.Column("observed_at", Moment, nullable=False),
    sa.Column("first_seen_at", Moment, nullable=False),
    sa.Column("version_at", Moment),
    sa.Column("buried_at", Moment),
    sa.Column("hidden", sa.Boolean, nullable=False),
    sa.Column("sensitive", sa.Boolean, nullable=False),
    sa.Column("told_views", sa.BigInteger),
    sa.Column("told_reactions", sa.BigInteger),
    sa.Column("revisions", sa.Integer, nullable=False),
    sa.Column("body", sa.LargeBinary, nullable=False),
    sa.UniqueConstraint("chat", "post_id"),
    # Lists are read from these alone, so that a page costs no walk over posts it does not show.
    sa.Index("ix_posts_of_chat", "chat", "shown", "at_s", "key", "kinds"),
    sa.Index("ix_posts_of_all", "shown", "at_s", "key", "kinds", "chat"),
)

# The ids that albums took in, except the one they stand under.
album_ids = sa.Table(
    "album_ids",
    ARCHIVE,
    sa.Column("chat", RowNumber, sa.ForeignKey("chats.key"), primary_key=True),
    sa.Column("post_id", sa.BigInteger, primary_key=True),
    sa.Column("key", RowNumber, sa.ForeignKey("posts.key"), nullable=False, index=True),
)

revisions = sa.Table(
    "revisions",
    ARCHIVE,
    sa.Column("number", RowNumber, primary_key=True, autoincrement=False),
    sa.Column("key", RowNumber, sa.ForeignKey("posts.key"), nullable=False, index=True),
    sa.Column("replaced_at", Moment, nullable=False),
    sa.Column("body", sa.LargeBinary, nullable=False),
)

post_blobs = sa.Table(
    "post_blobs",
    ARCHIVE,
    sa.Column("key", RowNumber, sa.ForeignKey("posts.key"), primary_key=True),
    sa.Column("blob", sa.Text, primary_key=True, index=True),
)

# Every deletion that a source told of, also of posts never seen: an older sighting may come later.
tombstones = sa.Table(
    "tombstones",
    ARCHIVE,
    sa.Column("chat", RowNumber, sa.ForeignKey("chats.key"), primary_key=True),
    sa.Column("post_id", sa.BigInteger, primary_key=True),
    sa.Column("at", Moment, nullable=False),
)

changes = sa.Table(
    "changes",
    ARCHIVE,
    sa.Column("seq", RowNumber, primary_key=True, autoincrement=False),
    sa.Column("doc", sa.BigInteger, nullable=False, index=True),
)

consumers = sa.Table(
    "consumers",
    ARCHIVE,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("seq", sa.BigInteger, nullable=False),
)

blocks = sa.Table(
    "blocks",
    ARCHIVE,
    sa.Column("subject", sa.Text, primary_key=True),  # what it names, as one text
    sa.Column("body", sa.LargeBinary, nullable=False),
)

requests = sa.Table(
    "requests",
    ARCHIVE,
    sa.Column("number", RowNumber, primary_key=True, autoincrement=False),
    sa.Column("state", sa.Text, nullable=False, index=True),
    sa.Column("body", sa.LargeBinary, nullable=False),
)

decisions = sa.Table(
    "decisions",
    ARCHIVE,
    sa.Column("number", RowNumber, primary_key=True, autoincrement=False),
    sa.Column("body", sa.LargeBinary, nullable=False),
)

settings = sa.Table(
    "settings",
    ARCHIVE,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("value", sa.Text, nullable=False),
)

cursors = sa.Table(
    "cursors",
    ARCHIVE,
    sa.Column("source", sa.Text, primary_key=True),
    sa.Column("cursor", sa.Text, nullable=False),
)

reports = sa.Table(
    "reports",
    ARCHIVE,
    sa.Column("number", RowNumber, primary_key=True, autoincrement=False),
    sa.Column("body", sa.LargeBinary, nullable=False),
)

answers = sa.Table(
    "answers",
    SCRATCH,
    sa.Column("token", sa.Text, primary_key=True),
    sa.Column("content", sa.LargeBinary, nullable=False),
    sa.Column("expires_at", Moment, nullable=False, index=True),
)
