"""soso eval DATA..."""

from collections.abc import Sequence
from pathlib import Path

import click
from rich.table import Table

from soso.cli.options import json_option
from soso.cli.terminal import err, foreign, out, print_json, progress
from soso.evaluation.baselines.choose import missing_packages, parse_names
from soso.evaluation.outcome import Outcome
from soso.evaluation.read import find_sets, load_set
from soso.evaluation.report import HEAD, build_json, build_table, build_title
from soso.evaluation.run import evaluate
from soso.evaluation.sets import Half, take_part
from soso.model.errors import BadInput

WIDTH = 110  # a table that is folded can't be read


@click.command("eval")
@click.argument("sets", metavar="DATA...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--related", is_flag=True, help="Rank related posts for queries that are documents.")
@click.option(
    "--half",
    type=click.Choice([half.value for half in Half]),
    default=Half.ALL.value,
    show_default=True,
    help="Choose settings on one half of the queries and report on the other.",
)
@click.option(
    "--baselines",
    metavar="NAMES",
    help="whoosh,trigram,fts5,bm25, all or none. [default: those installed; with --json none]",
)
@click.option("--sample", type=click.IntRange(1), help="Ask only so many queries of each set.")
@click.option("--limit-docs", type=click.IntRange(1), help="Take only so many documents of each.")
@click.option("--seed", type=int, default=0, show_default=True, help="Draws the sample.")
@json_option
def eval_(
    sets: Sequence[Path],
    related: bool,
    half: str,
    baselines: str | None,
    sample: int | None,
    limit_docs: int | None,
    seed: int,
    as_json: bool,
) -> None:
    """Measure how good the results are, on labelled sets, beside what others would find.

    DATA is a folder with corpus.jsonl, queries.jsonl and qrels.tsv, or pairs.jsonl (gzipped or
    not), or a folder of such folders. Everything goes through the real import, index and search,
    in an archive of its own that is removed afterwards.
    """
    named = _baselines(baselines, as_json=as_json)
    outcomes: dict[str, Outcome] = {}
    with progress(of_bytes=False) as bar:
        for folder in [folder for path in sets for folder in find_sets(path)]:
            task = bar.add_task(folder.name, total=None, note="")

            def told(doing: str, done: int, total: int, task: int = task) -> None:
                bar.update(bar.task_ids[task], completed=done, total=total, note=doing)

            try:
                labelled = take_part(
                    load_set(folder, related=related),
                    half=Half(half),
                    sample=sample,
                    limit_documents=limit_docs,
                    seed=seed,
                )
                outcome = evaluate(labelled, related=related, baselines=named, told=told)
            except BadInput as error:
                if folder in sets:
                    raise
                err().print("left out:", foreign(str(error)))
                continue
            outcomes[str(folder) if folder.name in outcomes else folder.name] = outcome
    if not outcomes:
        raise BadInput("nothing could be measured")
    if as_json:
        print_json(build_json(outcomes))
    else:
        _print(outcomes)


def _baselines(asked: str | None, *, as_json: bool) -> tuple[str, ...]:
    """What was not asked for by name and is not installed is left out, and said."""
    if asked is not None and asked != "all":
        return parse_names(asked)
    if asked is None and as_json:
        return ()
    found = []
    for name in parse_names("all"):
        missing = missing_packages(name)
        if missing:
            err().print(f"without the baseline {name}: pip install {' '.join(missing)}")
        else:
            found.append(name)
    return tuple(found)


def _print(outcomes: dict[str, Outcome]) -> None:
    console = out()
    console.width = max(console.width, WIDTH)
    for name, outcome in outcomes.items():
        console.print(foreign(build_title(name, outcome)), style="bold")
        table = Table(*HEAD, box=None, pad_edge=False)
        for row in build_table(outcome):
            table.add_row(*row)
        console.print(table)
        console.print()
    console.print("±: 95% confidence over queries. *: the difference is beyond it.", style="dim")
