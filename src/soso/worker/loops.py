"""All loops of a worker, by name, started and stopped together."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Final, Protocol

from soso.bootstrap import App
from soso.worker.alerting import AlertWorker
from soso.worker.clustering import ClusterWorker
from soso.worker.discovering import DiscoverWorker
from soso.worker.embedding import EmbedWorker
from soso.worker.following import FollowWorker
from soso.worker.indexing import IndexWorker
from soso.worker.learning import LearnWorker
from soso.worker.loading import LoadWorker
from soso.worker.picturing import PictureWorker
from soso.worker.suggesting import SuggestWorker
from soso.worker.telling import TellWorker


class Loop(Protocol):
    """Works in threads of its own from start() to stop()."""

    def start(self) -> None:
        """Begin."""
        ...

    def stop(self) -> None:
        """End after the step at hand."""
        ...


LOOPS: Final[dict[str, Callable[[App], Loop]]] = {
    "index": IndexWorker,
    "follow": FollowWorker,
    "pictures": PictureWorker,
    "discover": DiscoverWorker,
    "alerts": AlertWorker,
    "stories": TellWorker,
    "copies": ClusterWorker,
    "embed": EmbedWorker,
    "suggest": SuggestWorker,
    "spelling": LearnWorker,
}


@contextmanager
def running_loops(app: App, names: Iterable[str] = tuple(LOOPS)) -> Iterator[None]:
    """Run loops, by default all, each in a thread of its own for as long as the context lasts."""
    with ExitStack() as stack:
        for name in names:
            worker = LOOPS[name](app)
            worker.start()
            stack.callback(worker.stop)
        yield


@contextmanager
def running_loader(app: App) -> Iterator[None]:
    """Keep the vectors of a process without loops fresh for as long as the context lasts."""
    worker = LoadWorker(app)
    worker.start()
    try:
        yield
    finally:
        worker.stop()
