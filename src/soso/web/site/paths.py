"""The addresses of pages and pictures, as templates ask for them.

Knows the site's address scheme; knows nothing of what stands on a page.
"""

import re
from collections.abc import Callable
from typing import Any, Final
from urllib.parse import quote, urlencode

from soso.model.chat import Chat
from soso.model.links import (
    chat_path,
    post_path,
    story_path,
    telegram_chat_link,
    telegram_post_link,
)
from soso.model.post import Forward, Post
from soso.query.plan_types import Sort
from soso.query.results import Card

_USERNAME: Final = re.compile(r"[A-Za-z][A-Za-z0-9_]{2,31}")
_ONWARD_LIMIT: Final = 400
_START: Final = re.compile(r"[A-Za-z0-9_-]{1,64}")


def search_path(
    text: str,
    *,
    kind: str | None = None,
    sort: str | None = None,
    mode: str | None = None,
    page: str | None = None,
    collapse: bool = True,
) -> str:
    """Return the address of an answer; what is the default is left out."""
    asked = {"q": text, "kind": kind, "sort": sort if sort != Sort.RELEVANCE else None}
    more = {"mode": mode, "page": page, "collapse": None if collapse else "false"}
    kept = {name: value for name, value in (asked | more).items() if value}
    return f"/search?{urlencode(kept)}" if kept else "/search"


def pages_path(path: str, **asked: str | None) -> str:
    """Return a path with those of the arguments that are given."""
    kept = {name: value for name, value in asked.items() if value}
    return f"{path}?{urlencode(kept)}" if kept else path


def card_path(card: Card) -> str:
    """Return the page of what a card shows."""
    return (
        chat_path(card.chat) if card.stored is None else post_path(card.chat, card.stored.post.id)
    )


def blob_path(sha256: str) -> str:
    """Return the address of a kept picture."""
    return f"/b/{quote(sha256, safe='')}"


def report_path(chat: Chat | None = None, post_id: int | None = None) -> str:
    """Return the form that asks for a removal, filled in for a chat or post."""
    if chat is None:
        return "/report"
    asked = {"chat": chat.ref} | ({} if post_id is None else {"id": str(post_id)})
    return f"/report?{urlencode(asked)}"


def switch_path(name: str, value: str, onward: str) -> str:
    """Return the address that keeps a reader's choice: /lang?to=en&next=/about.

    A very long way back is left out (there are seven such links); the browser tells it then.
    """
    asked = {"on" if name == "sensitive" else "to": value}
    if len(onward) <= _ONWARD_LIMIT:
        asked["next"] = onward
    return f"/{name}?{urlencode(asked)}"


def alternate_path(here: str, lang: str) -> str:
    """Return this page's address in one language."""
    return f"{here}{'&' if '?' in here else '?'}lang={lang}"


def bot_link(bot: str, chat: Chat, post_id: int) -> str | None:
    """Return the address that starts the search bot at a post, None without a bot."""
    start = f"p_{chat.ref}_{post_id}"
    if not _USERNAME.fullmatch(bot.removeprefix("@")) or not _START.fullmatch(start):
        return None
    return f"https://t.me/{bot.removeprefix('@')}?start={start}"


def user_link(username: str | None, post_id: int | None = None) -> str | None:
    """Return a name's address on Telegram, or that of a post under it; None for no proper name."""
    name = (username or "").removeprefix("@")
    if not _USERNAME.fullmatch(name):
        return None
    return f"https://t.me/{name}" if post_id is None else f"https://t.me/{name}/{post_id}"


def forward_link(forward: Forward) -> str | None:
    """Return where a forwarded post came from on Telegram."""
    return user_link(forward.username, forward.post_id)


def item_link(chat: Chat, post: Post, item_id: int | None) -> str | None:
    """Return the address on Telegram of one item of a post."""
    link = telegram_post_link(chat, item_id or post.id)
    return f"{link}?single" if link and item_id and len(post.album) > 1 else link


def map_link(latitude: float, longitude: float) -> str:
    """Return a point on a map that anybody can open."""
    return (
        f"https://www.openstreetmap.org/?mlat={latitude:.6f}&mlon={longitude:.6f}"
        f"#map=16/{latitude:.6f}/{longitude:.6f}"
    )


GLOBALS: Final[dict[str, Callable[..., Any]]] = {
    "search_path": search_path,
    "pages_path": pages_path,
    "card_path": card_path,
    "chat_path": chat_path,
    "post_path": post_path,
    "story_path": story_path,
    "blob_path": blob_path,
    "report_path": report_path,
    "switch_path": switch_path,
    "alternate_path": alternate_path,
    "bot_link": bot_link,
    "user_link": user_link,
    "forward_link": forward_link,
    "item_link": item_link,
    "map_link": map_link,
    "telegram_chat_link": telegram_chat_link,
    "telegram_post_link": telegram_post_link,
}
