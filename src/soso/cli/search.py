"""soso search WORDS"""

from pathlib import Path
from typing import Any

import click
from rich.text import Text

from soso.bootstrap import App
from soso.cli.options import base_url, data_option, json_option, opened
from soso.cli.terminal import err, foreign, harmless, out, print_json
from soso.i18n.language import Language
from soso.i18n.speaker import Speaker
from soso.model.errors import SosoError
from soso.query.plan_types import Mode, Sort
from soso.query.results import KIND_TABS, Card, ResultPage, SearchRequest
from soso.query.rows import build_rows
from soso.text.snippet import Snippet


@click.command()
@click.argument("words", nargs=-1)
@click.option("--kind", type=click.Choice(KIND_TABS), help="Only this kind.")
@click.option(
    "--sort",
    type=click.Choice([sort.value for sort in Sort]),
    default=Sort.RELEVANCE.value,
    show_default=True,
)
@click.option(
    "--mode",
    type=click.Choice([mode.value for mode in Mode]),
    help="By words, by meaning or by both. [default: as set]",
)
@click.option("--limit", type=click.IntRange(1, 100), default=10, show_default=True)
@click.option("--page", help="The page token that a former answer gave.")
@click.option("--collapse/--no-collapse", default=True, help="One hit for all copies.")
@click.option("--sensitive", is_flag=True, help="Show sensitive content too.")
@click.option("--explain", is_flag=True, help="Say why each hit is where it is.")
@json_option
@data_option
def search(
    words: tuple[str, ...],
    as_json: bool,
    data: Path | None,
    sort: str,
    mode: str | None,
    **asked: Any,
) -> None:
    """Search for WORDS; the grammar is that of the web page and the bot.

    \b
    "exact"  -not  a OR b  kind:video  chat:NAME  from:NAME  lang:zh  has:link  #tag
    after:2026-11  before:7d  views:>1000
    A word that begins with a dash goes behind --, as in: soso search -- 彗星 -台风
    """
    request = SearchRequest(
        text=" ".join(words),
        sort=Sort(sort),
        mode=Mode(mode) if mode else None,
        facets=False,
        **asked,
    )
    with opened(data) as app:
        load_meaning(app, request.mode)
        page = app.search(request)
        speaker = Speaker(Language.ENGLISH, app.zone, app.clock.now())
        notices = [speaker.notice(notice) for notice in page.notices]
        if not as_json:
            _print(page, notices, speaker)
            return
        print_json(
            {
                "query": page.text,
                "total": page.total,
                "full": page.full,
                "mode": page.mode,
                "notices": notices,
                "did_you_mean": page.did_you_mean,
                "hits": build_rows(page.rows, base_url(app), sensitive=request.sensitive),
                "next_page": page.next_page,
                "took_ms": page.took_ms,
                **({"explained": page.explained} if request.explain else {}),
            }
        )


def load_meaning(app: App, mode: Mode | None) -> None:
    """Open the model for one search, unless it goes by words; say so if that fails."""
    if (mode or Mode(app.settings.mode)) is Mode.WORDS:
        return
    try:
        app.load_meaning()
    except SosoError as error:
        err().print("note: words only, since", foreign(str(error)), style="yellow")


def _print(page: ResultPage, notices: list[str], speaker: Speaker) -> None:
    console = out()
    for notice in notices:
        err().print("note:", foreign(notice), style="yellow")
    for meant in page.did_you_mean:
        console.print("did you mean:", foreign(meant))
    console.print(f"{page.total:,} found in {page.took_ms:.0f} ms", style="dim")
    for number, card in enumerate(page.rows, 1):
        print_card(card, speaker, number)
        if page.explained:
            console.print(foreign(page.explained[number - 1]), style="dim")
    if page.next_page:
        console.print(f"more: --page {page.next_page}", style="dim")


def print_card(card: Card, speaker: Speaker, number: int) -> None:
    """Print a hit in two or three lines."""
    console = out()
    title = _marked(card.title) if card.title.text else Text(f"({card.fallback})")
    post = card.stored.post if card.stored is not None else None
    name = card.chat.ref if post is None else f"{card.chat.ref}/{post.id}"
    console.print(Text.assemble(f"{number:>3}. ", title, style="bold"))
    facts = [",".join(card.kinds), name]
    if post is not None:
        facts += [harmless(card.chat.title), speaker.moment(post.at).full]
    elif card.chat.members is not None:
        facts.append(f"{card.chat.members:,} members")
    if card.copies:
        facts.append(f"{card.copies} copies in {card.copying_chats} other chats")
    if not card.full:
        facts.append("has only some of the words")
    console.print("     " + " · ".join(facts), style="dim", markup=False)
    if card.snippet.text:
        console.print(Text("     ").append(_marked(card.snippet)))
    if card.reasons:
        why = " · ".join(harmless(speaker.reason(reason)) for reason in card.reasons)
        console.print(Text(f"     {why}", style="italic"))


def _marked(snippet: Snippet) -> Text:
    text, at = Text(), 0
    for start, end in snippet.highlights:
        text.append(harmless(snippet.text[at:start]))
        text.append(harmless(snippet.text[start:end]), style="bold red")
        at = end
    return text.append(harmless(snippet.text[at:]))
