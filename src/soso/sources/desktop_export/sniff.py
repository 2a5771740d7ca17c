"""Tells Telegram Desktop's exports from other files by how they begin. Pure."""

import re
from typing import Final

_BOM: Final = b"\xef\xbb\xbf"
_CHAT: Final = re.compile(rb'"messages"\s*:\s*\[')
_CHAT_TYPE: Final = re.compile(
    rb'"type"\s*:\s*(?:null|"(?:saved_messages|replies|verification_codes|personal_chat|bot_chat'
    rb'|private_group|(?:private|public)_(?:supergroup|channel))")'
)
_HEAD_KEY: Final = re.compile(rb'"(?:name|type|id)"\s*:')
_ACCOUNT: Final = re.compile(
    rb'"(?:chats|left_chats|personal_information|profile_pictures|frequent_contacts|contacts'
    rb'|sessions|web_sessions|other_data)"\s*:\s*[\[{]'
)


def looks_like_json_export(head: bytes) -> bool:
    """Whether a file that begins with head, some KB of it, is a JSON export."""
    head = head.removeprefix(_BOM).lstrip()
    if not head.startswith(b"{"):
        return False
    in_order = _CHAT_TYPE.search(head) is not None or _HEAD_KEY.search(head) is not None
    one_chat = _CHAT.search(head) is not None and in_order
    return one_chat or _ACCOUNT.search(head) is not None


def looks_like_html_export(name: str, head: bytes) -> bool:
    """Whether a file of that name which begins with head is a page of an HTML export."""
    if not name.casefold().endswith((".html", ".htm")):
        return False
    return b"chat_page" in head and b"page_header" in head
