"""The part of App about chats that posts speak of, and lists of names.

Mixed into bootstrap.App; FollowingApp follows what is chosen.
"""

from collections.abc import Sequence

from soso.abilities.following import FollowingApp
from soso.flows.discover import choose_found, discover_step, list_proposed
from soso.model.following import Route
from soso.model.identity import fold_name
from soso.ports.discovery import Met
from soso.sources.names_list import NamesRead, parse_names


class DiscoveringApp(FollowingApp):
    """Discovery. Methods may be called from many threads."""

    def discover_changes(self) -> int:
        """Note the names in posts that are new; return how many documents were looked at."""
        return discover_step(self.store)

    def list_proposed(self, *, limit: int = 50) -> Sequence[Met]:
        """Return the names met most that are no chat here yet, for the operator."""
        return list_proposed(self.store, limit=limit)

    def ignore_proposed(self, name: str, *, ignored: bool = True) -> None:
        """Propose a name no more, or again."""
        self.store.ignore_met(fold_name(name), ignored=ignored)

    def follow_found(self) -> int:
        """Follow chats that many speak of, where the settings say so; return how many.

        Raises BadInput, Unavailable.
        """
        settings = self.settings
        if settings.follow_found_depth == 0:
            return 0
        found = [one for one in self.store.list_followed(limit=10**6) if one.depth]
        chosen = choose_found(
            self.store,
            depth=settings.follow_found_depth,
            enough=settings.follow_found_enough,
            room=settings.follow_found_most - len(found),
        )
        for name, depth in chosen:
            self.add_source(
                f"@{name}", who="discovery", route=Route.PREVIEW, look=False, depth=depth
            )
        return len(chosen)

    def read_names(self, content: bytes) -> NamesRead:
        """Return the names in a list or OPML file. Raises BadInput."""
        return parse_names(content)
