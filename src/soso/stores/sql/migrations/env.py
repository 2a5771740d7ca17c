"""Alembic's entry: runs the steps on the connection that migrate.py opened, in its transaction."""

from alembic import context

from soso.stores.sql.tables import ARCHIVE

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=ARCHIVE,
    transactional_ddl=True,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
