"""A saved query: who wants to be told of what, where and when.

Knows what may be asked of a watch. Must not know a clock, a store or how anything is sent.
"""

from datetime import datetime
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from soso.model.errors import BadInput
from soso.model.value import Value
from soso.query.ast import MAX_CHARACTERS
from soso.query.results import KIND_TABS

OPERATOR: Final = "operator"
READER: Final = "reader"
"""Owners of feeds and webhooks: the operator, and all readers together."""

KINDS: Final = (*(kind for kind in KIND_TABS if kind not in ("group", "channel", "bot")), "link")
"""What a watch may be narrowed to: posts have these kinds; chats are not told."""


class Door(StrEnum):
    """Where the owner of a watch is told."""

    BOT = "bot"  # a message in Telegram
    FEED = "feed"  # nothing is sent: the owner comes and reads
    WEBHOOK = "webhook"  # a signed POST


class Owner(Value):
    """Whose watch it is, and where it is told; limits count by both.

    id: of BOT the bare id of the user or the signed id of the chat that is written to, as digits;
    of FEED and WEBHOOK the name of who made it, such as "operator" or "reader".
    """

    door: Door
    id: str


class Rhythm(StrEnum):
    """How often its owner is told."""

    AT_ONCE = "at_once"
    HOURLY = "hourly"
    DAILY = "daily"


class WatchState(StrEnum):
    """Whether a watch matches anything."""

    ACTIVE = "active"
    STOPPED = "stopped"  # by its owner; nothing new is matched until it goes on
    GONE = "gone"  # its owner can't be reached any more: blocked the bot, the address is gone
    FAILING = "failing"  # the address refused for days


class Quiet(Value):
    """Hours in which nothing is sent, [start, end) in the watch's zone; end may be next day's."""

    start: int
    end: int


class Watch(Value):
    """A saved query.

    number: given by the store. text: the whole grammar of query/parse.py, as typed.
    since: only posts first seen after it are told; set anew when a stopped watch goes on.
    hour: of DAILY, in zone. muted_until: what matches meanwhile is held and told after it.
    kinds: of KINDS, none for all. secret: the last part of its feed's address.
    url, key: of a webhook, where to and what its payload is signed with.
    language: of what is sent. reason: why it is GONE or FAILING.
    """

    owner: Owner
    text: str
    created_at: datetime
    since: datetime
    number: int = 0
    rhythm: Rhythm = Rhythm.AT_ONCE
    hour: int = 9
    zone: str = "UTC"
    quiet: Quiet | None = None
    muted_until: datetime | None = None
    kinds: tuple[str, ...] = ()
    secret: str = ""
    url: str = ""
    key: str = ""
    language: str = "zh-Hans"
    state: WatchState = WatchState.ACTIVE
    reason: str = ""

    @property
    def is_sent(self) -> bool:
        """Whether something is sent for it; feeds are read instead."""
        return self.owner.door is not Door.FEED


def check_watch(watch: Watch) -> Watch:
    """Return the watch with its text stripped. Raises BadInput that says what to change."""
    text = watch.text.strip()
    if not text:
        raise BadInput("a watch needs words to look for")
    if len(text) > MAX_CHARACTERS:
        raise BadInput(f"a watch has at most {MAX_CHARACTERS} characters")
    for kind in watch.kinds:
        if kind not in KINDS:
            raise BadInput(f"{kind!r} can't be watched; kinds are {', '.join(KINDS)}")
    if not 0 <= watch.hour <= 23:
        raise BadInput("the hour of a daily digest is 0 to 23")
    if (quiet := watch.quiet) is not None:
        if not (0 <= quiet.start <= 23 and 0 <= quiet.end <= 23):
            raise BadInput("quiet hours are two hours, 0 to 23")
        if quiet.start == quiet.end:
            raise BadInput("quiet hours that never end would tell nothing; stop the watch instead")
    zone_of(watch)
    if watch.owner.door is Door.WEBHOOK and not watch.url:
        raise BadInput("a webhook needs an address")
    return msgspec.structs.replace(watch, text=text)


def zone_of(watch: Watch) -> ZoneInfo:
    """Return the watch's zone. Raises BadInput when there is no such zone."""
    try:
        return ZoneInfo(watch.zone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise BadInput(
            f"{watch.zone!r} is not a time zone; write one such as Asia/Shanghai"
        ) from error
