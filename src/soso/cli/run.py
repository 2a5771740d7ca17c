"""soso run"""

import logging
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import click

from soso.bootstrap import ImportOptions
from soso.cli.demo_live import running_double, telling_arrivals
from soso.cli.importing import print_report, run_import, run_index
from soso.cli.options import data_option, opened
from soso.cli.terminal import err, out
from soso.web.serve import serve
from soso.worker.loops import running_loops


@click.command()
@click.option("--host", help="Address to listen on. [default: 127.0.0.1]")
@click.option("--port", type=int, help="Port; 0 takes a free one. [default: 8080]")
@click.option(
    "--sample",
    type=click.Path(exists=True, path_type=Path),
    help="Import this first, such as the sample archive.",
)
@click.option(
    "--demo-live",
    is_flag=True,
    help="Follow a double of Telegram with invented posts, kept apart, to see posts arrive.",
)
@data_option
def run(
    host: str | None, port: int | None, sample: Path | None, demo_live: bool, data: Path | None
) -> None:
    """Run everything on this machine: the pages, the API, and the worker that indexes."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    with ExitStack() as stack:
        flags: dict[str, Any] = {"data": data, "host": host, "port": port}
        if demo_live:
            flags |= stack.enter_context(running_double(data))
        app = stack.enter_context(opened(**flags))
        if sample is not None:
            for report in run_import(app, [sample], ImportOptions()):
                print_report(report)
        run_index(app)
        password = app.first_password()
        if password is not None:
            out().print(f"operator pages: /admin, password {password}  (told only this once)")

        def ready(address: str) -> None:
            out().print(address, style="bold")
            err().print("Ctrl-C stops it")

        stack.enter_context(running_loops(app))
        if app.settings.bot_token.get_secret_value():
            from soso.bot.running import running_bot  # aiogram takes two seconds to load

            stack.enter_context(running_bot(app))
        if demo_live:
            stack.enter_context(telling_arrivals(app))
        serve(app, host=app.settings.host, port=app.settings.port, on_ready=ready)
