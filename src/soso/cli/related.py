"""soso related CHAT/ID, soso related CHAT"""

from pathlib import Path

import click

from soso.cli.options import base_url, data_option, json_option, opened, parse_post_name
from soso.cli.search import load_meaning, print_card
from soso.cli.terminal import out, print_json
from soso.i18n.language import Language
from soso.i18n.speaker import Speaker
from soso.query.rows import build_rows


@click.command()
@click.argument("name", metavar="CHAT[/ID]")
@click.option("--limit", type=click.IntRange(1, 100), default=8, show_default=True)
@click.option("--sensitive", is_flag=True, help="Show sensitive content too.")
@click.option("--copies", is_flag=True, help="Keep copies of the post, and of each other.")
@json_option
@data_option
def related(
    name: str, limit: int, sensitive: bool, copies: bool, as_json: bool, data: Path | None
) -> None:
    """Show what is related to a post, or which chats are related to a chat, and why."""
    with opened(data) as app:
        load_meaning(app, None)
        if "/" in name:
            chat, number = parse_post_name(name)
            cards = app.get_related(chat, number, limit=limit, sensitive=sensitive, copies=copies)
        else:
            cards = app.get_related_chats(name, limit=limit, sensitive=sensitive)
        if as_json:
            print_json({"related": build_rows(cards, base_url(app), sensitive=sensitive)})
            return
        speaker = Speaker(Language.ENGLISH, app.zone, app.clock.now())
        for place, card in enumerate(cards, 1):
            print_card(card, speaker, place)
        if not cards:
            out().print("nothing is related")
