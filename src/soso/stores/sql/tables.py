"""The tables of the archive.

Knows names and types of columns. A chat, a post, a report is kept whole as JSON in `body`; the
columns beside it are what SQL must find, count or order by, and follow the body in every write.
How a change of these tables reaches an older database: migrations/. Longer than other files, since a
table is found fastest where all are; those of live sources, alerts and the bot have files of their own.
"""

from datetime import UTC, datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)


class Moment(TypeDecorator[datetime]):
    """An aware time, kept as whole microseconds since 1970 UTC."""

    impl = sa.BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        """Return the number for a time."""
        return None if value is None else (value - EPOCH) // _MICROSECOND

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """Return the time for a number."""
        return None if value is None else EPOCH + timedelta(microseconds=value)


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

SUGGESTIONS: Final = sa.MetaData(naming_convention=_NAMES)
"""What is made of the archive and may be made anew; in a file of its own, too: it is written in
large pieces, and no import is to wait for them."""

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

models = sa.Table(
    "models",
    ARCHIVE,
    sa.Column("number", RowNumber, primary_key=True, autoincrement=False),
    sa.Column("name", sa.Text, nullable=False, unique=True),
)

# No foreign key to the documents: a row may outlive its post, empty, to say that it must go.
vectors = sa.Table(
    "vectors",
    ARCHIVE,
    sa.Column("model", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("doc", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("seq", sa.BigInteger, nullable=False),
    sa.Column("mark", sa.LargeBinary, nullable=False),
    sa.Column("packed", sa.LargeBinary, nullable=False),
    sa.Index("ix_vectors_model_seq", "model", "seq"),
)

# What is asked, by its folded text and day; day is date.toordinal().
query_counts = sa.Table(
    "query_counts",
    ARCHIVE,
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("day", sa.Integer, primary_key=True, autoincrement=False, index=True),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("asked", sa.BigInteger, nullable=False),
    sa.Column("missed", sa.BigInteger, nullable=False),
    sa.Column("partial", sa.BigInteger, nullable=False),
    sa.Column("clicked", sa.BigInteger, nullable=False),
    sa.Column("hours", sa.BigInteger, nullable=False),
    sqlite_with_rowid=False,
)

# What is suggested; how the tables belong together: suggestions.py. Keys are bytes, so that every
# database compares them alike, whatever its language.
suggestions = sa.Table(
    "suggestions",
    SUGGESTIONS,
    sa.Column("entry", RowNumber, primary_key=True, autoincrement=False),
    sa.Column("keys", sa.LargeBinary, nullable=False),
    sa.Column("best", sa.Integer, nullable=False),
    sa.Column("weight", sa.Integer, nullable=False),
    sa.Column("doc", sa.BigInteger, nullable=False),
    sa.Column("count", sa.Integer, nullable=False),
)

suggestion_docs = sa.Table(
    "suggestion_docs",
    SUGGESTIONS,
    sa.Column("doc", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("entry", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("weight", sa.Integer, nullable=False),
    sa.Index("ix_suggestion_docs_entry_weight", "entry", "weight"),
    sqlite_with_rowid=False,
)

suggestion_keys = sa.Table(
    "suggestion_keys",
    SUGGESTIONS,
    sa.Column("key", sa.LargeBinary, primary_key=True),
    sa.Column("entry", sa.BigInteger, primary_key=True, autoincrement=False),
    sqlite_with_rowid=False,
)

suggestion_heads = sa.Table(
    "suggestion_heads",
    SUGGESTIONS,
    sa.Column("beginning", sa.LargeBinary, primary_key=True),
    sa.Column("rank", sa.BigInteger, primary_key=True, autoincrement=False),  # weight and entry
    sqlite_with_rowid=False,
)

suggestion_marks = sa.Table(
    "suggestion_marks",
    SUGGESTIONS,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("value", sa.Text, nullable=False),
)

# Which post is a copy of which; how the rows point at each other: similarity/clusters.py. No
# foreign key to the posts: a row is taken back when the change log says that its post is gone.
copies = sa.Table(
    "copies",
    ARCHIVE,
    sa.Column("key", RowNumber, primary_key=True, autoincrement=False),
    sa.Column("chat", sa.BigInteger, nullable=False),
    sa.Column("at_us", sa.BigInteger, nullable=False),
    sa.Column("tie", sa.BigInteger, nullable=False),
    sa.Column("text", sa.BigInteger),  # of all letters
    sa.Column("features", sa.LargeBinary),  # packed
    sa.Column("origin", sa.BigInteger),
    sa.Column("source", sa.BigInteger),
    sa.Column("tied", sa.SmallInteger, nullable=False),
    sa.Column("senior", sa.BigInteger),
    sa.Column("head", sa.BigInteger, nullable=False),
)
# Only those that are asked for by it: most posts are alone, and none is in an index for nothing.
sa.Index(
    "ix_copies_text",
    copies.c.text,
    sqlite_where=sa.and_(copies.c.text.is_not(None), copies.c.tied < 2),
    postgresql_where=sa.and_(copies.c.text.is_not(None), copies.c.tied < 2),
)
sa.Index(
    "ix_copies_origin",
    copies.c.origin,
    sqlite_where=copies.c.origin.is_not(None),
    postgresql_where=copies.c.origin.is_not(None),
)
sa.Index(
    "ix_copies_head",
    copies.c.head,
    sqlite_where=copies.c.senior.is_not(None),
    postgresql_where=copies.c.senior.is_not(None),
)

copy_features = sa.Table(
    "copy_features",
    ARCHIVE,
    sa.Column("feature", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("key", sa.BigInteger, primary_key=True, autoincrement=False),
    sqlite_with_rowid=False,
)

# What a chat puts under or over most posts, and the sample it was learnt from.
dressings = sa.Table(
    "dressings",
    ARCHIVE,
    sa.Column("chat", RowNumber, primary_key=True, autoincrement=False),
    sa.Column("identity", sa.Text, nullable=False),
    sa.Column("bound", sa.BigInteger),  # posts behind it in the order are not in the sample
    sa.Column("marks", sa.LargeBinary, nullable=False),
    sa.Column("stale", sa.Boolean, nullable=False),  # posts were compared with other marks left out
    sa.Column("sample", sa.LargeBinary, nullable=False),
)

# What stories are found by, a row for each post that may be listed; no foreign key to the posts,
# as with copies. How they are told: similarity/stories.py.
tellings = sa.Table(
    "tellings",
    ARCHIVE,
    sa.Column("key", RowNumber, primary_key=True, autoincrement=False),
    sa.Column("chat", sa.BigInteger, nullable=False),
    sa.Column("at_s", sa.BigInteger, nullable=False),
    sa.Column("tie", sa.BigInteger, nullable=False),
    sa.Column("cluster", sa.BigInteger, nullable=False),
    sa.Column("terms", sa.LargeBinary, nullable=False),  # packed; empty: it is to be forgotten
    sa.Column("vector", sa.LargeBinary, nullable=False),
    sa.Column("story", sa.BigInteger),  # null: it is alone
    sa.Column("due_s", sa.BigInteger),  # from when on is to be told anew
    sa.Index("ix_tellings_at_s_tie_key", "at_s", "tie", "key"),
)
for _column in (tellings.c.story, tellings.c.due_s):
    sa.Index(
        f"ix_tellings_{_column.name}",
        _column,
        sqlite_where=_column.is_not(None),
        postgresql_where=_column.is_not(None),
    )

stories = sa.Table(
    "stories",
    ARCHIVE,
    sa.Column("number", RowNumber, primary_key=True, autoincrement=False),
    sa.Column("first_s", sa.BigInteger, nullable=False),
    sa.Column("last_s", sa.BigInteger, nullable=False),
    sa.Column("posts", sa.Integer, nullable=False),
    sa.Column("chats", sa.Integer, nullable=False),
    sa.Column("heat", sa.Double, nullable=False),
    sa.Column("moved_to", sa.BigInteger, index=True),
)
sa.Index(
    "ix_stories_heat",
    stories.c.heat,
    sqlite_where=stories.c.chats > 1,
    postgresql_where=stories.c.chats > 1,
)

# How common terms were when stories were last told from the beginning; one row.
story_counts = sa.Table(
    "story_counts",
    ARCHIVE,
    sa.Column("number", RowNumber, primary_key=True, autoincrement=False),
    sa.Column("posts", sa.BigInteger, nullable=False),
    sa.Column("need", sa.Double, nullable=False),
    sa.Column("packed", sa.LargeBinary, nullable=False),
)

answers = sa.Table(
    "answers",
    SCRATCH,
    sa.Column("token", sa.Text, primary_key=True),
    sa.Column("content", sa.LargeBinary, nullable=False),
    sa.Column("expires_at", Moment, nullable=False, index=True),
)
