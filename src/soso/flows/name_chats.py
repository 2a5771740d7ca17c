"""Which chats the chat: filters of a query mean: by id, by @name, or by exactly their title.

Only listed chats can be meant: what a reader may not find must not be told of either.
"""

from typing import Final

from soso.flows.identify import find_chat
from soso.model.chat import Chat
from soso.model.errors import NotFound
from soso.model.ids import ChatKey
from soso.model.visibility import is_listed
from soso.ports.store import Store
from soso.query.ast import Query
from soso.query.plan import chat_names
from soso.query.results import Notice

NAMED: Final = 5
"""Of chats with one title, so many are told."""


def find_named_chats(query: Query, store: Store) -> tuple[dict[str, ChatKey], list[Notice]]:
    """Return the chats by what was typed, and a notice for each name that means none, or several.

    Raises Unavailable.
    """
    found: dict[str, ChatKey] = {}
    notices: list[Notice] = []
    for name in dict.fromkeys(chat_names(query)):
        meant = _find(name, store)
        if len(meant) == 1:
            found[name] = meant[0].key
        elif meant:
            names = ", ".join(_filter(chat) for chat in meant[:NAMED])
            notices.append(Notice(code="ambiguous_chat", args={"text": name, "names": names}))
        else:
            notices.append(Notice(code="unknown_chat", args={"text": name}))
    return found, notices


def _find(name: str, store: Store) -> list[Chat]:
    """An id or @name is unique and comes first; a title need not be."""
    try:
        chat = find_chat(store, name)
    except NotFound:
        pass
    else:
        if is_listed(chat):
            return [chat]
    return [chat for chat in store.find_chats_by_title(name.strip()) if is_listed(chat)]


def _filter(chat: Chat) -> str:
    """The filter that means this chat alone."""
    return f"chat:@{chat.username}" if chat.username else f"chat:{chat.ref}"
