"""The part of App that has to do with the operator's account on Telegram. Mixed into App."""

import logging
from functools import cached_property
from typing import TYPE_CHECKING, Final

from soso.abilities.following import FollowingApp
from soso.model.errors import BadInput
from soso.model.following import Route
from soso.ports.live_source import LiveSource
from soso.ports.signing import Prompts, SignedIn
from soso.sources.mtproto import AccountFiles, AccountLive

if TYPE_CHECKING:
    from soso.sources.mtproto.client import TelethonAccount

FOLDER: Final = "account"
_NOT_INSTALLED: Final = (
    "following with an account needs a library that is not installed: pip install 'soso[account]'"
)
_NOT_SET: Final = (
    "set account_api_id and account_api_hash first; Telegram gives them out at "
    "https://my.telegram.org under API development tools"
)


log = logging.getLogger(__name__)


class AccountApp(FollowingApp):
    """Signs the account in and out, and follows with it. Methods may be called from many threads."""

    @cached_property
    def account_files(self) -> AccountFiles:
        """Where the session is kept."""
        return AccountFiles(self.data / FOLDER)

    @cached_property
    def account(self) -> "TelethonAccount":
        """The account. Raises BadInput that says what to do if it can't be used here."""
        try:
            from soso.sources.mtproto.client import TelethonAccount
        except ImportError as error:
            raise BadInput(_NOT_INSTALLED) from error
        api_hash = self.settings.account_api_hash.get_secret_value()
        if not (self.settings.account_api_id and api_hash):
            raise BadInput(_NOT_SET)
        return TelethonAccount(
            self.account_files,
            self.clock,
            api_id=self.settings.account_api_id,
            api_hash=api_hash,
        )

    @property
    def has_account(self) -> bool:
        """Whether somebody signed in here, as far as this machine knows."""
        return self.account_files.has_session()

    @cached_property
    def live_sources(self) -> dict[Route, LiveSource]:
        """The routes that can be used here; an account's once it signed in."""
        sources = dict(super().live_sources)
        if self.has_account:
            try:
                sources[Route.ACCOUNT] = AccountLive(self.account)
            except BadInput as error:
                log.warning("the account is not used: %s", error)
        return sources

    def sign_in(self, prompts: Prompts) -> SignedIn:
        """See ports/signing.py."""
        return self.account.sign_in(prompts)

    def sign_out(self) -> None:
        """See ports/signing.py."""
        self.account.sign_out()

    def signed_in(self) -> SignedIn | None:
        """Return whose account is used; None, without asking Telegram, if there is none."""
        return self.account.who() if self.has_account else None

    def account_wait_s(self) -> float:
        """Return how long Telegram wants to be left alone."""
        return self.account.wait_s()

    def close(self) -> None:
        """Let another process use the account, and let go of the rest."""
        if "account" in self.__dict__:
            self.account.close()
        super().close()
