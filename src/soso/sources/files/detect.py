"""Which form of input a file is, from its name and its beginning.

Asks each source whether a file is its own; order matters where one form may quote another.
"""

from enum import StrEnum
from pathlib import Path
from typing import Final

from soso.model.errors import BadInput
from soso.sources.desktop_export import looks_like_html_export, looks_like_json_export
from soso.sources.json_lines import looks_like_json_lines, unpacked_head
from soso.sources.web_preview import looks_like_preview

_HEAD_BYTES: Final = 256 * 1024  # pages begin with many kilobytes of styles
_ZIP: Final = (b"PK\x03\x04", b"PK\x05\x06")
_PAGES: Final = frozenset({".html", ".htm", ".xhtml"})
_NAMES: Final = frozenset({".json", ".jsonl", ".ndjson", ".gz", ".zip", ".txt", ""}) | _PAGES


class Form(StrEnum):
    """The forms of input."""

    JSON_EXPORT = "desktop-json"
    HTML_EXPORT = "desktop-html"
    PREVIEW = "preview"
    JSON_LINES = "jsonl"
    ZIP = "zip"


EXPECTED: Final = (
    "a Telegram Desktop export (result.json or messages.html), saved pages of t.me, our own JSON"
    " Lines (.jsonl, .jsonl.gz), or a folder or zip archive of these"
)


def may_be_input(name: str) -> bool:
    """Whether a file of this name is worth looking into when it lies in a folder."""
    return Path(name).suffix.lower() in _NAMES


def detect(path: Path) -> Form | None:
    """Return the form of a file, None if it is none of ours. Raises BadInput if unreadable."""
    head = unpacked_head(path, _HEAD_BYTES)
    if head.startswith(_ZIP):
        return Form.ZIP
    if looks_like_json_lines(head):
        return Form.JSON_LINES
    if looks_like_json_export(head):
        return None if _is_packed(path) else Form.JSON_EXPORT
    if path.suffix.lower() in _PAGES or b"<" in head[:1024]:
        if looks_like_html_export(path.name, head):
            return Form.HTML_EXPORT
        if looks_like_preview(head):
            return Form.PREVIEW
    return None


def _is_packed(path: Path) -> bool:
    try:
        with path.open("rb") as opened:
            return opened.read(2) == b"\x1f\x8b"
    except OSError as error:
        raise BadInput(f"{path}: can't be read ({error.strerror})") from error
