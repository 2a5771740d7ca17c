"""Saved queries, what they matched, and what is still to be delivered."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from soso.alerts.delivery import Delivery
from soso.alerts.watch import Door, Owner, Watch
from soso.model.ids import PostKey
from soso.model.value import Value


class Match(Value):
    """A watch matched a post; there is one at most of each pair, whatever happens to the post."""

    watch: int
    post: PostKey
    found_at: datetime


class Waiting(Value):
    """What is to be told of a watch: posts that wait, oldest first, as many as fit one delivery.

    oldest_at: since when the first of them waits.
    """

    watch: Watch
    posts: tuple[PostKey, ...]
    oldest_at: datetime | None = None


class Watches(Protocol):
    """Several processes may match and deliver; every method is one transaction."""

    def add_watch(self, watch: Watch, *, most: int) -> Watch:
        """Keep a watch under a new number and return it.

        Raises Refused when its owner has `most` already.
        """
        ...

    def get_watch(self, number: int) -> Watch:
        """Return a watch. Raises NotFound."""
        ...

    def find_watch_by_secret(self, secret: str) -> Watch | None: ...

    def list_watches(
        self, *, owner: Owner | None = None, limit: int = 100, offset: int = 0
    ) -> list[Watch]:
        """Return watches, newest first; of one owner, or of all."""
        ...

    def count_watches(self, *, owner: Owner | None = None) -> int: ...

    def keep_watch(self, watch: Watch, *, due_at: datetime | None) -> None:
        """Replace a watch. due_at: when what waits is told now, None if nothing is to be sent.

        Without anything waiting due_at is ignored. Raises NotFound.
        """
        ...

    def remove_watch(self, number: int) -> None:
        """Forget a watch, its matches and its deliveries. Raises NotFound."""
        ...

    def watch_turns(self) -> dict[int, int]:
        """Return for each active watch a number that every change of it raises."""
        ...

    def get_watches(self, numbers: Collection[int]) -> dict[int, Watch]:
        """Return those that are there."""
        ...

    # Matching

    def put_matches(
        self,
        found: Sequence[Match],
        due: Mapping[int, datetime],
        *,
        done: tuple[str, int],
    ) -> int:
        """Keep what is new of the matches and acknowledge the change log, in one transaction.

        due: by watch, when a match found now is told; it counts where nothing waits already, and is
        never nearer to the last delivery than alerts.due.SPACED.
        done: the consumer and how far it is. Returns how many matches are new. Where another
        process has acknowledged as much already, its matches are there: nothing is written.
        """
        ...

    def list_matches(self, watch: int, *, limit: int = 50) -> list[Match]:
        """Return the newest matches of a watch, told or not, newest first."""
        ...

    def forget_matches(self, *, before: datetime) -> int:
        """Forget matches and ended deliveries from before a time; return how many matches."""
        ...

    # Delivering

    def list_due(self, *, now: datetime, doors: Collection[Door], limit: int) -> list[Waiting]:
        """Return the watches that are to tell something and have no delivery on its way."""
        ...

    def find_told_of_watch(self, watch: int, posts: Collection[PostKey]) -> set[PostKey]:
        """Return those of the posts that the watch has told, or is about to."""
        ...

    def last_told_at(self, watch: int) -> datetime | None:
        """Return when the newest delivery of a watch was made."""
        ...

    def open_delivery(
        self,
        watch: int,
        told: Sequence[PostKey],
        dropped: Sequence[PostKey],
        *,
        now: datetime,
        due_at: datetime,
    ) -> Delivery | None:
        """Make a delivery of posts that wait; dropped ones wait no longer and are never told.

        due_at: when what waits beside them is told. Nothing told: no delivery, but dropped ones are
        dropped. None, and nothing written, where any of the posts does not wait any more or a
        delivery of the watch is on its way: another process was faster.
        """
        ...

    def take_deliveries(
        self, *, now: datetime, doors: Collection[Door], lease_s: float, limit: int
    ) -> list[Delivery]:
        """Return deliveries that are due, now SENDING, each to one caller.

        Those whose sender died (its lease ran out) come first, as alerts.delivery.in_doubt makes
        them for their door.
        """
        ...

    def list_delivered(self, delivery: int) -> list[PostKey]:
        """Return the posts of a delivery."""
        ...

    def keep_delivery(self, delivery: Delivery, *, stopped: Watch | None = None) -> None:
        """Keep what became of a delivery this caller has taken.

        stopped: its watch, changed in the same transaction. A watch that is gone takes its
        deliveries with it: nothing is written then.
        """
        ...

    def list_deliveries(self, watch: int, *, limit: int = 20) -> list[Delivery]:
        """Return the newest deliveries of a watch, newest first."""
        ...
