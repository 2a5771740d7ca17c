"""soso purge"""

from pathlib import Path

import click

from soso.cli.importing import run_index
from soso.cli.options import data_option, json_option, opened, parse_post_name
from soso.cli.terminal import out, print_json


@click.command()
@click.argument("name", metavar="CHAT[/ID]")
@click.option("--yes", is_flag=True, help="Do not ask.")
@json_option
@data_option
def purge(name: str, yes: bool, as_json: bool, data: Path | None) -> None:
    """Erase a post, or a chat with all its posts, for good: text, revisions and pictures."""
    chat, number = parse_post_name(name) if "/" in name.strip("/") else (name, None)
    if not yes:
        click.confirm(f"Erase {name} for good?", abort=True, err=True)
    with opened(data) as app:
        posts = app.purge(chat, number, who="cli")
        run_index(app, quiet=as_json)
        if as_json:
            print_json({"purged": posts})
        else:
            out().print(f"{posts} posts erased")
