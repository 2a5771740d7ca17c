"""The answer to a search, as one message: what was found, and the buttons to look further.

Knows how a page of results is laid out in 4,096 units and 100 entities. Must not know aiogram.
"""

from typing import Final

import msgspec

from soso.bot.render import Html, bold, fill, fits, join, plain
from soso.bot.screen import Button, Rows, Screen, wrap
from soso.bot.showing import (
    KIND_EMOJI,
    NOTHING,
    Showing,
    about_of,
    excerpt_of,
    line_of,
)
from soso.bot.state import SearchState
from soso.flows.turn_pages import Turned
from soso.query.plan_types import Sort
from soso.query.results import KIND_TABS, Card, Notice, ResultPage
from soso.query.variants import drop_dates, drop_filters, drop_kind
from soso.text.foreign import clip

ROWS: Final = 10
_QUERY: Final = 60
_GUESSES: Final = 3
# Ever smaller forms of a page, until it fits: units of an excerpt, marks in a line.
_FORMS: Final = ((80, 4), (60, 3), (40, 2), (0, 1), (0, 0))


def render_results(asked: SearchState, turned: Turned, show: Showing) -> Screen:
    """Return the message that answers; the same one is edited when a button is pressed.

    asked: with its query, also where a token names it.
    """
    asked = msgspec.structs.replace(asked, token="")
    page = turned.page
    if not page.rows:
        return _render_nothing(asked, turned, show)
    first = (turned.number - 1) * ROWS + 1
    head = _head(asked, page, show)
    for most, marks in _FORMS:
        hits = [
            _hit(card, show, first + place, most=most, marks=marks)
            for place, card in enumerate(page.rows)
        ]
        text = join((head, *hits), "\n\n")
        if fits(text):
            break
    else:
        text = fill((head, *hits), between="\n\n")
    rows = (
        *_guess_rows(asked, page, show),
        *_kind_rows(asked, page, show),
        _sort_row(asked, page, show),
        *_paging_row(asked, turned, show),
        *_last_row(asked, page, show),
    )
    return Screen(text=text, rows=rows)


def render_gone(show: Showing) -> Screen:
    """Return what stands where the query of an old button is forgotten."""
    say = show.speaker
    return Screen(text=plain(say.text("bot.query_gone")))


def _head(asked: SearchState, page: ResultPage, show: Showing) -> Html:
    speaker = show.speaker
    found = speaker.text("bot.total", n=page.total)
    took = speaker.text("bot.took", ms=max(1, round(page.took_ms)))
    lines = [
        join((plain("🔍"), bold(plain(clip(asked.query, _QUERY)))), " "),
        plain(f"{found} · {took}"),
        *(_notice(notice, show) for notice in page.notices[:4]),
    ]
    return join(lines, "\n")


def _notice(notice: Notice, show: Showing) -> Html:
    return plain(f"ℹ️ {clip(show.speaker.notice(notice), 200)}")


def _hit(card: Card, show: Showing, number: int, *, most: int, marks: int) -> Html:
    lines = (
        line_of(card, show, number=number, marks=marks),
        about_of(card, show),
        excerpt_of(card, most=most, marks=marks),
    )
    return join(lines, "\n")


def _render_nothing(asked: SearchState, turned: Turned, show: Showing) -> Screen:
    speaker = show.speaker
    page = turned.page
    lines = [
        plain(speaker.text("bot.nothing", q=clip(asked.query, _QUERY))),
        *(_notice(notice, show) for notice in page.notices[:4]),
    ]
    fresh = msgspec.structs.replace(asked, place=None)
    rows = list(_guess_rows(asked, page, show))
    kinds = _kind_rows(asked, page, show) if any(page.tabs.values()) else ()
    if asked.kind and not kinds:
        everything = msgspec.structs.replace(fresh, kind=None)
        rows.append((show.search_button(speaker.text("bot.try_all"), everything),))
    wider = drop_dates(asked.query)
    bare = drop_filters(asked.query)
    for text, label in (
        (wider, speaker.text("bot.try_dates")),
        (bare, speaker.text("bot.try_bare", q=clip(bare, 30))),
    ):
        if text.strip() and text != drop_kind(asked.query)[0] and text != asked.query:
            changed = msgspec.structs.replace(fresh, query=text)
            rows.append((show.search_button(label, changed),))
    if len(rows) == 0 and not kinds:
        lines.append(plain(speaker.text("bot.nothing_hint")))
    if turned.number > 1:
        rows.append((show.search_button(speaker.text("bot.first_page"), fresh),))
    return Screen(text=join(lines, "\n"), rows=(*rows, *kinds, *_last_row(asked, page, show)))


def _guess_rows(asked: SearchState, page: ResultPage, show: Showing) -> Rows:
    """Queries that may have been meant, a row each."""
    say = show.speaker
    return tuple(
        (
            show.search_button(
                say.text("bot.did_you_mean", q=clip(text, 40)),
                SearchState(query=text, kind=asked.kind, language=asked.language),
            ),
        )
        for text in page.did_you_mean[:_GUESSES]
    )


def _kind_rows(asked: SearchState, page: ResultPage, show: Showing) -> Rows:
    """The kinds that something was found of, the active one marked."""
    text, typed = drop_kind(asked.query)
    active = asked.kind or typed or None
    kinds = [kind for kind in KIND_TABS if page.tabs.get(kind) or kind == active]
    if not kinds:
        return ()
    query = asked.query if typed is None else text
    fresh = msgspec.structs.replace(asked, query=query, place=None)
    buttons: list[Button] = []
    for kind in (None, *kinds):
        sign = KIND_EMOJI[kind]
        label = f"✅{sign}" if kind == active and typed != "" else sign
        buttons.append(show.search_button(label, msgspec.structs.replace(fresh, kind=kind)))
    return wrap(buttons, 8 if len(buttons) <= 8 else 5)


def _sort_row(asked: SearchState, page: ResultPage, show: Showing) -> tuple[Button, ...]:
    """Orders, and whether copies stand in one line. Newest pressed again is oldest."""
    speaker = show.speaker
    fresh = msgspec.structs.replace(asked, place=None)
    by_date = page.sort if page.sort in (Sort.NEWEST, Sort.OLDEST) else None
    turn = Sort.OLDEST if by_date is Sort.NEWEST else Sort.NEWEST
    buttons = []
    for sort, is_active in (
        (Sort.RELEVANCE, page.sort is Sort.RELEVANCE),
        (turn, by_date is not None),
        (Sort.VIEWS, page.sort is Sort.VIEWS),
    ):
        shown = by_date if is_active and by_date is not None else sort
        label = speaker.pick("bot_sort", shown)
        mark = "✅" if is_active else ""
        buttons.append(
            show.search_button(f"{mark}{label}", msgspec.structs.replace(fresh, sort=sort))
        )
    label = speaker.text("bot.unfold") if asked.collapse else speaker.text("bot.fold")
    unfolded = msgspec.structs.replace(fresh, collapse=not asked.collapse)
    return (*buttons, show.search_button(label, unfolded))


def _paging_row(asked: SearchState, turned: Turned, show: Showing) -> Rows:
    if turned.previous is None and turned.following is None:
        return ()
    buttons = []
    if turned.previous is not None:
        before = msgspec.structs.replace(asked, place=turned.previous)
        buttons.append(show.search_button("⬅️", before))
    buttons.append(show.button(f"{turned.number}/{turned.pages}", NOTHING))
    if turned.following is not None:
        after = msgspec.structs.replace(asked, place=turned.following)
        buttons.append(show.search_button("➡️", after))
    return (tuple(buttons),)


def _last_row(asked: SearchState, page: ResultPage, show: Showing) -> Rows:
    """In a private chat: be told of what is new. Everywhere: send it elsewhere."""
    say = show.speaker
    buttons = []
    if show.private and page.text.strip():
        fresh = msgspec.structs.replace(asked, place=None)
        buttons.append(show.watch_button(say.text("bot.watch_this"), fresh))
    return (tuple(buttons),) if buttons else ()
