"""soso import PATH..."""

from collections.abc import Sequence
from pathlib import Path

import click
import msgspec

from soso.bootstrap import App, ImportOptions
from soso.cli.options import data_option, json_option, opened
from soso.cli.stopping import stopping
from soso.cli.terminal import err, foreign, harmless, out, print_json, progress
from soso.flows.ingest import Progress
from soso.model.errors import BadInput, Busy, SosoError
from soso.ports.journal import ImportReport

INTERRUPTED = 130
FAILED = 1
MOST_LEARNED = 100_000  # posts; half a minute


@click.command("import")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--zone", help="Zone of local times in old exports, such as Asia/Shanghai.")
@click.option("--chat", help="Id or @name of the chat, for files that do not say it (HTML).")
@click.option(
    "--personal",
    "chats",
    multiple=True,
    help="Title or id of a personal chat of an account export to take in; may be given again.",
)
@json_option
@data_option
def import_(
    paths: Sequence[Path],
    zone: str | None,
    chat: str | None,
    chats: tuple[str, ...],
    as_json: bool,
    data: Path | None,
) -> None:
    """Take in exports, saved pages or dumps: files, folders or zip archives.

    The form is found by itself: Telegram Desktop JSON or HTML, saved preview pages, JSON Lines.
    Importing something again changes nothing; an interrupted import goes on where it stopped.
    """
    options = ImportOptions(zone=zone, chat=chat, chats=chats)
    with opened(data) as app:
        reports = run_import(app, paths, options)
        interrupted = any(report.state == "interrupted" for report in reports)
        indexed: int | None = None
        trouble: SosoError | None = None
        try:
            indexed = None if interrupted else run_index(app, quiet=as_json)
            if indexed is not None:
                learn_words(app)
        except SosoError as error:  # what came in stays in and is told, though the index failed
            trouble = error
        if as_json:
            print_json({"imports": [_in_full(report) for report in reports], "indexed": indexed})
        else:
            for report in reports:
                print_report(report)
            if indexed is not None:
                out().print(f"indexed: {indexed}")
    if interrupted:
        raise SystemExit(INTERRUPTED)
    if trouble is not None:
        raise trouble
    if any(report.state == "failed" for report in reports):
        raise SystemExit(FAILED)


def _in_full(report: ImportReport) -> dict[str, object]:
    """A report for machines has all its fields, those that are zero or empty too."""
    return {**msgspec.structs.asdict(report), "applied": msgspec.structs.asdict(report.applied)}


def run_import(app: App, paths: Sequence[Path], options: ImportOptions) -> list[ImportReport]:
    """Import with a progress bar; stops after a report that says interrupted."""
    reports: list[ImportReport] = []
    with progress(of_bytes=True) as bar, stopping() as check:
        tasks: dict[str, object] = {}

        def told(done: Progress) -> None:
            check()
            if done.source not in tasks:
                name = harmless(Path(done.source).name)[:40]
                tasks[done.source] = bar.add_task(name, total=done.total_bytes, note="")
            task = bar.tasks[bar.task_ids.index(tasks[done.source])]  # type: ignore[arg-type]
            rate = done.posts / max(task.elapsed or 0.001, 0.001)
            note = f"{done.posts} posts, {rate:.0f} posts/s" if done.posts else ""
            bar.update(task.id, completed=done.read_bytes, total=done.total_bytes, note=note)

        for report in app.import_paths(paths, options, told):
            reports.append(report)
            if report.state == "interrupted":
                break
    if not reports:
        raise BadInput("there is nothing to import in " + ", ".join(str(path) for path in paths))
    return reports


def run_index(app: App, *, quiet: bool = False) -> int | None:
    """Index what waits, with a progress bar; None when another process does it."""
    with progress(of_bytes=False) as bar, stopping() as check:
        task = bar.add_task("indexing", total=None, note="")

        def told(done: int, total: int) -> None:
            check()
            bar.update(task, completed=done, total=total)

        try:
            report = app.index_changes(told)
        except Busy:
            if not quiet:
                err().print("another soso is running on this archive and indexes what was imported")
            return None
    for text in report.failed:
        err().print("not indexed: ", foreign(text))
    return report.indexed


def learn_words(app: App) -> None:
    """Learn what corrections come from, unless the archive is large: its worker does it then."""
    if app.is_spelling_due() and app.store.count_posts(listed=True) <= MOST_LEARNED:
        with progress(of_bytes=False) as bar:
            bar.add_task("learning words", total=None, note="")
            app.learn_spelling()


def print_report(report: ImportReport) -> None:
    """Print what an import did, and what it skipped and why."""
    done = report.applied
    console = out()
    console.print(foreign(f"{report.source} ({report.form}): {report.state}"), style="bold")
    console.print(
        f"  new {done.inserted}, revised {done.revised}, refreshed {done.refreshed}, "
        f"unchanged {done.kept}, deleted {done.buried}, blocked {done.blocked}, "
        f"pictures {report.pictures}"
    )
    for reason, count in sorted(report.skipped.items(), key=lambda pair: -pair[1]):
        console.print("  skipped", count, foreign(reason))
    for notice in report.notices:
        console.print("  note:", foreign(notice))
    if report.error:
        console.print("  error:", foreign(report.error), style="red")
