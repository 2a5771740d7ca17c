"""soso export"""

import gzip
import os
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import IO

import click

from soso.cli.options import data_option, opened
from soso.cli.terminal import err, progress


@click.command()
@click.argument("chats", nargs=-1)
@click.option(
    "--output",
    "-o",
    type=click.Path(dir_okay=False, path_type=Path),
    help="File to write, .jsonl or .jsonl.gz. [default: standard output]",
)
@data_option
def export(chats: tuple[str, ...], output: Path | None, data: Path | None) -> None:
    """Write the archive, or only CHATS, as JSON Lines: a dump that soso import restores."""
    with opened(data) as app:
        rows = app.export_rows(chats)
        if output is None:
            _write(rows, sys.stdout.buffer)
            return
        part = output.with_name(output.name + ".part")
        with progress(of_bytes=False) as bar:
            task = bar.add_task("exporting", total=app.status().posts, note="")
            opener = gzip.open if output.suffix == ".gz" else open
            with opener(part, "wb") as file:
                count = _write(rows, file, lambda: bar.advance(task))  # type: ignore[arg-type]
        os.replace(part, output)  # a dump under its name is whole
        err().print(f"{count} rows written to {output}")


def _write(
    rows: Iterable[bytes], file: IO[bytes], told: Callable[[], object] = lambda: None
) -> int:
    count = 0
    for row in rows:
        file.write(row)
        count += 1
        told()
    file.flush()
    return count
