"""What lies in one folder.

Knows which files make an export together, and where not to look: in an export's folders of media
lie files that strangers sent, and a file called result.json among them is not the operator's.
"""

import os
import re
import stat
from pathlib import Path
from typing import Final

from soso.model.errors import BadInput, Unavailable
from soso.sources.files.detect import Form, detect, may_be_input

_ACCOUNT: Final = "export_results.html"
_ACCOUNT_CHATS: Final = "lists/chats.html"
_PAGE: Final = re.compile(r"messages[0-9]*\.html")
# What Telegram Desktop makes beside its files.
_PARTS: Final = frozenset(
    {"animations", "chats", "contacts", "css", "files", "images", "js", "lists", "photos"}
    | {
        "profile_music",
        "profile_pictures",
        "round_video_messages",
        "stickers",
        "stories",
        "video_files",
    }
    | {"voice_messages"}
)
_SAVED_PARTS: Final = "_files"  # what a browser saves beside a page


class Folder:
    """The files of a folder by form; strange: those of no form; below: the folders to look into."""

    def __init__(self, path: Path, names: list[str]) -> None:
        self.path = path
        self.names = names
        self.is_account = _ACCOUNT in names or (path / _ACCOUNT_CHATS).is_file()
        self.strange: list[Path] = []
        self.below: list[Path] = []
        self._files: dict[Form, list[Path]] = {}

    def add(self, path: Path, form: Form) -> None:
        """Put a file under its form."""
        self._files.setdefault(form, []).append(path)

    def files(self, form: Form) -> list[Path]:
        """Return the files of a form, by name."""
        return self._files.get(form, [])

    @property
    def html_exports(self) -> list[Path]:
        """What to read as HTML, which is nothing where the same is there as JSON.

        The folder itself for the pages of a chat or the list of an account's chats, and pages that
        were renamed. Chats of an account are never looked for one by one: only the list tells
        which of them are personal.
        """
        if self.files(Form.JSON_EXPORT):
            return []
        pages = self.files(Form.HTML_EXPORT)
        if self.is_account or any(map(is_page_of_chat, pages)):
            return [self.path]
        return pages

    @property
    def is_export(self) -> bool:
        """Whether an export was made into the folder."""
        return bool(self.files(Form.JSON_EXPORT) or self.html_exports)


def look_into(path: Path) -> Folder:
    """Return what lies in a folder; links are not followed. Raises Unavailable."""
    try:
        folder = Folder(path, sorted(os.listdir(path)))
    except OSError as error:
        raise Unavailable(f"{path}: can't be read ({error.strerror})") from error
    below = []
    for name in folder.names:
        entry = path / name
        mode = _mode(entry)
        if stat.S_ISDIR(mode):
            below.append(entry)
        elif not name.startswith("."):
            form = _form(entry) if stat.S_ISREG(mode) else None
            if form is None:
                folder.strange.append(entry)
            else:
                folder.add(entry, form)
    if folder.is_export or path.name.endswith(_SAVED_PARTS):
        folder.strange = []
    folder.below = [one for one in below if not (folder.is_export and one.name in _PARTS)]
    return folder


def is_page_of_chat(path: Path) -> bool:
    """Whether a file is called as the exporter calls the pages of a chat, which belong together."""
    return _PAGE.fullmatch(path.name) is not None


def _form(path: Path) -> Form | None:
    try:
        return detect(path) if may_be_input(path.name) else None
    except BadInput:
        return None


def _mode(path: Path) -> int:
    try:
        return path.lstat().st_mode
    except OSError:
        return 0
