"""A name is added to what is followed, changed, taken off: the operator's side of following."""

import re
from collections.abc import Collection
from contextlib import suppress
from datetime import timedelta
from typing import Final

import msgspec

from soso.flows.follow import Following, VisitReport, visit_one
from soso.following.states import paused, renamed
from soso.model.errors import BadInput, NotFound
from soso.model.following import Followed, Route, SourceState
from soso.model.identity import fold_name
from soso.model.ids import parse_peer
from soso.ports.desk import Decision
from soso.ports.preview_site import Named, PreviewSite
from soso.ports.store import Store

_AT_ONCE: Final = 1000
_MEMBERS_ONLY: Final = re.compile(r"(?:https?://)?t\.me/c/([0-9]{1,18})(?:/.*)?")
_UNFIT: Final = (SourceState.GONE, SourceState.UNFIT)


def add_source(
    text: str,
    following: Following,
    site: PreviewSite,
    *,
    who: str,
    route: Route | None = None,
    look: bool = True,
    depth: int = 0,
) -> Followed:
    """Follow what a text names; see abilities/following.py. Raises BadInput."""
    store, now = following.needs.store, following.needs.clock.now()
    named = _parse(text, site, route)
    if named.route not in following.sources and named.route is not Route.BOT:
        raise BadInput(f"there is no way to follow {text.strip()!r} by {named.route} here")
    known = store.find_followed(named.route, named.name)
    if known is not None:
        return known
    added = store.add_followed(
        Followed(
            route=named.route,
            name=named.name,
            shown_name=named.shown,
            added_at=now,
            added_by=who,
            depth=depth,
            next_visit_at=None if named.route is Route.BOT else now,
            planned_at=now,
        )
    )
    if look and named.route is not Route.BOT:
        added = _look(added, following)
    _log(following, who, "follow", added.name)
    return added


def _look(added: Followed, following: Following) -> Followed:
    """Make the first visit; what can't be followed is taken off again. Raises BadInput."""
    store = following.needs.store
    try:
        report = visit_one(following, added.number)
    except NotFound:  # taken off by somebody else just now
        return added
    if report is None:
        return store.get_followed(added.number)
    seen = report.followed
    why = _why_not(report)
    if why is not None:
        store.remove_followed(seen.number)
        raise BadInput(f"{seen.shown_name or seen.name}: {why}")
    return _join_lost(seen, following)


def _why_not(report: VisitReport) -> str | None:
    if isinstance(report.fault, BadInput):
        return str(report.fault)
    if report.followed.state in _UNFIT:
        return report.followed.error or "there is nothing to follow"
    return None


def _join_lost(seen: Followed, following: Following) -> Followed:
    """If this is a new name of a chat that was lost under its old one, go on with that source."""
    store, now = following.needs.store, following.needs.clock.now()
    if seen.chat is None or seen.route is not Route.PREVIEW:
        return seen
    lost = (SourceState.GONE, SourceState.TAKEN)
    for old in store.find_followed_of(seen.chat):
        if old.number != seen.number and old.route is seen.route and old.state in lost:
            store.remove_followed(seen.number)

            def rename(row: Followed) -> Followed:
                row = renamed(row, seen.name, seen.shown_name)
                return msgspec.structs.replace(row, next_visit_at=now, planned_at=now, failures=0)

            return store.change_followed(old.number, rename)
    return seen


def _parse(text: str, site: PreviewSite, route: Route | None) -> Named:
    typed = text.strip()
    if route in (Route.ACCOUNT, Route.BOT):
        match = _MEMBERS_ONLY.fullmatch(typed)
        if match is not None or parse_peer(typed) is not None:
            return Named(route, match[1] if match else typed, typed)
    if route is Route.FEED and not typed.lower().startswith(("http://", "https://")):
        raise BadInput("a feed is followed by its address: https://…")
    if route is Route.FEED:
        return Named(route, typed.partition("#")[0], typed)
    named = site.parse_name(typed)
    if route is None or route is named.route:
        return named
    if named.route is Route.FEED:
        raise BadInput(f"{typed!r} is no name on Telegram")
    return Named(route, named.name, named.shown)


def remove_source(name: str, following: Following, site: PreviewSite, *, who: str) -> Followed:
    """Stop following. Raises NotFound, BadInput for one whose next post would bring it back."""
    found = find_source(name, following.needs.store, site)
    if found.route is Route.BOT and found.state not in (SourceState.NEW, SourceState.CLOSED):
        raise BadInput(
            f"posts of {found.shown_name or found.name} arrive as long as the bot is an administrator"
            " there: take the bot out of the channel first, or pause it"
        )
    following.needs.store.remove_followed(found.number)
    _log(following, who, "unfollow", found.name)
    return found


def pause_source(
    name: str, following: Following, site: PreviewSite, *, is_paused: bool, who: str
) -> Followed:
    """Stop visiting a source for a while, or go on. Raises NotFound."""
    now = following.needs.clock.now()
    found = find_source(name, following.needs.store, site)

    def change(row: Followed) -> Followed:
        is_idle = is_paused or row.route is Route.BOT
        return msgspec.structs.replace(
            paused(row, is_paused=is_paused),
            next_visit_at=None if is_idle else now,
            next_work_at=None,
            planned_at=now,
        )

    changed = following.needs.store.change_followed(found.number, change)
    _log(following, who, "pause" if is_paused else "resume", found.name)
    return changed


def hurry_source(
    name: str, following: Following, site: PreviewSite, *, sweep: bool, who: str
) -> Followed:
    """Make a source due before all others. Raises NotFound, BadInput for a paused one."""
    now = following.needs.clock.now()
    found = find_source(name, following.needs.store, site)
    if found.state is SourceState.PAUSED or found.route is Route.BOT:
        raise BadInput(f"{found.shown_name or found.name} is not visited: {found.state}")

    def change(row: Followed) -> Followed:
        return msgspec.structs.replace(
            row,
            next_visit_at=now - timedelta(days=1),
            next_work_at=now if sweep else row.next_work_at,
            sweep_wanted=row.sweep_wanted or sweep,
            planned_at=now,
        )

    changed = following.needs.store.change_followed(found.number, change)
    _log(following, who, "sweep" if sweep else "visit", found.name)
    return changed


def find_source(name: str, store: Store, site: PreviewSite) -> Followed:
    """Return a source by #number, name, address or former name. Raises NotFound."""
    typed = name.strip()
    digits = typed.removeprefix("#")
    if digits.isascii() and digits.isdigit():
        try:
            return store.get_followed(int(digits[:19]))
        except NotFound:
            if typed.startswith("#"):
                raise
    names = {typed, fold_name(typed)}
    with suppress(BadInput):  # a name of another route, or none: then it is not found below
        names.add(site.parse_name(typed).name)
    for route in Route:
        for one in sorted(names):
            if (found := store.find_followed(route, one)) is not None:
                return found
    return _find_by_former(names, name, store)


def _find_by_former(names: Collection[str], typed: str, store: Store) -> Followed:
    after = 0
    while rows := store.list_followed(after=after, limit=_AT_ONCE):
        for row in rows:
            if not set(row.former_names).isdisjoint(names):
                return row
        after = rows[-1].number
    raise NotFound(f"{typed[:200]!r} is not followed")


def _log(following: Following, who: str, what: str, subject: str) -> None:
    needs = following.needs
    needs.store.log_decision(Decision(at=needs.clock.now(), who=who, what=what, subject=subject))
