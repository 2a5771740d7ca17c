"""python -m benchmarks.following: does following lose anything, and how fast is it?

Against a double of Telegram: channels are followed and backfilled while posts are added, edited and
deleted, some requests fail, and the program is killed a few times; after one full sweep at the end
the archive must be what the double is, and the limit of requests must never have been exceeded.
--speed: how many pages a minute without a limit, and how memory goes.
"""

import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import click
import msgspec

from benchmarks.far_double import FarDouble, running_far_double
from benchmarks.likeness import compare
from benchmarks.probes import ROOT, anonymous_bytes
from soso.bootstrap import App, open_app
from soso.cli.terminal import out
from soso.config import load_settings
from soso.model.value import Value

CONFIRM_S: Final = 3.0
CHANGES: Final = 0.02
"""How many posts are added, edited or deleted while it runs, of all."""

_LOOK_S: Final = 0.5
_LONGEST_S: Final = 3600.0


class Plan(Value):
    """What is to be run. rate: requests a second, at most; failing: the share that fails."""

    channels: int
    posts: int
    rate: float
    failing: float
    kills: int
    media: float
    seed: int

    @property
    def names(self) -> list[str]:
        """The channels."""
        return [f"channel_{number}" for number in range(self.channels)]


class Outcome(Value):
    """What came of it. busiest: the most requests within any second."""

    posts: int
    dead: int
    revisions: int
    differences: list[str]
    busiest: int
    requests: int
    failed: int
    kills: int
    changes: int
    backfill_s: float
    sweep_s: float

    @property
    def is_alike(self) -> bool:
        """Whether nothing differs."""
        return not self.differences


class Speed(Value):
    """How fast a backfill was. memory_mb: a look at each tenth of it."""

    pages: int
    posts: int
    seconds: float
    memory_mb: list[float]

    @property
    def pages_a_minute(self) -> float:
        """The figure that has a goal."""
        return self.pages * 60 / self.seconds


def run_plan(plan: Plan, folder: Path, told: Callable[[str], None]) -> Outcome:
    """Run it all in a folder and compare."""
    each = plan.posts // plan.channels
    with (
        running_far_double(
            channels=plan.channels, posts=each, media=plan.media, seed=plan.seed
        ) as double,
        _opened(double, folder, rate=plan.rate) as app,
    ):
        double.call("fail_sometimes", share=plan.failing, seed=plan.seed)
        for name in plan.names:
            app.add_source(f"@{name}", who="benchmark", look=False)
        life = _Life(double, plan)
        begun = time.monotonic()
        with _following(double, folder, plan.rate) as follower:
            life.start()
            _backfill(app, double, follower, plan, told)
            life.stop()
            backfill_s = time.monotonic() - begun
            begun = time.monotonic()
            _sweep(app, plan, told)
            sweep_s = time.monotonic() - begun
        told("comparing")
        alike = compare(app, double, plan.names)
        return Outcome(
            posts=alike.posts,
            dead=alike.dead,
            revisions=alike.revisions,
            differences=list(alike.differences),
            busiest=double.call("busiest", window_s=1.0),
            requests=double.call("count_requests"),
            failed=double.call("count_failed"),
            kills=follower.kills,
            changes=life.changes,
            backfill_s=backfill_s,
            sweep_s=sweep_s,
        )


def measure_speed(posts: int, media: float, folder: Path, told: Callable[[str], None]) -> Speed:
    """Backfill one channel without a limit."""
    memory: list[float] = []
    with (
        running_far_double(channels=1, posts=posts, media=media, seed=1) as double,
        _opened(double, folder, rate=0) as app,
    ):
        app.add_source("@channel_0", who="benchmark", look=False)
        begun = time.monotonic()
        with _following(double, folder, 0) as follower:
            while not all(one.is_backfilled for one in app.list_sources()):
                follower.check()
                done = double.call("count_requests") * 20 / posts
                told(f"backfilling: {done:.0%}")
                if done * 10 >= len(memory) + 1:
                    memory.append(round(anonymous_bytes(follower.pid) / 2**20, 1))
                time.sleep(_LOOK_S)
            seconds = time.monotonic() - begun
            memory.append(round(anonymous_bytes(follower.pid) / 2**20, 1))
        return Speed(
            pages=double.call("count_requests"),
            posts=app.store.count_posts(),
            seconds=seconds,
            memory_mb=memory,
        )


class _Follower:
    """The real program, `soso follow`, which can be killed and started again."""

    def __init__(self, environment: dict[str, str], folder: Path) -> None:
        self.kills = 0
        self._environment = environment
        self._folder = folder
        self._log = folder.with_suffix(".log").open("a")
        self._process = self._start()

    @property
    def pid(self) -> int:
        """Its process."""
        return self._process.pid

    def check(self) -> None:
        """Raises RuntimeError if it ended by itself."""
        if self._process.poll() is not None:
            raise RuntimeError(f"it ended; see {self._folder.with_suffix('.log')}")

    def kill(self) -> None:
        """Kill it as a power cut would, and start it anew."""
        self._process.kill()
        self._process.wait()
        self.kills += 1
        self._process = self._start()

    def end(self) -> None:
        """End it as Ctrl-C does."""
        self._process.send_signal(signal.SIGINT)
        try:
            self._process.wait(60)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._log.close()

    def _start(self) -> "subprocess.Popen[bytes]":
        command = [sys.executable, "-m", "soso", "follow", "--data", str(self._folder)]
        return subprocess.Popen(
            command, cwd=ROOT, env=self._environment, stdout=self._log, stderr=self._log
        )


class _Life:
    """Adds, edits and deletes posts in a thread of its own."""

    def __init__(self, double: FarDouble, plan: Plan) -> None:
        self.changes = 0
        self._double = double
        self._plan = plan
        self._wanted = max(int(plan.posts * CHANGES), 20)
        pages = plan.posts / 20
        self._every_s = max(2 * pages / plan.rate / self._wanted, 0.02)
        self._chance = random.Random(plan.seed)
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._loop)

    def start(self) -> None:
        """Begin; changes are spread over about twice as long as the pages take at best."""
        self._thread.start()

    def stop(self) -> None:
        """End, after as many changes again as were wanted: of posts that the archive has."""
        self._wanted += self.changes
        self._ended.set()
        self._thread.join()

    def _loop(self) -> None:
        while not self._ended.is_set() or self.changes < self._wanted:
            self._ended.wait(self._every_s)
            self._change(self._chance.choice(self._plan.names))
            self.changes += 1

    def _change(self, name: str) -> None:
        dice = self._chance.random()
        if dice < 0.3:
            self._double.call("post", name=name)
            return
        number = self._chance.randrange(2, self._double.call("last_id", name=name) + 1)
        truth = self._double.call("truth", name=name)
        ids = next((ids for ids, deleted, _ in truth if number in ids and not deleted), None)
        if ids is None:
            return
        if dice < 0.75:
            self._double.call("edit", name=name, number=ids[0])
        else:
            self._double.call("delete", name=name, numbers=ids)


def _backfill(
    app: App, double: FarDouble, follower: _Follower, plan: Plan, told: Callable[[str], None]
) -> None:
    pages = plan.posts / 20
    until = time.monotonic() + _LONGEST_S
    while not all(one.is_backfilled for one in _sources(app)) or follower.kills < plan.kills:
        if time.monotonic() > until:
            raise RuntimeError("the backfill takes too long")
        follower.check()
        asked = double.call("count_requests")
        told(f"backfilling: {asked:,} requests, {app.store.count_posts():,} posts")
        if follower.kills < plan.kills and asked >= pages * (follower.kills + 1) / (plan.kills + 1):
            follower.kill()
        time.sleep(_LOOK_S)


def _sweep(app: App, plan: Plan, told: Callable[[str], None]) -> None:
    """Read all once more, until nothing is in doubt."""
    begun_at = app.clock.now()
    for name in plan.names:
        app.visit_now(f"@{name}", sweep=True, who="benchmark")
    until = time.monotonic() + _LONGEST_S
    while True:
        waiting = sum(
            one.sweep_wanted
            or one.last_sweep_at is None
            or one.last_sweep_at < begun_at
            or bool(one.round or one.missing or one.gaps)
            for one in _sources(app)
        )
        told(f"sweeping: {waiting} channels to go")
        if not waiting:
            return
        if time.monotonic() > until:
            raise RuntimeError(f"the sweep takes too long: {waiting} channels to go")
        time.sleep(_LOOK_S)


def _sources(app: App) -> Sequence[Any]:
    return app.list_sources(limit=10_000)


def _settings(double: FarDouble, rate: float) -> dict[str, Any]:
    return {
        "telegram_host": double.address,
        "media_hosts": [double.place],
        "fetch_private": True,
        "fetch_rate": rate,
        "media_rate": 0,
        "follow_confirm_s": CONFIRM_S,
        "follow_threads": 8,
        "embedder": "none",
    }


@contextmanager
def _opened(double: FarDouble, folder: Path, *, rate: float) -> Iterator[App]:
    with open_app(load_settings(data=folder, store_url="", **_settings(double, rate))) as app:
        yield app


@contextmanager
def _following(double: FarDouble, folder: Path, rate: float) -> Iterator[_Follower]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SOSO_")}
    told = {
        f"SOSO_{name.upper()}": value
        if isinstance(value, str)
        else msgspec.json.encode(value).decode()
        for name, value in _settings(double, rate).items()
    }
    follower = _Follower(kept | told, folder)
    try:
        yield follower
    finally:
        follower.end()


@click.command()
@click.option("--channels", default=200, help="How many. [default: 200]")
@click.option("--posts", default=100_000, help="In all of them together. [default: 100,000]")
@click.option("--rate", default=50.0, help="Requests a second. [default: 50]")
@click.option("--failing", default=0.05, help="Share of requests that fail. [default: 0.05]")
@click.option("--kills", default=3, help="[default: 3]")
@click.option("--media", default=0.1, help="1: as usual, 0: texts only. [default: 0.1]")
@click.option("--seed", default=1, help="[default: 1]")
@click.option("--speed", is_flag=True, help="Measure a backfill without a limit instead.")
@click.option("--json", "file", type=click.Path(path_type=Path, dir_okay=False), help="Write FILE.")
@click.option("--keep", type=click.Path(path_type=Path, file_okay=False), help="Leave the archive.")
def main(speed: bool, file: Path | None, keep: Path | None, **asked: Any) -> None:
    """Follow a double of Telegram and see whether anything is lost, or how fast it goes."""
    console = out()
    with tempfile.TemporaryDirectory() as temporary, console.status("") as status:
        folder = (keep or Path(temporary)) / "soso"
        folder.mkdir(parents=True)
        result: Outcome | Speed
        if speed:
            result = measure_speed(asked["posts"], asked["media"], folder, status.update)
        else:
            result = run_plan(Plan(**asked), folder, status.update)
    if file is not None:
        file.write_bytes(msgspec.json.encode(result))
    if isinstance(result, Speed):
        console.print(f"{result.pages:,} pages, {result.posts:,} posts in {result.seconds:.0f} s")
        console.print(f"{result.pages_a_minute:,.0f} pages a minute; goal 1,000")
        console.print(f"memory on the way, MB: {result.memory_mb}")
        return
    console.print(msgspec.json.format(msgspec.json.encode(result)).decode())
    limit = asked["rate"]
    console.print(
        f"alike: {result.is_alike}; the limit of {limit:g} was kept: {result.busiest <= limit}"
    )
    if not result.is_alike or result.busiest > limit:
        sys.exit(1)


if __name__ == "__main__":
    main()
