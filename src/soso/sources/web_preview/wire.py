"""The classes, attributes and nesting of preview pages.

Classes are matched as tokens, since Telegram adds states such as before_footer or ready to them.
Must not know what a post is.
"""

import base64
import binascii
from collections.abc import Iterator
from typing import Any, Final, NamedTuple

import msgspec
from selectolax.lexbor import LexborHTMLParser, LexborNode

MESSAGE: Final = "tgme_widget_message"
PREFIX: Final = MESSAGE + "_"

MEDIA: Final = frozenset(
    {
        "photo_wrap",
        "service_photo",
        "video_player",
        "roundvideo_player",
        "voice_player",
        "document_wrap",
        "sticker_wrap",
    }
)
# What is read by itself, so that its texts, names and pictures are not taken for the post's own.
# The outermost text div is among them: with albums it holds a second one of the same class.
_CLOSED: Final = MEDIA | {"reply", "link_preview", "text", "reactions", "contact_wrap"}
_NO_CONTENT: Final = frozenset({"script", "style", "template", "svg", "noscript"})

_MAX_NESTED: Final = 3
_MAX_POST_ID: Final = 2**31 - 1
_MAX_CHANNEL_ID: Final = 10**12  # -100<id> in the Bot API's form leaves room for no more
_FIRST_S: Final = 1375000000  # July 2013, just before Telegram
_LAST_S: Final = 4102444800  # 2100


class View(NamedTuple):
    """A message's data-view. channel_id: bare and positive; rendered_s: Unix seconds."""

    channel_id: int | None = None
    grouped: bool = False
    rendered_s: int | None = None


class Parts:
    """The marked elements of one message, by class token without the common prefix."""

    def __init__(self, message: LexborNode) -> None:
        self.message = message
        self.media: list[tuple[str, LexborNode]] = []
        self._by_token: dict[str, list[LexborNode]] = {}
        for node, tokens in _iter_marked(message):
            for token in tokens:
                self._by_token.setdefault(token, []).append(node)
                if token in MEDIA:
                    self.media.append((token, node))

    def all(self, token: str) -> list[LexborNode]:
        """Return the elements with a token, in the page's order."""
        return self._by_token.get(token, [])

    def first(self, token: str) -> LexborNode | None:
        """Return the first element with a token."""
        found = self._by_token.get(token)
        return found[0] if found else None


def class_tokens(node: LexborNode) -> list[str]:
    """Return an element's classes."""
    return (node.attributes.get("class") or "").split()


def has_class(node: LexborNode, token: str) -> bool:
    """Whether an element has the class."""
    return token in class_tokens(node)


def attribute(node: LexborNode, name: str) -> str | None:
    """Return an attribute's value; None when it is absent, empty or without a value."""
    return node.attributes.get(name) or None


def iter_messages(page: LexborHTMLParser) -> Iterator[LexborNode]:
    """Yield the messages of a page that name their post; "no messages found" does not.

    Where ends of elements are missing, messages come to lie in each other; a few levels of that
    are followed, as every level is read once more.
    """
    waiting: list[tuple[LexborNode | None, int]] = [(page.root, 0)]
    while waiting:
        node, depth = waiting.pop()
        while node is not None:
            below = depth
            if node.is_element_node and MESSAGE in class_tokens(node):
                below += 1
                if attribute(node, "data-post") is not None:
                    yield node
            if node.child is not None and below <= _MAX_NESTED:
                waiting.append((node.next, depth))
                node, depth = node.child, below
            else:
                node = node.next


def read_view(message: LexborNode) -> View:
    """Return what data-view says: base64url of JSON without padding. Anything odd is left out."""
    raw = attribute(message, "data-view")
    if raw is None or len(raw) > 4096:
        return View()
    try:
        content = base64.urlsafe_b64decode(raw + "=" * (-len(raw) % 4))
        fields: Any = msgspec.json.decode(content)
    except (binascii.Error, ValueError, msgspec.DecodeError, RecursionError):
        return View()
    if not isinstance(fields, dict):
        return View()
    post = fields.get("p")
    return View(
        channel_id=_in_range(fields.get("c"), -_MAX_CHANNEL_ID, -1, sign=-1),
        grouped=isinstance(post, str) and post.endswith("g"),
        rendered_s=_in_range(fields.get("t"), _FIRST_S, _LAST_S),
    )


def read_post_id(text: str) -> int | None:
    """Return a message id in digits, if it can be one."""
    if not (text.isascii() and text.isdigit() and len(text) <= 10):
        return None
    number = int(text)
    return number if 1 <= number <= _MAX_POST_ID else None


def read_channel_id(text: str) -> int | None:
    """Return a bare channel id in digits, if it can be one."""
    if not (text.isascii() and text.isdigit() and len(text) <= 12):
        return None
    return int(text) or None


def _in_range(value: Any, low: int, high: int, *, sign: int = 1) -> int | None:
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        return None
    return value * sign


def _iter_marked(message: LexborNode) -> Iterator[tuple[LexborNode, list[str]]]:
    """Yield elements with classes in the page's order, without recursion: pages may nest deeply."""
    waiting: list[LexborNode | None] = [message.child]
    while waiting:
        node = waiting.pop()
        while node is not None:
            tokens = _tokens(node) if node.is_element_node else []
            if MESSAGE in tokens:  # a message inside a message is one of its own
                node = node.next
                continue
            if tokens:
                yield node, tokens
            closed = node.tag in _NO_CONTENT or not _CLOSED.isdisjoint(tokens)
            if node.child is None or closed:
                node = node.next
            else:
                waiting.append(node.next)
                node = node.child


def _tokens(node: LexborNode) -> list[str]:
    return [token.removeprefix(PREFIX) for token in class_tokens(node)]
