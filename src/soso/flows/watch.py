"""Saved queries are made, changed and forgotten.

Knows what an owner may do. Must not know who asks, nor how secrets are made: they are given.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final, NamedTuple

import msgspec

from soso.alerts.due import due_at
from soso.alerts.watch import Door, Owner, Quiet, Rhythm, Watch, WatchState, check_watch
from soso.model.errors import BadInput, NotFound
from soso.model.value import Value
from soso.ports.clock import Clock
from soso.ports.store import Store
from soso.query.ast import Choice
from soso.query.parse import parse
from soso.query.results import Notice

_CHATS: Final = frozenset({"group", "channel", "bot"})


class Watching(NamedTuple):
    """What this needs. secret, key: make a new one that nobody can guess."""

    store: Store
    clock: Clock
    secret: Callable[[], str]
    key: Callable[[], str]


class NewWatch(Value):
    """What an owner asks for; the fields are those of Watch."""

    owner: Owner
    text: str
    rhythm: Rhythm = Rhythm.AT_ONCE
    hour: int = 9
    zone: str = "UTC"
    quiet: Quiet | None = None
    kinds: tuple[str, ...] = ()
    url: str = ""
    language: str = "zh-Hans"


def add_watch(wanted: NewWatch, needs: Watching, *, most: int) -> tuple[Watch, tuple[Notice, ...]]:
    """Keep a watch; return it with what of its text could not be read.

    The same words of the same owner are one watch: it goes on as it was, changed as wanted.
    Raises BadInput, Refused when the owner has `most` already.
    """
    now = needs.clock.now()
    watch = check_watch(
        Watch(
            owner=wanted.owner,
            text=wanted.text,
            created_at=now,
            since=now,
            rhythm=wanted.rhythm,
            hour=wanted.hour,
            zone=wanted.zone,
            quiet=wanted.quiet,
            kinds=wanted.kinds,
            url=wanted.url,
            language=wanted.language,
            secret=needs.secret(),
            key=needs.key() if wanted.owner.door is Door.WEBHOOK else "",
        )
    )
    notices = check_text(watch.text)
    for known in needs.store.list_watches(owner=watch.owner, limit=_LOOKED_AT):
        same = (known.text, known.url, set(known.kinds)) == (
            watch.text,
            watch.url,
            set(watch.kinds),
        )
        if same:  # what nobody chose anew stays: one may ask again in passing
            usual = NewWatch(owner=wanted.owner, text=wanted.text)
            chosen = {
                name: getattr(wanted, name)
                for name in _CHOSEN
                if getattr(wanted, name) != getattr(usual, name)
            }
            again = {**chosen, "language": wanted.language, "state": WatchState.ACTIVE}
            return change_watch(known, again, needs), notices
    return needs.store.add_watch(watch, most=most), notices


_LOOKED_AT: Final = 1_000
_CHOSEN: Final = ("rhythm", "hour", "zone", "quiet")


def check_text(text: str) -> tuple[Notice, ...]:
    """Return what of a query could not be read. Raises BadInput for one that asks for nothing, or
    only for chats, which are never told."""
    parsed = parse(text)
    if not parsed.query.parts:
        raise BadInput("a watch needs words to look for")
    for part in parsed.query.parts:
        if isinstance(part, Choice) and part.name == "kind" and _CHATS.issuperset(part.values):
            raise BadInput("a watch tells of posts; leave the kind out, or take another")
    return parsed.notices


def change_watch(watch: Watch, changes: Mapping[str, Any], needs: Watching) -> Watch:
    """Change a watch and return it; what waits is told when the new rhythm says. Raises BadInput.

    One that goes on after a stop tells nothing of what was published in between.
    """
    now = needs.clock.now()
    changed = check_watch(_replaced(watch, changes))
    if changed.text != watch.text:
        check_text(changed.text)
    if changed.state is WatchState.ACTIVE and watch.state is not WatchState.ACTIVE:
        changed = msgspec.structs.replace(changed, since=now, reason="")
    needs.store.keep_watch(changed, due_at=when_due(changed, now, needs.store))
    return changed


def _replaced(watch: Watch, changes: Mapping[str, Any]) -> Watch:
    """The watch with other values, whose types are looked at: doors pass on what was typed."""
    try:
        changed = msgspec.structs.replace(watch, **changes)
        return msgspec.convert(msgspec.to_builtins(changed), Watch)
    except (msgspec.ValidationError, TypeError) as error:
        raise BadInput(f"a watch can't be changed so: {error}") from error


def when_due(watch: Watch, now: datetime, store: Store) -> datetime | None:
    """Return when what is found now is told; None where nothing is sent."""
    if not watch.is_sent or watch.state is not WatchState.ACTIVE:
        return None
    return due_at(watch, now, told_at=store.last_told_at(watch.number))


def get_watch(number: int, store: Store, owner: Owner | None = None) -> Watch:
    """Return a watch. Raises NotFound, for a watch of somebody else too."""
    watch = store.get_watch(number)
    if owner is not None and watch.owner != owner:
        raise NotFound("there is no such watch")
    return watch
