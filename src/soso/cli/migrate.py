"""soso migrate --from sqlite --to postgres"""

from pathlib import Path

import click
import msgspec

from soso.cli.options import data_option, json_option, opened
from soso.cli.stopping import stopping
from soso.cli.terminal import err, out, print_json, progress

FAILED = 1
FILE = "sqlite"
CONFIGURED = "postgres"


@click.command()
@click.option(
    "--from",
    "source",
    default=FILE,
    show_default=True,
    metavar="FILE",
    help="A soso.sqlite; `sqlite` is that of the data folder.",
)
@click.option(
    "--to",
    "target",
    required=True,
    metavar="ADDRESS",
    help="postgresql://USER:PASSWORD@HOST/NAME; `postgres` is the setting store_url.",
)
@json_option
@data_option
def migrate(source: str, target: str, as_json: bool, data: Path | None) -> None:
    """Copy the archive from its SQLite file into an empty PostgreSQL database, and check it.

    The archive may be in use meanwhile. What comes after the copy began is brought over by running
    this again, with every soso of the old archive stopped; so is the rest of a copy that was cut off.
    """
    file = None if source == FILE else Path(source.removeprefix("sqlite:///"))
    address = "" if target == CONFIGURED else target
    with opened(data) as app, progress(of_bytes=False) as bar, stopping() as check:
        task = bar.add_task("copying", total=None, note="")

        def told(doing: str, done: int, total: int) -> None:
            check()
            bar.update(task, description=doing, completed=done, total=total)

        moved = app.migrate_store(file, address, told)
        blobs = app.settings.blobs_folder
    rows = sum(moved.rows.values())
    if as_json:
        print_json(msgspec.structs.asdict(moved))
    else:
        out().print(f"{rows:,} rows; {moved.written:,} written, {moved.removed:,} taken out")
        for name, count in moved.differing.items():
            err().print(f"not the same: {count} rows of {name}", style="red")
        if moved.behind:
            err().print(
                f"{moved.behind} changes came meanwhile: stop soso and run this again for the rest"
            )
        elif not moved.differing:
            out().print("all of it was read again and is the same")
            out().print("now set SOSO_STORE_URL for every soso, and start it", markup=False)
            out().print(f"the pictures stay where they are: {blobs}", markup=False)
    if moved.differing:
        raise SystemExit(FAILED)
