"""soso web"""

import logging
from contextlib import ExitStack
from pathlib import Path

import click

from soso.cli.options import data_option, opened
from soso.cli.terminal import err, out
from soso.web.serve import serve
from soso.worker.loops import running_loader


@click.command("web")
@click.option("--host", help="Address to listen on. [default: 127.0.0.1]")
@click.option("--port", type=int, help="Port; 0 takes a free one. [default: 8080]")
@data_option
def web(host: str | None, port: int | None, data: Path | None) -> None:
    """Run the pages and the API alone; `soso worker` does the rest. Any number at once."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    with ExitStack() as stack:
        app = stack.enter_context(opened(data, host=host, port=port))
        password = app.first_password()
        if password is not None:
            out().print(f"operator pages: /admin, password {password}  (told only this once)")

        def ready(address: str) -> None:
            out().print(address, style="bold")
            err().print("Ctrl-C stops it")

        stack.enter_context(running_loader(app))
        if app.settings.bot_token.get_secret_value() and app.settings.has_webhook:
            from soso.bot.running import running_bot  # aiogram takes two seconds to load

            stack.enter_context(running_bot(app))  # who takes an update answers it
        serve(app, host=app.settings.host, port=app.settings.port, on_ready=ready)
