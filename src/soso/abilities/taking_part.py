"""The part of App about taking part: chats are submitted, reported and taken out by their owners.

Mixed into bootstrap.App.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from soso.abilities.following import FollowingApp
from soso.flows import submit, take_down
from soso.flows.submit import Submitted
from soso.model.chat import ChatSighting
from soso.model.errors import BadInput, NotFound, Unavailable
from soso.ports.bot_kept import Submission, SubmissionState
from soso.sources.web_preview.page import PageKind
from soso.sources.web_preview.parse import parse_page

MOST_CARD_BYTES: Final = 2 * 2**20
_PATIENCE_S: Final = 10.0
"""Nobody waits longer than this for a name to be looked up; the operator sees less of it then."""


class TakingPartApp(FollowingApp):
    """Taking part. Methods may be called from many threads."""

    if TYPE_CHECKING:  # bootstrap.App has it

        @property
        def secret_key(self) -> str:
            """The archive's own key."""

    def _taking_part(self, who: str) -> submit.TakingPart:
        return submit.TakingPart(
            removing=take_down.Removing(self.store, self.blobs, self.clock, who),
            look_up=self.look_up,
            follow=lambda name: self.add_source(f"@{name}", who=who),
            unfollow=lambda name: self._unfollow(name, who),
            secret=self.secret_key,
        )

    def _unfollow(self, name: str, who: str) -> None:
        try:
            self.remove_source(name, who=who)
        except BadInput:  # a channel that our bot is in
            self.pause_source(name, paused=True, who=who)

    def look_up(self, name: str) -> ChatSighting | None:
        """Return what Telegram's public card of a username says; None if it can't be had now.

        Raises NotFound where nobody has the name.
        """
        address = f"{self.settings.telegram_host}/{name}"
        try:
            if self.fetcher.wait_s(address) > _PATIENCE_S:
                return None
            answer = self.fetcher.fetch(address, max_bytes=MOST_CARD_BYTES, kinds=("text/html",))
            page = parse_page(answer.content, fetched_at=self.clock.now())
        except (Unavailable, BadInput):
            return None
        if answer.status == 404 or page.kind is PageKind.FREE:
            raise NotFound(f"nobody on Telegram is called @{name}")
        return page.chat

    def submit_chat(self, text: str, *, chat: int, language: str) -> Submitted:
        """Queue a chat that a reader names; see flows/submit.py. Raises Unavailable."""
        return submit.submit(text, chat, language, self._taking_part("reader"))

    def list_submissions(self, state: SubmissionState | None = None) -> list[Submission]:
        """Return submissions, newest first."""
        return self.store.list_submissions(state=state)

    def get_submission(self, number: int) -> Submission:
        """Return a submission. Raises NotFound."""
        return self.store.get_submission(number)

    def decide_submission(
        self, number: int, *, accept: bool, who: str, note: str = ""
    ) -> Sequence[Submission]:
        """Follow it or not; return those to be told, none if it was decided before.

        Raises NotFound, BadInput for what can't be followed; it stays open then.
        """
        return submit.decide_submission(number, self._taking_part(who), accept=accept, note=note)

    def list_untold_submissions(self) -> list[Submission]:
        """Return what was decided and not told to those who asked."""
        return self.store.list_untold_submissions()

    def mark_submission_told(self, number: int) -> None:
        """Note that who asked has heard it. Raises NotFound."""
        self.store.mark_submission_told(number)

    def owner_code(self, name: str, person: int) -> str:
        """Return what an owner puts into the description of a chat; see flows/submit.py."""
        return submit.owner_code(name, person, self.secret_key)

    def proves_by_code(self, name: str, person: int) -> bool:
        """Whether it stands there now. Raises NotFound."""
        return submit.proves_by_code(name, person, self._taking_part("reader"))

    def take_out(self, name: str, *, who: str, is_sure: bool) -> bool:
        """Take a chat out for its owner; see flows/submit.py."""
        return submit.take_out(name, self._taking_part(who), is_sure=is_sure)

    def is_still_its_name(self, name: str) -> bool:
        """Whether a name is still that of the chat we know by it; see flows/submit.py."""
        return submit.is_still_its_name(name, self._taking_part("bot"))

    def report(self, chat: str, post_id: int | None, reason: str, *, role: str = "other") -> int:
        """Put a report of a reader into the operator's queue. Raises NotFound, BadInput."""
        return submit.report(chat, post_id, reason, self._taking_part("reader"), role=role)
