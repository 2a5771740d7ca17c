"""A page of an HTML export becomes rows. Pure; raises nothing.

Knows the exporter's classes. HTML has no ids of chats and senders, no chat type and no edits; rows
about what happened in a chat have not even a time of their own.
"""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta, tzinfo
from typing import Final

from selectolax.lexbor import LexborHTMLParser, LexborNode

from soso.model.media import Media
from soso.model.post import Forward, LinkPreview, Location, Poll, Post, Reply
from soso.model.value import Value
from soso.sources.desktop_export.formatting import Formatted, join_formatted
from soso.sources.desktop_export.html_events import (
    NO_MESSAGES,
    parse_event,
    parse_giveaway,
    read_day,
)
from soso.sources.desktop_export.html_media import (
    Locate,
    read_html_buttons,
    read_html_location,
    read_html_poll,
    read_html_reactions,
    read_wrap,
)
from soso.sources.desktop_export.html_text import class_tokens, plain_text, read_html_text
from soso.sources.desktop_export.parse import (
    CONTACT,
    EMPTY,
    NO_ID,
    NO_TIME,
    SkipReason,
)
from soso.sources.desktop_export.parts import read_game
from soso.sources.desktop_export.times import Moment, from_local, from_offset
from soso.sources.desktop_export.wire import MAX_ID, as_int, as_label

_ROWS: Final = "div.history > div.message"
_ROW_ID: Final = re.compile(r"message(-?[0-9]{1,16})")
_REPLY: Final = re.compile(r"#go_to_message(-?[0-9]{1,16})")
_TIME: Final = re.compile(
    r"(\d{2})\.(\d{2})\.(\d{4}) (\d{2}):(\d{2}):(\d{2})"
    r"(?: UTC(?:([+-])(\d{2}):(\d{2}))?)?",
    re.ASCII,
)
_VIA: Final = re.compile(r"(?:\A| )via @(\w+)\Z")
_NO_NAME: Final = frozenset({"", "Deleted Account", "Deleted"})
_CARDS_WITH_WORDS: Final = ".media_venue, .media_game, .media_invoice"


class Sender(Value):
    """Who wrote a row; a row marked as joined has the one of the row before."""

    name: str | None = None
    bot: str | None = None
    forward: Forward | None = None


class PageState:
    """What a page hands to the next row and page: the last sender, the last time seen."""

    def __init__(self, title: str | None, zone: tzinfo | None, locate: Locate) -> None:
        self.title = title
        self.zone = zone
        self.locate = locate
        self.sender = Sender()
        self.last_at: datetime | None = None


def read_page(html: str) -> LexborHTMLParser:
    """Return the tree of a page."""
    return LexborHTMLParser(html)


def read_title(page: LexborHTMLParser) -> str | None:
    """Return the chat's title."""
    return as_label(plain_text(page.css_first(".page_header .text.bold")))


def is_page(page: LexborHTMLParser) -> bool:
    """Whether it is a page of messages."""
    return page.css_first("div.history") is not None


def has_next(page: LexborHTMLParser, name: str) -> bool:
    """Whether a page says that the chat goes on in the page of that name."""
    return any(link.attributes.get("href") == name for link in page.css("a.pagination"))


def iter_rows(page: LexborHTMLParser, state: PageState) -> Iterator[Post | SkipReason]:
    """Yield the rows of a page, each as a post or the reason why it is none.

    Lines between days are no rows. Their ids are negative, as are those of messages from before a
    group became a supergroup, so it is their words that tell them.
    """
    for row in page.css(_ROWS):
        found = _ROW_ID.fullmatch(row.id or "")
        post_id = as_int(found[1], low=-MAX_ID) if found is not None else None
        if "service" not in class_tokens(row):
            yield _parse_message(row, post_id, state) if post_id else NO_ID
        elif (day := read_day(sentence := plain_text(row.css_first(".body")))) is not None:
            moment = from_local(day, state.zone)
            state.last_at = moment.at if moment is not None else state.last_at
        elif sentence != NO_MESSAGES:
            yield parse_event(sentence, post_id, state.last_at) if post_id else NO_ID


def _parse_message(row: LexborNode, post_id: int, state: PageState) -> Post | SkipReason:
    body = next((node for node in row.iter() if "body" in class_tokens(node)), None)
    if body is None:
        return EMPTY
    forwarded = next((node for node in body.iter() if "forwarded" in _body_tokens(node)), None)
    _see_sender(row, body, forwarded, state)
    moment = _read_time(body.css_first(".date"), state.zone)
    if moment is None:
        return NO_TIME
    state.last_at = moment.at
    parts = _Parts(state.locate)
    for holder in (body, forwarded):
        if holder is not None:
            parts.read(holder)
    buttons = tuple(read_html_buttons(body))
    text, entities = join_formatted(parts.texts)
    if not (text.strip() or parts.has_more or buttons):
        return _parse_wordless(body, post_id, moment)
    own = state.sender.name in (None, state.title)
    return Post(
        id=post_id,
        at=moment.at,
        at_certain=moment.certain,
        text=text,
        entities=entities,
        author=parts.signature if own else state.sender.name,
        via_bot=state.sender.bot,
        reactions=read_html_reactions(body),
        forward=state.sender.forward if forwarded is not None else None,
        reply=_read_reply(body),
        media=tuple(parts.media),
        poll=parts.poll,
        location=parts.location,
        previews=tuple(parts.previews),
        buttons=buttons,
    )


def _parse_wordless(body: LexborNode, post_id: int, moment: Moment) -> Post | SkipReason:
    """Giveaways are kept as something that happened; contacts and empty messages are not kept."""
    giveaway = body.css_first(".media_giveaway")
    if giveaway is not None:
        return parse_giveaway(plain_text(giveaway), post_id, moment)
    return CONTACT if body.css_first(".media_contact") is not None else EMPTY


def _body_tokens(node: LexborNode) -> list[str]:
    tokens = class_tokens(node)
    return tokens if "body" in tokens else []


class _Parts:
    """What stands in the body of a row, or in the forwarded body inside it."""

    def __init__(self, locate: Locate) -> None:
        self._locate = locate
        self.texts: list[Formatted] = []
        self.media: list[Media] = []
        self.poll: Poll | None = None
        self.location: Location | None = None
        self.previews: list[LinkPreview] = []
        self.signature: str | None = None

    @property
    def has_more(self) -> bool:
        """Whether there is anything beside text."""
        return bool(self.media or self.poll or self.location or self.previews)

    def read(self, holder: LexborNode) -> None:
        for node in holder.iter():
            tokens = class_tokens(node)
            if "media_wrap" in tokens:
                self._read_wrap(node)
            elif "text" in tokens:
                self.texts.append(read_html_text(node))
            elif "signature" in tokens:
                self.signature = as_label(plain_text(node))

    def _read_wrap(self, wrap: LexborNode) -> None:
        self.media.extend(read_wrap(wrap, self._locate))
        self.poll = self.poll or read_html_poll(wrap)
        self.location = self.location or read_html_location(wrap)
        if self.location is None and (card := wrap.css_first(_CARDS_WITH_WORDS)) is not None:
            self._read_card(card)

    def _read_card(self, card: LexborNode) -> None:
        """Read a game as JSON exports are read: as the page it opens; others as their words."""
        title, words = (plain_text(card.css_first(part)) for part in (".title", ".description"))
        link = card.attributes.get("href") if "media_game" in class_tokens(card) else None
        game = read_game({"game_link": link, "game_title": title, "game_description": words})
        if game is not None:
            self.previews.append(game)
        else:
            self.texts.append(("\n".join(word for word in (title, words) if word), ()))


def _see_sender(
    row: LexborNode, body: LexborNode, forwarded: LexborNode | None, state: PageState
) -> None:
    if "joined" not in class_tokens(row):
        name, bot = _read_name(_own_name(body))
        state.sender = Sender(name=name, bot=bot)
    if forwarded is not None and (label := _own_name(forwarded)) is not None:
        name, bot = _read_name(label)
        date = label.css_first("span")
        moment = _read_time(date, state.zone)
        state.sender = Sender(
            name=state.sender.name,
            bot=state.sender.bot or bot,
            forward=Forward(name=name, at=moment.at if moment is not None else None),
        )
    elif forwarded is not None and state.sender.forward is None:
        state.sender = Sender(name=state.sender.name, bot=state.sender.bot, forward=Forward())


def _own_name(holder: LexborNode) -> LexborNode | None:
    return next((node for node in holder.iter() if "from_name" in class_tokens(node)), None)


def _read_name(label: LexborNode | None) -> tuple[str | None, str | None]:
    """Return the name and the bot in `Name via @bot`; the date in a span is not part of it."""
    if label is None:
        return None, None
    words = "".join(
        node.text_content or "" for node in label.iter(include_text=True) if node.is_text_node
    ).strip()
    via = _VIA.search(words)
    name = words[: via.start()].strip() if via is not None else words
    return (None if name in _NO_NAME else as_label(name)), via[1] if via is not None else None


def _read_time(node: LexborNode | None, zone: tzinfo | None) -> Moment | None:
    """Return the time in a node's title, or in its text, which is where old exports have it."""
    if node is None:
        return None
    match = _TIME.search(node.attributes.get("title") or "") or _TIME.search(plain_text(node))
    if match is None:
        return None
    day, month, year, hour, minute, second = (int(match[number]) for number in range(1, 7))
    try:
        written = datetime(year, month, day, hour, minute, second)
        if "UTC" not in match[0]:
            return from_local(written, zone)
        sign = -1 if match[7] == "-" else 1
        offset = timedelta(hours=int(match[8] or 0), minutes=int(match[9] or 0))
        return from_offset(written, sign * offset, zone)
    except ValueError:
        return None


def _read_reply(body: LexborNode) -> Reply | None:
    link = body.css_first(".reply_to a")
    match = _REPLY.search(link.attributes.get("href") or "") if link is not None else None
    post_id = as_int(match[1], low=-MAX_ID) if match is not None else None
    return Reply(post_id=post_id) if post_id else None
