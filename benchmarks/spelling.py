"""python -m benchmarks.spelling: how often the right correction comes first, and a wrong one at all.

Real slips (mcsc: search queries and their corrections; sighan15: learners' sentences) are asked of
archives that are imported, indexed and learned as an operator's are:
- whole: the correct sides of mcsc and the corpus of kuake_qtr; what was meant is in the archive;
- unseen: the same without the correct sides of the half that is asked, so what was meant stands
  nowhere as a whole, as with most queries that people type;
- learners: the whole one with the correct sides of sighan15;
- sample: the sample archive, for correct queries alone.
Settings were chosen on one half of the queries (--half choose); the other is reported.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import click
import msgspec

from benchmarks.probes import ROOT
from benchmarks.slips import (
    Ask,
    Pair,
    archive_of,
    draw,
    load_pairs,
    load_texts,
    measure_correct,
    measure_slips,
    sample_archive,
)
from soso.bootstrap import App
from soso.cli.terminal import err, out
from soso.evaluation.measures import percentile
from soso.evaluation.sets import Half, half_of
from soso.text.simplify import converter

Figures = dict[str, float | int]
MOST_FOREIGN: Final = 2_000


@click.command()
@click.option(
    "--shared",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    default=ROOT.parent / "shared",
    help="Folder with the labelled sets. [default: ../shared]",
)
@click.option("--half", type=click.Choice([half.value for half in Half]), default="report")
@click.option("--sample", type=click.IntRange(1), help="So many queries of each kind. [all]")
@click.option("--json", "as_json", is_flag=True, help="Print JSON for machines.")
def main(shared: Path, half: str, sample: int | None, as_json: bool) -> None:
    """Measure corrections; about four minutes on one core, one with --sample 500."""
    figures: dict[str, Figures] = {}
    for name, found in measure(shared, Half(half), sample):
        figures[name] = {key: round(value, 4) for key, value in found.items()}
        err().print(f"measured: {name}")
    if as_json:
        out().print_json(msgspec.json.encode(figures).decode())
        return
    for name, found in figures.items():
        out().print(name, style="bold")
        for key, value in found.items():
            out().print(f"  {key:44} {value}", markup=False)


def measure(shared: Path, half: Half, count: int | None) -> Iterator[tuple[str, Figures]]:
    """Yield the figures of one archive after another."""
    pairs = load_pairs(shared, "mcsc")
    corpus = load_texts(shared / "eval" / "kuake_qtr" / "corpus.jsonl.gz")
    log = load_texts(shared / "eval" / "query_log" / "queries.jsonl.gz")
    foreign = [text for text in log if half is Half.ALL or half_of(text) is half]
    foreign = foreign[: count or MOST_FOREIGN]
    meant = [pair.b for pair in pairs]
    with archive_of([*meant, *corpus]) as (app, learned_s):
        figures = _of_archive(app, pairs, half, count, foreign)
        figures |= _traditional(app, pairs, half, count)
        figures["learning, s"] = learned_s
        figures["vocabulary, MB"] = (app.data / "spelling.bin").stat().st_size / 1e6
        yield "whole", figures
    kept = [text for text in meant if half is not Half.ALL and half_of(text) is not half]
    with archive_of([*kept, *corpus]) as (app, _):
        yield "unseen", _of_archive(app, pairs, half, count, foreign)
    learners = load_pairs(shared, "sighan15")
    with archive_of([*meant, *corpus, *(pair.b for pair in learners)]) as (app, _):
        yield "learners", _of_archive(app, learners, half, count, ())
    with sample_archive() as (app, _):
        yield "sample", {"correct, of another field: offered": _correct(app, foreign, [])}


def _of_archive(
    app: App, pairs: Sequence[Pair], half: Half, count: int | None, foreign: Sequence[str]
) -> Figures:
    app.did_you_mean("热身")  # the dictionary is read at the first query
    slips = [pair for pair in pairs if pair.a != pair.b]
    one = draw([pair for pair in slips if pair.is_one_slip], half, count)
    more = draw([pair for pair in slips if not pair.is_one_slip], half, count)
    correct = [pair.b for pair in draw(pairs, half, count)]
    took_ms: list[float] = []
    found = measure_slips(app.did_you_mean, one, took_ms)
    several = measure_slips(app.did_you_mean, more, took_ms)
    figures: Figures = {
        "one slip: queries": found.queries,
        "one slip: right first": found.first,
        "one slip: right among those offered": found.among,
        "one slip: wrong first": found.wrong,
        "several slips: queries": several.queries,
        "several slips: right first": several.first,
        "several slips: wrong first": several.wrong,
        "correct: queries": len(correct),
        "correct: anything offered": _correct(app, correct, took_ms),
    }
    if foreign:
        offered = measure_correct(app.did_you_mean, foreign, took_ms)
        figures["correct, of another field: offered"] = offered
    figures["p50, ms"] = percentile(took_ms, 0.5)
    figures["p99, ms"] = percentile(took_ms, 0.99)
    figures["slowest, ms"] = max(took_ms)
    return figures


def _correct(app: App, texts: Sequence[str], took_ms: list[float]) -> float:
    return measure_correct(app.did_you_mean, texts, took_ms)


def _traditional(app: App, pairs: Sequence[Pair], half: Half, count: int | None) -> Figures:
    """The slips in traditional characters: is the answer right, and in traditional ones?"""
    to_traditional = converter("s2tw")
    one = [pair for pair in pairs if pair.a != pair.b and pair.is_one_slip]
    asked = draw(one, half, min(count or 500, 500))
    turned = [Pair(a=to_traditional(pair.a), b=pair.b) for pair in asked]
    ask: Ask = app.did_you_mean
    found = measure_slips(ask, turned, [])
    kept = [
        offered[0] == to_traditional(offered[0])
        for pair in turned
        if pair.a != to_simplified(pair.a) and (offered := ask(pair.a))
    ]
    return {
        "one slip, traditional: right first": found.first,
        "one slip, traditional: answered in traditional": sum(kept) / max(1, len(kept)),
    }


def to_simplified(text: str) -> str:
    """Return the text in simplified characters."""
    return converter("tw2s")(text)


if __name__ == "__main__":
    main()
