"""soso reindex"""

from pathlib import Path

import click

from soso.cli.options import data_option, json_option, opened
from soso.cli.terminal import err, foreign, out, print_json, progress


@click.command()
@json_option
@data_option
def reindex(as_json: bool, data: Path | None) -> None:
    """Build the index anew from the store; the old one serves until the new one is ready."""
    with opened(data) as app:
        with progress(of_bytes=False) as bar:
            task = bar.add_task("indexing", total=None, note="")
            report = app.reindex(lambda done, total: bar.update(task, completed=done, total=total))
            late = app.index_if_free()
            bar.update(task, description="learning words")
            app.learn_spelling()
        for text in report.failed:
            err().print("not indexed: ", foreign(text))
        indexed = report.indexed + (late.indexed if late is not None else 0)
        if as_json:
            print_json({"indexed": indexed, "failed": report.failed})
        else:
            out().print(f"{indexed} documents indexed")
