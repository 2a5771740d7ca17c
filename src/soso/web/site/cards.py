"""What a list says of a post or chat beside its title: names, labels, badges.

Knows cards and their media; knows no HTML. Wording is asked of the speaker.
"""

from collections.abc import Callable
from typing import Any, Final

from soso.i18n.speaker import Speaker
from soso.model.chat import Chat
from soso.model.media import Media, MediaKind
from soso.query.results import Card
from soso.web.site.covers import cover_path
from soso.web.site.foreign import clean_line, is_blank
from soso.web.site.paths import blob_path

BADGES: Final = ("video", "photo", "audio", "file", "poll")
"""Kinds worth telling in a row; that it is a post or has a link is not."""

_TIMED: Final = frozenset(
    {MediaKind.VIDEO, MediaKind.ANIMATION, MediaKind.ROUND_VIDEO, MediaKind.AUDIO, MediaKind.VOICE}
)
_EXTENSION_LIMIT: Final = 5


def chat_name(chat: Chat) -> str:
    """Return what to call a chat: its title, else @name, else its ref."""
    if not is_blank(chat.title):
        return clean_line(chat.title)
    return f"@{chat.username}" if chat.username else chat.ref


def has_title(card: Card) -> bool:
    """Whether a card's title can be read."""
    return not is_blank(card.title.text)


def card_name(card: Card, speaker: Speaker) -> str:
    """Return a card's title in plain text, or what kind of thing it is where it has none."""
    if has_title(card):
        return clean_line(card.title.text)
    return chat_name(card.chat) if card.stored is None else speaker.pick("fallback", card.fallback)


def card_badges(card: Card) -> list[str]:
    """Return the kinds that a row tells: of a chat its own, of a post those of its media."""
    if card.stored is None:
        return [card.chat.kind.value]
    return [kind for kind in BADGES if kind in card.kinds]


def card_cover(card: Card) -> tuple[str, int, int]:
    """Return the address, width and height of a card's picture, or of the drawing in its place."""
    if card.cover is not None:
        return blob_path(card.cover.thumb), card.cover.thumb_width, card.cover.thumb_height
    if card.stored is None:
        return chat_cover(card.chat)
    return cover_path(card.chat, card.stored.post, card.title.text or card.chat.title), 320, 200


def chat_cover(chat: Chat, *, veiled: bool = False) -> tuple[str, int, int]:
    """Return the same of a chat; a veiled one shows no picture of its own."""
    if chat.picture is not None and not veiled:
        return blob_path(chat.picture.thumb), chat.picture.thumb_width, chat.picture.thumb_height
    return cover_path(chat, None, chat.title), 320, 200


def cover_label(card: Card, speaker: Speaker) -> str:
    """Return the few letters in a cover's corner: 12:30, PDF, ×6; empty where nothing tells."""
    media = card.stored.post.media if card.stored is not None else ()
    if not media:
        return ""
    first = media[0]
    if len(media) > 1 and first.kind in (MediaKind.PHOTO, MediaKind.VIDEO):
        return f"×{len(media)}"
    if first.kind in _TIMED and first.duration_s is not None:
        return speaker.duration(first.duration_s)
    return file_label(first) if first.kind is MediaKind.FILE else ""


def file_label(media: Media) -> str:
    """Return a file's extension in capitals, empty if it has none worth showing."""
    stem, dot, extension = clean_line(media.file_name or "").rpartition(".")
    plain = extension.isascii() and extension.isalnum() and len(extension) <= _EXTENSION_LIMIT
    return extension.upper() if stem and dot and plain else ""


GLOBALS: Final[dict[str, Callable[..., Any]]] = {
    "chat_name": chat_name,
    "has_title": has_title,
    "card_name": card_name,
    "card_badges": card_badges,
    "card_cover": card_cover,
    "chat_cover": chat_cover,
    "cover_label": cover_label,
    "file_label": file_label,
}
