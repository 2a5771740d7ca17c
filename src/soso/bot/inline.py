"""Results of inline searches: cards that are sent into any chat.

Knows what an inline result is made of. Must not know aiogram's dispatching or the store.
"""

from typing import Final

from aiogram.types import (
    InlineKeyboardMarkup,
    InlineQueryResultArticle,
    InputTextMessageContent,
    LinkPreviewOptions,
)

from soso.bot.keyboards import make_keyboard
from soso.bot.render import fill
from soso.bot.screen import Button
from soso.bot.showing import (
    Showing,
    about_of,
    card_emoji,
    card_link,
    card_name,
    card_start,
    chat_name,
    excerpt_of,
    line_of,
)
from soso.query.results import Card
from soso.text.foreign import clean_line, clip

MOST: Final = 50
_TITLE: Final = 100
_DESCRIPTION: Final = 160


def make_article(card: Card, show: Showing) -> InlineQueryResultArticle:
    """Return a card: what is seen while choosing, and the message that is sent."""
    thumb = show.page_link(f"/b/{card.cover.thumb}") if card.cover is not None else None
    if thumb is not None and not thumb.startswith("https://"):
        thumb = None  # Telegram fetches it; a page on this machine it can't
    cover = card.cover if thumb is not None else None
    return InlineQueryResultArticle(
        id=str(card.doc),
        title=clip(f"{card_emoji(card)} {card_name(card, show.speaker)}", _TITLE),
        description=_description(card, show) or None,
        input_message_content=InputTextMessageContent(
            message_text=fill(
                (line_of(card, show, marks=0), about_of(card, show), excerpt_of(card, most=300))
            ).source,
            parse_mode="HTML",
            link_preview_options=LinkPreviewOptions(is_disabled=True),
        ),
        reply_markup=_keyboard(card, show),
        thumbnail_url=thumb,
        thumbnail_width=cover.thumb_width if cover is not None else None,
        thumbnail_height=cover.thumb_height if cover is not None else None,
    )


def _description(card: Card, show: Showing) -> str:
    speaker = show.speaker
    if card.stored is None:
        members = card.chat.members
        count = speaker.text("bot.members", count=speaker.count(members)) if members else ""
        parts = [speaker.pick("chat_kind", card.chat.kind), count, clean_line(card.snippet.text)]
    else:
        at = speaker.moment(card.stored.post.at).short
        parts = [clip(chat_name(card.chat), 40), at, clean_line(card.snippet.text)]
    return clip(" · ".join(part for part in parts if part), _DESCRIPTION)


def _keyboard(card: Card, show: Showing) -> InlineKeyboardMarkup | None:
    speaker = show.speaker
    row = []
    if (address := card_link(card, show)) is not None:
        row.append(Button(text=speaker.text("bot.open"), url=address))
    more = show.start_link(card_start(card))
    if card.stored is not None and more is not None:
        row.append(Button(text=speaker.text("bot.related"), url=more))
    return make_keyboard((tuple(row),)) if row else None
