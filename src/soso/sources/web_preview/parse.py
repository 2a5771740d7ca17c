"""A preview page's HTML as a chat and its posts.

Pure: HTML and a time in, a PreviewPage out. Knows the page around the messages and its header.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final

from selectolax.lexbor import LexborHTMLParser, LexborNode

from soso.model.chat import ChatKind, ChatSighting
from soso.model.errors import BadInput
from soso.model.ids import Peer, PeerKind
from soso.model.post import Post
from soso.sources.web_preview.card import picture_address, read_card, read_description
from soso.sources.web_preview.message import group_sender, only_in_telegram, read_post
from soso.sources.web_preview.page import PageKind, PreviewPage
from soso.sources.web_preview.richtext import read_plain
from soso.sources.web_preview.values import USERNAME, parse_count, query_values
from soso.sources.web_preview.wire import (
    MESSAGE,
    PREFIX,
    Parts,
    View,
    attribute,
    iter_messages,
    read_post_id,
    read_view,
)

MAX_PAGE_BYTES: Final = 32 * 2**20  # a page of twenty posts has about 150 KB
_MARKS: Final = (b"tgme_widget_message", b"tgme_channel_info", b"tgme_page")


def looks_like_preview(content: bytes) -> bool:
    """Whether the beginning of a file (256 KB will do) is that of a preview page."""
    return any(mark in content for mark in _MARKS)


def parse_page(html: str | bytes, *, fetched_at: datetime) -> PreviewPage:
    """Return what a page of t.me shows: a run of posts, one post, or the card of a name.

    html: as it was served or saved, whole or cut off; bytes are UTF-8 unless they begin with
    another mark. fetched_at: aware; used where the page does not tell when it was made.
    Raises BadInput if it is not such a page. A block that can't be used is counted in skipped.
    """
    text = _decode(html)
    tree = LexborHTMLParser(text)
    messages = list(iter_messages(tree))
    if messages or tree.css_first(".tgme_channel_info") is not None:
        return _read_posts(tree, messages, fetched_at=fetched_at, cut="</html" not in text[-4096:])
    if tree.css_first(".tgme_page") is not None:
        kind, chat, has_preview = read_card(tree)
        return PreviewPage(kind=kind, rendered_at=fetched_at, chat=chat, has_preview=has_preview)
    if tree.css_first(f".{PREFIX}error") is not None:
        return PreviewPage(kind=PageKind.MISSING, rendered_at=fetched_at)
    raise BadInput("this is not a preview page of Telegram (t.me/s/NAME, t.me/NAME/ID?embed=1)")


def _read_posts(
    tree: LexborHTMLParser, messages: Sequence[LexborNode], *, fetched_at: datetime, cut: bool
) -> PreviewPage:
    is_history = tree.css_first(".tgme_channel_info, .tgme_channel_history") is not None
    views = [read_view(node) for node in messages]
    username = _username(tree, messages)
    posts, skipped = _collect(messages, username)
    buried = len(tree.css(f".{MESSAGE}[data-post]")) - len(messages)
    if buried > 0:
        skipped["a post buried in other posts"] = buried
    chat = _chat(tree, messages, views, username=username, is_history=is_history)
    rendered_s = next((view.rendered_s for view in views if view.rendered_s is not None), None)
    if rendered_s is not None:
        rendered_at = datetime.fromtimestamp(rendered_s, UTC)
    else:  # copies of files have wrong dates, but no page is older than what it shows
        rendered_at = max([fetched_at, *(post.at for post in posts)])
    hidden = sum(map(only_in_telegram, posts))
    notices = (f"posts whose content only Telegram itself shows: {hidden}",) if hidden else ()
    return PreviewPage(
        kind=PageKind.HISTORY if is_history else PageKind.POST,
        rendered_at=rendered_at,
        chat=chat if username is not None else None,
        posts=posts,
        before=_cursor(tree, "before", "prev"),
        after=_cursor(tree, "after", "next"),
        skipped=skipped,
        notices=notices,
        cut=cut and is_history,
    )


def _decode(html: str | bytes) -> str:
    if len(html) > MAX_PAGE_BYTES:
        raise BadInput(f"a page of more than {MAX_PAGE_BYTES // 2**20} MB is not read")
    if isinstance(html, bytes):
        wide = html.startswith((b"\xff\xfe", b"\xfe\xff"))
        return html.decode("utf-16" if wide else "utf-8-sig", "replace")
    return html.encode("utf-8", "replace").decode("utf-8")  # without lone surrogates


def _collect(
    messages: Sequence[LexborNode], username: str | None
) -> tuple[tuple[Post, ...], dict[str, int]]:
    """Return the posts of @username by rising id, each once, and why others were left out."""
    posts: dict[int, Post] = {}
    skipped: Counter[str] = Counter()
    for node in messages:
        name, post_id = _post_name(node)
        if name is None or post_id is None:
            skipped["a post without a usable name and id"] += 1
        elif username is None or name.lower() != username.lower():
            skipped["a post of another chat"] += 1
        else:
            post = read_post(node, post_id, username)
            if isinstance(post, str):
                skipped[post] += 1
            elif post.id in posts:
                skipped["a post that stands on the page twice"] += 1
            else:
                posts[post.id] = post
    return tuple(posts[number] for number in sorted(posts)), dict(skipped)


def _post_name(message: LexborNode) -> tuple[str | None, int | None]:
    name, _, number = (attribute(message, "data-post") or "").partition("/")
    return (name if USERNAME.fullmatch(name) else None), read_post_id(number)


def _username(tree: LexborHTMLParser, messages: Sequence[LexborNode]) -> str | None:
    """Return the chat's name as its owner writes it; the header has it as it was asked for."""
    names = Counter(name for name, number in map(_post_name, messages) if name and number)
    if names:
        return names.most_common(1)[0][0]
    shown = read_plain(tree.css_first(".tgme_channel_info_header_username")) or ""
    name = shown.removeprefix("@")
    return name if USERNAME.fullmatch(name) else None


def _chat(
    tree: LexborHTMLParser,
    messages: Sequence[LexborNode],
    views: Sequence[View],
    *,
    username: str | None,
    is_history: bool,
) -> ChatSighting:
    channels = Counter(view.channel_id for view in views if view.channel_id is not None)
    channel = channels.most_common(1)[0][0] if channels else None
    peer = Peer(kind=PeerKind.CHANNEL, id=channel) if channel is not None else None
    if not is_history:
        return _embedded_chat(messages[0], username=username, peer=peer)
    counters = _counters(tree)
    title = read_plain(tree.css_first(".tgme_channel_info_header_title"))
    if title is None:
        meta = tree.css_first('meta[property="og:title"]')
        title = attribute(meta, "content") if meta is not None else None
    return ChatSighting(
        peer=peer,
        kind=ChatKind.CHANNEL,
        title=title,
        username=username,
        description=_description(tree),
        members=counters.get("subscribers"),
        verified=tree.css_first(".tgme_channel_info .verified-icon") is not None,
        is_public=True,
        counters=counters,
        picture_source=picture_address(
            tree.css_first(".tgme_channel_info .tgme_page_photo_image"), tree
        ),
    )


def _embedded_chat(message: LexborNode, *, username: str | None, peer: Peer | None) -> ChatSighting:
    """Return what a post by itself tells: groups name its sender, channels count its views."""
    parts = Parts(message)
    kind = ChatKind.CHANNEL if parts.first("views") is not None else None
    if group_sender(parts) is not None:
        kind = ChatKind.GROUP
    return ChatSighting(
        peer=peer,
        kind=kind,
        title=read_plain(parts.first("owner_name")),
        username=username,
        is_public=True,
    )


def _description(tree: LexborHTMLParser) -> str | None:
    """Return the description; a header without one says that there is none."""
    if tree.css_first(".tgme_channel_info") is None:
        return None
    return read_description(tree.css_first(".tgme_channel_info_description")) or ""


def _counters(tree: LexborHTMLParser) -> dict[str, int]:
    """Return subscribers, photos, videos, files, links; a counter of 0 is not on the page."""
    counters: dict[str, int] = {}
    for node in tree.css(".tgme_channel_info_counter")[:20]:
        count = parse_count(read_plain(node.css_first(".counter_value")) or "")
        name = (read_plain(node.css_first(".counter_type")) or "").lower()
        if count is not None and name.isascii() and name.isalpha():
            counters[name if name.endswith("s") else f"{name}s"] = count.value
    return counters


def _cursor(tree: LexborHTMLParser, name: str, relation: str) -> int | None:
    """Return the id behind a link to older or newer posts."""
    for node in tree.css(f".js-messages_more[data-{name}]"):
        number = read_post_id(attribute(node, f"data-{name}") or "")
        if number is not None:
            return number
    link = tree.css_first(f'link[rel="{relation}"]')
    values = query_values(attribute(link, "href"), name) if link is not None else []
    return read_post_id(values[0]) if values else None
