"""What machines are told of a page: descriptions and JSON-LD.

Knows schema.org's words for posts and chats; knows no HTML.
"""

from typing import Any, Final

from soso.i18n.speaker import Speaker
from soso.model.links import chat_path, post_path, telegram_chat_link, telegram_post_link
from soso.model.media import Picture
from soso.query.results import Card, ChatPage, PostPage
from soso.web.site.cards import card_name, chat_name
from soso.web.site.foreign import clip
from soso.web.site.paths import blob_path

_DESCRIPTION_WIDTH: Final = 160
_HEADLINE_WIDTH: Final = 110  # what search engines ask for
_BODY_WIDTH: Final = 1000


def describe_post(page: PostPage, speaker: Speaker) -> str:
    """Return one or two lines about a post: its excerpt, or its title and chat."""
    excerpt = clip(page.card.snippet.text or page.stored.post.text, _DESCRIPTION_WIDTH)
    return excerpt or f"{card_name(page.card, speaker)} · {chat_name(page.chat)}"


def describe_chat(page: ChatPage) -> str:
    """Return one or two lines about a chat."""
    return clip(page.chat.description, _DESCRIPTION_WIDTH) or chat_name(page.chat)


def shared_picture(card: Card) -> Picture | None:
    """Return the picture that a link to the card's page is shared with."""
    return card.cover or card.chat.picture


def post_as_json_ld(page: PostPage, speaker: Speaker, base: str) -> dict[str, Any]:
    """Return a post in schema.org's words.  base: the site's public address."""
    post, chat = page.stored.post, page.chat
    address = base + post_path(chat, post.id)
    known: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "SocialMediaPosting",
        "@id": address,
        "url": address,
        "mainEntityOfPage": address,
        "headline": clip(card_name(page.card, speaker), _HEADLINE_WIDTH),
        "datePublished": post.at.isoformat(),
        "author": _chat_as_json_ld(page, base),
    }
    if post.text:
        known["articleBody"] = clip(post.text, _BODY_WIDTH)
    if post.edited_at is not None:
        known["dateModified"] = post.edited_at.isoformat()
    if (link := telegram_post_link(chat, post.id)) is not None:
        known["sameAs"] = link
    if (picture := shared_picture(page.card)) is not None:
        known["image"] = {
            "@type": "ImageObject",
            "url": base + blob_path(picture.blob),
            "width": picture.width,
            "height": picture.height,
        }
    if counters := _count_as_json_ld(page):
        known["interactionStatistic"] = counters
    return known


def _chat_as_json_ld(page: PostPage, base: str) -> dict[str, Any]:
    chat = page.chat
    known = {
        "@type": "Organization",
        "name": chat_name(chat),
        "url": base + chat_path(chat),
    }
    link = telegram_chat_link(chat)
    return known | ({"sameAs": link} if link else {})


def _count_as_json_ld(page: PostPage) -> list[dict[str, Any]]:
    post = page.stored.post
    counts = (("ViewAction", post.views), ("ShareAction", post.forwards))
    return [
        {
            "@type": "InteractionCounter",
            "interactionType": f"https://schema.org/{action}",
            "userInteractionCount": count,
        }
        for action, count in counts
        if count is not None
    ]
