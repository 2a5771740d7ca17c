"""Where a chat or post is found: its page here and its place on Telegram."""

from soso.model.chat import Chat, ChatKind
from soso.model.ids import PeerKind


def chat_path(chat: Chat) -> str:
    """Return the canonical path of a chat's page."""
    return f"/c/{chat.ref}"


def post_path(chat: Chat, post_id: int) -> str:
    """Return the canonical path of a post's page."""
    return f"/c/{chat.ref}/{post_id}"


def telegram_chat_link(chat: Chat) -> str | None:
    """Return the chat's address on Telegram, None if only an invitation opens it."""
    return f"https://t.me/{chat.username}" if chat.username else None


def telegram_post_link(chat: Chat, post_id: int) -> str | None:
    """Return the post's address on Telegram: public by name, else for members by number.

    Basic groups, private chats and posts from before a group's upgrade (negative ids) have none.
    """
    if post_id <= 0 or chat.kind in (ChatKind.BOT, ChatKind.PERSON):
        return None
    if chat.username:
        return f"https://t.me/{chat.username}/{post_id}"
    if chat.peer is not None and chat.peer.kind is PeerKind.CHANNEL:
        return f"https://t.me/c/{chat.peer.id}/{post_id}"
    return None


def story_path(number: int) -> str:
    """Return the page of a story."""
    return f"/s/{number}"
