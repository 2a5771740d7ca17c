"""What Telegram and the network answer instead of an answer, as the errors of model/errors.py."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final

from telethon import errors

from soso.model.errors import BadInput, Busy, NotFound, Refused, Unavailable

_SIGNED_OUT: Final = (
    errors.AuthKeyUnregisteredError,
    errors.AuthKeyInvalidError,
    errors.AuthKeyDuplicatedError,
    errors.SessionRevokedError,
    errors.SessionExpiredError,
    errors.UserDeactivatedError,
    errors.UserDeactivatedBanError,
)
_NO_SUCH: Final = (
    errors.UsernameNotOccupiedError,
    errors.UsernameInvalidError,
    errors.InviteHashExpiredError,
    errors.InviteHashInvalidError,
    errors.ChannelInvalidError,
    errors.ChatIdInvalidError,
)
_CLOSED: Final = (
    errors.ChannelPrivateError,
    errors.ChatAdminRequiredError,
    errors.ChatForbiddenError,
    errors.ChannelPublicGroupNaError,
    errors.UserBannedInChannelError,
)
_WRONG: Final = {
    errors.PhoneCodeInvalidError: "the code is wrong",
    errors.PhoneCodeExpiredError: "the code has expired; try again",
    errors.PasswordHashInvalidError: "the password is wrong",
    errors.PhoneNumberInvalidError: "that is no phone number of an account",
    errors.PhoneNumberBannedError: "Telegram has banned this phone number",
    errors.ApiIdInvalidError: "account_api_id and account_api_hash do not belong together",
}
_LOST_PTS: Final = (errors.PersistentTimestampInvalidError, errors.PersistentTimestampEmptyError)


class LostPts(Unavailable):
    """Telegram does not know the place in a channel's changes where we stood."""


@contextmanager
def translated(flooded: Callable[[int, str], Unavailable]) -> Iterator[None]:
    """Raise errors of the model for those of the library and the network.

    flooded: is told the seconds of a flood wait and its name, and returns what is raised.
    """
    try:
        yield
    except errors.FloodError as error:
        seconds = getattr(error, "seconds", None)
        raise flooded(seconds if isinstance(seconds, int) else 60, _said(error)) from error
    except _LOST_PTS as error:
        raise LostPts(_said(error)) from error
    except _SIGNED_OUT as error:
        raise Refused(
            "Telegram ended the account's session; sign in again: soso account login"
        ) from error
    except _NO_SUCH as error:
        raise NotFound(f"Telegram knows no such chat ({_said(error)})") from error
    except _CLOSED as error:
        raise Refused(f"the account is not let into this chat ({_said(error)})") from error
    except tuple(_WRONG) as error:
        raise BadInput(_WRONG[type(error)]) from error
    except errors.RPCError as error:
        raise Unavailable(f"Telegram answered {_said(error)}") from error
    except sqlite3.Error as error:
        raise Busy(f"the account's session can't be used: {error}") from error
    except (OSError, TimeoutError, ValueError) as error:
        raise Unavailable(f"Telegram can't be reached: {error}") from error


def _said(error: Any) -> str:
    return type(error).__name__.removesuffix("Error")
