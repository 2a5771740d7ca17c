"""soso eval DATA..."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import click
from rich.table import Table

from soso.cli.options import data_option, json_option, opened
from soso.cli.terminal import err, foreign, out, print_json, progress
from soso.config import load_settings
from soso.evaluation import from_log
from soso.evaluation.archive import LiveArchive, Told
from soso.evaluation.baselines.choose import missing_packages, parse_names
from soso.evaluation.measures import check_measures
from soso.evaluation.outcome import Comparison, Outcome, Pair
from soso.evaluation.overrides import parse_overrides
from soso.evaluation.read import find_sets, load_set
from soso.evaluation.report import (
    HEAD,
    PAIR_HEAD,
    build_json,
    build_pair,
    build_table,
    build_title,
    build_verdict,
)
from soso.evaluation.run import Configurations, evaluate, evaluate_live
from soso.evaluation.sets import Half, LabelledSet, take_part
from soso.model.errors import BadInput
from soso.model.value import Value

WIDTH = 110  # a table that is folded can't be read
QUERIES = 50
CONVERSIONS = ("s2t", "s2tw", "s2hk", "t2s", "tw2s", "hk2s")


class Wish(Value):
    """What is to be measured, beside the sets."""

    related: bool
    half: str
    sample: int | None
    limit_docs: int | None
    seed: int
    baselines: tuple[str, ...]
    configurations: Configurations
    data: Path | None

    def part(self, labelled: LabelledSet) -> LabelledSet:
        """The part of a set that was asked for."""
        return take_part(
            labelled,
            half=Half(self.half),
            sample=self.sample,
            limit_documents=self.limit_docs,
            seed=self.seed,
        )

    def measure(self, folder: Path, told: Told) -> Outcome:
        """Measure a set: in an archive of its own, or one of the operator's in the archive itself."""
        if not from_log.is_own_set(folder):
            return evaluate(
                self.part(load_set(folder, related=self.related)),
                related=self.related,
                baselines=self.baselines,
                told=told,
                settings=self.configurations,
            )
        if self.related:
            raise BadInput(f"{folder} has judgements of searches, none of related posts")
        labelled = self.part(from_log.load_own_set(folder))
        return evaluate_live(
            labelled, LiveArchive(self.data), told=told, settings=self.configurations
        )


@click.command("eval")
@click.argument("sets", metavar="DATA...", nargs=-1, type=click.Path(path_type=Path))
@click.option("--related", is_flag=True, help="Rank related posts for queries that are documents.")
@click.option(
    "--half",
    type=click.Choice([half.value for half in Half]),
    default=Half.ALL.value,
    show_default=True,
    help="Choose settings on one half of the queries and report on the other.",
)
@click.option(
    "--with",
    "laid",
    metavar="CONFIG",
    multiple=True,
    help="Measure with these settings: name=value,… or a TOML file.",
)
@click.option(
    "--against",
    metavar="CONFIG",
    multiple=True,
    help="Compare with these settings, query by query.",
)
@click.option(
    "--convert",
    "converted",
    type=click.Choice(CONVERSIONS),
    multiple=True,
    help="Ask the queries once more in another script, converted by OpenCC.",
)
@click.option(
    "--baselines",
    metavar="NAMES",
    help="whoosh,trigram,fts5,bm25, all or none. "
    "[default: those installed; with --json or --against none]",
)
@click.option("--sample", type=click.IntRange(1), help="Ask only so many queries of each set.")
@click.option("--limit-docs", type=click.IntRange(1), help="Take only so many documents of each.")
@click.option("--seed", type=int, default=0, show_default=True, help="Draws the sample.")
@click.option(
    "--from-log",
    "own",
    metavar="OUT",
    type=click.Path(file_okay=False, path_type=Path),
    help="Write a set of your own into this folder, to be judged.",
)
@click.option(
    "--queries",
    type=click.IntRange(1),
    default=QUERIES,
    show_default=True,
    help="With --from-log: how many queries.",
)
@click.option(
    "--queries-file",
    type=click.Path(dir_okay=False, path_type=Path),
    help="With --from-log: take them from this file, one a line, rather than from the log.",
)
@json_option
@data_option
def eval_(
    sets: Sequence[Path],
    laid: Sequence[str],
    against: Sequence[str],
    converted: tuple[str, ...],
    baselines: str | None,
    own: Path | None,
    queries: int,
    queries_file: Path | None,
    as_json: bool,
    data: Path | None,
    **asked: object,
) -> None:
    """Measure how good the results are, on labelled sets, beside what others would find.

    DATA is a folder with corpus.jsonl, queries.jsonl and qrels.tsv, or pairs.jsonl (gzipped or
    not), or a folder of such folders. Everything goes through the real import, index and search,
    in an archive of its own that is removed afterwards.

    A set of your own: --from-log OUT writes queries of your readers and what your archive finds for
    them; fill in the column grade of OUT/judge.tsv (3 exactly that, 2 good, 1 touches upon it, 0 not
    meant), and measure with: soso eval OUT
    """
    if own is not None:
        if sets:
            raise BadInput("--from-log writes a set; measure it when it is judged")
        _write_own(own, queries, queries_file, data=data, as_json=as_json)
        return
    if not sets:
        raise click.UsageError("name a set, or --from-log")
    configurations = Configurations(
        laid=parse_overrides(laid),
        against=parse_overrides(against) if against else None,
        converted=converted,
    )
    if converted and asked["related"]:
        raise BadInput("related posts are asked for by posts: there is nothing to convert")
    wish = Wish(
        configurations=configurations,
        baselines=_baselines(baselines, unasked=as_json or bool(against)),
        data=data,
        **asked,  # type: ignore[arg-type]
    )
    check_measures()
    for chosen in (configurations.laid, configurations.against or {}):
        load_settings(**chosen)  # a wrong value is told before anything is imported
    outcomes = _measured(sets, wish)
    if as_json:
        print_json(build_json(outcomes))
    else:
        _print(outcomes)


def _measured(sets: Sequence[Path], wish: Wish) -> dict[str, Outcome]:
    outcomes: dict[str, Outcome] = {}
    folders = [folder for path in sets for folder in _folders(path)]
    for folder in folders:
        with _told(folder.name) as told:
            try:
                outcome = wish.measure(folder, told)
            except BadInput as error:
                if folder in sets:
                    raise
                err().print("left out:", foreign(str(error)))
                continue
        outcomes[str(folder) if folder.name in outcomes else folder.name] = outcome
    if not outcomes:
        raise BadInput("nothing could be measured")
    return outcomes


def _folders(path: Path) -> list[Path]:
    return [path] if from_log.is_own_set(path) else find_sets(path)


@contextmanager
def _told(name: str) -> Iterator[Told]:
    with progress(of_bytes=False) as bar:
        task = bar.add_task(name, total=None, note="")

        def told(doing: str, done: int, total: int) -> None:
            bar.update(task, completed=done, total=total, note=doing)

        yield told


def _write_own(
    folder: Path, count: int, file: Path | None, *, data: Path | None, as_json: bool
) -> None:
    with opened(data) as app, _told(folder.name) as told:
        texts = (
            from_log.list_asked(app, count=count)
            if file is None
            else from_log.read_lines(file, count=count)
        )
        rows = from_log.gather(app, texts, lambda done: told("search", done, len(texts)))
        written = from_log.write_set(folder, texts, rows)
    if as_json:
        print_json(written)
        return
    table = folder / from_log.TABLE
    out().print(
        foreign(
            f"{table}: {written.to_judge:,} documents of {written.queries:,} queries to judge. "
            f"Fill in the column grade (3, 2, 1 or 0), then: soso eval {folder}"
        )
    )


def _baselines(asked: str | None, *, unasked: bool) -> tuple[str, ...]:
    """What was not asked for by name and is not installed is left out, and said."""
    if asked is not None and asked != "all":
        return parse_names(asked)
    if asked is None and unasked:
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
            table.add_row(*map(foreign, row))
        console.print(table)
        if outcome.judged < 1 and not outcome.documents:
            console.print(f"{outcome.judged:.0%} of what was found is judged", style="dim")
        if outcome.comparison is not None:
            _print_comparison(outcome.comparison)
        console.print()
    console.print("±: 95% confidence over queries. *: the difference is beyond it.", style="dim")


def _print_comparison(found: Comparison) -> None:
    console = out()
    console.width = max(console.width, WIDTH)
    console.print(foreign(build_verdict(found)))
    for title, pairs in (("worst", found.worst), ("best", found.best)):
        if pairs:
            console.print(_pairs_table(title, pairs))


def _pairs_table(title: str, pairs: Sequence[Pair]) -> Table:
    table = Table(title, *PAIR_HEAD[1:], box=None, pad_edge=False)
    for pair in pairs:
        for row in build_pair(pair):
            table.add_row(*map(foreign, row))
        table.add_section()
    return table
