"""No post that is told gets lost: it is listed or counted, whatever it takes to show it."""

import pytest

from soso.alerts.digest import LISTED, Digest
from soso.alerts.watch import Door, Owner, Watch
from soso.bot.digests import render_digest
from soso.bot.render import fits
from soso.bot.screen import Screen
from soso.bot.showing import Showing
from soso.doubles.bot_api.html import parse_html
from soso.query.results import Card
from soso.text.snippet import Snippet
from tests.unit.web.fakes import NOW, make_card, make_chat, make_stored

MARKS = ((0, 1), (2, 3), (4, 5), (6, 7))
WATCH = Watch(owner=Owner(door=Door.BOT, id="7"), text="台风", created_at=NOW, since=NOW, number=3)


def make_cards(title: str, text: str, count: int = LISTED) -> tuple[Card, ...]:
    chat = make_chat(1)
    return tuple(
        make_card(
            make_stored(number, chat),
            chat,
            title=Snippet(text=title, highlights=MARKS),
            snippet=Snippet(text=text, highlights=MARKS),
        )
        for number in range(1, count + 1)
    )


def shown(screen: Screen) -> str:
    assert fits(screen.text)
    return parse_html(screen.text.source).text


def has_all(screen: Screen) -> bool:
    return any("See all" in button.text for row in screen.rows for button in row)


@pytest.mark.parametrize("more", [0, 5])
def test_posts_full_of_marks_are_all_listed(show: Showing, more: int) -> None:
    cards = make_cards("雪 雪 雪 雪 台风来了", "雪 雪 雪 雪 " + "登陆" * 60)
    screen = render_digest(Digest(number=1, watch=WATCH, cards=cards, more=more), show)
    text = shown(screen)
    assert text.count("台风来了") == LISTED
    assert ("and 5 more" in text) is bool(more)
    assert has_all(screen) is bool(more)


@pytest.mark.parametrize("more", [0, 5])
def test_posts_that_do_not_fit_are_counted(show: Showing, more: int) -> None:
    cards = make_cards("雪 雪 雪 雪 台风来了" + "@a" * 60, "雪" * 120, count=40)
    digest = Digest(number=1, watch=WATCH, cards=cards, more=more, repeat=True)
    screen = render_digest(digest, show)
    text = shown(screen)
    listed = text.count("台风来了")
    assert LISTED < listed < len(cards)
    assert text.endswith(f"and {len(cards) - listed + more} more")
    assert has_all(screen)
