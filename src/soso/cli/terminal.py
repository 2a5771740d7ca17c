"""What commands print: foreign text made harmless, tables, progress, errors."""

import sys
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import msgspec
from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeRemainingColumn,
)
from rich.text import Text

_KEPT: Final = {"\n", "\t"}
_HIDDEN: Final = {"Cc", "Cf", "Cs", "Co"}
_JOINERS: Final = {"\u200d", "\ufe0f"}


def out() -> Console:
    """The console of standard output, made anew so that redirections are seen."""
    return Console(highlight=False, soft_wrap=True)


def err() -> Console:
    """The console of standard error, for progress and errors."""
    return Console(stderr=True, highlight=False)


def harmless(text: str) -> str:
    """Return foreign text with control and direction characters shown instead of obeyed."""
    return "".join(_shown(char) for char in text)


def _shown(char: str) -> str:
    if char in _KEPT or char in _JOINERS or unicodedata.category(char) not in _HIDDEN:
        return char
    return f"\\x{ord(char):02x}" if ord(char) < 256 else f"\\u{ord(char):04x}"


def foreign(text: str, style: str = "") -> Text:
    """Return foreign text for the console: harmless, and no markup in it."""
    return Text(harmless(text), style=style)


def fail(message: str) -> None:
    """Print an error, on one line for who reads it from a file."""
    err().print(Text.assemble(("error: ", "bold red"), harmless(message)), soft_wrap=True)


def print_json(value: object) -> None:
    """Print a value as one line of JSON in UTF-8."""
    sys.stdout.write(msgspec.json.encode(value).decode() + "\n")


@contextmanager
def progress(*, of_bytes: bool) -> Iterator[Progress]:
    """Show a progress bar on standard error, if somebody looks at it."""
    counted: list[Any] = [DownloadColumn()] if of_bytes else [MofNCompleteColumn()]
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        *counted,
        TextColumn("{task.fields[note]}"),
        TimeRemainingColumn(),
    )
    console = err()
    with Progress(*columns, console=console, disable=not console.is_terminal) as bar:
        yield bar
