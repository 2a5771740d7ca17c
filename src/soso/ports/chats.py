"""The chats of the archive."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from soso.model.chat import Chat, ChatKind, ChatSighting, Visibility
from soso.model.ids import ChatKey, Peer
from soso.model.value import Value


class ChatRow(Value):
    """A chat with what a list shows of it; only posts that may be shown are counted."""

    chat: Chat
    posts: int = 0
    last_post_at: datetime | None = None


class Chats(Protocol):
    """Reads see all that was committed before they began. Unknown keys raise NotFound."""

    def get_chat(self, key: ChatKey) -> Chat:
        """Return the chat, as it is: a merged one says so in merged_into."""
        ...

    def get_chats(self, keys: Sequence[ChatKey]) -> dict[ChatKey, Chat]:
        """Return those of the chats that exist, in one round trip."""
        ...

    def find_chat_by_peer(self, peer: Peer) -> Chat | None:
        """Return the chat known by this peer."""
        ...

    def find_chat_by_username(self, username: str) -> Chat | None:
        """Return the present holder of a name, or the latest who had it; case does not matter."""
        ...

    def find_chats_by_title(self, title: str) -> list[Chat]:
        """Return the unmerged chats with exactly this title, at most 20."""
        ...

    def list_chats(
        self,
        *,
        listed: bool = True,
        kind: ChatKind | None = None,
        order: str = "posts",
        limit: int = 50,
        offset: int = 0,
    ) -> list[ChatRow]:
        """Return a page of unmerged chats.

        listed: only those that visibility.is_listed allows; False: all.
        order: posts | recent | members | title; ties by key.
        """
        ...

    def count_chats(self, *, listed: bool = True) -> dict[ChatKind, int]:
        """Return how many unmerged chats there are of each kind."""
        ...

    def add_chat(self, sighting: ChatSighting, at: datetime) -> Chat:
        """Make a chat of what was seen (see model.identity.merge_sighting) and log the change."""
        ...

    def update_chat(self, key: ChatKey, sighting: ChatSighting, at: datetime) -> Chat:
        """Merge what was seen into the chat; log a change of it, and of its posts if its title,
        username or sensitivity moved."""
        ...

    def set_chat(
        self,
        key: ChatKey,
        *,
        visibility: Visibility | None = None,
        sensitive: bool | None = None,
        no_index: bool | None = None,
    ) -> Chat:
        """Carry out an operator's decision and log a change of the chat and of all its posts."""
        ...

    def merge_chats(self, source: ChatKey, target: ChatKey, at: datetime) -> int:
        """Join source into target: posts go through model.merge.decide, names and facts are joined,
        source keeps merged_into. Returns how many posts moved or met their double. One transaction.
        """
        ...
