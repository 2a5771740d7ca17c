"""What every screen needs to be drawn, and the small pieces they share.

Knows emoji, addresses and how hits are named. Must not know aiogram or the store.
"""

import re
from collections.abc import Callable
from typing import Final, NamedTuple

import msgspec

from soso.bot.render import Html, bold, join, link, marked, plain, units_of
from soso.bot.screen import Button
from soso.bot.state import SEARCH, Sealer, SearchState, is_long, pack_search
from soso.i18n.language import Language
from soso.i18n.speaker import Speaker
from soso.model.chat import Chat, ChatKind
from soso.model.links import (
    chat_path,
    post_path,
    story_path,
    telegram_chat_link,
    telegram_post_link,
)
from soso.query.results import Card
from soso.text.foreign import clean_line, clip, is_blank
from soso.text.snippet import Snippet

KIND_EMOJI: Final = {
    None: "🌐",
    "group": "👥",
    "channel": "📢",
    "bot": "🤖",
    "video": "🎬",
    "photo": "🏞",
    "audio": "🎧",
    "file": "📁",
    "post": "💬",
}
_CHATS: Final = {ChatKind.GROUP: "👥", ChatKind.BOT: "🤖"}
_OF_POSTS: Final = ("video", "photo", "audio", "file")
_START: Final = re.compile(r"[A-Za-z0-9_-]{1,64}")
_TITLE: Final = 64  # code points
_NAME: Final = 32

# What a button does; the letter stands in state.py's data.
POST: Final = "p"
CHAT: Final = "c"
STORY: Final = "e"
NOTHING: Final = "n"
WATCH: Final = "w"
REPORT: Final = "r"

_LANGUAGES: Final = tuple(Language)


class Showing(NamedTuple):
    """How screens of one reader are drawn.

    keep: keeps a query under a token. username: the bot's. public_url: of the pages, may be empty.
    private: in a chat with one person; some buttons are only for those.
    """

    speaker: Speaker
    sealer: Sealer
    keep: Callable[[str, str], None]
    username: str
    public_url: str = ""
    private: bool = True
    sensitive: bool = False

    def start_link(self, payload: str) -> str | None:
        """Return the address that opens the bot at something; None if it can't be said so."""
        if not self.username or not _START.fullmatch(payload):
            return None
        return f"https://t.me/{self.username}?start={payload}"

    def page_link(self, path: str) -> str | None:
        """Return the address of a page of ours."""
        return f"{self.public_url.rstrip('/')}{path}" if self.public_url else None

    def search_button(self, text: str, state: SearchState) -> Button:
        """Return a button that shows a search in the message it stands under."""
        return Button(text=text, pressed=self.sealer.seal(SEARCH, self.packed(state)))

    def watch_button(self, text: str, state: SearchState) -> Button:
        """Return a button that watches what a search finds."""
        return Button(text=text, pressed=self.sealer.seal(WATCH, self.packed(state)))

    def packed(self, state: SearchState) -> str:
        """Return a search as buttons hold it; a long query is kept."""
        if is_long(state.query):
            token = self.sealer.token_of(state.query)
            self.keep(token, state.query)
            state = msgspec.structs.replace(state, query="", token=token)
        return pack_search(state)

    def button(self, text: str, action: str, *words: object) -> Button:
        """Return a button that does something else; words: what it is done with, no spaces."""
        language = _LANGUAGES.index(self.speaker.language)
        rest = " ".join(str(word) for word in (language, *words))
        return Button(text=text, pressed=self.sealer.seal(action, rest))


def read_words(rest: str) -> tuple[Language, list[str]]:
    """Return the language and words of a button made by Showing.button."""
    first, *words = rest.split(" ")
    known = first.isdigit() and int(first) < len(_LANGUAGES)
    return _LANGUAGES[int(first)] if known else Language.SIMPLIFIED, words


def chat_emoji(chat: Chat) -> str:
    """Return the sign of a chat's kind."""
    return _CHATS.get(chat.kind, "📢")


def card_emoji(card: Card) -> str:
    """Return the sign of what a card is: of a post that of its media."""
    if card.stored is None:
        return chat_emoji(card.chat)
    return next((KIND_EMOJI[kind] for kind in _OF_POSTS if kind in card.kinds), "💬")


def chat_name(chat: Chat) -> str:
    """Return what to call a chat: its title, else @name, else its ref."""
    if not is_blank(chat.title):
        return clean_line(chat.title)
    return f"@{chat.username}" if chat.username else chat.ref


def card_name(card: Card, speaker: Speaker) -> str:
    """Return a card's title in plain text, or what kind of thing it is where it has none."""
    if not is_blank(card.title.text):
        return clean_line(card.title.text)
    return chat_name(card.chat) if card.stored is None else speaker.pick("fallback", card.fallback)


def card_start(card: Card) -> str:
    """Return what the bot is started with to show it in the chat: p_REF_ID, c_REF."""
    if card.stored is None:
        return f"c_{card.chat.ref}"
    return f"p_{card.chat.ref}_{card.stored.post.id}"


def card_link(card: Card, show: Showing) -> str | None:
    """Return where a hit opens: for everybody on Telegram, else its page, else in this bot."""
    if card.stored is None:
        address = telegram_chat_link(card.chat)
        return address or show.page_link(chat_path(card.chat)) or show.start_link(card_start(card))
    post_id = card.stored.post.id
    address = telegram_post_link(card.chat, post_id) if card.chat.username else None
    return (
        address
        or show.page_link(post_path(card.chat, post_id))
        or show.start_link(card_start(card))
        or telegram_post_link(card.chat, post_id)
    )


def story_link(number: int, show: Showing) -> str | None:
    """Return where a story is read: in the chat, else on its page."""
    return show.start_link(f"e_{number}") or show.page_link(story_path(number))


def title_html(card: Card, speaker: Speaker, *, marks: int = 8) -> Html:
    """Return a card's title with what was asked for in bold."""
    if is_blank(card.title.text):
        return plain(clip(card_name(card, speaker), _TITLE))
    return marked(card.title, most=_TITLE * 2, marks=marks)


def line_of(card: Card, show: Showing, *, number: int | None = None, marks: int = 4) -> Html:
    """Return the line of a hit: emoji, linked title, and how many people it has if it is a chat."""
    speaker = show.speaker
    before = card_emoji(card) if number is None else f"{number}. {card_emoji(card)}"
    parts = [plain(before), link(title_html(card, speaker, marks=marks), card_link(card, show))]
    if card.stored is None and card.chat.members is not None:
        parts.append(plain(f"· {speaker.count(card.chat.members)}"))
    return join(parts, " ")


def about_of(card: Card, show: Showing) -> Html:
    """Return the line below: chat and date, copies elsewhere, the way to related posts."""
    speaker = show.speaker
    parts: list[Html] = []
    if card.stored is not None:
        parts.append(plain(clip(chat_name(card.chat), _NAME)))
        parts.append(plain(speaker.moment(card.stored.post.at).short))
        if card.copying_chats:
            parts.append(plain(speaker.text("bot.copies", n=card.copying_chats)))
        more = link(plain(speaker.text("bot.related_short")), show.start_link(card_start(card)))
        if more.entities:
            parts.append(more)
    return join(parts, " · ")


def excerpt_of(card: Card, *, most: int, marks: int = 4) -> Html:
    """Return the passage that answers, if anything in it was asked for."""
    if most <= 0 or not card.snippet.highlights:
        return Html()
    snippet = _from_the_mark(card.snippet, most)
    before = plain("…") if snippet.cut_start else Html()
    passage = marked(snippet, most=most, marks=marks)
    is_whole = passage.units >= units_of(snippet.text)
    after = plain("…") if snippet.cut_end and is_whole else Html()
    return join((before, passage, after))


def _from_the_mark(snippet: Snippet, most: int) -> Snippet:
    """Return a snippet that begins a little before its first mark, if that is far inside."""
    first = snippet.highlights[0][0]
    start = first - most // 3
    if first + most // 3 <= most or start <= 0:
        return snippet
    moved = tuple((begin - start, end - start) for begin, end in snippet.highlights)
    return msgspec.structs.replace(
        snippet, text=snippet.text[start:], highlights=moved, cut_start=True
    )


def heading(text: str) -> Html:
    """Return a line that stands over a list."""
    return bold(plain(text))
