"""The account itself: Telethon in a thread of its own, behind account.py.

Knows connections, sessions, waiting and Telethon's errors. Everything that is asked goes through one
queue with a pace; a flood wait stops all of it and is remembered on disk. Nothing is ever sent: no
message, no read mark, no joining.
"""

import asyncio
import contextlib
import logging
import threading
from collections.abc import Callable, Coroutine
from datetime import timedelta
from typing import Any, Final, TypeVar

from telethon import TelegramClient, errors
from telethon.sessions import SQLiteSession
from telethon.tl import types

from soso.model.errors import NotFound, Refused, Unavailable
from soso.model.ids import Peer, PeerKind, parse_peer
from soso.ports.clock import Clock
from soso.ports.signing import Prompts, SignedIn
from soso.sources.mtproto import requests as ask
from soso.sources.mtproto.account import Difference, Door, Found, Page
from soso.sources.mtproto.failures import LostPts, translated
from soso.sources.mtproto.files import AccountFiles
from soso.sources.mtproto.media import read_document, read_photo
from soso.sources.mtproto.wire import as_int, field, kind_of

T = TypeVar("T")

_TIMEOUT_S: Final = 120.0
_PACE_S: Final = 1.0
_HISTORY_PACE_S: Final = 3.0  # about ten in 30 s are allowed
_HISTORY: Final = "GetHistoryRequest"
_PEERS: Final = {
    PeerKind.CHANNEL: types.PeerChannel,
    PeerKind.GROUP: types.PeerChat,
    PeerKind.USER: types.PeerUser,
}


class TelethonAccount:
    """Fills account.Account and ports/signing.py. pace: 1 is Telegram's; make_client: for tests."""

    def __init__(
        self,
        files: AccountFiles,
        clock: Clock,
        *,
        api_id: int,
        api_hash: str,
        pace: float = 1.0,
        make_client: Callable[[], Any] | None = None,
    ) -> None:
        self._files = files
        self._clock = clock
        self._api = (api_id, api_hash)
        self._pace = pace
        self._make = make_client or self._make_client
        self._client: Any = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._turn = asyncio.Lock()
        self._lock = threading.Lock()
        self._listed = False

    # What account.Account asks.

    def resolve(self, name: str) -> Found:
        """See account.Account."""
        bare = name.strip().removeprefix("@")
        if bare.startswith("+"):
            entity = self._run(self._accepted(bare[1:]))
        elif (peer := parse_peer(bare)) is not None:
            entity = self._run(self._listed_chat(peer))
        else:
            entity = ask.read_name(self._ask(ask.ask_name(bare)))
        if entity is None:
            raise NotFound(f"Telegram knows no {name}")
        door = ask.door_of(entity)
        return self.describe(door) if door is not None else Found(entity=entity)

    def describe(self, door: Door) -> Found:
        """See account.Account."""
        found = ask.read_full(self._ask(ask.ask_full(door)), door)
        if found.entity is None:
            raise NotFound(f"Telegram does not show the chat {door.number}")
        return found

    def history(self, door: Door, *, after: int | None = None, before: int | None = None) -> Page:
        """See account.Account."""
        answer = self._ask(ask.ask_history(door, after, before))
        return ask.read_page(answer, after=after, before=before)

    def around(self, door: Door, ids: tuple[int, ...]) -> Page:
        """See account.Account."""
        return ask.read_page(self._ask(ask.ask_messages(door, ids))) if ids else Page()

    def changes(self, door: Door, pts: int) -> Difference:
        """See account.Account."""
        try:
            return ask.read_difference(self._ask(ask.ask_changes(door, pts)), pts)
        except LostPts:
            full = self.describe(door).full
            return Difference(pts=as_int(field(full, "pts"), low=1) or 1, too_long=True)

    def download(self, door: Door, message: int, *, thumb: bool, max_bytes: int) -> bytes | None:
        """See account.Account."""
        page = self.around(door, (message,))
        media = field(page.messages[0], "media") if page.messages else None
        photo = read_photo(field(media, "photo"), None)
        document = read_document(field(media, "document"), None)
        if thumb and document is not None:
            return self._run(self._fetch(page.messages[0], thumb=-1))
        whole = photo or document
        if whole is None or (whole.bytes or 0) > max_bytes:
            return None
        content = self._run(self._fetch(page.messages[0]))
        return content if content is not None and len(content) <= max_bytes else None

    def wait_s(self) -> float:
        """See account.Account."""
        until, _ = self._files.quiet_until()
        return max((until - self._clock.now()).total_seconds(), 0.0)

    # What the operator asks.

    def sign_in(self, prompts: Prompts) -> SignedIn:
        """Sign in, asking for phone number, code and, where one is set, the second password."""
        return self._run(self._sign_in(prompts), timeout_s=None)

    def sign_out(self) -> None:
        """End the session at Telegram and erase it here."""
        with contextlib.suppress(Refused):
            self._run(self._sign_out())
        self.close()
        self._files.forget()

    def who(self) -> SignedIn | None:
        """Return who is signed in; None if nobody is."""
        return self._run(self._who())

    def close(self) -> None:
        """Disconnect and let another process have the session."""
        with self._lock:
            if self._loop is not None:
                if self._client is not None:
                    self._wait(self._disconnect(), _TIMEOUT_S)
                self._loop.call_soon_threadsafe(self._loop.stop)
            self._loop = self._client = None
            self._files.release()

    # The thread that talks.

    def _ask(self, request: Any) -> Any:
        return self._run(self._send(request))

    def _run(self, work: Coroutine[Any, Any, T], *, timeout_s: float | None = _TIMEOUT_S) -> T:
        """Do work in the thread, translating whatever goes wrong."""
        try:
            with self._lock:
                self._start()
            with translated(self._flooded):
                return self._wait(work, timeout_s)
        finally:
            work.close()  # of no effect once it ran

    def _start(self) -> None:
        if self._loop is not None:
            return
        self._files.take()
        loop = asyncio.new_event_loop()
        self._turn = asyncio.Lock()
        threading.Thread(target=_serve, args=(loop,), name="account", daemon=True).start()
        self._loop = loop

    def _wait(self, work: Coroutine[Any, Any, T], timeout_s: float | None) -> T:
        assert self._loop is not None
        future = asyncio.run_coroutine_threadsafe(work, self._loop)
        try:
            return future.result(timeout_s)
        except TimeoutError:
            future.cancel()
            raise

    def _make_client(self) -> Any:
        logger = logging.getLogger("soso.account")
        logger.setLevel(logging.WARNING)  # below that the library tells of keys and of messages
        return TelegramClient(
            SQLiteSession(str(self._files.session.with_suffix(""))),
            *self._api,
            flood_sleep_threshold=0,  # waiting is for who plans the visits
            receive_updates=False,
            connection_retries=2,
            request_retries=2,
            device_model="Soso",
            base_logger=logger,
        )

    async def _connected(self) -> Any:
        if self._client is None:
            self._client = self._make()
        if not self._client.is_connected():
            await self._client.connect()
        return self._client

    async def _send(self, request: Any) -> Any:
        """Send a request in its turn. Raises Unavailable during a flood wait."""
        async with self._turn:
            left = self.wait_s()
            if left > 0:
                raise Unavailable(
                    f"Telegram asked to be left alone for another {left:.0f} s", retry_after_s=left
                )
            client = await self._connected()
            if not await client.is_user_authorized():
                raise Unavailable("no account is signed in: soso account login")
            pace = _HISTORY_PACE_S if kind_of(request) == _HISTORY else _PACE_S
            try:
                return await client(request)
            finally:  # after a failure, too: failing fast is no leave to ask fast
                await asyncio.sleep(pace * self._pace)

    async def _fetch(self, message: Any, *, thumb: int | None = None) -> bytes | None:
        client = await self._connected()
        found = await client.download_media(message, bytes, thumb=thumb)
        return found if isinstance(found, bytes) else None

    async def _accepted(self, code: str) -> Any:
        """Return the chat of an invitation that the account accepted; it never accepts one."""
        answer = await self._send(ask.ask_invitation(code))
        if kind_of(answer) != "ChatInviteAlready":
            raise Refused(
                "the account is not a member: open the invitation in a Telegram app first"
            )
        return field(answer, "chat")

    async def _listed_chat(self, peer: Peer) -> Any:
        """Return a chat by its number, from the session or the account's list of chats."""
        client = await self._connected()
        made = _PEERS[peer.kind](peer.id)
        for again in (False, True):
            with contextlib.suppress(ValueError):
                return await client.get_entity(made)
            if not again and not self._listed:
                self._listed = True
                await client.get_dialogs()
        return None

    async def _sign_in(self, prompts: Prompts) -> SignedIn:
        client = await self._connected()
        if not await client.is_user_authorized():
            loop = asyncio.get_running_loop()
            phone = await loop.run_in_executor(None, prompts.phone)
            sent = await client.send_code_request(phone)
            code = await loop.run_in_executor(None, prompts.code)
            try:
                await client.sign_in(phone, code, phone_code_hash=sent.phone_code_hash)
            except errors.SessionPasswordNeededError:
                password = await loop.run_in_executor(None, prompts.password)
                await client.sign_in(password=password)
        me = await self._who()
        if me is None:
            raise Refused("Telegram did not sign the account in")
        return me

    async def _who(self) -> SignedIn | None:
        client = await self._connected()
        if not await client.is_user_authorized():
            return None
        me = await client.get_me()
        names = (field(me, "first_name"), field(me, "last_name"))
        name = " ".join(part for part in names if part)
        return SignedIn(number=me.id, name=name, username=field(me, "username"))

    async def _sign_out(self) -> None:
        client = await self._connected()
        if await client.is_user_authorized():
            await client.log_out()

    async def _disconnect(self) -> None:
        await self._client.disconnect()

    def _flooded(self, seconds: int, why: str) -> Unavailable:
        """Remember how long to be quiet, and a little longer."""
        quiet_s = max(seconds, 1) + 1.0
        self._files.keep_quiet(self._clock.now() + timedelta(seconds=quiet_s), why)
        return Unavailable(
            f"Telegram asked to be left alone for {seconds} s", retry_after_s=quiet_s
        )


def _serve(loop: asyncio.AbstractEventLoop) -> None:
    asyncio.set_event_loop(loop)
    try:
        loop.run_forever()
    finally:
        loop.run_until_complete(loop.shutdown_asyncgens())
        loop.close()
