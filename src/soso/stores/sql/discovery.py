"""Names that posts speak of; see ports.discovery for what each method promises."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime

import sqlalchemy as sa

from soso.model.ids import ChatKey
from soso.ports.discovery import Meeting, Met
from soso.stores.sql.connect import Database
from soso.stores.sql.dialect import put
from soso.stores.sql.live_tables import ignored_names, met_names

_t = met_names.c


class SqlDiscovery:
    """Fills ports.discovery.Discovery."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def note_met(self, rows: Sequence[Meeting]) -> None:
        """Add meetings."""
        met: dict[tuple[str, int], dict[int, datetime]] = defaultdict(dict)
        for row in rows:
            met[row.name, row.chat][row.post] = row.at
        if not met:
            return
        names = sorted({name for name, _ in met})
        with self._database.writing() as conn:
            query = sa.select(met_names).where(_t.name.in_(sa.bindparam("names", expanding=True)))
            known = {
                (row.name, row.chat): row
                for start in range(0, len(names), 500)
                for row in conn.execute(query, {"names": names[start : start + 500]})
            }
            changed = []
            for (name, chat), posts in met.items():
                old = known.get((name, chat))
                # Keys of posts rise as they come in, so an older one was counted before.
                fresh = [post for post in posts if old is None or post > old.last_post]
                last_at = max([*posts.values(), *([old.last_at] if old is not None else [])])
                if fresh:
                    changed.append(
                        {
                            "name": name,
                            "chat": chat,
                            "posts": len(fresh) + (old.posts if old is not None else 0),
                            "last_post": max(fresh),
                            "last_at": last_at,
                        }
                    )
            put(conn, met_names, changed)

    def list_met(self, *, without: Collection[str] = (), limit: int = 50) -> list[Met]:
        """Return the names met most."""
        chats, posts = sa.func.count(), sa.func.sum(_t.posts)
        ignored = sa.select(ignored_names.c.name)
        query = (
            sa.select(_t.name, chats, posts, sa.func.max(_t.last_at).label("last_at"))
            .where(_t.name.not_in(ignored))
            .group_by(_t.name)
            .order_by(chats.desc(), posts.desc(), _t.name)
        )
        left_out: set[str] = set(without)
        found: list[Met] = []
        with self._database.reading() as conn:
            for name, in_chats, in_posts, last_at in conn.execute(query):
                if name in left_out:
                    continue
                if len(found) >= limit:
                    break
                found.append(
                    Met(name=name, chats=int(in_chats), posts=int(in_posts), last_at=last_at)
                )
        return found

    def list_met_in(self, name: str) -> list[ChatKey]:
        """Return the chats that speak of a name."""
        with self._database.reading() as conn:
            query = sa.select(_t.chat).where(_t.name == name).order_by(_t.chat)
            return [ChatKey(chat) for chat in conn.execute(query).scalars()]

    def ignore_met(self, name: str, *, ignored: bool = True) -> None:
        """Propose a name no more, or again."""
        with self._database.writing() as conn:
            if ignored:
                put(conn, ignored_names, [{"name": name}])
            else:
                conn.execute(sa.delete(ignored_names).where(ignored_names.c.name == name))
