"""soso bot"""

import asyncio
import logging
import signal
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import click

from soso.bootstrap import App, ImportOptions
from soso.cli.importing import print_report, run_import, run_index
from soso.cli.options import data_option, opened
from soso.cli.terminal import err, out
from soso.model.errors import BadInput
from soso.worker.loops import running_loader, running_loops

if TYPE_CHECKING:
    from soso.doubles.bot_api import BotApiDouble


@click.command("bot")
@click.option("--local", is_flag=True, help="Talk to it in a browser on this machine instead.")
@click.option("--port", type=int, default=0, help="With --local: of the chat page. [default: free]")
@click.option(
    "--sample",
    type=click.Path(exists=True, path_type=Path),
    help="Import this first, such as the sample archive.",
)
@data_option
def bot(local: bool, port: int, sample: Path | None, data: Path | None) -> None:
    """Run the Telegram bot alone; `soso run` runs it too, once bot_token is set."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    with ExitStack() as stack:
        flags = {}
        if local:
            double = stack.enter_context(_open_double(port))
            flags = {"bot_token": double.token, "bot_api_url": double.url}
        app = stack.enter_context(opened(data, **flags))
        if not app.settings.bot_token.get_secret_value():
            raise BadInput("there is no bot_token; BotFather gives one, or try soso bot --local")
        if sample is not None:
            for report in run_import(app, [sample], ImportOptions()):
                print_report(report)
        if local:
            run_index(app)
            stack.enter_context(running_loops(app))
            out().print(double.url, style="bold")
        else:
            stack.enter_context(running_loader(app))
        err().print("Ctrl-C stops it")
        asyncio.run(_run(app))


def _open_double(port: int) -> "BotApiDouble":
    from soso.doubles.bot_api import BotApiDouble
    from soso.doubles.bot_api.demo import set_stage

    double = BotApiDouble(port=port)
    set_stage(double)
    return double


async def _run(app: App) -> None:
    from soso.bot.app import BotLoop  # aiogram takes two seconds to load, and others do not need it

    running = BotLoop(app)
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, running.stop)
    await running.run()
