"""What the bot says by itself: how it is used, what is popular, what is new, in which language.

Must not know aiogram.
"""

from collections.abc import Sequence
from typing import Final

from soso.bot.posts import list_cards, story_line
from soso.bot.render import code, fill, join, ours, plain
from soso.bot.screen import Button, Screen, wrap
from soso.bot.showing import Showing, heading, story_link
from soso.bot.state import SearchState
from soso.i18n.language import Language
from soso.query.results import Card
from soso.query.stories import StoryCard
from soso.text.foreign import clip

LANGUAGE: Final = "l"
SENSITIVE: Final = "x"
_HINTS: Final = ("exact", "without", "either", "kind", "chat", "after", "views", "tag")


def render_start(popular: Sequence[str], show: Showing) -> Screen:
    """Return the first message: three lines, and searches to try."""
    speaker = show.speaker
    lines = (
        ours(speaker.text("bot.start_search")),
        ours(speaker.text("bot.start_buttons")),
        ours(speaker.text("bot.start_more")),
    )
    examples = [*popular[:3]] or [
        speaker.text("bot.example_one"),
        speaker.text("bot.example_two"),
        speaker.text("bot.example_three"),
    ]
    buttons = [_query_button(text, show) for text in examples]
    if show.private:
        buttons.append(Button(text=speaker.text("bot.try_inline"), inline=""))
    return Screen(text=join(lines, "\n"), rows=wrap(buttons, 1))


def render_help(show: Showing) -> Screen:
    """Return the grammar by examples, and the commands."""
    speaker = show.speaker
    hints = [
        join(
            (
                code(ours(speaker.text(f"hint_query.{name}"))),
                plain(speaker.text(f"hint.{name}")),
            ),
            " – ",
        )
        for name in _HINTS
    ]
    lines = (
        heading(speaker.text("bot.help_grammar")),
        *hints,
        heading(speaker.text("bot.help_commands")),
        ours(speaker.text("bot.help_reading")),
        ours(speaker.text("bot.help_alerts")),
        ours(speaker.text("bot.help_part")),
        ours(speaker.text("bot.help_groups")),
    )
    return Screen(text=fill(lines))


def render_hot(queries: Sequence[str], stories: Sequence[StoryCard], show: Showing) -> Screen:
    """Return what many ask and what many channels tell of."""
    speaker = show.speaker
    lines = [story_line(story, story_link(story.number, show), speaker) for story in stories]
    parts = []
    if lines:
        parts.append(join((heading(speaker.text("bot.hot_stories")), *lines), "\n"))
    if queries:
        parts.append(heading(speaker.text("bot.hot_queries")))
    if not parts:
        parts.append(plain(speaker.text("bot.hot_none")))
    buttons = [_query_button(text, show) for text in queries]
    return Screen(text=fill(parts, between="\n\n"), rows=wrap(buttons, 2))


def render_new(cards: Sequence[Card], show: Showing) -> Screen:
    """Return the newest posts."""
    say = show.speaker
    if not cards:
        return Screen(text=plain(say.text("bot.nothing_yet")))
    return Screen(text=list_cards(tuple(cards), say.text("bot.new"), show))


def render_languages(show: Showing) -> Screen:
    """Return the choice of languages."""
    speaker = show.speaker
    buttons = [
        show.button(_ticked(speaker.pick("language", one), one is speaker.language), LANGUAGE, one)
        for one in Language
    ]
    return Screen(text=plain(speaker.text("bot.choose_language")), rows=wrap(buttons, 1))


def render_settings(show: Showing) -> Screen:
    """Return what can be set for this chat: its language, and whether sensitive content shows."""
    speaker = show.speaker
    languages = render_languages(show).rows
    label = _ticked(speaker.text("bot.sensitive_on"), show.sensitive)
    switch = show.button(label, SENSITIVE, int(not show.sensitive))
    return Screen(text=plain(speaker.text("bot.settings")), rows=(*languages, (switch,)))


def _query_button(text: str, show: Showing) -> Button:
    state = SearchState(query=" ".join(text.split()), language=show.speaker.language)
    return show.search_button(f"🔍 {clip(text, 40)}", state)


def _ticked(label: str, on: bool) -> str:
    return f"✅ {label}" if on else label
