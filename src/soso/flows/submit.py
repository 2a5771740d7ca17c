"""Readers and owners take part: a chat is submitted and queued, its owner takes it out.

Looking a name up and following it are given, since they reach the network. Must not know Telegram's
wire shapes or wording.
"""

import base64
import hashlib
import hmac
import re
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import timedelta
from enum import StrEnum
from typing import Final, NamedTuple

from soso.flows.identify import follow_merges
from soso.flows.take_down import Removing, decide_request, request_removal
from soso.model.batch import Block
from soso.model.chat import Chat, ChatKind, ChatSighting
from soso.model.errors import BadInput, NotFound
from soso.model.identity import fold_name, last_seen
from soso.model.value import Value
from soso.model.visibility import is_listed
from soso.ports.bot_kept import Submission, SubmissionState
from soso.ports.desk import Decision, RemovalRequest
from soso.ports.store import Store

LookUp = Callable[[str], ChatSighting | None]
"""A username -> what Telegram's public card says; None where nothing can be told now. Raises
NotFound where nobody has the name."""

MOST_OPEN: Final = 10
"""Submissions of one person that wait."""

_PROVED: Final = "proved by the bot"
_SURE_FOR: Final = timedelta(days=7)
_NAME: Final = re.compile(
    r"(?:https?://)?(?:(?:www\.)?(?:t|telegram)\.me/(?:s/)?|@)?"
    r"(?P<name>[A-Za-z][A-Za-z0-9_]{3,31})(?:/[0-9]+)?/?(?:[?#]\S*)?"
)
_FIT: Final = (ChatKind.CHANNEL, ChatKind.GROUP, ChatKind.UNKNOWN)


class Outcome(StrEnum):
    """What became of a submission."""

    QUEUED = "queued"
    HERE = "here"  # it is in the archive already
    BAD_NAME = "bad_name"
    BLOCKED = "blocked"  # its owner or the operator wants it out
    FREE = "free"  # nobody has the name
    UNFIT = "unfit"  # a person or a bot
    TOO_MANY = "too_many"


class Submitted(Value):
    """What became of it. number: of the submission, where it was queued; chat: where it is here."""

    outcome: Outcome
    name: str = ""
    number: int = 0
    chat: Chat | None = None


class TakingPart(NamedTuple):
    """What taking part needs. secret: the archive's key; follow: follows a name."""

    removing: Removing
    look_up: LookUp
    follow: Callable[[str], object]
    unfollow: Callable[[str], object]
    secret: str

    @property
    def store(self) -> Store:
        """The truth."""
        return self.removing.store


def parse_name(text: str) -> str | None:
    """Return the username in @name, name or an address on t.me; None for anything else."""
    found = _NAME.fullmatch(text.strip())
    return found["name"] if found else None


def submit(text: str, chat: int, language: str, needs: TakingPart) -> Submitted:
    """Queue a chat for the operator. chat: whom of the bot's to tell. Raises Unavailable."""
    name = parse_name(text)
    if name is None:
        return Submitted(outcome=Outcome.BAD_NAME)
    if is_blocked(name, needs.store):
        return Submitted(outcome=Outcome.BLOCKED, name=name)
    known = _find_chat(name, needs.store)
    if known is not None and is_listed(known):
        return Submitted(outcome=Outcome.HERE, name=name, chat=known)
    waiting = needs.store.list_submissions(state=SubmissionState.OPEN, limit=1000)
    if sum(one.chat == chat for one in waiting) >= MOST_OPEN:
        return Submitted(outcome=Outcome.TOO_MANY, name=name)
    try:
        card = needs.look_up(name)
    except NotFound:
        return Submitted(outcome=Outcome.FREE, name=name)
    if card is not None and (card.kind or ChatKind.UNKNOWN) not in _FIT:
        return Submitted(outcome=Outcome.UNFIT, name=name)
    number = needs.store.add_submission(
        Submission(
            name=name,
            chat=chat,
            at=needs.removing.clock.now(),
            language=language,
            title=(card.title or "")[:200] if card is not None else "",
            members=card.members if card is not None else None,
        )
    )
    return Submitted(outcome=Outcome.QUEUED, name=name, number=number)


def decide_submission(
    number: int, needs: TakingPart, *, accept: bool, note: str
) -> Sequence[Submission]:
    """Follow what was submitted, or don't; return who is to hear of it.

    Empty if it was decided before. Raises NotFound, and what following raises; then it stays open.
    """
    submission = needs.store.get_submission(number)
    if submission.state is not SubmissionState.OPEN:
        return ()
    if accept:
        if is_blocked(submission.name, needs.store):
            raise BadInput(f"@{submission.name} is blocked; take the block away first")
        needs.follow(submission.name)
    state = SubmissionState.ACCEPTED if accept else SubmissionState.REFUSED
    now = needs.removing.clock.now()
    closed = needs.store.close_submissions(number, state, at=now, note=note)
    if closed:
        verb = "accept" if accept else "refuse"
        needs.removing.log(f"{verb} submission", f"{number}: @{submission.name}", note)
    return closed


def is_blocked(name: str, store: Store) -> bool:
    """Whether a chat of this name may not come in."""
    known = _find_chat(name, store)
    refs = {f"@{fold_name(name)}"} | ({known.ref} if known is not None else set())
    return any(
        block.post_id is None
        and block.chat is not None
        and (f"@{fold_name(block.chat)}" if block.chat.startswith("@") else block.chat) in refs
        and not (block.author or block.word)
        for block in store.list_blocks()
    )


# Owners


def owner_code(name: str, person: int, secret: str) -> str:
    """Return what an owner writes into the description to prove that it is theirs.

    It is of this person and this name: somebody else's code proves nothing.
    """
    said = f"soso owner\0{fold_name(name)}\0{person}"
    digest = hmac.digest(hashlib.sha256(secret.encode()).digest(), said.encode(), "sha256")
    return f"soso-{base64.b32encode(digest)[:10].decode().lower()}"


def proves_by_code(name: str, person: int, needs: TakingPart) -> bool:
    """Whether the code stands in the public description now. Raises NotFound, Unavailable."""
    card = needs.look_up(name)
    said = (card.description or "") if card is not None else ""
    return owner_code(name, person, needs.secret) in said.casefold()


def is_still_its_name(name: str, needs: TakingPart) -> bool:
    """Whether the chat that has the name now is surely the one the archive knows by it.

    Names pass from one chat to another, and a card tells no id: without one, the same title and a
    sighting under the name within a few days must do. Raises NotFound, Unavailable.
    """
    chat = _find_chat(name, needs.store)
    if chat is None or chat.peer is None:
        return True
    card = needs.look_up(name)
    if card is not None and card.peer is not None:
        return card.peer == chat.peer
    seen_at = last_seen(chat, name)
    is_fresh = seen_at is not None and needs.removing.clock.now() - seen_at <= _SURE_FOR
    return is_fresh and card is not None and (card.title or "").strip() == chat.title.strip()


def take_out(name: str, needs: TakingPart, *, is_sure: bool = True) -> bool:
    """Take a chat out for its owner, who has proved it: hidden at once, kept out from now on.

    Also what is not in the archive yet. is_sure: whether it is the chat that the archive has; if
    not, the request waits for the operator, and False is returned. Raises Unavailable.
    """
    chat = _find_chat(name, needs.store)
    now = needs.removing.clock.now()
    if chat is not None:
        number = request_removal(
            RemovalRequest(
                chat=chat.ref, role="owner", reason=_PROVED, at=now, contact=f"@{name}", door="bot"
            ),
            needs.store,
        )
        if not is_sure:
            return False
        decide_request(number, needs.removing, accept=True, note=_PROVED)
    block = Block(at=now, chat=f"@{name}", reason="its owner wants it out")
    needs.store.add_block(block)
    needs.store.log_decision(
        Decision(at=now, who=needs.removing.who, what="owner takes out", subject=f"@{name}")
    )
    with suppress(NotFound):  # it was not followed
        needs.unfollow(name)
    return True


def report(chat: str, post_id: int | None, reason: str, needs: TakingPart, *, role: str) -> int:
    """Put what a reader reports into the queue of removals. Raises NotFound, BadInput."""
    return request_removal(
        RemovalRequest(
            chat=chat,
            post_id=post_id,
            role=role,
            reason=reason,
            at=needs.removing.clock.now(),
            door="bot",
        ),
        needs.store,
    )


def _find_chat(name: str, store: Store) -> Chat | None:
    found = store.find_chat_by_username(name)
    return follow_merges(store, found) if found is not None else None
