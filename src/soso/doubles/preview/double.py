"""The double: chats, what happens to them, and who asked for what.

Safe in many threads: a test changes it while the server answers from it. Must not know HTTP.
"""

import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

from soso.doubles.preview.chats import Chat, Message, Shape
from soso.doubles.preview.failures import RANDOM, Failure, Failures
from soso.doubles.preview.inventing import invent_messages, invent_text, invent_title
from soso.doubles.preview.markup import shown
from soso.doubles.preview.media import Links

_GAP_S: Final = 1800
_FIRST_NUMBER: Final = 1_700_000_000


class Truth(NamedTuple):
    """A post as it is: its ids (more than one: an album), whether it is gone, all its texts."""

    ids: tuple[int, ...]
    deleted: bool
    texts: tuple[str, ...]


class Request(NamedTuple):
    """at_s: on the monotonic clock. kind: page or media."""

    at_s: float
    kind: str
    path: str
    status: int
    agent: str


class PreviewDouble:
    """Telegram's preview site in memory. Names are found in any case, as on the real one."""

    def __init__(self, *, seed: int = 0, now: Callable[[], float] = time.time) -> None:
        """Begin without chats. now: Unix seconds, of the pages it renders."""
        self.lock = threading.RLock()
        self.seed = seed
        self.now = now
        self.links = Links("", f"secret-{seed}")
        self.failures = Failures()
        self.requests: deque[Request] = deque()
        self._chats: dict[str, Chat] = {}

    # Chats

    def add_channel(
        self,
        name: str,
        *,
        posts: int = 0,
        title: str | None = None,
        number: int | None = None,
        description: str = "",
        members: int = 1234,
        media: float = 1.0,
        gap_s: int = _GAP_S,
        closed: bool = False,
    ) -> Chat:
        """Make a channel with so many message ids, the last of them posted just now.

        media: how often posts hold more than text, against the usual; 0: texts only.
        gap_s: between two posts.
        """
        with self.lock:
            chat = Chat(
                name=name,
                number=number or _FIRST_NUMBER + len(self._chats),
                title=title or invent_title(self.seed, name),
                description=description,
                members=members,
                is_closed=closed,
            )
            self._put(chat)
            begin_s = int(self.now()) - posts * gap_s
            while chat.last_id < posts:
                at_s = begin_s + (chat.last_id + 1) * gap_s
                self._invent(chat, at_s, media)
            return chat

    def add_card(
        self, name: str, *, kind: str, title: str = "", members: int = 321, description: str = ""
    ) -> Chat:
        """Make a group, bot, user, or (name: the hash after the plus sign) an invite."""
        if kind not in ("group", "bot", "user", "invite"):
            raise ValueError(f"there are no cards of the kind {kind}")
        with self.lock:
            chat = Chat(
                name=name,
                number=_FIRST_NUMBER + len(self._chats),
                title=title or invent_title(self.seed, name),
                kind=kind,
                members=members,
                description=description,
            )
            self._put(chat)
            return chat

    def find(self, name: str) -> Chat | None:
        """Return whose name it is."""
        return self._chats.get(name.casefold())

    def names(self) -> list[str]:
        """Return all names."""
        with self.lock:
            return [chat.name for chat in self._chats.values()]

    def rename(self, name: str, to: str) -> None:
        """Give a chat another name; the old one is free."""
        with self.lock:
            chat = self._chats.pop(name.casefold())
            chat.name = to
            self._put(chat)

    def change(
        self,
        name: str,
        *,
        title: str | None = None,
        description: str | None = None,
        members: int | None = None,
        closed: bool | None = None,
        has_cursor: bool | None = None,
    ) -> None:
        """Change what a chat is like. closed: its preview; has_cursor: the link to older posts."""
        with self.lock:
            chat = self._chats[name.casefold()]
            chat.title = chat.title if title is None else title
            chat.description = chat.description if description is None else description
            chat.members = chat.members if members is None else members
            chat.is_closed = chat.is_closed if closed is None else closed
            chat.has_cursor = chat.has_cursor if has_cursor is None else has_cursor
            chat.version += 1

    def remove(self, name: str) -> None:
        """Ban a chat: its name is free."""
        with self.lock:
            del self._chats[name.casefold()]

    # Posts

    def post(
        self,
        name: str,
        text: str | None = None,
        *,
        shape: str = "text",
        at_s: int | None = None,
        media: float = 1.0,
    ) -> list[int]:
        """Add a post and return its ids; without a text an invented one, perhaps an album."""
        with self.lock:
            chat = self._chats[name.casefold()]
            when = int(self.now()) if at_s is None else at_s
            if text is None:
                return self._invent(chat, when, media)
            message = Message(chat.last_id + 1, when, [text], Shape(shape), look=1)
            chat.add(message)
            return [message.id]

    def post_album(self, name: str, text: str, count: int, *, at_s: int | None = None) -> list[int]:
        """Add an album of photos and return its ids."""
        with self.lock:
            chat = self._chats[name.casefold()]
            first = chat.last_id + 1
            when = int(self.now()) if at_s is None else at_s
            for place in range(count):
                caption = [text if place == 0 else ""]
                chat.add(Message(first + place, when, caption, Shape.PHOTO, album=first, look=1))
            return list(range(first, first + count))

    def edit(self, name: str, number: int, text: str | None = None) -> None:
        """Give a post another text; without one, the next invented version."""
        with self.lock:
            chat = self._chats[name.casefold()]
            message = chat.messages[number]
            version = len(message.texts)
            new = invent_text(self.seed, chat.name, number, version) if text is None else text
            message.texts.append(new)
            chat.version += 1

    def delete(self, name: str, numbers: Sequence[int]) -> None:
        """Delete messages."""
        with self.lock:
            self._chats[name.casefold()].delete(numbers)

    def set_views(self, name: str, number: int, views: int) -> None:
        """Count views."""
        with self.lock:
            chat = self._chats[name.casefold()]
            chat.messages[number].views = views
            chat.version += 1

    def expire_links(self) -> None:
        """Let every link to a picture that was shown so far be dead."""
        with self.lock:
            self.links.generation += 1
            for chat in self._chats.values():
                chat.version += 1

    # Failing

    def fail(self, failure: Failure, *, count: int = 1, path: str = "/") -> None:
        """Fail for the next so many requests of paths that begin so."""
        with self.lock:
            self.failures.script(failure, count=count, path=path)

    def fail_sometimes(
        self, share: float, *, seed: int = 0, kinds: Sequence[Failure] = RANDOM
    ) -> None:
        """Fail for this share of all requests from now on; 0 ends it."""
        with self.lock:
            self.failures.spread(share, seed=seed, kinds=kinds)

    # Looking

    def truth(self, name: str) -> list[Truth]:
        """Return all posts of a channel as they are, by their first ids."""
        with self.lock:
            chat = self._chats[name.casefold()]
            groups: dict[int, list[Message]] = {}
            for message in sorted((chat.messages | chat.deleted).values(), key=lambda m: m.id):
                groups.setdefault(message.album or message.id, []).append(message)
            return [self._tell(chat, group) for group in groups.values()]

    def last_id(self, name: str) -> int:
        """Return the newest id that a channel has given."""
        with self.lock:
            return self._chats[name.casefold()].last_id

    def list_requests(self, kind: str = "page") -> list[Request]:
        """Return what was asked, in order."""
        with self.lock:
            return [request for request in self.requests if request.kind == kind]

    def count_requests(self, kind: str = "page") -> int:
        """Return how many there were."""
        return len(self.list_requests(kind))

    def count_failed(self, kind: str = "page") -> int:
        """Return how many were answered with a 429 or 5xx."""
        return sum(request.status >= 429 for request in self.list_requests(kind))

    def forget_requests(self) -> None:
        """Count anew."""
        with self.lock:
            self.requests.clear()

    def busiest(self, window_s: float = 1.0, kind: str = "page") -> int:
        """Return the most requests that came within any window of time."""
        times = [request.at_s for request in self.list_requests(kind)]
        most = start = 0
        for end, at_s in enumerate(times):
            while at_s - times[start] >= window_s:
                start += 1
            most = max(most, end - start + 1)
        return most

    def _tell(self, chat: Chat, group: list[Message]) -> Truth:
        living = [message for message in group if message.id in chat.messages]
        texts = next((m.texts for m in living or group if any(m.texts)), [""])
        ids = tuple(message.id for message in living or group)
        return Truth(ids, not living, tuple(map(shown, texts)))

    def _invent(self, chat: Chat, at_s: int, media: float) -> list[int]:
        made = invent_messages(self.seed, chat.name, chat.last_id + 1, at_s=at_s, media=media)
        for message in made:
            chat.add(message)
        return [message.id for message in made]

    def _put(self, chat: Chat) -> None:
        key = chat.name.casefold()
        if key in self._chats:
            raise ValueError(f"the name {chat.name} is taken")
        self._chats[key] = chat
