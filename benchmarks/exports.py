"""The posts as files: a Telegram Desktop export for Soso, plain rows for its peers."""

import json
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from textwrap import indent
from typing import Any, Final

import msgspec

from benchmarks.posts import CHATS, BenchPost

FIRST_ID: Final = 1_500_000_000
TITLES: Final = tuple(f"第{number}频道" for number in range(1, CHATS + 1))
VIDEO_EVERY: Final = 20


def chat_id(number: int) -> int:
    """Return the id on Telegram of a channel, counted from 0."""
    return FIRST_ID + number


def write_rows(posts: Iterable[BenchPost], file: Path) -> None:
    """Write one post a line."""
    encode = msgspec.json.Encoder().encode
    with file.open("wb") as out:
        for post in posts:
            out.write(encode(post) + b"\n")


def read_rows(file: Path) -> Iterator[BenchPost]:
    """Yield what write_rows wrote."""
    decoder = msgspec.json.Decoder(BenchPost)
    with file.open("rb") as rows:
        yield from map(decoder.decode, rows)


def write_export(posts: Iterable[BenchPost], file: Path) -> None:
    """Write an account export of public channels alone, laid out as Telegram Desktop does."""
    of_chat: dict[int, list[BenchPost]] = {}
    for post in posts:
        of_chat.setdefault(post.chat, []).append(post)
    with file.open("w", encoding="utf-8") as out:
        out.write('{\n "about": "",\n "chats": {\n  "about": "",\n  "list": [\n')
        for number, (chat, own) in enumerate(sorted(of_chat.items())):
            head = {"name": TITLES[chat], "type": "public_channel", "id": chat_id(chat)}
            out.write(",\n" if number else "")
            out.write(_laid_out(head, 3).removesuffix("\n   }"))
            out.write(',\n    "messages": [\n')
            for place, post in enumerate(own):
                out.write((",\n" if place else "") + _laid_out(_message(post), 5))
            out.write("\n    ]\n   }")
        out.write("\n  ]\n }\n}\n")


def _laid_out(value: dict[str, Any], depth: int) -> str:
    """One space a level, as the exporter writes; a reader may count on it for speed."""
    return indent(json.dumps(value, ensure_ascii=False, indent=1), " " * depth)


def _message(post: BenchPost) -> dict[str, Any]:
    parts = list(_parts(post.text))
    message: dict[str, Any] = {
        "id": post.id,
        "type": "message",
        "date": datetime.fromtimestamp(post.at_s, UTC).strftime("%Y-%m-%dT%H:%M:%S"),
        "date_unixtime": str(post.at_s),
        "from": TITLES[post.chat],
        "from_id": f"channel{chat_id(post.chat)}",
        "text": [part["text"] if part["type"] == "plain" else part for part in parts]
        if len(parts) > 1
        else post.text,
        "text_entities": parts,
    }
    if post.id % VIDEO_EVERY == 0:
        message |= {
            "file": "(File not included. Change data exporting settings to download.)",
            "media_type": "video_file",
            "mime_type": "video/mp4",
            "duration_seconds": 60 + post.id % 600,
            "width": 1280,
            "height": 720,
        }
    return message


def _parts(text: str) -> Iterator[dict[str, str]]:
    """A tag or a link at the end is an entity of its own."""
    body, space, last = text.rpartition(" ")
    kind = "hashtag" if last.startswith("#") else "link" if last.startswith("https://") else None
    if not space or kind is None:
        yield {"type": "plain", "text": text}
        return
    yield {"type": "plain", "text": body + space}
    yield {"type": kind, "text": last}
