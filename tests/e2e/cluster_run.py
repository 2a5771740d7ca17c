"""An archive on PostgreSQL and OpenSearch, and programs that work on it and may be killed."""

import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx

from soso.bootstrap import App
from soso.config import Settings, load_settings
from soso.flows import rebuild_split
from soso.model.batch import Batch
from soso.model.chat import ChatKind, ChatSighting
from soso.model.ids import Peer, PeerKind
from soso.model.post import Post
from soso.query.results import SearchRequest

CHILD = Path(__file__).with_name("cluster_child.py")
ROOT = Path(__file__).parents[2]
START = datetime(2026, 11, 1, tzinfo=UTC)
CHANNEL = ChatSighting(
    peer=Peer(kind=PeerKind.CHANNEL, id=1500000001),
    kind=ChatKind.CHANNEL,
    title="样例频道",
    username="yangli_soso_demo",
    is_public=True,
)


class Run:
    """Programs over one archive; what is left of them is killed by end()."""

    def __init__(self, folder: Path, settings: dict[str, str]) -> None:
        kept = {name: value for name, value in os.environ.items() if name[:5] != "SOSO_"}
        self.folder = folder
        self.environment = {
            **kept,
            **{f"SOSO_{name.upper()}": value for name, value in settings.items()},
            "PYTHONUNBUFFERED": "1",
        }
        self.settings: Settings = load_settings(**settings)
        self._running: list[subprocess.Popen[str]] = []

    def start(self, *words: str) -> "subprocess.Popen[str]":
        """Start a command."""
        with (self.folder / f"log{len(self._running)}").open("w") as log:
            program = subprocess.Popen(
                [sys.executable, str(CHILD), *words],
                env=self.environment,
                cwd=ROOT,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )
        self._running.append(program)
        return program

    def start_workers(self, count: int) -> list["subprocess.Popen[str]"]:
        """Start workers that index, and return when all do."""
        workers = [self.start("worker", "--only", "index") for _ in range(count)]
        for one in workers:
            self.read_until(one, "running: index")
        return workers

    def start_web(self) -> str:
        """Start the pages and return their address."""
        return self.read_until(self.start("web", "--port", "0"), r"http://127\.0\.0\.1:\d+")

    def read_until(self, program: "subprocess.Popen[str]", pattern: str) -> str:
        """Return what a program said."""
        assert program.stdout is not None
        for line in program.stdout:
            if found := re.search(pattern, line):
                return found[0]
        raise AssertionError(f"it ended before it said {pattern!r}: {self.logs()}")

    def logs(self) -> str:
        """What all of them wrote."""
        return "\n".join(log.read_text()[-3000:] for log in sorted(self.folder.glob("log*")))

    def end(self) -> None:
        """Kill all."""
        for one in self._running:
            if one.poll() is None:
                one.kill()
            one.communicate()


def write(app: App, numbers: Sequence[int], revision: int) -> None:
    """Write posts, new ones or edits, whose text says of which revision they are."""
    at = START + timedelta(days=20, seconds=revision)
    known = app.store.find_chat_by_peer(CHANNEL.peer) if CHANNEL.peer is not None else None
    chat = known or app.store.add_chat(CHANNEL, at)
    for first in range(0, len(numbers), 500):
        posts = tuple(
            Post(
                id=number,
                at=START + timedelta(minutes=number),
                edited_at=at if revision else None,
                text=f"磐石 rev{revision} nr{number}",
            )
            for number in numbers[first : first + 500]
        )
        sighting = ChatSighting(peer=CHANNEL.peer)
        batch = Batch(chat=sighting, observed_at=at, posts=posts)
        app.store.apply(chat.key, batch, source="test", at=at)


def wait_until(holds: Callable[[], object], *, seconds: float = 120, every_s: float = 0.1) -> None:
    """Wait until something holds; fails when it never does."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "it never came to be"
        time.sleep(every_s)


def is_settled(app: App) -> bool:
    """Whether all is indexed and no rebuild is under way."""
    return rebuild_split.load_job(app.store) is None and not app.is_indexing()


def check_all(app: App, revisions: dict[int, int]) -> None:
    """Every post is found, by the text it has now, once, and by no other.

    revisions: how many posts there are of each revision.
    """
    wait_until(lambda: is_settled(app))
    assert app.examine(repair=False) == []
    assert app.engine.status().documents == sum(revisions.values()) + 1  # and the chat
    for revision in range(max(revisions) + 1):
        assert count(app, f"rev{revision}") == revisions.get(revision, 0), revision
    assert count(app, "磐石") == sum(revisions.values())


def count(app: App, text: str) -> int:
    """Return how many posts hold a text."""
    request = SearchRequest(text=f'"{text}"', collapse=False, facets=False)
    return app.search(request).total


def find(address: str, text: str) -> tuple[int, int]:
    """Return the status of a search, and how many it found."""
    answer = httpx.get(f"{address}/api/v1/search", params={"q": text}, timeout=60)
    return answer.status_code, answer.json()["total"] if answer.status_code == 200 else 0
