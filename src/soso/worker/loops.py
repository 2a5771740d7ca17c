"""All loops of a worker, started and stopped together."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from soso.bootstrap import App
from soso.worker.alerting import AlertWorker
from soso.worker.clustering import ClusterWorker
from soso.worker.discovering import DiscoverWorker
from soso.worker.embedding import EmbedWorker
from soso.worker.following import FollowWorker
from soso.worker.indexing import IndexWorker
from soso.worker.learning import LearnWorker
from soso.worker.picturing import PictureWorker
from soso.worker.suggesting import SuggestWorker
from soso.worker.telling import TellWorker

LOOPS = (
    IndexWorker,
    FollowWorker,
    PictureWorker,
    DiscoverWorker,
    AlertWorker,
    TellWorker,
    ClusterWorker,
    EmbedWorker,
    SuggestWorker,
    LearnWorker,
)


@contextmanager
def running_loops(app: App) -> Iterator[None]:
    """Run every loop in a thread of its own for as long as the context lasts."""
    with ExitStack() as stack:
        for loop in LOOPS:
            worker = loop(app)
            worker.start()
            stack.callback(worker.stop)
        yield
