"""Where live posts come from, a visit at a time."""

from collections.abc import Iterator
from datetime import datetime
from typing import Protocol

from soso.model.batch import Batch
from soso.model.following import Followed
from soso.model.value import Value


class Step(Value):
    """What one request brought: a batch to apply, then the state to keep.

    batch: None where there was nothing new (304, a card without posts says it in batch.chat).
    after: the source as it is once the batch is applied. Its chat, pace, success and failures are
    filled in by flows/follow.py; what else changed is the live source's to say: peer, title, kind,
    members, newest_id, recent_s, last_post_at, etag, cursor, next_work_at … What shows no posts is
    said with following.states.refused(after, state, now); any other step is a success.
    """

    after: Followed
    batch: Batch | None = None


class LiveSource(Protocol):
    """One route. Called by flows/follow.py, from several threads with different sources.

    A crash between any two lines must leave no gap: a step's batch is applied before its state is
    kept, and applying it again changes nothing. So a step never says "read" of what an earlier or
    this batch did not hold.
    """

    def visit(self, followed: Followed, now: datetime, *, background: bool) -> Iterator[Step]:
        """Yield steps, a few at most: a visit should take seconds, not minutes.

        background: it is taken for its next_work_at, not for its newest posts.
        The next request is made when the next step is asked for, and none if it is not.
        Raises Unavailable (the host does not answer; retry_after_s where known), BadInput (what
        came can't be read), Refused (we are not let in), NotFound (it is gone).
        """
        ...

    def wait_s(self) -> float:
        """Return how long until the route may be used at all (its host's back-off, a flood wait);
        0 for now. Nothing is taken before."""
        ...

    def open_media(self, source: str, *, max_bytes: int) -> bytes | None:
        """Return the picture that Media.source names, as in ports/source.py. Raises NotFound when
        the link has died, Unavailable when it may be had later."""
        ...
