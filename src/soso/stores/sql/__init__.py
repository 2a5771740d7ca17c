"""The store over a SQL database: SQLite by default, written so that PostgreSQL is a URL away."""

from soso.stores.sql.store import SqlStore

__all__ = ["SqlStore"]
