"""Which version of the schema indexes are built by, while programs of several run side by side.

Of two versions each would build anew what the other built. So the newest to come says so in the store,
and one that was there before it begins no index any more, however long it runs; asked in so many
words to build one, it is the newest again.
"""

import logging
from typing import Final

import msgspec

from soso.flows.index_shares import Sharing
from soso.model.value import Value
from soso.ports.store import Store

log = logging.getLogger(__name__)

VERSIONS: Final = "index-versions"
_MOST_KEPT: Final = 20


class Versions(Value):
    """now: by which indexes are built. before: those that are waiting to be upgraded, newest last."""

    now: str
    before: tuple[str, ...] = ()


def is_current(sharing: Sharing) -> bool:
    """Whether indexes are built by our version; one that nobody has seen before is the newest."""
    ours = sharing.builds.version()
    versions = _load(sharing.store)
    if versions is None or ours not in (versions.now, *versions.before):
        make_current(sharing)
        return True
    return versions.now == ours


def make_current(sharing: Sharing) -> None:
    """Say that indexes are built by our version from now on.

    Of two that say so at the same moment one is taken for older by both.
    """
    ours = sharing.builds.version()
    versions = _load(sharing.store)
    if versions is not None and versions.now == ours:
        return
    known = () if versions is None else (*versions.before, versions.now)
    before = tuple(one for one in known if one != ours)[-_MOST_KEPT:]
    made = Versions(now=ours, before=before)
    sharing.store.set_setting(VERSIONS, msgspec.json.encode(made).decode())


def tell_older(sharing: Sharing) -> None:
    """Say that this program waits to be upgraded, once while it runs."""
    if not sharing.is_told_older:
        sharing.is_told_older = True
        log.warning(
            "a newer version of the program builds the index: this one indexes no more, and waits to "
            "be upgraded; `soso reindex` of this version would go back to it"
        )


def _load(store: Store) -> Versions | None:
    try:
        return msgspec.json.decode(store.get_setting(VERSIONS) or "null", type=Versions | None)
    except msgspec.MsgspecError:
        return None
