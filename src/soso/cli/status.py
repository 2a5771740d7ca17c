"""soso status"""

from pathlib import Path

import click
import msgspec
from rich.table import Table

from soso.cli.options import data_option, json_option, opened
from soso.cli.terminal import foreign, out, print_json


@click.command()
@click.option("--chats", "with_chats", is_flag=True, help="List the chats, private ones too.")
@json_option
@data_option
def status(with_chats: bool, as_json: bool, data: Path | None) -> None:
    """Show counts, sizes, how far the index is behind, and versions."""
    with opened(data) as app:
        now = app.status()
        rows = app.list_chats(listed=False, limit=10_000) if with_chats else []
        if as_json:
            listed = [
                {
                    "chat": row.chat.ref,
                    "kind": row.chat.kind,
                    "title": row.chat.title,
                    "username": row.chat.username,
                    "visibility": row.chat.visibility,
                    "posts": row.posts,
                }
                for row in rows
            ]
            more = {"chats_listed": listed} if with_chats else {}
            print_json({**msgspec.structs.asdict(now), "data": str(app.data), **more})
            return
        console = out()
        console.print(f"data folder  {app.data}")
        console.print(f"posts        {now.posts:,} in {now.chats:,} chats")
        console.print(f"index        {now.documents:,} documents, {_size(now.index_bytes)}")
        console.print(" " * 12, f"{now.lag:,} changes wait" if now.lag else "up to date")
        if now.stale:
            console.print(
                " " * 12,
                "missing, damaged or built by another version; run: soso reindex",
                style="yellow",
            )
        for model, count in now.embedded.items():
            console.print(f"meaning      {count:,} documents by", foreign(model))
        if now.words_only is not None:
            console.print("meaning     ", foreign(now.words_only), style="yellow")
        console.print(f"store        {_size(now.store_bytes)}")
        console.print(f"pictures     {_size(now.blob_bytes)}")
        console.print(f"version      {now.version}")
        if rows:
            table = Table("chat", "kind", "visibility", "posts", "name", "title", box=None)
            for row in rows:
                chat = row.chat
                table.add_row(
                    *(chat.ref, chat.kind, chat.visibility, f"{row.posts:,}"),
                    foreign(f"@{chat.username}" if chat.username else ""),
                    foreign(chat.title),
                )
            console.print(table)


def _size(number: int) -> str:
    return f"{number / 2**20:,.1f} MiB"
