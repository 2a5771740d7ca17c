"""Vectors of documents, by model."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_NUMBERED = ("models", "vectors")


def upgrade() -> None:
    """Make the tables of models and vectors, and their numbers."""
    row_number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "models",
        sa.Column("number", row_number, autoincrement=False, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_models"),
        sa.UniqueConstraint("name", name="uq_models_name"),
    )
    op.create_table(
        "vectors",
        sa.Column("model", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("doc", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("seq", sa.BigInteger, nullable=False),
        sa.Column("mark", sa.LargeBinary, nullable=False),
        sa.Column("packed", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("model", "doc", name="pk_vectors"),
    )
    op.create_index("ix_vectors_model_seq", "vectors", ["model", "seq"])
    numbers = sa.table("numbers", sa.column("name", sa.Text), sa.column("last", sa.BigInteger))
    op.bulk_insert(numbers, [{"name": name, "last": 0} for name in _NUMBERED])


def downgrade() -> None:
    """Drop them."""
    numbers = sa.table("numbers", sa.column("name", sa.Text))
    op.execute(numbers.delete().where(numbers.c.name.in_(_NUMBERED)))
    op.drop_table("vectors")
    op.drop_table("models")
