"""soso trace CHAT/ID"""

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import click
from rich.text import Text

from soso.cli.options import base_url, data_option, json_option, opened, parse_post_name
from soso.cli.terminal import foreign, harmless, out, print_json
from soso.i18n.language import Language
from soso.i18n.speaker import Speaker
from soso.model.errors import BadInput
from soso.model.links import post_path, telegram_post_link
from soso.query.traces import Change, Copy, Trace
from soso.similarity.difference import shorten

_STYLES: Final = {Change.EQUAL: "", Change.ADDED: "bold green", Change.REMOVED: "strike red"}
_COLUMNS: Final = (
    "place",
    "chat",
    "chat_title",
    "id",
    "at",
    "at_certain",
    "origin",
    "delay_s",
    "forwarded",
    "url",
    "telegram_url",
    "added",
    "removed",
    "text",
)


@click.command()
@click.argument("name", metavar="CHAT/ID")
@click.option(
    "--csv", "file", type=click.Path(dir_okay=False, path_type=Path), help="Write rows to FILE too."
)
@json_option
@data_option
def trace(name: str, file: Path | None, as_json: bool, data: Path | None) -> None:
    """Show who posted something first and who after, with delays and what each changed.

    Private, hidden and deleted posts are among them. The worker of `soso run` finds copies; here
    what is new since is looked at first.
    """
    chat, number = parse_post_name(name)
    with opened(data) as app:
        app.cluster_changes()
        found = app.trace_post(chat, number)
        rows = list(_rows(found, base_url(app))) if found is not None else []
        if file is not None:
            _write_csv(file, rows)
        if as_json:
            print_json(
                {
                    "cluster": found.cluster if found is not None else None,
                    "chats": found.chats if found is not None else 1,
                    "outside": found.outside if found is not None else None,
                    "copies": rows,
                }
            )
            return
        _print(found, Speaker(Language.ENGLISH, app.zone, app.clock.now()))


def _rows(found: Trace, base: str) -> Iterator[dict[str, Any]]:
    for place, copy in enumerate(found.copies, 1):
        stored = copy.card.stored
        assert stored is not None  # copies are posts
        post, chat = stored.post, copy.card.chat
        yield {
            "place": place,
            "chat": chat.ref,
            "chat_title": chat.title,
            "id": post.id,
            "at": post.at.isoformat(),
            "at_certain": post.at_certain,
            "origin": copy.is_origin,
            "delay_s": int(copy.delay.total_seconds()) if copy.delay is not None else None,
            "forwarded": copy.forwarded,
            "url": base + post_path(chat, post.id),
            "telegram_url": telegram_post_link(chat, post.id),
            "added": _said(copy, Change.ADDED),
            "removed": _said(copy, Change.REMOVED),
            "text": post.text,
        }


def _said(copy: Copy, change: Change) -> str:
    return " … ".join(piece.text for piece in copy.pieces if piece.change is change)


def _write_csv(file: Path, rows: list[dict[str, Any]]) -> None:
    """Write rows with a byte order mark, by which spreadsheets know the encoding."""
    try:
        with file.open("w", encoding="utf-8-sig", errors="replace", newline="") as stream:
            writer = csv.DictWriter(stream, _COLUMNS)
            writer.writeheader()
            writer.writerows({name: _cell(row[name]) for name in _COLUMNS} for row in rows)
    except OSError as error:
        raise BadInput(f"{file} can't be written: {error}") from error


def _cell(value: Any) -> Any:
    """Keep a spreadsheet from taking a stranger's text for a formula."""
    if isinstance(value, str) and value.lstrip()[:1] in ("=", "+", "-", "@"):
        return f"'{value}"
    return value


def _print(found: Trace | None, speaker: Speaker) -> None:
    console = out()
    if found is None:
        console.print("no copies in the archive")
        return
    console.print(f"{len(found.copies):,} posts in {found.chats:,} chats", style="dim")
    if found.outside is not None:
        named = found.outside.username or found.outside.name or "a hidden source"
        console.print("first posted outside of the archive, by", foreign(named))
    for place, copy in enumerate(found.copies, 1):
        stored = copy.card.stored
        assert stored is not None
        facts = [speaker.moment(stored.post.at).full]
        facts += [] if stored.post.at_certain else ["time not sure"]
        facts += ["origin"] if copy.is_origin else []
        facts += [f"+{copy.delay}"] if copy.delay is not None else []
        facts += ["forwarded"] if copy.forwarded else []
        name = f"{harmless(copy.card.chat.title)}  {copy.card.chat.ref}/{stored.post.id}"
        console.print(Text(f"{place:>3}. {name}", style="bold"))
        console.print("     " + " · ".join(facts), style="dim", markup=False)
        if any(piece.change is not Change.EQUAL for piece in copy.pieces):
            line = Text("     ")
            for piece in shorten(copy.pieces):
                line.append(harmless(piece.text), style=_STYLES[piece.change])
            console.print(line)
