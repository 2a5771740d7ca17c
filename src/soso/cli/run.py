"""soso run"""

import logging
from pathlib import Path

import click

from soso.bootstrap import ImportOptions
from soso.cli.importing import print_report, run_import, run_index
from soso.cli.options import data_option, opened
from soso.cli.terminal import err, out
from soso.web.serve import serve
from soso.worker.clustering import ClusterWorker
from soso.worker.embedding import EmbedWorker
from soso.worker.indexing import IndexWorker
from soso.worker.learning import LearnWorker
from soso.worker.suggesting import SuggestWorker
from soso.worker.telling import TellWorker


@click.command()
@click.option("--host", help="Address to listen on. [default: 127.0.0.1]")
@click.option("--port", type=int, help="Port; 0 takes a free one. [default: 8080]")
@click.option(
    "--sample",
    type=click.Path(exists=True, path_type=Path),
    help="Import this first, such as the sample archive.",
)
@data_option
def run(host: str | None, port: int | None, sample: Path | None, data: Path | None) -> None:
    """Run everything on this machine: the pages, the API, and the worker that indexes."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    with opened(data, host=host, port=port) as app:
        if sample is not None:
            for report in run_import(app, [sample], ImportOptions()):
                print_report(report)
        run_index(app)
        password = app.first_password()
        if password is not None:
            out().print(f"operator pages: /admin, password {password}  (told only this once)")

        def ready(address: str) -> None:
            out().print(address, style="bold")
            err().print("Ctrl-C stops it")

        worker, embedding, suggesting = IndexWorker(app), EmbedWorker(app), SuggestWorker(app)
        clustering, learning = ClusterWorker(app), LearnWorker(app)
        telling = TellWorker(app)
        worker.start()
        telling.start()
        clustering.start()
        embedding.start()
        suggesting.start()
        learning.start()
        try:
            serve(app, host=app.settings.host, port=app.settings.port, on_ready=ready)
        finally:
            telling.stop()
            learning.stop()
            clustering.stop()
            suggesting.stop()
            embedding.stop()
            worker.stop()
