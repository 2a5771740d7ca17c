"""The control side over HTTP: what the chat page and scripts in other languages use.

Knows paths and JSON. Must not know the Bot API. Whoever reaches the port may use it: it is bound
to this machine alone.
"""

from collections.abc import Callable
from importlib.resources import files
from typing import Any, Final

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from soso.doubles.bot_api.cast import NoSuchThing
from soso.doubles.bot_api.errors import ApiError
from soso.doubles.bot_api.stage import Stage
from soso.doubles.bot_api.world import Raw, Room

_LONGEST_WAIT_S: Final = 25.0
_TYPES: Final = {"html": "text/html", "js": "text/javascript", "css": "text/css"}
_POLICY: Final = (
    "default-src 'self'; img-src 'self' data: blob: http: https:; style-src 'self';"
    " script-src 'self'; frame-ancestors 'self'; base-uri 'none'"
)


def make_control_routes(stage: Stage) -> list[Route]:
    """Return the routes of the chat page and of /control."""
    control = _Control(stage)
    acts: dict[str, Callable[[Raw], Any]] = {
        "send": lambda told: stage.send(
            told["user"], told["text"], chat=told.get("chat"), reply_to=told.get("reply_to")
        ),
        "start": lambda told: stage.start(told["user"], told.get("payload", "")),
        "press": control.press,
        "inline": control.inline,
        "choose": lambda told: stage.choose(
            told["user"], told["query"], told["result"], chat=told["chat"]
        ),
        "forward": lambda told: stage.forward(told["user"], told["source"], told["message"]),
        "post": lambda told: stage.post(told["chat"], told["text"], html=bool(told.get("html"))),
        "edit": lambda told: stage.edit_post(told["chat"], told["message"], told["text"]),
        "update": lambda told: stage.push(told["update"]),
        "bot": lambda told: stage.set_bot(told["chat"], told["status"], by=told["user"]),
        "block": lambda told: stage.block(told["user"], blocked=told.get("blocked", True)),
        "user": control.add_user,
        "group": lambda told: stage.add_group(told["title"], told.get("members", ())),
        "channel": lambda told: stage.add_channel(
            told["title"], username=told.get("username"), bot=told.get("bot", "left")
        ),
        "fail": lambda told: stage.fail(
            told["status"],
            times=told.get("times", 1),
            methods=told.get("methods", ()),
            retry_after=told.get("retry_after", 1),
            html=bool(told.get("html")),
        ),
        "advance": lambda told: stage.api.clock.advance(float(told["seconds"])),
        "reset": lambda _: stage.reset(),
    }
    return [
        Route("/", control.page),
        Route("/page/{name}", control.asset),
        Route("/control/world", control.world),
        Route("/control/chats/{chat}", control.chat),
        Route("/control/files/{file_id}", control.file),
        *(
            Route(f"/control/{name}", control.act(act), methods=["POST"], name=name)
            for name, act in acts.items()
        ),
    ]


class _Control:
    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.api = stage.api

    async def page(self, _: Request) -> Response:
        return _asset("index.html")

    async def asset(self, request: Request) -> Response:
        return _asset(request.path_params["name"])

    def act(self, act: Callable[[Raw], Any]) -> Callable[[Request], Any]:
        """Return an endpoint that does something and answers with what came of it."""

        async def endpoint(request: Request) -> Response:
            try:
                told = await request.json() if await request.body() else {}
                return JSONResponse({"done": await run_in_threadpool(act, told)})
            except (NoSuchThing, TimeoutError, KeyError, ValueError, TypeError) as error:
                return JSONResponse({"error": f"{type(error).__name__}: {error}"}, 400)
            except ApiError as error:
                return JSONResponse({"error": error.description}, 400)

        return endpoint

    def add_user(self, told: Raw) -> int:
        return self.stage.add_user(
            told["first_name"],
            username=told.get("username"),
            language=told.get("language", "zh-hans"),
            started=bool(told.get("started")),
        )

    def press(self, told: Raw) -> Raw:
        query = self.stage.press(
            told["chat"], told["message"], user=told["user"], data=told["data"]
        )
        return self.stage.wait_answer(query, timeout_s=_LONGEST_WAIT_S)

    def inline(self, told: Raw) -> Raw:
        query = self.stage.ask_inline(told["user"], told["query"], offset=told.get("offset", ""))
        return {"query": query, **self.stage.wait_inline(query, timeout_s=_LONGEST_WAIT_S)}

    async def world(self, _: Request) -> Response:
        """Who there is, the bot, its commands by scope and language."""
        with self.api.lock:
            world = self.api.world
            people = [user for user in world.users.values() if not user["is_bot"]]
            rooms = [self._room(room) for room in world.rooms.values()]
            commands = [
                {"scope": scope, "language": language, "commands": told}
                for (scope, language), told in self.api.commands.items()
            ]
        about = {"bot": world.bot, "users": people, "chats": rooms, "commands": commands}
        return JSONResponse(about)

    def _room(self, room: Room) -> Raw:
        inside = [one for one, member in room.members.items() if member["status"] != "left"]
        return {**room.raw, "members": inside, "revision": room.revision}

    async def chat(self, request: Request) -> Response:
        """A chat's messages; with ?since=REVISION it waits for a change first."""
        try:
            chat = int(request.path_params["chat"])
            since = int(request.query_params.get("since", -1))
        except ValueError:
            return JSONResponse({"error": "chats and revisions are numbers"}, 400)
        return await run_in_threadpool(self._read_chat, chat, since)

    def _read_chat(self, chat: int, since: int) -> Response:
        room = self.api.world.rooms.get(chat)
        if room is None:
            return JSONResponse({"error": f"there is no chat {chat}"}, 404)
        with self.api.changed:
            self.api.changed.wait_for(
                lambda: room.revision != since or self.api.is_closing, _LONGEST_WAIT_S
            )
            typing = self.api.typing.get(chat, 0.0) > self.api.clock.now_s()
            told = {"revision": room.revision, "messages": list(room.messages.values())}
        return JSONResponse({**told, "typing": typing})

    async def file(self, request: Request) -> Response:
        with self.api.lock:
            file = self.api.world.files.get(request.path_params["file_id"])
        if file is None or not file.content:
            return JSONResponse({"error": "there is no such file"}, 404)
        return Response(file.content, media_type=file.mime)


def _asset(name: str) -> Response:
    kind = _TYPES.get(name.rpartition(".")[2])
    found = files("soso.doubles.bot_api") / "page" / name
    if kind is None or "/" in name or not found.is_file():
        return JSONResponse({"error": "there is no such page"}, 404)
    headers = {"Content-Security-Policy": _POLICY, "Cache-Control": "no-store"}
    return Response(found.read_bytes(), media_type=kind, headers=headers)
