"""Posts of channels that a bot is an administrator of, as the Bot API's updates tell them."""

from soso.sources.bot_updates.client import BotFiles
from soso.sources.bot_updates.parse import (
    Membership,
    album_of,
    list_files,
    parse_membership,
    parse_update,
)

__all__ = [
    "BotFiles",
    "Membership",
    "album_of",
    "list_files",
    "parse_membership",
    "parse_update",
]
