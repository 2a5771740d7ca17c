"""The archive: chats, posts, the change log, the operator's desk, the journal."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_NUMBERED = ("chats", "posts", "revisions", "changes", "requests", "decisions", "reports")


def _row_number() -> sa.types.TypeEngine[int]:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make all tables."""
    _make_numbers()
    _make_chats()
    _make_posts()
    _make_what_hangs_on_posts()
    _make_log()
    _make_desk()
    _make_journal()


def downgrade() -> None:
    """Drop them, with all that is in them."""
    tables = (
        "reports cursors settings decisions requests blocks consumers changes tombstones "
        "post_blobs revisions album_ids posts chat_blobs chat_names chats numbers"
    )
    for table in tables.split():
        op.drop_table(table)


def _make_numbers() -> None:
    numbers = op.create_table(
        "numbers",
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("last", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_numbers"),
    )
    op.bulk_insert(numbers, [{"name": name, "last": 0} for name in _NUMBERED])


def _make_chats() -> None:
    op.create_table(
        "chats",
        sa.Column("key", _row_number(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("peer_kind", sa.Text),
        sa.Column("peer_id", sa.BigInteger),
        sa.Column("username", sa.Text),
        sa.Column("visibility", sa.Text, nullable=False),
        sa.Column("members", sa.BigInteger),
        sa.Column("merged_into", _row_number()),
        sa.Column("posts", sa.BigInteger, nullable=False),
        sa.Column("last_at_s", sa.BigInteger),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_chats"),
        sa.ForeignKeyConstraint(["merged_into"], ["chats.key"], name="fk_chats_merged_into"),
        sa.UniqueConstraint("peer_kind", "peer_id", name="uq_chats_peer_kind_peer_id"),
    )
    for column in ("title", "username", "merged_into"):
        op.create_index(f"ix_chats_{column}", "chats", [column])
    op.create_table(
        "chat_names",
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("chat", _row_number(), nullable=False),
        sa.Column("last_seen_at", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("name", "chat", name="pk_chat_names"),
        sa.ForeignKeyConstraint(["chat"], ["chats.key"], name="fk_chat_names_chat"),
    )
    op.create_index("ix_chat_names_chat", "chat_names", ["chat"])
    op.create_table(
        "chat_blobs",
        sa.Column("chat", _row_number(), nullable=False),
        sa.Column("blob", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("chat", "blob", name="pk_chat_blobs"),
        sa.ForeignKeyConstraint(["chat"], ["chats.key"], name="fk_chat_blobs_chat"),
    )
    op.create_index("ix_chat_blobs_blob", "chat_blobs", ["blob"])


def _make_posts() -> None:
    op.create_table(
        "posts",
        sa.Column("key", _row_number(), autoincrement=False, nullable=False),
        sa.Column("chat", _row_number(), nullable=False),
        sa.Column("post_id", sa.BigInteger, nullable=False),
        sa.Column("at_s", sa.BigInteger, nullable=False),
        sa.Column("shown", sa.Boolean, nullable=False),
        sa.Column("kinds", sa.Integer, nullable=False),
        sa.Column("observed_at", sa.BigInteger, nullable=False),
        sa.Column("first_seen_at", sa.BigInteger, nullable=False),
        sa.Column("version_at", sa.BigInteger),
        sa.Column("buried_at", sa.BigInteger),
        sa.Column("hidden", sa.Boolean, nullable=False),
        sa.Column("sensitive", sa.Boolean, nullable=False),
        sa.Column("told_views", sa.BigInteger),
        sa.Column("told_reactions", sa.BigInteger),
        sa.Column("revisions", sa.Integer, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_posts"),
        sa.ForeignKeyConstraint(["chat"], ["chats.key"], name="fk_posts_chat"),
        sa.UniqueConstraint("chat", "post_id", name="uq_posts_chat_post_id"),
    )
    of_chat = ["chat", "shown", "at_s", "key", "kinds"]
    of_all = ["shown", "at_s", "key", "kinds", "chat"]
    op.create_index("ix_posts_of_chat", "posts", of_chat)
    op.create_index("ix_posts_of_all", "posts", of_all)


def _make_what_hangs_on_posts() -> None:
    op.create_table(
        "album_ids",
        sa.Column("chat", _row_number(), nullable=False),
        sa.Column("post_id", sa.BigInteger, nullable=False),
        sa.Column("key", _row_number(), nullable=False),
        sa.PrimaryKeyConstraint("chat", "post_id", name="pk_album_ids"),
        sa.ForeignKeyConstraint(["chat"], ["chats.key"], name="fk_album_ids_chat"),
        sa.ForeignKeyConstraint(["key"], ["posts.key"], name="fk_album_ids_key"),
    )
    op.create_index("ix_album_ids_key", "album_ids", ["key"])
    op.create_table(
        "revisions",
        sa.Column("number", _row_number(), autoincrement=False, nullable=False),
        sa.Column("key", _row_number(), nullable=False),
        sa.Column("replaced_at", sa.BigInteger, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_revisions"),
        sa.ForeignKeyConstraint(["key"], ["posts.key"], name="fk_revisions_key"),
    )
    op.create_index("ix_revisions_key", "revisions", ["key"])
    op.create_table(
        "post_blobs",
        sa.Column("key", _row_number(), nullable=False),
        sa.Column("blob", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("key", "blob", name="pk_post_blobs"),
        sa.ForeignKeyConstraint(["key"], ["posts.key"], name="fk_post_blobs_key"),
    )
    op.create_index("ix_post_blobs_blob", "post_blobs", ["blob"])
    op.create_table(
        "tombstones",
        sa.Column("chat", _row_number(), nullable=False),
        sa.Column("post_id", sa.BigInteger, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("chat", "post_id", name="pk_tombstones"),
        sa.ForeignKeyConstraint(["chat"], ["chats.key"], name="fk_tombstones_chat"),
    )


def _make_log() -> None:
    op.create_table(
        "changes",
        sa.Column("seq", _row_number(), autoincrement=False, nullable=False),
        sa.Column("doc", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("seq", name="pk_changes"),
    )
    op.create_index("ix_changes_doc", "changes", ["doc"])
    op.create_table(
        "consumers",
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("seq", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_consumers"),
    )


def _make_desk() -> None:
    op.create_table(
        "blocks",
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("subject", name="pk_blocks"),
    )
    op.create_table(
        "requests",
        sa.Column("number", _row_number(), autoincrement=False, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_requests"),
    )
    op.create_index("ix_requests_state", "requests", ["state"])
    op.create_table(
        "decisions",
        sa.Column("number", _row_number(), autoincrement=False, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_decisions"),
    )
    op.create_table(
        "settings",
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("value", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_settings"),
    )


def _make_journal() -> None:
    op.create_table(
        "cursors",
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("cursor", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("source", name="pk_cursors"),
    )
    op.create_table(
        "reports",
        sa.Column("number", _row_number(), autoincrement=False, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_reports"),
    )
