"""Which chat of the archive is it that a source speaks of? One identity over all routes."""

from datetime import datetime
from itertools import islice
from typing import Final

import msgspec

from soso.model.batch import Batch
from soso.model.chat import Chat, ChatSighting
from soso.model.errors import BadInput, NotFound
from soso.model.identity import agree
from soso.model.ids import ChatKey, parse_peer, parse_provisional
from soso.model.post import Post
from soso.ports.store import Store

_AT_ONCE: Final = 500

ENOUGH: Final = 20
"""So many posts that agree in id, time and text make two chats with one title the same."""


def find_chat(store: Store, name: str) -> Chat:
    """Return the chat that a ref or username means, or the one it was merged into.

    name: 1500000001, g42, u77, x17, @name, name, or an address on t.me. Raises NotFound.
    """
    text = name.strip().removeprefix("https://").removeprefix("http://")
    text = text.removeprefix("t.me/").removeprefix("s/").removeprefix("@").rstrip("/")
    found: Chat | None = None
    if (peer := parse_peer(text)) is not None:
        found = store.find_chat_by_peer(peer)
    elif (key := parse_provisional(text)) is not None:
        found = store.get_chat(key)
    if found is None:
        found = store.find_chat_by_username(text)
    if found is None:
        raise NotFound(f"there is no chat {name!r} in the archive")
    return follow_merges(store, found)


def follow_merges(store: Store, chat: Chat) -> Chat:
    """Return the chat that holds the posts now."""
    while chat.merged_into is not None:
        chat = store.get_chat(chat.merged_into)
    return chat


class Identifier:
    """Finds or makes the chat of each batch of one source.

    told: what --chat says, for sources that do not know the id themselves.
    """

    def __init__(self, store: Store, source: str, *, told: str | None = None) -> None:
        self.store = store
        self.source = source
        self.told = told
        self.known: dict[tuple[str | None, ...], tuple[ChatKey, ChatSighting]] = {}

    def identify(self, batch: Batch) -> Chat:
        """Return the chat of the batch, with what the batch says of it merged in.

        What was observed earlier than what the archive knows only fills gaps, so that the order in
        which pages and exports are imported does not matter.
        """
        at = batch.observed_at
        sighting = self.completed(batch.chat)
        peer = sighting.peer.ref if sighting.peer else None
        name = (peer, sighting.username, sighting.alias or sighting.title)
        if name in self.known:
            key, said = self.known[name]
            chat = follow_merges(self.store, self.store.get_chat(key))
            if batch.posts and sighting == said:
                return chat  # a later batch of the same chat says nothing new of it
        else:
            found = self.find(sighting, batch)
            if found is None:
                chat = self.store.add_chat(sighting, at)
                self.remember(sighting, chat.key)
                self.known[name] = chat.key, sighting
                return chat
            chat = found
        chat = self.store.update_chat(chat.key, sighting, at)
        self.known[name] = chat.key, sighting
        return chat

    def completed(self, sighting: ChatSighting) -> ChatSighting:
        """Fill in what --chat says where the source lacks an id."""
        if self.told is None or sighting.peer is not None:
            return sighting
        name = self.told.strip().removeprefix("https://t.me/").removeprefix("@")
        peer = parse_peer(name)
        if peer is not None:
            return msgspec.structs.replace(sighting, peer=peer)
        if not name.replace("_", "").isalnum() or not name.isascii():
            raise BadInput(f"--chat {self.told!r} is neither an id nor a @name")
        return msgspec.structs.replace(sighting, username=name)

    def find(self, sighting: ChatSighting, batch: Batch) -> Chat | None:
        """Return the chat that is meant, if the archive has it."""
        store = self.store
        if sighting.peer is not None:
            found = store.find_chat_by_peer(sighting.peer)
            if found is not None:
                return follow_merges(store, found)
        if sighting.username is not None:
            found = store.find_chat_by_username(sighting.username)
            # A name passes from one chat to another; a peer does not.
            if found is not None and (sighting.peer is None or found.peer is None):
                return follow_merges(store, found)
        if sighting.title:
            return self._find_by_posts(sighting, batch)
        return None

    def _find_by_posts(self, sighting: ChatSighting, batch: Batch) -> Chat | None:
        if sighting.peer is None and (key := self.store.get_setting(self._setting(sighting))):
            return follow_merges(self.store, self.store.get_chat(ChatKey(int(key))))
        for chat in self.store.find_chats_by_title(sighting.title or ""):
            if sighting.peer is not None and chat.peer is not None:
                continue  # two peers are two chats, whatever they are called
            found = self.store.find_posts(chat.key, [post.id for post in batch.posts])
            known = {number: stored.post for number, stored in found.items()}
            if agree(known, batch.posts, enough=ENOUGH):
                return chat
        return None

    def join_same(self, at: datetime) -> list[tuple[Chat, Chat]]:
        """Join what only all posts of the source together could prove to be one chat.

        Single batches may be too small for it (a preview page has at most 20 posts), and a chat of
        known id is never compared while it comes in. Returns pairs of a chat that went and the one
        that holds its posts now.
        """
        joined: list[tuple[Chat, Chat]] = []
        for key in dict.fromkeys(key for key, _ in self.known.values()):
            chat = follow_merges(self.store, self.store.get_chat(key))
            for other in self.store.find_chats_by_title(chat.title) if chat.title else ():
                if other.key == chat.key or (chat.peer is not None and other.peer is not None):
                    continue
                if self._same_posts(chat, other):
                    # The one whose id is known stays; of two without, the one known for longer.
                    stays, goes = sorted((chat, other), key=lambda one: (one.peer is None, one.key))
                    self.store.merge_chats(goes.key, stays.key, at)
                    joined.append((goes, stays))
                    chat = self.store.get_chat(stays.key)
        return joined

    def _same_posts(self, one: Chat, other: Chat) -> bool:
        few, many = sorted((one, other), key=lambda chat: self.store.count_posts(chat.key))
        known: dict[int, Post] = {}
        seen: list[Post] = []
        posts = self.store.iter_posts(few.key)
        while run := list(islice(posts, _AT_ONCE)):
            found = self.store.find_posts(many.key, [stored.post.id for stored in run])
            known |= {number: stored.post for number, stored in found.items()}
            seen += [stored.post for stored in run if stored.post.id in found]
            if agree(known, seen, enough=ENOUGH):
                return True
            if len(seen) > _AT_ONCE:
                known, seen = {}, []
        return False

    def remember(self, sighting: ChatSighting, key: ChatKey) -> None:
        """Keep which chat was made for a source without an id, so that importing it again
        meets the same one even when it is too small to be known by its posts."""
        if sighting.peer is None and sighting.username is None:
            self.store.set_setting(self._setting(sighting), str(key))

    def _setting(self, sighting: ChatSighting) -> str:
        return f"chat-of:{self.source}:{sighting.alias or sighting.title or ''}"
