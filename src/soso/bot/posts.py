"""A post, a chat, a story, shown in the chat: with what is related, so that one goes on reading.

Knows how they are laid out as messages. Must not know aiogram.
"""

from typing import Final

from soso.bot.render import (
    MOST_CAPTION,
    MOST_UNITS,
    Html,
    bold,
    fill,
    fits,
    join,
    link,
    paragraphs,
    plain,
)
from soso.bot.screen import Button, Rows, Screen
from soso.bot.showing import (
    CHAT,
    POST,
    REPORT,
    STORY,
    Showing,
    about_of,
    card_emoji,
    card_name,
    chat_emoji,
    chat_name,
    heading,
    line_of,
    title_html,
)
from soso.i18n.speaker import Speaker
from soso.model.chat import Chat
from soso.model.links import chat_path, post_path, telegram_chat_link, telegram_post_link
from soso.model.post import StoredPost
from soso.query.results import Card, ChatPage, PostPage
from soso.query.stories import StoryCard, StoryPage
from soso.text.foreign import clip

RELATED: Final = 6
STORY_POSTS: Final = 10
_LABEL: Final = 40
_REASONS: Final = 2


def render_post(
    found: PostPage, show: Showing, *, story: StoryCard | None = None, sure: bool = False
) -> Screen:
    """Return a post with its cover, text and related posts. sure: shown though it is sensitive."""
    say = show.speaker
    card, chat = found.card, found.chat
    post_id = found.stored.post.id
    if card.sensitive and not (show.sensitive or sure):
        return _veiled(card, show)
    picture = card.cover.blob if card.cover is not None else None
    most = MOST_CAPTION if picture else MOST_UNITS
    related = [line_of(one, show) for one in found.related[:RELATED]] if not picture else []
    tail = join((heading(say.text("bot.related")), *related), "\n") if related else Html()
    head = join(
        (
            join((plain(card_emoji(card)), bold(title_html(card, show.speaker, marks=0))), " "),
            _about_post(found.stored, chat, show),
        ),
        "\n",
    )
    body = paragraphs(found.stored.post.text, most=most - head.units - tail.units - 200)
    text = join((head, body, tail), "\n\n")
    return Screen(
        text=text if fits(text, most) else fill((head, body), most=most, between="\n\n"),
        rows=(
            *_related_rows(found.related[:RELATED], show),
            *_story_row(story, show),
            _way_row(chat, post_id, show),
            _neighbour_row(found, show),
        ),
        picture=picture,
    )


def _veiled(card: Card, show: Showing) -> Screen:
    speaker = show.speaker
    post_id = card.stored.post.id if card.stored is not None else 0
    row = (show.button(speaker.text("bot.show_sensitive"), POST, card.chat.ref, post_id, "1"),)
    return Screen(text=plain(speaker.text("bot.sensitive")), rows=(row,))


def _about_post(stored: StoredPost, chat: Chat, show: Showing) -> Html:
    speaker, post = show.speaker, stored.post
    parts = [
        link(plain(clip(chat_name(chat), 64)), telegram_chat_link(chat)),
        plain(speaker.moment(post.at).full),
    ]
    if post.views is not None:
        parts.append(plain(f"👁 {speaker.count(post.views)}"))
    return join(parts, " · ")


def _related_rows(related: tuple[Card, ...], show: Showing) -> Rows:
    """One tap goes on to a related post."""
    return tuple((_card_button(card, show),) for card in related)


def _card_button(card: Card, show: Showing) -> Button:
    label = clip(f"{card_emoji(card)} {card_name(card, show.speaker)}", _LABEL)
    if card.stored is None:
        return show.button(label, CHAT, card.chat.ref)
    return show.button(label, POST, card.chat.ref, card.stored.post.id)


def _story_row(story: StoryCard | None, show: Showing) -> Rows:
    say = show.speaker
    if story is None:
        return ()
    name = clip(card_name(story.card, show.speaker), 30)
    return ((show.button(say.text("bot.story", title=name), STORY, story.number),),)


def _way_row(chat: Chat, post_id: int | None, show: Showing) -> tuple[Button, ...]:
    """Out to Telegram and to the page, and to the operator."""
    speaker = show.speaker
    if post_id is None:
        telegram, page = telegram_chat_link(chat), show.page_link(chat_path(chat))
        words: tuple[object, ...] = (chat.ref,)
    else:
        telegram = telegram_post_link(chat, post_id)
        page = show.page_link(post_path(chat, post_id))
        words = (chat.ref, post_id)
    buttons = []
    if telegram is not None:
        buttons.append(Button(text=speaker.text("bot.open"), url=telegram))
    if page is not None:
        buttons.append(Button(text=speaker.text("bot.page"), url=page))
    if show.private:
        buttons.append(show.button(speaker.text("bot.report"), REPORT, *words))
    return tuple(buttons)


def _neighbour_row(found: PostPage, show: Showing) -> tuple[Button, ...]:
    say = show.speaker
    buttons = []
    for card, label in (
        (found.older, say.text("bot.older")),
        (found.newer, say.text("bot.newer")),
    ):
        if card is not None and card.stored is not None:
            buttons.append(show.button(label, POST, card.chat.ref, card.stored.post.id))
    return tuple(buttons)


def render_chat(found: ChatPage, related: tuple[Card, ...], show: Showing) -> Screen:
    """Return what a chat is, and its newest posts."""
    chat, speaker = found.chat, show.speaker
    title = join((plain(chat_emoji(chat)), bold(plain(clip(chat_name(chat), 100)))), " ")
    facts = [speaker.pick("chat_kind", chat.kind)]
    if chat.members is not None:
        facts.append(speaker.text("bot.members", count=speaker.count(chat.members)))
    facts.append(speaker.text("bot.posts", n=found.posts))
    about = paragraphs(clip(chat.description, 500), most=1000)
    posts = [line_of(card, show) for card in found.rows]
    lines = [join((title, plain(" · ".join(facts))), "\n"), about]
    if posts:
        lines.append(join((heading(speaker.text("bot.newest")), *posts), "\n"))
    return Screen(
        text=fill(lines, between="\n\n"),
        rows=(*_related_rows(related, show), _way_row(chat, None, show)),
    )


def render_story(found: StoryPage, show: Showing) -> Screen:
    """Return a story: who told what, in order of time, the last of it where it is long."""
    speaker, story = show.speaker, found.story
    posts = [post for day in found.days for post in day.posts]
    facts = " · ".join(
        (
            speaker.text("bot.story_chats", n=len(story.chats)),
            speaker.text("bot.posts", n=story.posts),
        )
    )
    head = join((heading(f"🔥 {clip(card_name(story.card, speaker), 120)}"), plain(facts)), "\n")
    lines = [
        join((line_of(post.card, show), about_of(post.card, show)), "\n")
        for post in posts[-STORY_POSTS:]
    ]
    if len(posts) > STORY_POSTS:
        lines.insert(0, plain(speaker.text("bot.story_earlier", n=len(posts) - STORY_POSTS)))
    buttons = tuple((_card_button(post.card, show),) for post in posts[-3:])
    return Screen(text=fill((head, *lines), between="\n\n"), rows=buttons)


def list_cards(cards: tuple[Card, ...] | list[Card], head: str, show: Showing) -> Html:
    """Return a list of posts under a heading."""
    lines = [join((line_of(card, show), about_of(card, show)), "\n") for card in cards]
    return fill((heading(head), *lines), between="\n\n")


def story_line(story: StoryCard, address: str | None, speaker: Speaker) -> Html:
    """Return the line of a story in a list."""
    name = link(plain(clip(card_name(story.card, speaker), 64)), address)
    facts = speaker.text("bot.story_chats", n=len(story.chats))
    return join((plain("🔥"), name, plain(f"· {facts}")), " ")
