"""The part of App about updates of the bot: what they tell of channels goes into the archive.

Mixed into bootstrap.App. What people say to the bot is the bot's; the web's hook hands it over.
"""

import logging
from collections.abc import Callable, Mapping
from typing import Final

from soso.flows.ingest import Ingestion
from soso.flows.take_update import forget_albums, take_membership, take_post
from soso.model.errors import Unavailable
from soso.sources.bot_updates import (
    album_of,
    list_files,
    parse_membership,
    parse_update,
)
from soso.stores.blobs.keeper import PictureKeeper
from soso.wiring import Adapters

log = logging.getLogger(__name__)

HOOK_PATH: Final = "/telegram/hook"
"""Where Telegram brings updates to, below public_url."""

Listener = Callable[[Mapping[str, object]], None]


class UpdatingApp(Adapters):
    """Updates of the bot. Methods may be called from many threads."""

    _listener: Listener | None = None

    def apply_update(self, raw: Mapping[str, object]) -> None:
        """Write what an update tells of a channel; nothing for one that tells of none.

        Applying it again changes nothing. Raises Unavailable: it is to come again.
        """
        now = self.clock.now()
        batch = parse_update(raw, observed_at=now)
        if batch is not None:
            self.bot_files.know(list_files(raw))
            applied = take_post(batch, self.bot_files, self._taking_update, album=album_of(raw))
            for reason in batch.skipped:
                log.warning("an update was left out: %s", reason)
            if applied is not None:
                log.debug("an update of a channel was applied: %s", applied)
        member = parse_membership(raw)
        if member is not None:
            who = f"u{member.by}" if member.by is not None else "the bot"
            take_membership(
                member.chat, self._taking_update, posts_arrive=member.posts_arrive, who=who
            )

    def forget_albums(self) -> int:
        """See flows/take_update.py."""
        return forget_albums(self.store, self.clock.now())

    @property
    def _taking_update(self) -> Ingestion:
        return Ingestion(
            self.store,
            PictureKeeper(self.blobs),
            self.clock,
            self.settings.media_file_max_bytes,
            lambda _: None,
        )

    # Between the web's hook and the bot, which runs in its own thread

    def listen_to_updates(self, listener: Listener | None) -> None:
        """Let the bot take what comes to the hook; None: it has ended."""
        self._listener = listener

    def take_update(self, raw: Mapping[str, object]) -> None:
        """Take an update that came to the hook.

        Raises Unavailable when no bot runs in this process or the store does not answer: Telegram
        brings the update again.
        """
        if self._listener is None:
            raise Unavailable("the bot does not run here")
        self._listener(raw)
