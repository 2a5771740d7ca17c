"""The card of t.me/NAME: whose name it is.

Knows the markup of cards. Telegram answers 200 to every name, so the kind comes from the content:
the line under the title, the button, and whether there is a title at all.
"""

import re
from typing import Final

from selectolax.lexbor import LexborHTMLParser, LexborNode

from soso.model.chat import ChatKind, ChatSighting
from soso.sources.web_preview.page import PageKind
from soso.sources.web_preview.richtext import read_plain
from soso.sources.web_preview.values import (
    USERNAME,
    media_address,
    parse_count,
    parse_telegram_link,
    query_values,
)
from soso.sources.web_preview.wire import attribute

_AUDIENCE: Final = re.compile(
    r"([0-9][0-9\s\u00a0\u2009\u202f.,'’KMB]*?)\s*(subscriber|member|monthly user)s?\b"
)
# What Telegram writes where a chat has no description of its own.
_BOILERPLATE: Final = re.compile(
    r"(?:If you have Telegram, )?[Yy]ou can (?:view|contact|launch|join|add|open|preview)\b.{0,300}"
    r"\bright away\.?|You are invited to .{0,300}",
    re.DOTALL,
)
_LOGO: Final = re.compile(r"telegram\.org/img/")
_CHAT_KINDS: Final = {
    PageKind.CHANNEL: ChatKind.CHANNEL,
    PageKind.GROUP: ChatKind.GROUP,
    PageKind.BOT: ChatKind.BOT,
    PageKind.USER: ChatKind.PERSON,
}


def read_card(tree: LexborHTMLParser) -> tuple[PageKind, ChatSighting | None, bool]:
    """Return a card's kind, its chat, and whether it links to a preview of the channel."""
    title = read_plain(tree.css_first(".tgme_page_title"))
    extras = [read_plain(node) or "" for node in tree.css(".tgme_page_extra")]
    action = tree.css_first(".tgme_page_action a")
    has_preview = tree.css_first(".tgme_page_context_link") is not None
    audience = next(filter(None, map(_AUDIENCE.search, extras)), None)
    word = audience[2] if audience else ""
    kind = _kind(tree, title, extras, word)
    if title is None or kind in {PageKind.FREE, PageKind.MISSING}:
        return kind, None, has_preview
    count = parse_count(audience[1]) if audience else None
    number = count.value if count else None
    username = None if kind is PageKind.INVITE else _username(action, extras)
    sighting = ChatSighting(
        kind=_CHAT_KINDS.get(kind) or _invited(word),
        title=title,
        username=username,
        description=read_description(tree.css_first(".tgme_page_description")) or "",
        members=number if word in {"subscriber", "member"} else None,
        verified=tree.css_first(".tgme_page_title .verified-icon") is not None,
        is_public=username is not None and kind is not PageKind.USER,
        counters={"monthly_users": number} if word == "monthly user" and number else {},
        picture_source=picture_address(tree.css_first(".tgme_page_photo_image"), tree),
    )
    if username is None and kind is not PageKind.INVITE:
        return PageKind.FREE, None, has_preview
    return kind, sighting, has_preview


def read_description(node: LexborNode | None) -> str | None:
    """Return a chat's own description: "" if it has none, None if the page has no place for one."""
    if node is None:
        return None
    text = read_plain(node) or ""
    return "" if _BOILERPLATE.fullmatch(text) else text


def picture_address(node: LexborNode | None, tree: LexborHTMLParser) -> str | None:
    """Return where a chat's picture is; drawn initials and Telegram's logo are none."""
    if node is not None and node.tag != "img":
        node = node.css_first("img")
    address = media_address(attribute(node, "src")) if node is not None else None
    if address is None:
        meta = tree.css_first('meta[property="og:image"]')
        address = media_address(attribute(meta, "content")) if meta is not None else None
    return None if address is None or _LOGO.search(address) else address


def _kind(tree: LexborHTMLParser, title: str | None, extras: list[str], word: str) -> PageKind:
    action = tree.css_first(".tgme_page_action a")
    target = attribute(action, "href") or "" if action is not None else ""
    button = (read_plain(action) or "").lower()
    page_title = read_plain(tree.css_first("head > title")) or ""
    if target.startswith("tg://join") or button.startswith(("join ", "request to join")):
        return PageKind.INVITE
    if title is None:
        return PageKind.FREE
    if word == "monthly user" or button == "start bot" or page_title.startswith("Telegram: Launch"):
        return PageKind.BOT
    if word == "member":
        return PageKind.GROUP
    if word == "subscriber" or tree.css_first(".tgme_page_context_link") is not None:
        return PageKind.CHANNEL
    is_person = any(extra.startswith("@") for extra in extras)
    is_person = is_person or page_title.startswith("Telegram: Contact")
    return PageKind.USER if is_person else PageKind.FREE


def _invited(word: str) -> ChatKind | None:
    return {"subscriber": ChatKind.CHANNEL, "member": ChatKind.GROUP}.get(word)


def _username(action: LexborNode | None, extras: list[str]) -> str | None:
    """Return the name: as its owner writes it where the card shows it, else as it was asked for."""
    names = [extra.removeprefix("@") for extra in extras if extra.startswith("@")]
    target = attribute(action, "href") if action is not None else None
    names += query_values(target, "domain")
    link = parse_telegram_link(target)
    if link is not None and link.username is not None:
        names.append(link.username)
    return next((name for name in names if USERNAME.fullmatch(name)), None)
