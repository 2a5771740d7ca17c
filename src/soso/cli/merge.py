"""soso merge"""

from pathlib import Path

import click

from soso.cli.importing import run_index
from soso.cli.options import data_option, json_option, opened
from soso.cli.terminal import out, print_json


@click.command()
@click.argument("source")
@click.argument("target")
@json_option
@data_option
def merge(source: str, target: str, as_json: bool, data: Path | None) -> None:
    """Join chat SOURCE into chat TARGET: one chat that came by two routes.

    Each is an id, @name or x<number> as listed by soso status. The one whose Telegram id is known
    stays. Posts that both have become one, with the richest fields of both.
    """
    with opened(data) as app:
        moved = app.merge_chats(source, target, who="cli")
        run_index(app, quiet=as_json)
        if as_json:
            print_json({"moved": moved})
        else:
            out().print(f"{moved} posts joined")
