"""The part of App about sources that are followed.

Mixed into bootstrap.App. Visits are made by the worker (worker/following.py), which `soso run` and
`soso follow` start.
"""

import os
import platform
import secrets
from collections.abc import Callable, Collection
from functools import cached_property

from soso.flows import add_source as adding
from soso.flows.follow import Following, VisitReport, idle_s, visit_due, visit_one
from soso.flows.follow_preview import PreviewVisits
from soso.flows.ingest import Ingestion
from soso.following.pace import DAY_S, Habits
from soso.model.following import Followed, Route, SourceState
from soso.ports.live_source import LiveSource
from soso.sources.feed.live import FeedLive
from soso.sources.web_preview.live import LivePreviewSite
from soso.stores.blobs.keeper import PictureKeeper
from soso.wiring import Adapters


def _never() -> bool:
    return False


class FollowingApp(Adapters):
    """Following. Methods may be called from many threads."""

    def add_source(
        self,
        name_or_url: str,
        *,
        who: str,
        route: Route | None = None,
        look: bool = True,
        depth: int = 0,
    ) -> Followed:
        """Follow @name, an address on t.me or a feed's address; what is followed already is returned.

        look: find out at once what the name is; else (lists of names) the first visit does.
        depth: how many steps of discovery away from what the operator chose.
        Raises BadInput for what can't be followed (the text says what it is).
        """
        return adding.add_source(
            name_or_url,
            self._following(),
            self.preview_site,
            who=who,
            route=route,
            look=look,
            depth=depth,
        )

    def remove_source(self, name: str, *, who: str) -> Followed:
        """Stop following; the posts stay. name: see get_source."""
        return adding.remove_source(name, self._following(), self.preview_site, who=who)

    def pause_source(self, name: str, *, paused: bool, who: str) -> Followed:
        """Stop visiting it for a while, or go on."""
        return adding.pause_source(
            name, self._following(), self.preview_site, is_paused=paused, who=who
        )

    def visit_now(self, name: str, *, sweep: bool = False, who: str) -> Followed:
        """Make a source due now, whatever its pace; sweep: all of it is read again."""
        return adding.hurry_source(name, self._following(), self.preview_site, sweep=sweep, who=who)

    def list_sources(
        self,
        *,
        states: Collection[SourceState] = (),
        routes: Collection[Route] = (),
        after: int = 0,
        limit: int = 100,
    ) -> list[Followed]:
        """Return a page of sources by number."""
        return self.store.list_followed(states=states, routes=routes, after=after, limit=limit)

    def get_source(self, name: str) -> Followed:
        """Return a source by name, former name, address or number (#12). Raises NotFound."""
        return adding.find_source(name, self.store, self.preview_site)

    def count_sources(self) -> dict[tuple[Route, SourceState], int]:
        """Return how many sources there are of each route and state."""
        return self.store.count_followed()

    def following_lag(self) -> tuple[int, float]:
        """Return how many sources are due, and how many seconds the latest of them is late."""
        return self.store.count_late(self.clock.now())

    # Visits

    def visit_due(
        self,
        *,
        seat: int = 0,
        background: bool = False,
        is_stopped: Callable[[], bool] = _never,
    ) -> VisitReport | None:
        """Visit the source that is due for longest; None if none is. See flows/follow.py.

        seat: one for each thread; a lease is a seat's. background: work on history, gaps and
        rounds instead of the newest posts. Raises Unavailable when the archive does not answer.
        """
        return visit_due(self._following(seat, is_stopped), background=background)

    def visit_source(self, number: int, *, background: bool = False) -> VisitReport | None:
        """Visit a source at once; None if somebody is visiting it. Raises NotFound."""
        return visit_one(self._following(), number, background=background)

    def follow_idle_s(self, *, longest_s: float) -> float:
        """Return how long there is nothing to visit, at most longest_s."""
        return idle_s(self._following(), longest_s=longest_s)

    def free_dead_leases(self) -> int:
        """Let others have what processes of this machine held that were killed."""
        return self.store.free_leases(self._is_dead)

    @cached_property
    def preview_site(self) -> LivePreviewSite:
        """Telegram's preview pages."""
        return LivePreviewSite(
            self.fetcher, self.clock, self.settings.telegram_host, self.media_door
        )

    @cached_property
    def live_sources(self) -> dict[Route, LiveSource]:
        """The routes that can be used here."""
        preview = PreviewVisits(self.preview_site, self.store, self.clock, self._habits)
        return {
            Route.PREVIEW: preview,
            Route.FEED: FeedLive(self.feed_fetcher, self.media_fetcher),
        }

    @cached_property
    def _habits(self) -> Habits:
        return Habits(
            confirm_s=self.settings.follow_confirm_s,
            sweep_s=self.settings.follow_sweep_days * DAY_S,
        )

    @cached_property
    def _owner(self) -> str:
        return f"{platform.node()}/{os.getpid()}/{secrets.token_hex(4)}"

    def _following(self, seat: int = -1, is_stopped: Callable[[], bool] = _never) -> Following:
        # Who calls without a seat (a page, the command line) has one lease of its own.
        place = secrets.token_hex(4) if seat < 0 else str(seat)
        return Following(
            Ingestion(
                self.store,
                PictureKeeper(self.blobs),
                self.clock,
                self.settings.media_file_max_bytes,
                _untold,
            ),
            self.live_sources,
            self._habits,
            f"{self._owner}/{place}",
            is_stopped,
        )

    def _is_dead(self, owner: str) -> bool:
        """Whether an owner was a process of this machine that is no more."""
        node, _, rest = owner.partition("/")
        pid = rest.partition("/")[0]
        if node != platform.node() or not pid.isdigit() or os.name != "posix":
            return False  # its leases end by themselves
        if int(pid) == os.getpid():
            return not owner.startswith(f"{self._owner}/")
        try:
            os.kill(int(pid), 0)
        except ProcessLookupError:
            return True
        except OSError:
            return False
        return False


def _untold(_: object) -> None:
    """Visits tell no progress."""
