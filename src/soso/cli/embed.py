"""soso embed"""

from pathlib import Path

import click

from soso.bootstrap import App
from soso.cli.options import data_option, json_option, opened
from soso.cli.terminal import err, foreign, out, print_json, progress
from soso.model.errors import BadInput


@click.command()
@json_option
@data_option
def embed(as_json: bool, data: Path | None) -> None:
    """Make vectors of what has none, so that searches find by meaning; soso run does it by itself.

    What is done stays when this is stopped, and is not done again.
    """
    with opened(data) as app:
        if app.meaning is None:
            raise BadInput("the setting embedder is none: there is nothing to embed with")
        embedded, failed = run_embed(app)
        for text in failed:
            err().print("not embedded: ", foreign(text))
        model = app.meaning.model
        if as_json:
            print_json({"embedded": embedded, "failed": failed, "model": model})
        else:
            out().print(foreign(f"{embedded} documents embedded by {model}"))


def run_embed(app: App) -> tuple[int, list[str]]:
    """Embed all that waits, with a progress bar; return how many, and what was refused and why."""
    embedded, failed = 0, list[str]()
    with progress(of_bytes=False) as bar:
        task = bar.add_task("embedding", total=None, note="opening the model")
        while not (report := app.embed_step()).is_idle:
            embedded += report.embedded
            failed += report.failed
            done, total = app.count_embedded()
            bar.update(task, completed=done, total=total, note="")
    return embedded, failed
