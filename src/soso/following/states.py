"""The states of a source, and how one becomes another. Pure.

from                                 what happens                                   to
any                                  the operator pauses it                         PAUSED
PAUSED                               the operator lets it go on                     NEW
NEW, any that was refused            a page of posts                                open (below)
open                                 history is still to be read                    BACKFILLING
open                                 all is read                                    FOLLOWING
open                                 all is read, nobody wrote for 30 days          QUIET
open                                 three visits failed, one after another         FAILING
FAILING                              a visit succeeds                               open
any                                  a card without posts                           CLOSED
any                                  a card that asks to join                       PRIVATE
any                                  nobody has the name                            GONE
any                                  the name shows a chat with another id          TAKEN
any                                  a bot's or a person's card                     UNFIT
GONE, TAKEN                          the chat was seen elsewhere under a new name   NEW, renamed
open                                 the page shows the chat under another name     renamed, else as is

One look is enough to be refused, since such a source is asked again ten minutes later, then ever
more rarely (pace.py). A failed visit changes no refusal.
"""

from datetime import datetime, timedelta
from typing import Final

import msgspec

from soso.following.pace import OPEN
from soso.model.following import Followed, Route, SourceState

SILENT: Final = timedelta(days=30)
_FAILED: Final = 3
_MOST_SAID: Final = 300
_MOST_NAMES: Final = 20

REFUSED: Final = frozenset(SourceState) - OPEN - {SourceState.PAUSED}
"""What has nothing to show."""


def succeeded(followed: Followed, now: datetime) -> Followed:
    """Return the source after a visit that brought what it was made for."""
    followed = msgspec.structs.replace(
        followed, failures=0, error=None, last_visit_at=now, last_success_at=now
    )
    return msgspec.structs.replace(followed, state=_open_state(followed, now))


def _open_state(followed: Followed, now: datetime) -> SourceState:
    if followed.backfill_before is not None and not followed.is_backfilled:
        return SourceState.BACKFILLING
    if followed.last_post_at is not None and now - followed.last_post_at > SILENT:
        return SourceState.QUIET
    return SourceState.FOLLOWING


def refused(followed: Followed, state: SourceState, now: datetime, *, why: str = "") -> Followed:
    """Return the source after a look that showed no posts; state: one of REFUSED."""
    times = followed.failures + 1 if followed.state is state else 1
    return msgspec.structs.replace(
        followed,
        state=state,
        failures=times,
        error=why[:_MOST_SAID] or None,
        last_visit_at=now,
        etag=None,
        last_modified=None,
    )


def failed(followed: Followed, why: str, now: datetime) -> Followed:
    """Return the source after a visit that failed."""
    failures = followed.failures + 1
    is_failing = followed.state in OPEN and failures >= _FAILED
    return msgspec.structs.replace(
        followed,
        failures=failures,
        error=why[:_MOST_SAID],
        last_visit_at=now,
        state=SourceState.FAILING if is_failing else followed.state,
    )


def paused(followed: Followed, *, is_paused: bool, why: str = "") -> Followed:
    """Return the source as the operator wants it."""
    return msgspec.structs.replace(
        followed,
        state=SourceState.PAUSED if is_paused else SourceState.NEW,
        failures=0,
        error=why or None,
    )


def renamed(followed: Followed, name: str, shown_name: str) -> Followed:
    """Return the source under a name it has now; what it had is remembered."""
    if name == followed.name:
        return msgspec.structs.replace(followed, shown_name=shown_name)
    former = [old for old in followed.former_names if old not in (name, followed.name)]
    return msgspec.structs.replace(
        followed,
        name=name,
        shown_name=shown_name,
        former_names=(*former, followed.name)[-_MOST_NAMES:],
        etag=None,
        last_modified=None,
    )


def other_routes(followed: Followed) -> tuple[Route, ...]:
    """Return by which other routes a source could be followed, given what this one shows."""
    if followed.state in (SourceState.CLOSED, SourceState.PRIVATE):
        return (Route.BOT, Route.ACCOUNT)
    return ()
