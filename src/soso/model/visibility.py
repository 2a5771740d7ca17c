"""Who may see what. Every door asks here, and nowhere else is it decided."""

from soso.model.chat import Chat, ChatKind, ChatSighting, Visibility
from soso.model.post import StoredPost

_OPEN_KINDS = frozenset({ChatKind.CHANNEL, ChatKind.GROUP, ChatKind.BOT})


def first_visibility(sighting: ChatSighting) -> Visibility:
    """Return what a chat starts with when it is first seen: public only if the source says so."""
    if sighting.visibility is not None:
        return sighting.visibility
    if sighting.is_public and sighting.kind in _OPEN_KINDS:
        return Visibility.PUBLIC
    return Visibility.PRIVATE


def is_listed(chat: Chat) -> bool:
    """Whether a chat may stand in search, lists, feeds, suggestions and the sitemap."""
    return chat.visibility is Visibility.PUBLIC and chat.merged_into is None


def is_readable(chat: Chat) -> bool:
    """Whether the pages of a chat may be read by those who have the address."""
    return chat.visibility is not Visibility.PRIVATE and chat.merged_into is None


def is_post_shown(stored: StoredPost) -> bool:
    """Whether a post may be shown at all, given that its chat may."""
    return stored.buried_at is None and not stored.hidden


def is_sensitive(chat: Chat, stored: StoredPost) -> bool:
    """Whether a post is hidden until the reader asks for sensitive content."""
    return chat.sensitive or stored.sensitive
