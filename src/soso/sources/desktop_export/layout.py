"""Where the chats stand in an export: at the top of the file, or in its two lists of chats.

Knows the layout of one-chat and whole-account exports. What stands outside the chats (contacts,
sessions, addresses, stories) is walked past and never decoded. Must not know what a message is.
"""

from collections.abc import Iterator
from typing import Final

from soso.sources.desktop_export.repair import Damaged
from soso.sources.desktop_export.scanner import Broken, CutShort, Scanner

_HEAD: Final = frozenset({"name", "type", "id"})
_MESSAGES: Final = "messages"
_LISTS: Final = frozenset({"chats", "left_chats"})


class ExportedChat:
    """A chat, at its messages: walked through or skipped before the next chat is asked for.

    head: its name, type and id as far as they stand before the messages, which is where the
    exporter writes them; what comes after is added once the next chat has been asked for.
    listed: it stands in the list of an account, among others.
    """

    def __init__(self, scanner: Scanner, head: dict[str, object], *, listed: bool) -> None:
        self.head = head
        self.listed = listed
        self._scanner = scanner

    @property
    def has_late_head(self) -> bool:
        """Whether the type or id may still come after the messages."""
        return "type" not in self.head or "id" not in self.head

    def iter_messages(self) -> Iterator[None]:
        """Stop at each message; the caller takes it from the scanner."""
        return self._scanner.items()

    def skip(self) -> int:
        """Walk past all messages and return how many there are."""
        count = 0
        for _ in self._scanner.items():
            self._scanner.skip()
            count += 1
        return count


def iter_chats(scanner: Scanner) -> Iterator[ExportedChat]:
    """Yield the chats of an export in the order of the file.

    Raises CutShort and Broken; nothing is yielded for a file that is no export.
    """
    head: dict[str, object] = {}
    for key in scanner.fields():
        if key in _LISTS:
            yield from _iter_list(scanner)
        else:
            yield from _visit(scanner, key, head, listed=False)


def _iter_list(scanner: Scanner) -> Iterator[ExportedChat]:
    if scanner.peek() != b"{":
        scanner.skip()
        return
    for key in scanner.fields():
        if key != "list" or scanner.peek() != b"[":
            scanner.skip()
            continue
        for _ in scanner.items():
            if scanner.peek() != b"{":
                scanner.skip()
                continue
            head: dict[str, object] = {}
            for field in scanner.fields():
                yield from _visit(scanner, field, head, listed=True)


def _visit(
    scanner: Scanner, key: str, head: dict[str, object], *, listed: bool
) -> Iterator[ExportedChat]:
    """Go past one value of a chat: keep it, yield the chat at it, or skip it."""
    if key == _MESSAGES and scanner.peek() == b"[":
        yield ExportedChat(scanner, head, listed=listed)
    elif key in _HEAD and scanner.peek() not in b"{[":
        try:
            head[key] = scanner.value()
        except Damaged:
            head[key] = None
    else:
        scanner.skip()


def read_heads(scanner: Scanner) -> list[dict[str, object]]:
    """Return the whole heads of all chats, in order, skipping every message.

    For files where something else than the exporter put the keys in another order.
    """
    heads: list[dict[str, object]] = []
    try:
        for chat in iter_chats(scanner):
            heads.append(chat.head)
            chat.skip()
    except (CutShort, Broken):
        pass  # what stood before it is known
    return heads
