"""The sources that are followed, leased to whoever visits them."""

from collections.abc import Callable, Collection
from datetime import datetime
from typing import Protocol

from soso.model.following import Followed, Route, SourceState
from soso.model.ids import ChatKey


class FollowedSources(Protocol):
    """One row a source. Called by flows/follow.py and flows/add_source.py, from many processes.

    Who takes a due source has a lease on it: nobody else is given it until the lease ends, and
    what is kept without a lease is refused. What the operator changes ends the lease, so that a
    visit at hand can't write over it.
    Clocks jump: a time planned by a clock that was ahead of now by more than a minute is as due,
    and a lease that ends later than one taken now could is as ended.
    """

    def add_followed(self, followed: Followed) -> Followed:
        """Add a source and return it with its number; the one of this route and name that is here
        already is returned as it is."""
        ...

    def get_followed(self, number: int) -> Followed:
        """Return a source. Raises NotFound."""
        ...

    def find_followed(self, route: Route, name: str) -> Followed | None:
        """Return the source of a route with this name, as it is kept (folded)."""
        ...

    def find_followed_of(self, chat: ChatKey) -> list[Followed]:
        """Return the sources of a chat, by number."""
        ...

    def list_followed(
        self,
        *,
        states: Collection[SourceState] = (),
        routes: Collection[Route] = (),
        after: int = 0,
        limit: int = 100,
    ) -> list[Followed]:
        """Return a page of sources by rising number, those above one; no states or routes: any."""
        ...

    def count_followed(self) -> dict[tuple[Route, SourceState], int]:
        """Return how many sources there are of each route and state that has some."""
        ...

    def count_late(self, now: datetime) -> tuple[int, float]:
        """Return how many sources are due, and by how many seconds the latest of them is late."""
        ...

    def change_followed(self, number: int, change: Callable[[Followed], Followed]) -> Followed:
        """Change a row whatever lease there is, end the lease, return the row. Raises NotFound;
        BadInput when the name is another source's."""
        ...

    def remove_followed(self, number: int) -> None:
        """Forget a source; its posts stay. An unknown number is no error."""
        ...

    def take_due(
        self,
        now: datetime,
        owner: str,
        *,
        lease_s: float,
        routes: Collection[Route],
        background: bool = False,
    ) -> Followed | None:
        """Lease the source that is due for longest, or return None.

        background: by next_work_at instead of next_visit_at.
        """
        ...

    def take_followed(
        self, number: int, now: datetime, owner: str, *, lease_s: float
    ) -> Followed | None:
        """Lease a source whether it is due or not; None if somebody has it. Raises NotFound."""
        ...

    def free_leases(self, is_dead: Callable[[str], bool]) -> int:
        """End the leases of owners that are no more; return how many."""
        ...

    def keep_followed(
        self, followed: Followed, owner: str, *, lease_until: datetime | None
    ) -> bool:
        """Write a row under the owner's lease; False, and nothing is written, if it has none.

        lease_until: how long the lease goes on; None ends it.
        Raises BadInput when the name is another source's.
        """
        ...

    def next_due_at(self, routes: Collection[Route]) -> datetime | None:
        """Return when the next source without a lease is due for a visit or for work."""
        ...

    def list_alive_ids(
        self, chat: ChatKey, *, low: int, high: int | None, limit: int
    ) -> list[tuple[int, datetime]]:
        """Return message ids of the chat within [low, high] that are not known to be deleted, and
        when each was last seen, by falling id; items of albums count each. high None: no end."""
        ...
