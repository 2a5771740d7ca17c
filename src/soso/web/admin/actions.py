"""What the operator does: the forms that change something, each with its token.

Knows the forms' fields. Must not know what a decision brings about.
"""

from typing import TYPE_CHECKING, Annotated, Final
from urllib.parse import parse_qsl, quote, urlencode

from fastapi import APIRouter, Depends, Form
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from soso.model.batch import Block
from soso.model.chat import Visibility
from soso.model.errors import BadInput, SosoError
from soso.model.ids import parse_peer, parse_provisional
from soso.web.admin.gate import Gate
from soso.web.errors import status_of
from soso.web.site.foreign import clean_line
from soso.web.subject import parse_subject

if TYPE_CHECKING:
    from soso.bootstrap import App

WHO: Final = "operator"
_MOST_NOTE: Final = 500  # code points

Text = Annotated[str, Form()]


def make_actions_router(app: "App", gate: Gate) -> APIRouter:
    """Return the routes that take forms; every one needs a session and its token."""
    router = APIRouter(prefix="/admin", dependencies=[Depends(gate.check_form)])

    @router.post("/chats/{ref}")
    def set_chat(
        ref: str, visibility: Text = "", sensitive: Text = "", no_index: Text = "", back: Text = ""
    ) -> Response:
        if visibility not in list(Visibility):
            raise BadInput(f"visibility is one of: {', '.join(Visibility)}")
        app.set_chat(
            ref,
            who=WHO,
            visibility=Visibility(visibility),
            sensitive=bool(sensitive),
            no_index=bool(no_index),
        )
        query = urlencode(parse_qsl(back[:2000]))
        return _go(f"/admin/chats?{query}#{quote(ref, safe='')}")

    @router.post("/requests/{number:int}")
    def decide(number: int, decision: Text = "", note: Text = "") -> Response:
        if decision not in ("accept", "refuse"):
            raise BadInput("decision is one of: accept, refuse")
        note = clean_line(note)[:_MOST_NOTE]
        app.decide_request(number, accept=decision == "accept", who=WHO, note=note)
        return _go("/admin/requests")

    @router.post("/blocks")
    def add_block(
        request: Request, kind: Text = "", value: Text = "", reason: Text = ""
    ) -> Response:
        try:
            block = parse_block(kind, value, reason, app)
            app.add_block(block, who=WHO)
        except SosoError as error:
            return _complain(request, error)
        return _go("/admin/blocks")

    @router.post("/blocks/remove")
    def remove_block(
        chat: Text = "", post_id: Text = "", author: Text = "", word: Text = ""
    ) -> Response:
        number = int(post_id[:16]) if post_id.removeprefix("-").isdecimal() else None
        block = Block(
            at=app.clock.now(),
            chat=chat or None,
            post_id=number,
            author=author or None,
            word=word or None,
        )
        app.remove_block(block, who=WHO)
        return _go("/admin/blocks")

    @router.post("/posts")
    def hide_post(request: Request, value: Text = "", decision: Text = "") -> Response:
        try:
            subject = parse_subject(value)
            if subject.post_id is None:
                raise BadInput("this is the address of a chat, not of a post")
            hidden = decision == "hide"
            app.hide_post(subject.chat, subject.post_id, hidden=hidden, who=WHO)
        except SosoError as error:
            return _complain(request, error)
        return _go("/admin/decisions")

    def _complain(request: Request, error: SosoError) -> Response:
        return gate.page(
            request,
            "admin/blocks.html",
            status=status_of(error),
            blocks=app.list_blocks(),
            problem=str(error),
        )

    return router


def parse_block(kind: str, value: str, reason: str, app: "App") -> Block:
    """Return the block that the form describes. Raises BadInput.

    kind: chat | post (value: an address), author (a ref such as u77), word.
    """
    value, reason = clean_line(value), clean_line(reason)[:_MOST_NOTE]
    at = app.clock.now()
    if not value:
        raise BadInput("say what is to be kept out")
    match kind:
        case "chat" | "post":
            subject = parse_subject(value)
            if (subject.post_id is None) == (kind == "post"):
                raise BadInput("the address is not of what was chosen, a chat or a post")
            return Block(at=at, chat=_name(subject.chat), post_id=subject.post_id, reason=reason)
        case "author":
            if parse_peer(value) is None:
                raise BadInput("an author is named by a number, such as u77")
            return Block(at=at, author=value, reason=reason)
        case "word":
            return Block(at=at, word=value[:100], reason=reason)
        case _:
            raise BadInput("a block is of a chat, a post, an author or a word")


def _name(chat: str) -> str:
    """Return a chat as blocks name it: a ref, or @name."""
    is_ref = parse_peer(chat) is not None or parse_provisional(chat) is not None
    return chat if is_ref else f"@{chat.removeprefix('@')}"


def _go(path: str) -> Response:
    return RedirectResponse(path, status_code=303)
