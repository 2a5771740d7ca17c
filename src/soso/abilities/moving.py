"""The part of App about an archive that outgrows its file: all of it goes into PostgreSQL.

Mixed into bootstrap.App. The pictures stay in their folder, and the index goes on from where it is.
"""

from pathlib import Path

from soso.model.errors import BadInput
from soso.stores.sql.transfer import Told, Transferred, transfer
from soso.wiring import Adapters


class MovingApp(Adapters):
    """Moving to another database."""

    def migrate_store(self, source: Path | None, target: str, told: Told) -> Transferred:
        """Copy an archive into an empty database and check it; once more brings over what came since.

        source: its SQLite file; None: that of the data folder. target: a PostgreSQL address; empty:
        the setting store_url. Raises BadInput, Unavailable.
        """
        file = source or self.data / "soso.sqlite"
        if not file.is_file():
            raise BadInput(f"there is no archive to copy: {file}")
        target = target or self.settings.store_url
        if not target.startswith("postgres"):
            raise BadInput("name the database to copy into: --to postgresql://USER@HOST/NAME")
        suggestions = f"sqlite:///{file.parent / 'suggestions.sqlite'}"
        return transfer(f"sqlite:///{file}", suggestions, target, told=told)
