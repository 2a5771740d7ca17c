"""Items of albums that a bot heard of; see ports.bot_albums for what each method promises."""

from datetime import datetime

import sqlalchemy as sa

from soso.stores.sql.bot_tables import bot_albums
from soso.stores.sql.connect import Database
from soso.stores.sql.dialect import put


class SqlBotAlbums:
    """Fills ports.bot_albums.BotAlbums."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def note_album_item(
        self, chat: str, album: str, post_id: int, *, now: datetime
    ) -> tuple[int, ...]:
        """Remember an item and return all that are known of its album."""
        row = {"chat": chat, "album": album, "post_id": post_id, "noted_at": now}
        same = (bot_albums.c.chat == chat) & (bot_albums.c.album == album)
        query = sa.select(bot_albums.c.post_id).where(same).order_by(bot_albums.c.post_id)
        with self._database.writing() as conn:
            put(conn, bot_albums, [row], replace=False)
            return tuple(conn.execute(query).scalars())

    def forget_albums(self, *, before: datetime) -> int:
        """Forget items noted before a time."""
        with self._database.writing() as conn:
            gone = conn.execute(bot_albums.delete().where(bot_albums.c.noted_at < before))
            return gone.rowcount
