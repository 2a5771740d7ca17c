"""Our own form of an archive: JSON Lines, one row a line (docs/guide/json-lines.md).

Knows the rows and nothing of where they come from. What is written here can be read here without
loss, also by later versions: fields are added, never renamed.
"""

from soso.sources.json_lines.desk import encode_decision, encode_request, iter_desk
from soso.sources.json_lines.encode import (
    encode_block,
    encode_chat,
    encode_post,
    encode_tombstone,
)
from soso.sources.json_lines.lines import looks_like_json_lines, unpacked_head
from soso.sources.json_lines.source import JsonLinesSource

__all__ = [
    "JsonLinesSource",
    "encode_block",
    "encode_chat",
    "encode_decision",
    "encode_post",
    "encode_request",
    "encode_tombstone",
    "iter_desk",
    "looks_like_json_lines",
    "unpacked_head",
]
