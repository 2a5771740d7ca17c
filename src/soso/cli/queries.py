"""soso queries"""

from collections.abc import Sequence
from pathlib import Path

import click
import msgspec
from rich.table import Table

from soso.cli.options import data_option, json_option, opened
from soso.cli.terminal import err, foreign, out, print_json
from soso.flows.ponder import QueryReport, Wanted
from soso.ports.queries import QueryRow


@click.command()
@click.option(
    "--days", type=click.IntRange(1, 3650), default=30, show_default=True, help="How far back."
)
@click.option(
    "--limit", type=click.IntRange(1, 1000), default=20, show_default=True, help="Rows a table."
)
@json_option
@data_option
def queries(days: int, limit: int, as_json: bool, data: Path | None) -> None:
    """Show what readers asked: popular, found nothing, never opened, and what to index next.

    Searches on the pages and in the API are counted by their words and day, without who asked.
    """
    with opened(data) as app:
        report = app.list_queries(days=days, limit=limit)
        if as_json:
            print_json(msgspec.to_builtins(report))
            return
        if not app.settings.query_log:
            err().print("note: searches are not counted (setting query_log)", style="yellow")
        _print(report)


def _print(report: QueryReport) -> None:
    console = out()
    console.print(f"asked since {report.since.isoformat()}, counted without who asked", style="dim")
    for title, rows in (
        ("most asked", report.popular),
        ("found nothing", report.missed),
        ("found something, and nobody opened it", report.unclicked),
        ("found only a part of the words", report.partial),
    ):
        console.print(f"\n{title}", style="bold")
        console.print(_table_of_queries(rows) if rows else "  none")
    for title, wanted in (
        ("what to index next: words of failing queries", report.words),
        ("what to index next: names that are not in the archive", report.names),
    ):
        console.print(f"\n{title}", style="bold")
        console.print(_table_of_wanted(wanted) if wanted else "  none")


def _table_of_queries(rows: Sequence[QueryRow]) -> Table:
    table = Table("asked", "nothing", "partial", "opened", "days", "last", "query", box=None)
    for row in rows:
        counts = (row.asked, row.missed, row.partial, row.clicked, row.days)
        table.add_row(*map("{:,}".format, counts), row.last.isoformat(), foreign(row.text))
    return table


def _table_of_wanted(rows: Sequence[Wanted]) -> Table:
    table = Table("asked", "queries", "what", box=None)
    for row in rows:
        table.add_row(f"{row.times:,}", f"{row.queries:,}", foreign(row.text))
    return table
