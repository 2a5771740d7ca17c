"""Signing an account in and out."""

from typing import Protocol

from soso.model.value import Value


class SignedIn(Value):
    """Whose account it is. Its phone number is not kept."""

    number: int
    name: str
    username: str | None = None


class Prompts(Protocol):
    """Asks the operator, who sits before a terminal; what is answered is kept nowhere."""

    def phone(self) -> str: ...

    def code(self) -> str: ...

    def password(self) -> str: ...


class Signing(Protocol):
    """The account of this archive. Called by the command line.

    Raises Unavailable (no network, flood wait), Busy (another process uses the account), Refused
    (Telegram does not let it in), BadInput (wrong code, password, number or application id).
    """

    def sign_in(self, prompts: Prompts) -> SignedIn:
        """Sign in, or return who is signed in already. Asks for a second password if one is set."""
        ...

    def sign_out(self) -> None:
        """End the session at Telegram and erase it here."""
        ...

    def who(self) -> SignedIn | None:
        """Return who is signed in, None if nobody is."""
        ...

    def wait_s(self) -> float:
        """Return how long Telegram wants to be left alone."""
        ...

    def close(self) -> None:
        """Let another process use the account."""
        ...
