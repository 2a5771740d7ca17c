"""The operator's desk in a dump: removal requests and the log of decisions.

A source hands over posts and chats, so JsonLinesSource passes these rows over; an import reads them
with iter_desk.
"""

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import msgspec

from soso.model.errors import BadInput
from soso.ports.desk import Decision, RemovalRequest
from soso.sources.json_lines.cleaner import Cleaner, decode_object
from soso.sources.json_lines.lines import iter_lines

_MARKS: Final = (b'"request"', b'"decision"')
_REQUEST: Final = frozenset(RemovalRequest.__struct_fields__)
_DECISION: Final = frozenset(Decision.__struct_fields__)


def encode_request(request: RemovalRequest) -> bytes:
    """Return the row of a removal request."""
    return msgspec.json.encode({"type": "request", **msgspec.to_builtins(request)}) + b"\n"


def encode_decision(decision: Decision) -> bytes:
    """Return the row of a line of the log of decisions."""
    return msgspec.json.encode({"type": "decision", **msgspec.to_builtins(decision)}) + b"\n"


def iter_desk(path: Path) -> Iterator[RemovalRequest | Decision]:
    """Yield the requests and decisions of a dump, in its order; other and bad rows are passed over.

    Requests keep the number they had, to tell them apart; a store gives them new ones.
    Raises BadInput if the file can't be read.
    """
    for line in iter_lines(path):
        head = (line.content or b"")[:64]
        if line.content is None or not any(mark in head for mark in _MARKS):
            continue
        with contextlib.suppress(BadInput):
            row = decode_object(line.content)
            match row.get("type"):
                case "request":
                    yield Cleaner(row).take(RemovalRequest, _REQUEST)
                case "decision":
                    yield Cleaner(row).take(Decision, _DECISION)
