"""soso worker"""

import logging
import signal
import threading
from pathlib import Path
from types import FrameType

import click

from soso.cli.options import data_option, opened
from soso.cli.terminal import err, out
from soso.worker.loops import LOOPS, running_loops


@click.command("worker")
@click.option(
    "--only",
    multiple=True,
    type=click.Choice(sorted(LOOPS)),
    metavar="NAME",
    help=f"Run this loop alone (repeatable): {', '.join(LOOPS)}.",
)
@data_option
def worker(only: tuple[str, ...], data: Path | None) -> None:
    """Follow, index, tell and tidy, without pages or bot. Any number at once."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    names = [name for name in LOOPS if not only or name in only]
    stopping = threading.Event()

    def stop(_number: int, _frame: FrameType | None) -> None:
        stopping.set()

    with opened(data) as app:
        before = {one: signal.signal(one, stop) for one in (signal.SIGINT, signal.SIGTERM)}
        try:
            with running_loops(app, names):
                out().print(f"running: {', '.join(names)}")
                err().print("Ctrl-C stops it")
                stopping.wait()
                err().print("ending what is under way")
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)
