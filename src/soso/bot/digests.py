"""What an owner is told of a watch: the message and its buttons.

Must not know aiogram, nor when anything is told.
"""

from soso.alerts.digest import Digest
from soso.bot.render import fill, join, plain
from soso.bot.screen import Rows, Screen
from soso.bot.showing import Showing, about_of, excerpt_of, heading, line_of
from soso.bot.state import SearchState
from soso.bot.watching import CHANGE
from soso.text.foreign import clip


def render_digest(digest: Digest, show: Showing) -> Screen:
    """Return what was found, newest first, and the buttons of its watch."""
    say, watch = show.speaker, digest.watch
    lines = [heading(say.text("bot.alert_head", q=clip(watch.text, 80)))]
    if digest.repeat:
        lines.append(plain(say.text("bot.alert_repeat")))
    lines += [
        join((line_of(card, show), about_of(card, show), excerpt_of(card, most=120)), "\n")
        for card in digest.cards
    ]
    if digest.more:
        lines.append(plain(say.text("bot.alert_more", n=digest.more)))
    row = (
        show.button(f"🔕 {say.text('bot.watch_hours', n=8)}", CHANGE, watch.number, "mute", 8),
        show.button(say.text("bot.watch_stop"), CHANGE, watch.number, "stop"),
        show.button("⚙️", CHANGE, watch.number, "show"),
    )
    rows: Rows = (row,)
    if digest.more:
        state = SearchState(query=" ".join(watch.text.split()), language=show.speaker.language)
        rows = (row, (show.search_button(say.text("bot.alert_all"), state),))
    return Screen(text=fill(lines, between="\n\n"), rows=rows)
