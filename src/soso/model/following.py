"""A source that is followed: where it stands, how far it was read, when it is asked next.

What the states mean and how one becomes another: following/states.py.
"""

from datetime import datetime
from enum import StrEnum

from soso.model.chat import ChatKind
from soso.model.ids import ChatKey, Peer
from soso.model.value import Value


class Route(StrEnum):
    """How its posts come in."""

    PREVIEW = "preview"  # t.me/s/NAME, no account
    BOT = "bot"  # updates, pushed to us: never due
    ACCOUNT = "account"
    FEED = "feed"


class SourceState(StrEnum):
    """How a source is doing; the first five are asked at their pace, the others ever more rarely."""

    NEW = "new"  # not looked at yet
    BACKFILLING = "backfilling"  # followed, and its history is still being read
    FOLLOWING = "following"  # followed, all there is was read
    QUIET = "quiet"  # the same, but nobody has written for long
    FAILING = "failing"  # the last visits failed
    CLOSED = "closed"  # it is there, but this route shows none of its posts
    PRIVATE = "private"  # only an invitation opens it
    GONE = "gone"  # nobody has the name: renamed, deleted or banned
    TAKEN = "taken"  # the name belongs to another chat now
    UNFIT = "unfit"  # a bot or a person: there are no posts to follow
    PAUSED = "paused"  # the operator says so


class Gap(Value):
    """Ids that have not been read: above low, which has, up to high."""

    low: int
    high: int


class Missing(Value):
    """An id that was not shown where it should have been.

    doubtful: pages alone can't prove it; denied: its own page said that it is not there.
    """

    post_id: int
    noted_at: datetime
    doubtful: bool = False
    denied: bool = False


class Round(Value):
    """Pages that are read again from the newest downward, for edits, views and deletions.

    before: go on below this id; None: from the top. down_to: stop at posts older than this; None:
    read all there is.
    """

    started_at: datetime
    before: int | None = None
    down_to: datetime | None = None


class Followed(Value):
    """A followed source; a row of the store.

    number: given by the store, 0 before. name: folded username, t.me's +HASH, a feed's address, a
    ref for bot and account. shown_name: as its owner writes it. former_names: newest last.
    peer, chat: who it proved to be; None until then. depth: how many steps of discovery away from
    what the operator chose.
    newest_id, oldest_id: the highest and lowest id read; between them all was read but gaps.
    backfill_before: where the next step down asks; None before the first page.
    missing, unlisted: ids noted as not shown, and ids that are there though no page lists them.
    recent_s: when its last posts were published, Unix seconds, newest first, at most 20.
    interval_s: between visits. next_visit_at: None is never (pushed or paused).
    next_work_at: when its next step of backfill, gaps, rounds is due; None if there is none.
    planned_at: when these times were written, by the clock of then: clocks jump.
    sweep_wanted: the operator wants all read again.
    cursor: of routes other than the preview, in their own form.
    skipped: blocks of its newest page that could not be used.
    """

    route: Route
    name: str
    added_at: datetime
    added_by: str
    number: int = 0
    shown_name: str = ""
    former_names: tuple[str, ...] = ()
    depth: int = 0
    state: SourceState = SourceState.NEW
    peer: Peer | None = None
    chat: ChatKey | None = None
    title: str = ""
    kind: ChatKind = ChatKind.UNKNOWN
    members: int | None = None
    newest_id: int | None = None
    oldest_id: int | None = None
    backfill_before: int | None = None
    is_backfilled: bool = False
    gaps: tuple[Gap, ...] = ()
    missing: tuple[Missing, ...] = ()
    unlisted: tuple[int, ...] = ()
    round: Round | None = None
    next_round_at: datetime | None = None
    last_sweep_at: datetime | None = None
    sweep_wanted: bool = False
    recent_s: tuple[int, ...] = ()
    interval_s: float = 60.0
    next_visit_at: datetime | None = None
    next_work_at: datetime | None = None
    planned_at: datetime | None = None
    last_visit_at: datetime | None = None
    last_success_at: datetime | None = None
    last_post_at: datetime | None = None
    failures: int = 0
    error: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    cursor: str | None = None
    skipped: int = 0
