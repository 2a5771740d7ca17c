"""Options that several commands share."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import click

from soso.bootstrap import App, open_app
from soso.config import load_settings
from soso.model.errors import BadInput

Command = TypeVar("Command", bound=Callable[..., Any])


def data_option(command: Command) -> Command:
    """--data DIR, on all that touch the archive."""
    return click.option(
        "--data",
        type=click.Path(file_okay=False, path_type=Path),
        help="The data folder. [default: $SOSO_DATA or ./data]",
    )(command)


def json_option(command: Command) -> Command:
    """--json, on all that print."""
    return click.option("--json", "as_json", is_flag=True, help="Print JSON for machines.")(command)


@contextmanager
def opened(data: Path | None, **flags: Any) -> Iterator[App]:
    """Open the archive that the flags name."""
    with open_app(load_settings(data=data, **flags)) as app:
        yield app


def base_url(app: App) -> str:
    """Return what addresses of pages begin with: the public site, or this machine."""
    settings = app.settings
    return settings.public_url.rstrip("/") or f"http://{settings.host}:{settings.port}"


def parse_post_name(name: str) -> tuple[str, int]:
    """Return the chat and id in CHAT/ID, or in an address on t.me or of a page."""
    text = name.strip().removeprefix("https://").removeprefix("http://").rstrip("/")
    chat, _, number = text.rpartition("/")
    for prefix in ("t.me/s/", "t.me/c/", "t.me/"):
        chat = chat.removeprefix(prefix)
    if "/c/" in chat:
        chat = chat.rpartition("/c/")[2]
    try:
        return chat, int(number.partition("?")[0])
    except ValueError:
        raise BadInput(f"{name!r} is no post; write CHAT/ID such as 1500000001/42") from None
