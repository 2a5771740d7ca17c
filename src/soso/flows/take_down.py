"""Removal: requests come in, the operator decides, a decision holds at once in every door.

Hiding, blocking and burying change the store, which every answer asks; the index follows.
"""

from typing import Final, NamedTuple

from soso.flows.identify import find_chat
from soso.model.batch import Block
from soso.model.chat import Chat, Visibility
from soso.model.errors import BadInput, NotFound
from soso.ports.blobs import BlobStore
from soso.ports.clock import Clock
from soso.ports.desk import Decision, RemovalRequest, RequestState
from soso.ports.store import Store

ROLES: Final = ("owner", "named", "rights", "other")


class Removing(NamedTuple):
    """What removing needs; who: the operator, for the log."""

    store: Store
    blobs: BlobStore
    clock: Clock
    who: str

    def log(self, what: str, subject: str, note: str = "") -> None:
        """Write a line of the log of decisions."""
        self.store.log_decision(
            Decision(at=self.clock.now(), who=self.who, what=what, subject=subject, note=note)
        )


def request_removal(request: RemovalRequest, store: Store) -> int:
    """Put a request into the queue and return its number. Raises BadInput, NotFound."""
    if request.role not in ROLES:
        raise BadInput(f"the role must be one of {', '.join(ROLES)}")
    if not request.reason.strip():
        raise BadInput("say why it should be removed")
    chat = find_chat(store, request.chat)
    if request.post_id is not None and store.find_post(chat.key, request.post_id) is None:
        raise NotFound(f"there is no post {request.post_id} of {request.chat!r}")
    return store.add_request(request)


def decide_request(number: int, needs: Removing, *, accept: bool, note: str) -> None:
    """Close a request; accepting it hides the post or chat and keeps it from coming back.

    Raises NotFound, BadInput when it was decided before.
    """
    request = needs.store.get_request(number)
    if request.state is not RequestState.OPEN:
        raise BadInput(f"request {number} was decided before")
    subject = request.chat if request.post_id is None else f"{request.chat}/{request.post_id}"
    if accept:
        chat = find_chat(needs.store, request.chat)
        if request.post_id is None:
            needs.store.set_chat(chat.key, visibility=Visibility.PRIVATE)
        else:
            _hide(needs.store, chat, request.post_id)
        reason = f"request {number}"
        for name in _names(chat) if request.post_id is None else (chat.ref,):
            needs.store.add_block(
                Block(at=needs.clock.now(), chat=name, post_id=request.post_id, reason=reason)
            )
    state = RequestState.ACCEPTED if accept else RequestState.REFUSED
    needs.store.close_request(number, state, at=needs.clock.now(), note=note)
    needs.log("accept request" if accept else "refuse request", f"{number}: {subject}", note)


def _names(chat: Chat) -> tuple[str, ...]:
    """Return what a chat may come back under: by its id, and by its name on routes without ids."""
    return (chat.ref, f"@{chat.username}") if chat.username else (chat.ref,)


def hide_post(ref: str, post_id: int, needs: Removing, *, hidden: bool) -> None:
    """Hide a post from every door, or show it again. Raises NotFound."""
    chat = find_chat(needs.store, ref)
    _hide(needs.store, chat, post_id, hidden=hidden)
    needs.log("hide post" if hidden else "show post", f"{chat.ref}/{post_id}")


def _hide(store: Store, chat: Chat, post_id: int, *, hidden: bool = True) -> None:
    stored = store.find_post(chat.key, post_id)
    if stored is None:
        raise NotFound(f"there is no post {post_id} of {chat.ref}")
    store.hide_post(stored.key, hidden=hidden)


def set_chat(
    ref: str,
    needs: Removing,
    *,
    visibility: Visibility | None,
    sensitive: bool | None,
    no_index: bool | None,
) -> Chat:
    """Change who may see a chat and how. Raises NotFound."""
    chat = find_chat(needs.store, ref)
    changed = needs.store.set_chat(
        chat.key, visibility=visibility, sensitive=sensitive, no_index=no_index
    )
    marks = {"visibility": visibility, "sensitive": sensitive, "no_index": no_index}
    note = ", ".join(f"{name}={value}" for name, value in marks.items() if value is not None)
    needs.log("set chat", chat.ref, note)
    return changed


def add_block(block: Block, needs: Removing) -> int:
    """Keep something out from now on, and hide what is here of it. Returns how many posts it hid.

    Raises BadInput for a block that names nothing, NotFound for a chat that is unknown.
    """
    if not (block.chat or block.author or block.word):
        raise BadInput("a block names a chat, a post of a chat, an author or a word")
    needs.store.add_block(block)
    hidden = hide_blocked(block, needs.store)
    needs.log("add block", _subject(block), block.reason)
    return hidden


def hide_blocked(block: Block, store: Store) -> int:
    """Hide what is here of what a block names; return how many posts. Raises NotFound."""
    hidden = 0
    if block.chat and block.post_id is not None:
        _hide(store, find_chat(store, block.chat), block.post_id)
        hidden = 1
    elif block.chat:
        store.set_chat(find_chat(store, block.chat).key, visibility=Visibility.PRIVATE)
    else:
        for key in store.find_blocked(block):
            store.hide_post(key, hidden=True)
            hidden += 1
    return hidden


def remove_block(block: Block, needs: Removing) -> None:
    """Let it come in again; what was hidden stays hidden until it is shown again."""
    needs.store.remove_block(block)
    needs.log("remove block", _subject(block))


def _subject(block: Block) -> str:
    named = {"chat": block.chat, "post": block.post_id, "author": block.author, "word": block.word}
    return ", ".join(f"{name}={value}" for name, value in named.items() if value is not None)


def purge(ref: str, post_id: int | None, needs: Removing) -> int:
    """Erase a post, or a chat with all its posts, for good; return how many posts.

    Raises NotFound. The log of decisions keeps the address and nothing of the content.
    """
    chat = find_chat(needs.store, ref)
    if post_id is None:
        posts = needs.store.count_posts(chat.key)
        unused = needs.store.purge_chat(chat.key)
    else:
        stored = needs.store.find_post(chat.key, post_id)
        if stored is None:
            raise NotFound(f"there is no post {post_id} of {ref!r}")
        posts = 1
        unused = needs.store.purge_posts([stored.key])
    for blob in unused:
        needs.blobs.delete(blob)
    needs.log("purge", chat.ref if post_id is None else f"{chat.ref}/{post_id}")
    return posts
