"""One message of a preview page as a post.

Knows which element holds which part of a message. Must not know the page around it.
"""

import re
from typing import Final

import msgspec
from selectolax.lexbor import LexborNode

from soso.model.post import (
    Button,
    Forward,
    LinkPreview,
    Location,
    Poll,
    PollAnswer,
    Post,
    Reaction,
    Reply,
    Service,
)
from soso.sources.web_preview.media import album_ids, read_media
from soso.sources.web_preview.richtext import (
    RichText,
    join_texts,
    read_emoji,
    read_plain,
    read_text,
)
from soso.sources.web_preview.values import (
    link_address,
    parse_background,
    parse_count,
    parse_telegram_link,
    parse_time,
    query_values,
)
from soso.sources.web_preview.wire import MESSAGE, PREFIX, Parts, attribute, has_class

PAID_REACTION: Final = "⭐"
CUSTOM_REACTION: Final = "🧩"  # as for exports, which can't show these either
# Sentences of service messages, and what Telegram Desktop's export calls the same action.
_ACTIONS: Final = (
    (re.compile(r"Channel created"), "create_channel"),
    (re.compile(r"Group created"), "create_group"),
    (re.compile(r"(?:Channel|Group) photo (?:updated|changed)"), "edit_group_photo"),
    (re.compile(r"(?:Channel|Group) photo removed"), "delete_group_photo"),
    (re.compile(r"(?:Channel|Group) (?:name|title) (?:was )?changed to "), "edit_group_title"),
    (re.compile(r".{0,300}? pinned "), "pin_message"),
    (re.compile(r"(?:Live stream|Video chat|Voice chat) scheduled"), "group_call_scheduled"),
    (re.compile(r"(?:Live stream|Video chat|Voice chat) "), "group_call"),
)
_EDITED: Final = re.compile(r"\bedited\b")
_DEGREES: Final = r"(-?[0-9]{1,3}(?:\.[0-9]{1,20})?)"
_POINT: Final = re.compile(f"{_DEGREES},{_DEGREES}")
_MAX_LIST: Final = 100


def read_post(message: LexborNode, post_id: int, username: str) -> Post | str:
    """Return a message as a post of @username, or why it can't be one."""
    parts = Parts(message)
    time = _time(parts)
    at = parse_time(attribute(time, "datetime") or "") if time is not None else None
    if at is None:
        return "a post cut off before its date" if time is None else "a post with an unusable date"
    media = read_media(parts, post_id)
    ids = album_ids(media, post_id)
    own = [node for node in parts.all("text") if not has_class(node, "js-message_reply_text")]
    text = join_texts([read_text(node) for node in own])
    service = None
    if has_class(message, "service_message"):
        text, service = RichText(), _service(text.text)
    views = parse_count(read_plain(parts.first("views")) or "")
    return Post(
        id=ids[0] if ids else post_id,
        at=at,
        edited=_is_edited(parts),
        text=text.text,
        entities=text.entities,
        author=_author(parts),
        via_bot=(read_plain(parts.first("via_bot")) or "").removeprefix("@") or None,
        views=views.value if views else None,
        views_exact=views.exact if views else True,
        reactions=_reactions(parts),
        forward=_forward(parts),
        reply=_reply(parts, username),
        album=ids,
        media=media,
        poll=_poll(parts),
        location=_location(parts),
        previews=_previews(parts),
        buttons=_buttons(parts),
        service=service,
    )


def group_sender(parts: Parts) -> str | None:
    """Return the sender's name over a message of a group; channels name no sender there."""
    for node in parts.all("author"):
        name = read_plain(node.css_first(f".{PREFIX}author_name"))
        if name is not None:
            return name
    return None


def only_in_telegram(post: Post) -> bool:
    """Whether the page shows nothing of what the post holds."""
    content = (post.text, post.media, post.poll, post.location, post.service, post.previews)
    return not any(content)


def _time(parts: Parts) -> LexborNode | None:
    date = parts.first("date")
    return date.css_first("time[datetime]") if date is not None else None


def _is_edited(parts: Parts) -> bool:
    """Whether "edited" stands before the date: by itself, as a signature may contain the word."""
    meta = parts.first("meta")
    child = meta.child if meta is not None else None
    while child is not None:
        if child.is_text_node and _EDITED.search(child.text_content or ""):
            return True
        child = child.next
    return False


def _author(parts: Parts) -> str | None:
    return read_plain(parts.first("from_author")) or group_sender(parts)


def _forward(parts: Parts) -> Forward | None:
    name = parts.first("forwarded_from_name")
    if name is None and parts.first("forwarded_from") is None:
        return None
    link = parse_telegram_link(attribute(name, "href")) if name is not None else None
    author = read_plain(parts.first("forwarded_from_author"))
    return Forward(
        name=read_plain(name),
        peer=link.peer if link else None,
        username=link.username if link else None,
        post_id=link.post_id if link else None,
        author=author.removeprefix("(").removesuffix(")") if author else None,
    )


def _reply(parts: Parts, username: str) -> Reply | None:
    node = parts.first("reply")
    link = parse_telegram_link(attribute(node, "href")) if node is not None else None
    if node is None or link is None or link.post_id is None:
        return None
    other = link.username if (link.username or username).lower() != username.lower() else None
    return Reply(
        post_id=link.post_id,
        peer=link.peer,
        username=other,
        author=read_plain(node.css_first(f".{PREFIX}author_name")),
        text=read_plain(node.css_first(".js-message_reply_text")),
    )


def _poll(parts: Parts) -> Poll | None:
    node = parts.first("poll")
    question = read_plain(parts.first("poll_question"))
    if node is None or question is None:
        return None
    answers = []
    for option in node.css(f".{PREFIX}poll_option")[:_MAX_LIST]:
        text = read_plain(option.css_first(f".{PREFIX}poll_option_text")) or ""
        share = read_plain(option.css_first(f".{PREFIX}poll_option_percent")) or ""
        count = parse_count(share.removesuffix("%"))
        percent = count.value if count is not None and count.value <= 100 else None
        answers.append(PollAnswer(text=text, percent=percent))
    voters = parse_count(read_plain(parts.first("voters")) or "")
    kind = read_plain(parts.first("poll_type")) or ""
    return Poll(
        question=question,
        answers=tuple(answers),
        total_voters=voters.value if voters else None,
        closed="final results" in kind.lower(),
    )


def _location(parts: Parts) -> Location | None:
    """Return a point; it stands in the map's link, or for venues in the map picture's address."""
    node = parts.first("location_wrap")
    if node is None:
        return None
    picture = node.css_first(f".{PREFIX}location")
    map_address = parse_background(attribute(picture, "style")) if picture is not None else None
    point = _point(attribute(node, "href") or "", ("q", "ll"), turned=False)
    point = point or _point(map_address or "", ("pt", "ll"), turned=True)
    if point is None:
        return None
    return Location(
        latitude=point[0],
        longitude=point[1],
        title=read_plain(parts.first("location_title")),
        address=read_plain(parts.first("location_address")),
    )


def _point(address: str, names: tuple[str, ...], *, turned: bool) -> tuple[float, float] | None:
    for name in names:
        match = next(filter(None, map(_POINT.match, query_values(address, name))), None)
        if match is not None:
            first, second = float(match[1]), float(match[2])
            latitude, longitude = (second, first) if turned else (first, second)
            if abs(latitude) <= 90 and abs(longitude) <= 180:
                return latitude, longitude
    return None


def _reactions(parts: Parts) -> tuple[Reaction, ...]:
    counts: dict[str, int] = {}
    for row in parts.all("reactions"):
        for node in row.css(".tgme_reaction")[:_MAX_LIST]:
            count = parse_count(_own_text(node))
            sign = _reaction_sign(node)
            if count is not None and sign:
                counts[sign] = counts.get(sign, 0) + count.value
    return tuple(Reaction(emoji=sign, count=count) for sign, count in counts.items())


def _reaction_sign(node: LexborNode) -> str:
    """Return what people reacted with; custom emoji, which the page leaves empty, share a sign."""
    if has_class(node, "tgme_reaction_paid"):
        return PAID_REACTION
    emoji = node.css_first(".emoji")
    sign = read_emoji(emoji) if emoji is not None else ""
    return sign or (CUSTOM_REACTION if node.css_first("tg-emoji") is not None else "")


def _previews(parts: Parts) -> tuple[LinkPreview, ...]:
    found = []
    for node in parts.all("link_preview")[:_MAX_LIST]:
        url = link_address(attribute(node, "href"), twice="onclick" in node.attributes)
        if url is not None:
            found.append(
                LinkPreview(
                    url=url,
                    site=read_plain(node.css_first(".link_preview_site_name")),
                    title=read_plain(node.css_first(".link_preview_title")),
                    description=read_plain(node.css_first(".link_preview_description")),
                )
            )
    return tuple(found)


def _buttons(parts: Parts) -> tuple[Button, ...]:
    """Return the buttons, which some pages put under the message rather than into it."""
    nodes = parts.all("inline_button")
    below = parts.message.next
    while below is not None and not nodes:
        if below.is_element_node and has_class(below, MESSAGE):
            break
        if below.is_element_node and has_class(below, f"{PREFIX}inline_keyboard"):
            nodes = below.css(f".{PREFIX}inline_button")
        below = below.next
    found = []
    for node in nodes[:_MAX_LIST]:
        url = link_address(attribute(node, "href"), twice="onclick" in node.attributes)
        if url is not None:
            found.append(Button(text=read_plain(node) or url, url=url))
    return tuple(found)


def _service(text: str) -> Service:
    action = next((name for sentence, name in _ACTIONS if sentence.match(text)), "other")
    return Service(action=action, raw=msgspec.json.encode({"text": text}).decode())


def _own_text(node: LexborNode) -> str:
    """Return the text that stands directly in an element."""
    pieces = []
    child = node.child
    while child is not None:
        if child.is_text_node:
            pieces.append(child.text_content or "")
        child = child.next
    return "".join(pieces)
