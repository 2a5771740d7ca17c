"""Settings become an App: the flows, bound to what fills their ports (wiring.py).

Front doors get an App and nothing else.
"""

import gc
import logging
import secrets
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import tzinfo
from functools import cached_property
from pathlib import Path
from typing import Final, Self

import msgspec

from soso import __version__
from soso.abilities.all import Abilities
from soso.config import Settings
from soso.flows import browse, examine, export, ingest, search, take_down
from soso.flows.identify import find_chat
from soso.flows.lay_out import CardMaker
from soso.model.batch import Block
from soso.model.chat import Chat, ChatKind, Visibility
from soso.model.errors import BadInput, NotFound
from soso.model.post import Revision, StoredPost
from soso.model.value import Value
from soso.passwords import check_password, hash_password
from soso.ports.chats import ChatRow
from soso.ports.desk import Decision, RemovalRequest, RequestState
from soso.ports.journal import ImportReport
from soso.ports.posts import Place
from soso.query.plan_types import Mode
from soso.query.results import (
    Card,
    ChatPage,
    Home,
    PostPage,
    ResultPage,
    SearchRequest,
)
from soso.sources.files import find_sources
from soso.stores.blobs.keeper import PictureKeeper
from soso.wiring import ENCODERS
from soso.workplace import drop_leftovers, workplace

log = logging.getLogger(__name__)

PASSWORD: Final = "operator-password"
SECRET: Final = "secret-key"


class Status(Value):
    """How much there is, and how far the index is behind. embedded: documents by model.

    words_only: why searches can't go by meaning, where the settings want them to.
    """

    posts: int
    chats: int
    documents: int
    index_bytes: int
    store_bytes: int
    blob_bytes: int
    lag: int
    stale: bool
    embedded: dict[str, int]
    version: str
    words_only: str | None = None


class ImportOptions(Value):
    """How an import is to be read.

    zone: of local times without one; None takes UTC and says so. chats: personal chats of an
    account export that are wanted. chat: the id or @name of a source that does not know its own.
    """

    zone: str | None = None
    chats: tuple[str, ...] = ()
    chat: str | None = None


class App(Abilities):
    """Everything Soso does. Methods may be called from many threads."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _browsing(self, sensitive: bool) -> browse.Browsing:
        return browse.Browsing(self.store, self.analyzers, sensitive)

    def _removing(self, who: str) -> take_down.Removing:
        return take_down.Removing(self.store, self.blobs, self.clock, who)

    # Reading

    def search(self, request: SearchRequest) -> ResultPage:
        """See flows/search.py."""
        if request.mode is None:
            request = msgspec.structs.replace(request, mode=Mode(self.settings.mode))
        needs = search.Searching(
            self.store,
            self.engine,
            self.analyzers,
            self.clock,
            self.zone,
            self.meaning,
            self.did_you_mean,
        )
        return search.search(request, needs)

    def get_post_page(
        self, ref: str, post_id: int, *, sensitive: bool = False, related: int = 8
    ) -> PostPage:
        """See flows/browse.py."""
        return browse.get_post_page(
            ref, post_id, self._browsing(sensitive), self._recommending, related=related
        )

    def get_chat_page(
        self,
        ref: str,
        *,
        kind: str | None = None,
        page: str | None = None,
        sensitive: bool = False,
        limit: int = 20,
    ) -> ChatPage:
        """See flows/browse.py."""
        return browse.get_chat_page(
            ref, self._browsing(sensitive), kind=kind, page=page, limit=limit
        )

    def get_home(self, *, sensitive: bool = False) -> Home:
        """See flows/browse.py."""
        return browse.get_home(self._browsing(sensitive))

    def list_chats(
        self,
        *,
        listed: bool = True,
        kind: ChatKind | None = None,
        order: str = "posts",
        limit: int = 50,
        offset: int = 0,
    ) -> list[ChatRow]:
        """Return a page of chats; listed False is for the operator alone."""
        return self.store.list_chats(
            listed=listed, kind=kind, order=order, limit=limit, offset=offset
        )

    def list_newest(self, *, before: Place | None = None, limit: int = 50) -> list[Card]:
        """Return the newest shown posts of all listed chats."""
        return browse.list_newest(self._browsing(False), before=before, limit=limit)

    def get_blob(self, sha256: str) -> bytes:
        """Return a picture that a readable post or chat shows. Raises NotFound."""
        if not self.store.is_blob_shown(sha256):
            raise NotFound("there is no such picture")
        return self.blobs.get(sha256)

    def get_post(self, ref: str, post_id: int) -> tuple[Chat, StoredPost, list[Revision]]:
        """Return a post as it is kept, private, hidden and buried ones too: for the operator."""
        chat = find_chat(self.store, ref)
        stored = self.store.find_post(chat.key, post_id)
        if stored is None:
            raise NotFound(f"there is no post {post_id} of {ref!r} in the archive")
        return chat, stored, self.store.list_revisions(stored.key)

    def get_card(self, chat: Chat, stored: StoredPost) -> Card:
        """Return a post's card."""
        return CardMaker(self.store, self.analyzers, sensitive=True).of_post(stored, chat)

    # Writing

    def import_paths(
        self,
        paths: Sequence[Path],
        options: ImportOptions,
        told: Callable[[ingest.Progress], None],
    ) -> Iterator[ImportReport]:
        """Import files and folders one after another and yield a report each.

        Raises BadInput and HostileInput for what can't be an import at all.
        """
        zone = _zone_named(options.zone)
        needs = ingest.Ingestion(
            self.store,
            PictureKeeper(self.blobs),
            self.clock,
            self.settings.media_file_max_bytes,
            told,
        )

        def told_unpacking(done: int, total: int) -> None:
            told(ingest.Progress(source="unpacking", read_bytes=done, total_bytes=total, posts=0))

        drop_leftovers(self.data / "work")
        with ExitStack() as stack:
            found = find_sources(
                paths,
                zone=zone,
                chats=options.chats,
                workdir=stack.enter_context(workplace(self.data / "work")),
                stack=stack,
                max_bytes=self.settings.import_max_bytes,
                progress=told_unpacking,
            )
            for one in found:
                yield ingest.ingest(
                    one.source, needs, form=one.form, chat=options.chat, desk=one.desk
                )

    def export_rows(self, refs: Collection[str] = ()) -> Iterator[bytes]:
        """Yield the archive, or the named chats, as rows of JSON Lines."""
        chats = [find_chat(self.store, ref) for ref in refs] if refs else None
        return export.export(self.store, ENCODERS, chats=chats)

    def merge_chats(self, source: str, target: str, *, who: str) -> int:
        """Join one chat into another; return how many posts it brought. Raises NotFound."""
        one, other = find_chat(self.store, source), find_chat(self.store, target)
        if one.key == other.key:
            raise BadInput(f"{source} and {target} are the same chat")
        if one.peer is not None and other.peer is not None:
            raise BadInput(f"{source} and {target} have different ids on Telegram: two chats")
        if one.peer is not None:
            one, other = other, one  # the chat whose id is known stays
        moved = self.store.merge_chats(one.key, other.key, self.clock.now())
        self._removing(who).log("merge", f"{one.ref} into {other.ref}")
        return moved

    def purge(self, ref: str, post_id: int | None, *, who: str) -> int:
        """Erase for good; see flows/take_down.py."""
        self.lexicon.forget()  # runs of three characters of it; it is learned anew
        return take_down.purge(ref, post_id, self._removing(who))

    def housekeep(self) -> None:
        """What the worker does now and then: forget what has expired, keep pictures in bounds."""
        self.store.drop_expired(now=self.clock.now())
        self.store.trim_changes()
        self.forget_old_queries()
        self.forget_albums()
        self.forget_old_index()
        freed = examine.evict_pictures(
            self.store, self.blobs, max_bytes=self.settings.media_max_bytes
        )
        if freed:
            log.info("pictures: freed %d bytes", freed)

    # The operator's desk

    def request_removal(self, request: RemovalRequest) -> int:
        """See flows/take_down.py."""
        return take_down.request_removal(request, self.store)

    def list_requests(self, state: RequestState | None = None) -> list[RemovalRequest]:
        """Return removal requests, newest first."""
        return self.store.list_requests(state=state)

    def decide_request(self, number: int, *, accept: bool, who: str, note: str = "") -> None:
        """See flows/take_down.py."""
        take_down.decide_request(number, self._removing(who), accept=accept, note=note)

    def set_chat(
        self,
        ref: str,
        *,
        who: str,
        visibility: Visibility | None = None,
        sensitive: bool | None = None,
        no_index: bool | None = None,
    ) -> Chat:
        """Change who may see a chat, and how. Raises NotFound."""
        return take_down.set_chat(
            ref,
            self._removing(who),
            visibility=visibility,
            sensitive=sensitive,
            no_index=no_index,
        )

    def hide_post(self, ref: str, post_id: int, *, hidden: bool, who: str) -> None:
        """Hide a post from every door, or show it again. Raises NotFound."""
        take_down.hide_post(ref, post_id, self._removing(who), hidden=hidden)

    def list_blocks(self) -> Sequence[Block]:
        """Return what is kept out."""
        return self.store.list_blocks()

    def add_block(self, block: Block, *, who: str) -> int:
        """Keep something out, and hide what is here of it; returns how many posts it hid."""
        return take_down.add_block(block, self._removing(who))

    def remove_block(self, block: Block, *, who: str) -> None:
        """Let it come in again."""
        take_down.remove_block(block, self._removing(who))

    def list_decisions(self) -> list[Decision]:
        """Return the log of decisions, newest first."""
        return self.store.list_decisions()

    def list_reports(self) -> list[ImportReport]:
        """Return what was imported, newest first."""
        return self.store.list_reports()

    def set_password(self, password: str) -> None:
        """Set the operator's password. Raises BadInput when it is too short."""
        if len(password) < 8:
            raise BadInput("a password needs at least 8 characters")
        self.store.set_setting(PASSWORD, hash_password(password))

    def first_password(self) -> str | None:
        """Make and return a password if there is none yet; it is told once and kept as a hash."""
        if self.store.get_setting(PASSWORD) is not None:
            return None
        password = secrets.token_urlsafe(12)
        kept = hash_password(password)
        return password if self.store.add_setting(PASSWORD, kept) == kept else None

    def check_password(self, password: str) -> bool:
        """Whether it is the operator's; takes the same time either way."""
        return check_password(password, self.store.get_setting(PASSWORD))

    @cached_property
    def secret_key(self) -> str:
        """The key that cookies are signed with, made once and kept in the store."""
        kept = self.store.get_setting(SECRET)
        return kept or self.store.add_setting(SECRET, secrets.token_urlsafe(32))

    # How it is

    def status(self) -> Status:
        """Return counts, sizes and the index's lag."""
        engine = self.engine.status()
        return Status(
            posts=self.store.count_posts(),
            chats=sum(self.store.count_chats(listed=False).values()),
            documents=engine.documents,
            index_bytes=engine.bytes,
            store_bytes=self.store.size_bytes(),
            blob_bytes=sum(size for _, size in self.blobs.iter_sizes()),
            lag=self.index_lag(),
            stale=engine.stale,
            embedded={name: self.store.count_vectors(name) for name in self.store.list_models()},
            version=__version__,
            words_only=self.lacking_for_meaning(),
        )

    def examine(self, *, repair: bool) -> list[examine.Finding]:
        """See flows/examine.py."""
        needs = examine.Examining(self.store, self.engine, self.blobs, self.builder, self.reindex)
        findings = examine.examine(needs, repair=repair)
        if (lacking := self.lacking_for_meaning()) is not None:
            findings.append(examine.Finding(what=f"meaning: {lacking}"))
        if repair and (dropped := drop_leftovers(self.data / "work")):
            what = f"work: {dropped} unpacked archives left by imports that were killed"
            findings.append(examine.Finding(what=what, mended=True))
        return findings


def _zone_named(name: str | None) -> tzinfo | None:
    if name is None:
        return None
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise BadInput(f"{name!r} is not a time zone; write one such as Asia/Shanghai") from error


@contextmanager
def open_app(settings: Settings) -> Iterator[App]:
    """Open the archive in the data folder for as long as the context lasts. Raises BadInput."""
    # Documents are lists of many small texts without cycles; looking through them for garbage as
    # often as Python does took a third of the time of indexing.
    gc.set_threshold(50_000, 20, 50)
    with App(settings) as app:
        yield app
