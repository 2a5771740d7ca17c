"""python -m benchmarks.postgres: what writing costs on PostgreSQL, and whether partitions pay.

writing: Store.apply in batches of 1,000 new posts, by COPY as the store does, by INSERT, and into
SQLite, in turn. partitions: the table of posts as it is, divided by chat (hash) and by time (range),
filled by the server itself, asked what the store asks; medians, warm.
"""

import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import click
import psycopg

from benchmarks.posts import BenchPost, iter_posts
from benchmarks.probes import ROOT
from benchmarks.stage import find_sources
from soso.cli.terminal import out, print_json
from soso.model.batch import Batch
from soso.model.chat import ChatKind, ChatSighting
from soso.model.ids import Peer, PeerKind
from soso.model.post import Post
from soso.stores.sql import SqlStore, dialect
from tests.servers import postgres

NOW: Final = datetime(2026, 1, 1, tzinfo=UTC)
CHATS: Final = 1_000
MONTHS: Final = 24
MONTH_S: Final = 30 * 86_400
HASHED: Final = 16
TIMES: Final = 60
_COLUMNS: Final = (
    "key bigint NOT NULL, chat bigint NOT NULL, post_id bigint NOT NULL, at_s bigint NOT NULL,"
    " shown boolean NOT NULL, kinds integer NOT NULL, body bytea NOT NULL"
)
_LAYOUTS: Final = {
    "one table": "",
    f"{HASHED} by chat": "PARTITION BY HASH (chat)",
    f"{MONTHS} by month": "PARTITION BY RANGE (at_s)",
}


@click.command()
@click.option("--posts", default=20_000, show_default=True, type=click.IntRange(1_000))
@click.option("--rows", default=1_000_000, show_default=True, type=click.IntRange(10_000))
@click.option("--json", "as_json", is_flag=True, help="Print JSON for machines.")
@click.option(
    "--shared",
    type=click.Path(path_type=Path, file_okay=False),
    default=ROOT.parent / "shared",
    help="Folder with real text. [default: ../shared; without it the posts are made up]",
)
def main(posts: int, rows: int, as_json: bool, shared: Path) -> None:
    """Measure and print."""
    news = find_sources(shared).news
    written = measure_writing(list(iter_posts(posts, news=news)))
    asked = measure_partitions(rows)
    if as_json:
        print_json({"writing": written, "partitions": asked})
        return
    for name, rate in written.items():
        out().print(f"{name:18} {rate:10,.0f} posts/s")
    for layout, figures in asked.items():
        out().print(f"{layout}, {rows:,} rows")
        for what, value in figures.items():
            out().print(f"  {what:34} {value:10.2f}")


def measure_writing(posts: Sequence[BenchPost]) -> dict[str, float]:
    """Return posts a second on the clock, the best of three."""
    best: dict[str, float] = {}
    for _ in range(3):
        with tempfile.TemporaryDirectory() as folder:
            places: dict[str, tuple[str, int]] = {
                "PostgreSQL, COPY": (postgres.running().make_database(), dialect._COPIED_FROM),
                "PostgreSQL, INSERT": (postgres.running().make_database(), 2**31),
                "SQLite": (f"sqlite:///{folder}/archive.db", 0),
            }
            for name, (url, least) in places.items():
                with _copied_from(least):
                    best[name] = max(best.get(name, 0.0), _write(url, posts))
    return best


@contextmanager
def _copied_from(least: int) -> Iterator[None]:
    before = dialect._COPIED_FROM
    dialect._COPIED_FROM = least  # type: ignore[misc]
    try:
        yield
    finally:
        dialect._COPIED_FROM = before  # type: ignore[misc]


def _write(url: str, posts: Sequence[BenchPost]) -> float:
    store = SqlStore(url)
    sighting = ChatSighting(
        peer=Peer(kind=PeerKind.CHANNEL, id=1500), kind=ChatKind.CHANNEL, title="x", is_public=True
    )
    chat = store.add_chat(sighting, NOW)
    told = [
        Post(id=number, at=datetime.fromtimestamp(one.at_s, UTC), text=one.text)
        for number, one in enumerate(posts, 1)
    ]
    begun = time.perf_counter()
    for first in range(0, len(told), 1_000):
        run = tuple(told[first : first + 1_000])
        store.apply(chat.key, Batch(chat=sighting, observed_at=NOW, posts=run), source="x", at=NOW)
    rate = len(told) / (time.perf_counter() - begun)
    store.close()
    return rate


def measure_partitions(rows: int) -> dict[str, dict[str, float]]:
    """Return milliseconds, and megabytes, for each layout."""
    url = postgres.running().make_database().replace("+psycopg", "")
    found: dict[str, dict[str, float]] = {}
    with psycopg.connect(url, autocommit=True) as conn:
        for layout, clause in _LAYOUTS.items():
            _make(conn, clause, rows)
            found[layout] = _ask_all(conn, rows)
            conn.execute("DROP TABLE p")
    return found


def _make(conn: psycopg.Connection[Any], clause: str, rows: int) -> None:
    """Fill a table: posts of all chats in the order of time, as they come in."""
    conn.execute(f"CREATE TABLE p ({_COLUMNS}) {clause}")
    if "HASH" in clause:
        for n in range(HASHED):
            conn.execute(
                f"CREATE TABLE p{n} PARTITION OF p FOR VALUES WITH (MODULUS {HASHED}, REMAINDER {n})"
            )
    if "RANGE" in clause:
        for n in range(MONTHS + 1):
            conn.execute(
                f"CREATE TABLE p{n} PARTITION OF p FOR VALUES FROM ({n * MONTH_S})"
                f" TO ({(n + 1) * MONTH_S})"
            )
    step = max(MONTHS * MONTH_S // rows, 1)
    conn.execute(
        f"INSERT INTO p SELECT n, (n * 7919) % {CHATS}, n, (n - 1) * {step}, true, 0,"
        f" decode(repeat(md5(n::text), 12), 'hex') FROM generate_series(1::bigint, {rows}) n"
    )
    # Keys that a divided table may have: its partition's column must be one of them.
    part = {"": "", "HASH": ", chat", "RANGE": ", at_s"}[
        next((kind for kind in ("HASH", "RANGE") if kind in clause), "")
    ]
    conn.execute(f"CREATE UNIQUE INDEX ON p (key{part})")
    conn.execute(f"CREATE UNIQUE INDEX ON p (chat, post_id{part.replace(', chat', '')})")
    conn.execute("CREATE INDEX ON p (chat, shown, at_s, key, kinds)")
    conn.execute("VACUUM ANALYZE p")


def _ask_all(conn: psycopg.Connection[Any], rows: int) -> dict[str, float]:
    chance = random.Random(0)

    def keys(count: int) -> list[int]:
        return [chance.randrange(1, rows + 1) for _ in range(count)]

    def ask(query: str, *values: object) -> Callable[[], object]:
        return lambda: conn.execute(query, values).fetchall()

    top = rows
    figures: dict[str, float] = {}

    def by_id() -> object:
        key = chance.randrange(1, rows + 1)
        ids = [key + CHATS * n for n in range(100)]
        return conn.execute(
            "SELECT body FROM p WHERE chat = %s AND post_id = ANY(%s)", ((key * 7919) % CHATS, ids)
        ).fetchall()

    def history() -> object:
        return conn.execute(
            "SELECT key, body FROM p WHERE chat = %s AND shown ORDER BY at_s DESC, key DESC LIMIT 50",
            (chance.randrange(CHATS),),
        ).fetchall()

    def write() -> object:
        nonlocal top
        with conn.cursor() as cursor, cursor.copy("COPY p FROM STDIN") as door:
            for key in range(top + 1, top + 1_001):
                at_s = MONTHS * MONTH_S + key % MONTH_S
                door.write_row((key, (key * 7919) % CHATS, key, at_s, True, 0, b"x" * 192))
        top += 1_000
        return None

    figures["20 posts by key, ms"] = _median(
        lambda: conn.execute("SELECT body FROM p WHERE key = ANY(%s)", (keys(20),)).fetchall()
    )
    figures["100 posts of a chat by id, ms"] = _median(by_id)
    figures["newest 50 of a chat, ms"] = _median(history)
    start = chance.randrange(1, rows // 2)
    figures["1,000 by rising key, ms"] = _median(
        ask("SELECT key FROM p WHERE key > %s ORDER BY key LIMIT 1000", start)
    )
    figures["1,000 new posts by COPY, ms"] = _median(write, times=20)
    begun = time.perf_counter()
    conn.execute("DELETE FROM p WHERE at_s < %s", (MONTH_S,))
    figures["a month deleted, ms"] = 1000 * (time.perf_counter() - begun)
    size = conn.execute(
        "SELECT sum(pg_total_relation_size(oid)) FROM pg_class WHERE relname ~ '^p[0-9]*$'"
    ).fetchone()
    assert size is not None
    figures["on disk, MB"] = float(size[0]) / 1e6
    return figures


def _median(run: Callable[[], object], *, times: int = TIMES) -> float:
    """Return milliseconds."""
    taken: list[float] = []
    for _ in range(times):
        begun = time.perf_counter()
        run()
        taken.append(1000 * (time.perf_counter() - begun))
    return statistics.median(taken[times // 6 :])


if __name__ == "__main__":
    main()
