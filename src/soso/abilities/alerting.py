"""The part of App about alerts: saved queries, what they match, and telling their owners.

Mixed into bootstrap.App. The worker (worker/alerting.py) matches and delivers; the bot delivers to
its own chats, with the door it has.
"""

import secrets
from collections.abc import Mapping
from datetime import timedelta
from functools import cached_property
from typing import Any

from soso.alerts.watch import OPERATOR, READER, Door, Owner, Watch, WatchState
from soso.fetchers.webhook import make_key
from soso.flows import alert, deliver, watch
from soso.flows.watch import NewWatch
from soso.ports.alert_door import AlertDoor
from soso.query.results import Notice
from soso.wiring import Adapters


class AlertingApp(Adapters):
    """Alerts. Methods may be called from many threads."""

    def _watching(self) -> watch.Watching:
        return watch.Watching(
            self.store,
            self.clock,
            secret=lambda: secrets.token_urlsafe(24),
            key=lambda: make_key(secrets.token_bytes(32)),
        )

    @cached_property
    def _alerter(self) -> alert.Alerter:
        fresh = timedelta(days=self.settings.alert_days)
        return alert.Alerter(self.store, self.analyzers, self.clock, self.zone, fresh=fresh)

    # Saved queries

    def add_watch(self, wanted: NewWatch) -> tuple[Watch, tuple[Notice, ...]]:
        """Save a query; return it with what of its text could not be read.

        The same words of one owner are one watch, which goes on as wanted now. Raises BadInput for
        what can't be watched, Refused when the owner has as many as the settings allow (the
        operator's own feeds and webhooks have no limit).
        """
        most = self.settings.watches_per_user
        if wanted.owner.id == OPERATOR:
            most = 2**31
        elif wanted.owner.id == READER:  # all readers together
            most = self.settings.reader_feeds
        if wanted.owner.door is Door.WEBHOOK:
            self.webhook_door.check(wanted.url)
        return watch.add_watch(wanted, self._watching(), most=most)

    def get_watch(self, number: int, *, owner: Owner | None = None) -> Watch:
        """Return a watch. Raises NotFound; with owner, for those of others too."""
        return watch.get_watch(number, self.store, owner)

    def list_watches(
        self, *, owner: Owner | None = None, limit: int = 100, offset: int = 0
    ) -> list[Watch]:
        """Return watches, newest first: of one owner, or, for the operator, of all."""
        return self.store.list_watches(owner=owner, limit=limit, offset=offset)

    def change_watch(self, number: int, *, owner: Owner | None = None, **changes: Any) -> Watch:
        """Change fields of a watch: text, rhythm, hour, zone, quiet, muted_until, kinds, language.

        Mute: muted_until a time; what matches meanwhile is told in one message after it. Raises
        NotFound, BadInput.
        """
        found = watch.get_watch(number, self.store, owner)
        return watch.change_watch(found, changes, self._watching())

    def stop_watch(self, number: int, *, owner: Owner | None = None) -> Watch:
        """Stop a watch; it stays in the list. Raises NotFound."""
        return self.change_watch(number, owner=owner, state=WatchState.STOPPED)

    def resume_watch(self, number: int, *, owner: Owner | None = None) -> Watch:
        """Let a stopped watch go on with what is published from now. Raises NotFound."""
        return self.change_watch(number, owner=owner, state=WatchState.ACTIVE)

    def remove_watch(self, number: int, *, owner: Owner | None = None) -> None:
        """Forget a watch and everything about it. Raises NotFound."""
        self.store.remove_watch(watch.get_watch(number, self.store, owner).number)

    def stop_watches_of(self, owner: Owner, *, reason: str) -> int:
        """Stop all of an owner who can't be reached (blocked the bot); return how many."""
        return deliver.stop_all(owner, reason, self.store)

    def move_watches(self, owner: Owner, to: Owner) -> int:
        """Let another owner have all watches (a group got another id); return how many."""
        found = self.store.list_watches(owner=owner, limit=10_000)
        for one in found:
            watch.change_watch(one, {"owner": to}, self._watching())
        return len(found)

    def read_watch(self, secret: str) -> deliver.WatchFeed:
        """Return what a watch matched lately, for its feed. Raises NotFound for another secret."""
        return deliver.read_feed(secret, self._delivering)

    # Working

    @property
    def alert_doors(self) -> Mapping[Door, AlertDoor]:
        """The doors that any process can tell through; the bot has its own."""
        return {Door.WEBHOOK: self.webhook_door}

    @property
    def _delivering(self) -> deliver.Delivering:
        return deliver.Delivering(self.store, self.analyzers, self.clock)

    def alert_changes(self) -> alert.AlertReport:
        """Match a step of what is new with all saved queries; see flows/alert.py.

        Raises Unavailable.
        """
        return self._alerter.step()

    def deliver_due(self, doors: Mapping[Door, AlertDoor]) -> deliver.DeliverReport:
        """Tell what is due through these doors; see flows/deliver.py. Raises Unavailable."""
        return deliver.deliver_due(doors, self._delivering)

    def forget_old_matches(self) -> int:
        """Forget what was told long ago; return how many matches. Raises Unavailable."""
        return self.store.forget_matches(before=self.clock.now() - alert.REMEMBERED)
