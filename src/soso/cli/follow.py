"""soso follow"""

import logging
import threading
from pathlib import Path

import click

from soso.cli.options import data_option, opened
from soso.cli.terminal import err
from soso.worker.discovering import DiscoverWorker
from soso.worker.following import FollowWorker
from soso.worker.picturing import PictureWorker


@click.command()
@data_option
def follow(data: Path | None) -> None:
    """Visit what is followed and bring in new posts, until Ctrl-C; `soso run` does it too.

    Several may run on one archive: each source is leased to one of them at a time.
    """
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    with opened(data) as app:
        workers = (FollowWorker(app), PictureWorker(app), DiscoverWorker(app))
        for worker in workers:
            worker.start()
        err().print("following; Ctrl-C stops it")
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            err().print("stopping after the visits at hand")
        finally:
            for worker in workers:
                worker.stop()
