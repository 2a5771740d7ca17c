"""What an owner is told of a watch: the message and its buttons.

Must not know aiogram, nor when anything is told.
"""

from typing import Final

from soso.alerts.digest import Digest
from soso.bot.render import Html, fits, join, plain
from soso.bot.screen import Rows, Screen
from soso.bot.showing import Showing, about_of, excerpt_of, heading, line_of
from soso.bot.state import SearchState
from soso.bot.watching import CHANGE
from soso.query.results import Card
from soso.text.foreign import clip

# Ever smaller forms of a post, until all fit: units of an excerpt, marks in a line.
_FORMS: Final = ((120, 4), (80, 3), (40, 2), (0, 1), (0, 0))


def render_digest(digest: Digest, show: Showing) -> Screen:
    """Return what was found, newest first, and the buttons of its watch."""
    say, watch = show.speaker, digest.watch
    text, more = _lay_out(digest, show)
    row = (
        show.button(f"🔕 {say.text('bot.watch_hours', n=8)}", CHANGE, watch.number, "mute", 8),
        show.button(say.text("bot.watch_stop"), CHANGE, watch.number, "stop"),
        show.button("⚙️", CHANGE, watch.number, "show"),
    )
    rows: Rows = (row,)
    if more:
        state = SearchState(query=" ".join(watch.text.split()), language=show.speaker.language)
        rows = (row, (show.search_button(say.text("bot.alert_all"), state),))
    return Screen(text=text, rows=rows)


def _lay_out(digest: Digest, show: Showing) -> tuple[Html, int]:
    """Return the message, and how many posts matched that it does not list.

    What is told is not told again, so posts are made smaller before any is left out, and those
    that are left out are counted.
    """
    say = show.speaker
    head = [heading(say.text("bot.alert_head", q=clip(digest.watch.text, 80)))]
    if digest.repeat:
        head.append(plain(say.text("bot.alert_repeat")))
    everything = len(digest.cards)
    fewer = [(listed, _FORMS[-1]) for listed in range(everything - 1, -1, -1)]
    for listed, (most, marks) in (*((everything, form) for form in _FORMS), *fewer):
        more = digest.more + everything - listed
        hits = [_hit(card, show, most=most, marks=marks) for card in digest.cards[:listed]]
        last = [plain(say.text("bot.alert_more", n=more))] if more else []
        text = join((*head, *hits, *last), "\n\n")
        if fits(text):
            break
    return text, more


def _hit(card: Card, show: Showing, *, most: int, marks: int) -> Html:
    lines = (
        line_of(card, show, marks=marks),
        about_of(card, show),
        excerpt_of(card, most=most, marks=marks),
    )
    return join(lines, "\n")
