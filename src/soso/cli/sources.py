"""soso add, remove, pause, resume, sources: what is followed"""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import click
import msgspec
from rich.table import Table

from soso.bootstrap import App
from soso.cli.options import data_option, json_option, opened
from soso.cli.terminal import err, foreign, out, print_json, progress
from soso.model.errors import BadInput, SosoError
from soso.model.following import Followed, Route, SourceState

WHO: Final = "cli"
_AT_ONCE: Final = 500
_LATE_S: Final = 120.0
_LOOKED_AT: Final = 20
"""So many names are looked up while one waits; of longer lists the first visits find out."""


@click.command()
@click.argument("names", nargs=-1)
@click.option(
    "--file",
    "files",
    multiple=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A list: one name or address a line, or OPML.",
)
@click.option(
    "--route", type=click.Choice(list(Route)), help="How its posts come in, if not clear."
)
@json_option
@data_option
def add(
    names: Sequence[str],
    files: Sequence[Path],
    route: str | None,
    as_json: bool,
    data: Path | None,
) -> None:
    """Follow channels by @name or address, and feeds by address.

    What a name is (channel, group, bot, person, free) is found out at once; posts come in while
    `soso run` or `soso follow` is at work.
    """
    with opened(data) as app:
        wanted, skipped = _read_lists(app, names, files)
        look = len(wanted) <= _LOOKED_AT
        added: list[Followed] = []
        failed: dict[str, str] = {}
        with progress(of_bytes=False) as bar:
            task = bar.add_task("adding", total=len(wanted), note="")
            for name in wanted:
                try:
                    chosen = Route(route) if route else None
                    added.append(app.add_source(name, who=WHO, route=chosen, look=look))
                except SosoError as error:
                    failed[name] = str(error)
                bar.update(task, advance=1)
        if as_json:
            rows = [describe(one) for one in added]
            print_json({"added": rows, "failed": failed, "skipped": skipped})
        else:
            _print_table(app, added)
            for name, why in failed.items():
                err().print(f"not followed: {foreign(name)}: {foreign(why)}", style="yellow")
            if skipped:
                err().print(f"{skipped} rows of the lists have no name", style="yellow")
        if failed and not added:
            raise SystemExit(1)


def _read_lists(app: App, names: Sequence[str], files: Sequence[Path]) -> tuple[list[str], int]:
    wanted, skipped = dict.fromkeys(names), 0
    for file in files:
        try:
            read = app.read_names(file.read_bytes())
        except OSError as error:
            raise BadInput(f"{file} can't be read: {error.strerror}") from error
        wanted |= dict.fromkeys(read.names)
        skipped += read.skipped
    if not wanted:
        raise BadInput("name what is to be followed: @name, an address, or --file LIST")
    return list(wanted), skipped


@click.command()
@click.argument("name")
@data_option
def remove(name: str, data: Path | None) -> None:
    """Stop following a source; its posts stay (soso purge erases them)."""
    with opened(data) as app:
        gone = app.remove_source(name, who=WHO)
        out().print(f"no longer followed: {foreign(gone.shown_name or gone.name)}")


@click.command()
@click.argument("name")
@data_option
def pause(name: str, data: Path | None) -> None:
    """Stop visiting a source until `soso resume`."""
    with opened(data) as app:
        app.pause_source(name, paused=True, who=WHO)


@click.command()
@click.argument("name")
@data_option
def resume(name: str, data: Path | None) -> None:
    """Visit a paused source again, from where it was."""
    with opened(data) as app:
        app.pause_source(name, paused=False, who=WHO)


@click.command()
@click.option("--state", type=click.Choice(list(SourceState)), help="Only those in this state.")
@click.option("--route", type=click.Choice(list(Route)), help="Only those of this route.")
@click.option("--found", is_flag=True, help="Show chats that posts speak of instead, to add.")
@click.option("--ignore", metavar="NAME", help="Propose this name no more.")
@click.option("--limit", type=click.IntRange(1, 100_000), default=200, show_default=True)
@json_option
@data_option
def sources(
    state: str | None,
    route: str | None,
    found: bool,
    ignore: str | None,
    limit: int,
    as_json: bool,
    data: Path | None,
) -> None:
    """Show what is followed: route, state, last post, lag, how far back, next visit."""
    with opened(data) as app:
        if ignore is not None:
            app.ignore_proposed(ignore)
            return
        if found:
            _print_found(app, limit=limit, as_json=as_json)
            return
        rows = _list_all(app, state, route, limit)
        if as_json:
            print_json({"sources": [describe(row) for row in rows]})
            return
        if not rows:
            out().print("nothing is followed: soso add @name")
            return
        _print_table(app, rows)


def _list_all(app: App, state: str | None, route: str | None, limit: int) -> list[Followed]:
    states = (SourceState(state),) if state else ()
    routes = (Route(route),) if route else ()
    found: list[Followed] = []
    while len(found) < limit:
        after = found[-1].number if found else 0
        size = min(_AT_ONCE, limit - len(found))
        rows = app.list_sources(states=states, routes=routes, after=after, limit=size)
        found += rows
        if len(rows) < size:
            break
    return found


def _print_found(app: App, *, limit: int, as_json: bool) -> None:
    while app.discover_changes():
        pass
    met = app.list_proposed(limit=limit)
    if as_json:
        print_json({"found": msgspec.to_builtins(met)})
        return
    table = Table("chats", "posts", "last", "name", box=None)
    for one in met:
        table.add_row(
            f"{one.chats:,}", f"{one.posts:,}", one.last_at.date().isoformat(), f"@{one.name}"
        )
    out().print(table if met else "posts speak of no chat that is not here")


def describe(one: Followed) -> dict[str, Any]:
    """Return a source for machines."""
    return {
        "number": one.number,
        "name": one.shown_name or one.name,
        "route": one.route.value,
        "state": one.state.value,
        "kind": one.kind.value,
        "title": one.title,
        "members": one.members,
        "chat": one.peer.ref if one.peer is not None else None,
        "last_post_at": _iso(one.last_post_at),
        "last_success_at": _iso(one.last_success_at),
        "next_visit_at": _iso(one.next_visit_at),
        "interval_s": round(one.interval_s, 1),
        "newest_id": one.newest_id,
        "backfilled_to": one.oldest_id,
        "is_backfilled": one.is_backfilled,
        "gaps": len(one.gaps),
        "failures": one.failures,
        "error": one.error,
        "skipped": one.skipped,
    }


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at is not None else None


def _print_table(app: App, rows: Sequence[Followed]) -> None:
    now = app.clock.now()
    table = Table(box=None)
    widths = {"#": 2, "name": 8, "route": 7, "state": 11, "posted": 7, "seen": 7, "next": 7}
    for name, width in (widths | {"back to": 9}).items():
        table.add_column(name, no_wrap=True, min_width=width)
    for one in rows:
        table.add_row(
            str(one.number),
            foreign(one.title or one.shown_name or one.name),
            one.route.value,
            one.state.value,
            _ago(one.last_post_at, now),
            _ago(one.last_success_at, now),
            _ago(one.next_visit_at, now),
            _back_to(one),
        )
    out().print(table)
    for one in rows:
        if one.error:
            name = one.shown_name or one.name
            err().print(f"#{one.number} {foreign(name)}: {foreign(one.error)}", style="yellow")
    due, late_s = app.following_lag()
    if late_s >= _LATE_S:
        err().print(
            f"{due} are due, the first since {_span(late_s)}: more than the rate allows"
            " (fetch_rate), or nothing is following (soso run, soso follow)",
            style="yellow",
        )


def _ago(at: datetime | None, now: datetime) -> str:
    """Return how far a time is away; short, since a row has to fit into 80 columns."""
    if at is None:
        return "-"
    away_s = (at - now).total_seconds()
    return f"in {_span(away_s)}" if away_s > 0 else f"{_span(-away_s)} ago"


def _span(span_s: float) -> str:
    for size_s, unit in ((86_400, "d"), (3_600, "h"), (60, "m")):
        if span_s >= size_s:
            return f"{int(span_s // size_s)}{unit}"
    return f"{int(span_s)}s"


def _back_to(one: Followed) -> str:
    if one.is_backfilled:
        return "the first"
    return f"id {one.oldest_id:,}" if one.oldest_id is not None else "-"
