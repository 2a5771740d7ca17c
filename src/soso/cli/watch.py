"""soso watch: saved queries of this archive, as feeds and webhooks."""

from pathlib import Path
from typing import Any

import click

from soso.alerts.watch import KINDS, OPERATOR, Door, Owner, Rhythm, Watch
from soso.bootstrap import App
from soso.cli.options import base_url, data_option, json_option, opened
from soso.cli.terminal import foreign, out, print_json
from soso.flows.watch import NewWatch
from soso.i18n.language import Language
from soso.i18n.speaker import Speaker
from soso.query.plan_types import Mode, Sort
from soso.query.results import SearchRequest


@click.group()
def watch() -> None:
    """Save queries, and be told of each new post that matches, once."""


@watch.command()
@click.argument("query")
@click.option("--webhook", "url", default="", help="POST to this address. [default: a feed]")
@click.option("--every", type=click.Choice([one.value for one in Rhythm]), default="at_once")
@click.option("--hour", type=click.IntRange(0, 23), default=9, help="Of --every daily.")
@click.option("--kind", "kinds", multiple=True, type=click.Choice(KINDS))
@json_option
@data_option
def add(
    query: str,
    url: str,
    every: str,
    hour: int,
    kinds: tuple[str, ...],
    as_json: bool,
    data: Path | None,
) -> None:
    """Save QUERY as a feed with a secret address, or as a signed webhook."""
    door = Door.WEBHOOK if url else Door.FEED
    with opened(data) as app:
        made, notices = app.add_watch(
            NewWatch(
                owner=Owner(door=door, id=OPERATOR),
                text=query,
                rhythm=Rhythm(every),
                hour=hour,
                zone=app.settings.zone,
                kinds=kinds,
                url=url,
            )
        )
        row = _row(made, app) | ({"key": made.key} if made.key else {})
        speaker = Speaker(Language.ENGLISH, app.zone, app.clock.now())
        told = [speaker.notice(notice) for notice in notices]
    if as_json:
        print_json(row | {"notices": told})
        return
    for notice in told:
        out().print(foreign(notice), style="yellow")
    out().print(f"watch {made.number}; its feed: {row['feed']}", markup=False)
    if made.key:
        out().print(f"payloads are signed with {made.key}", markup=False)


@watch.command(name="list")
@json_option
@data_option
def list_(as_json: bool, data: Path | None) -> None:
    """List all saved queries, those of the bot's users too."""
    with opened(data) as app:
        rows: list[dict[str, Any]] = []
        while found := app.list_watches(limit=500, offset=len(rows)):
            rows += [_row(one, app) for one in found]
    if as_json:
        print_json({"watches": rows})
        return
    for row in rows:
        state = row["state"] if not row["reason"] else f"{row['state']}: {row['reason']}"
        line = f"{row['number']:>5}  {row['door']:8} {row['every']:8} {state:8}  {row['query']}"
        out().print(foreign(line))
    if not rows:
        out().print("nothing is watched; `soso watch add QUERY` begins")


@watch.command()
@click.argument("number", type=int)
@data_option
def remove(number: int, data: Path | None) -> None:
    """Forget watch NUMBER and all that is known of it."""
    with opened(data) as app:
        app.remove_watch(number)
    out().print(f"watch {number} is forgotten")


@watch.command()
@click.argument("query")
@click.option("--limit", type=click.IntRange(1, 100), default=10, show_default=True)
@json_option
@data_option
def test(query: str, limit: int, as_json: bool, data: Path | None) -> None:
    """Show what a watch of QUERY would have told of the posts that are here."""
    with opened(data) as app:
        asked = SearchRequest(
            text=query, sort=Sort.NEWEST, mode=Mode.WORDS, limit=limit, facets=False
        )
        page = app.search(asked)
        speaker = Speaker(Language.ENGLISH, app.zone, app.clock.now())
        cards = [card for card in page.rows if page.full and card.stored is not None]
        rows: list[dict[str, Any]] = [
            {
                "chat": card.chat.ref,
                "id": card.stored.post.id,
                "at": card.stored.post.at.isoformat(),
                "title": card.title.text,
            }
            for card in cards
            if card.stored is not None
        ]
        notices = [speaker.notice(notice) for notice in page.notices]
    if as_json:
        print_json({"posts": rows, "notices": notices})
        return
    for notice in notices:
        out().print(foreign(notice), style="yellow")
    for row in rows:
        out().print(foreign(f"{row['at'][:16]}  {row['chat']}/{row['id']}  {row['title']}"))
    if not rows:
        out().print("no post here has all of it")


def _row(one: Watch, app: App) -> dict[str, Any]:
    deliveries = app.store.list_deliveries(one.number, limit=1)
    last = deliveries[0] if deliveries else None
    return {
        "number": one.number,
        "query": one.text,
        "door": one.owner.door.value,
        "owner": one.owner.id,
        "every": one.rhythm.value,
        "kinds": list(one.kinds),
        "url": one.url,
        "state": one.state.value,
        "reason": one.reason,
        "feed": f"{base_url(app)}/watch/{one.secret}.atom",
        "last_delivery": None if last is None else last.state.value,
        "last_reason": "" if last is None else last.reason,
    }
