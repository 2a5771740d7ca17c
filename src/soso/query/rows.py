"""Rows for machines: a card as plain values, the same in the API and on the command line.

Knows cards, pages' addresses and JSON's types. Must not know HTTP, terminals or wording.
"""

from typing import NotRequired, TypedDict
from urllib.parse import quote

from soso.model.links import chat_path, post_path, telegram_chat_link, telegram_post_link
from soso.model.media import Picture
from soso.query.results import Card


class CoverRow(TypedDict):
    """A small picture; width and height in pixels."""

    url: str
    width: int
    height: int


class ReasonRow(TypedDict):
    """Why a hit is there: story, link, post, picture, source, name, tag, words, meaning …"""

    code: str
    named: list[str]


class HitRow(TypedDict):
    """A hit. Ranges are [start, end) in code points of the text they are named after.

    kinds: what it is, such as ["post", "video"]. chat: what addresses and other answers call the
    chat. id: the post's, None where the hit is the chat itself. fallback: what to call a post
    without a title (photo, video, file …). full: whether it has all that was asked. at: ISO 8601,
    UTC. cluster: the same for all that say the same, of which there are so many more copies, in so many
    other chats. members and posts: of a chat, where known. veiled: sensitive, and not asked for; then
    title, snippet and cover are empty.
    """

    kinds: list[str]
    chat: str
    chat_title: str
    id: int | None
    title: str
    title_highlights: list[list[int]]
    snippet: str
    highlights: list[list[int]]
    fallback: str
    score: float
    full: bool
    url: str
    telegram_url: str | None
    at: str | None
    views: int | None
    cover: CoverRow | None
    sensitive: bool
    veiled: bool
    cluster: int | None
    copies: int
    copying_chats: int
    reasons: NotRequired[list[ReasonRow]]
    members: NotRequired[int | None]
    posts: NotRequired[int | None]


def build_row(card: Card, base_url: str = "", *, sensitive: bool = False) -> HitRow:
    """Return a card as a row.

    base_url: put before paths, without a slash at its end; empty leaves paths.
    sensitive: the reader asked to see sensitive content.
    """
    veiled = card.sensitive and not sensitive
    row = _bare_row(card, base_url, veiled=veiled)
    if not veiled:
        row["title"] = card.title.text
        row["title_highlights"] = [[start, end] for start, end in card.title.highlights]
        row["snippet"] = card.snippet.text
        row["highlights"] = [[start, end] for start, end in card.snippet.highlights]
        row["cover"] = _cover_row(card.cover, base_url)
    return row


def build_rows(cards: tuple[Card, ...], base_url: str, *, sensitive: bool) -> list[HitRow]:
    """Return cards as rows, in their order."""
    return [build_row(card, base_url, sensitive=sensitive) for card in cards]


def blob_path(sha256: str) -> str:
    """Return the address of a kept picture."""
    return f"/b/{quote(sha256, safe='')}"


def _bare_row(card: Card, base_url: str, *, veiled: bool) -> HitRow:
    chat, post = card.chat, card.stored.post if card.stored is not None else None
    path = chat_path(chat) if post is None else post_path(chat, post.id)
    row = HitRow(
        kinds=list(card.kinds),
        chat=chat.ref,
        chat_title=chat.title,
        id=None if post is None else post.id,
        title="",
        title_highlights=[],
        snippet="",
        highlights=[],
        fallback=card.fallback,
        score=card.score,
        full=card.full,
        url=base_url + path,
        telegram_url=(
            telegram_chat_link(chat) if post is None else telegram_post_link(chat, post.id)
        ),
        at=None if post is None else post.at.isoformat(),
        views=None if post is None else post.views,
        cover=None,
        sensitive=card.sensitive,
        veiled=veiled,
        cluster=card.cluster,
        copies=card.copies,
        copying_chats=card.copying_chats,
    )
    if card.reasons and not veiled:
        row["reasons"] = [{"code": one.code, "named": list(one.named)} for one in card.reasons]
    if post is None:
        row["members"] = chat.members
        row["posts"] = card.posts
    return row


def _cover_row(cover: Picture | None, base_url: str) -> CoverRow | None:
    if cover is None:
        return None
    return CoverRow(
        url=base_url + blob_path(cover.thumb),
        width=cover.thumb_width,
        height=cover.thumb_height,
    )
