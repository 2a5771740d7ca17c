"""The Bot API over HTTP, as bots meet it: forms of calls, errors, polls, webhooks, files."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import httpx
import pytest

from soso.doubles.bot_api import BotApiDouble, Limits

from .calls import PNG, Bot, bot, double

__all__ = ["bot", "double"]


@pytest.fixture
def user(double: BotApiDouble) -> int:
    return double.add_user("小雨", username="xiaoyu", started=True)


def test_arguments_come_in_four_forms(bot: Bot, user: int) -> None:
    nested = json.dumps({"inline_keyboard": [[{"text": "a", "callback_data": "1"}]]})
    args = {"chat_id": str(user), "text": "x", "reply_markup": nested}
    sent = [
        bot.client.get("sendMessage", params=args),
        bot.client.post("SENDMESSAGE", data=args),
        bot.client.post("sendMessage", params={"chat_id": user}, json={"text": "x"}),
        bot.client.post("sendPhoto", data={"chat_id": user}, files={"photo": ("a.png", PNG)}),
    ]
    results = [answer.json()["result"] for answer in sent]
    assert [result["chat"]["id"] for result in results] == [user] * 4
    assert results[0]["reply_markup"] == results[1]["reply_markup"] == json.loads(nested)
    assert results[3]["photo"][0]["width"] == 1


def test_empty_bodies_of_any_kind_are_no_arguments(bot: Bot) -> None:
    headers = {"Content-Type": "application/octet-stream"}
    assert bot.client.post("getMe", content=b"", headers=headers).json()["result"]["is_bot"]


def test_a_wrong_token_and_a_wrong_method(double: BotApiDouble, bot: Bot) -> None:
    answer = httpx.get(f"{double.url}/bot1:wrong/getMe")
    assert (answer.status_code, answer.json()["description"]) == (401, "Unauthorized")
    assert bot.fail("launchRocket") == (404, "Not Found")


@pytest.mark.parametrize(
    ("args", "error"),
    [
        ({"text": "x"}, "chat_id is empty"),
        ({"chat_id": 5, "text": "x"}, "chat not found"),
        ({"text": " \n "}, "message text is empty"),
        ({"text": "<b></b>", "parse_mode": "HTML"}, "message text is empty"),
        ({"text": "中" * 4097}, "message is too long"),
        ({"text": "😀" * 2049}, "message is too long"),
        ({"text": "x", "reply_parameters": {"message_id": 99}}, "message to be replied not found"),
        ({"text": "x", "parse_mode": "Latex"}, "unsupported parse_mode"),
    ],
)
def test_messages_that_are_refused(bot: Bot, user: int, args: dict[str, Any], error: str) -> None:
    told = args if "chat_id" in args or error == "chat_id is empty" else {"chat_id": user, **args}
    assert bot.fail("sendMessage", **told) == (400, f"Bad Request: {error}")


def test_the_length_counts_after_the_markup(bot: Bot, user: int) -> None:
    text = "<b>" + "&amp;" * 4096 + "</b>"
    assert len(bot.call("sendMessage", chat_id=user, text=text, parse_mode="HTML")["text"]) == 4096


@pytest.mark.parametrize(
    ("button", "error"),
    [
        ({"text": "a", "callback_data": "中" * 22}, "BUTTON_DATA_INVALID"),
        ({"text": "a", "callback_data": ""}, "BUTTON_DATA_INVALID"),
        ({"text": "a"}, "text buttons are unallowed in the inline keyboard"),
        (
            {"text": "a", "url": "javascript:x"},
            "inline keyboard button URL 'javascript:x' is invalid: Wrong HTTP URL",
        ),
    ],
)
def test_buttons_that_are_refused(bot: Bot, user: int, button: dict[str, Any], error: str) -> None:
    markup = {"inline_keyboard": [[button]]}
    told = bot.fail("sendMessage", chat_id=user, text="x", reply_markup=markup)
    assert told == (400, f"Bad Request: {error}")


@pytest.mark.parametrize(("rows", "columns"), [(13, 8), (1, 9), (101, 1)])
def test_keyboards_that_are_too_large(bot: Bot, user: int, rows: int, columns: int) -> None:
    markup = {"inline_keyboard": [[{"text": "a", "callback_data": "1"}] * columns] * rows}
    code, _ = bot.fail("sendMessage", chat_id=user, text="x", reply_markup=markup)
    assert code == 400


def test_edits(bot: Bot, user: int, double: BotApiDouble) -> None:
    sent = bot.call("sendMessage", chat_id=user, text="one")
    place = {"chat_id": user, "message_id": sent["message_id"]}
    assert bot.fail("editMessageText", **place, text="one")[1].startswith(
        "Bad Request: message is not modified"
    )
    assert bot.call("editMessageText", **place, text="two")["edit_date"]
    assert [message["text"] for message in double.sent(user)] == ["two"]
    assert bot.fail("editMessageText", chat_id=user, message_id=77, text="x") == (
        400,
        "Bad Request: message to edit not found",
    )
    theirs = double.send(user, "hello")["message_id"]
    assert bot.fail("editMessageText", chat_id=user, message_id=theirs, text="x")[1].endswith(
        "message can't be edited"
    )
    assert bot.call("deleteMessage", **place) is True
    assert bot.fail("deleteMessage", **place)[1] == "Bad Request: message to delete not found"


def test_who_may_be_written_to(bot: Bot, double: BotApiDouble) -> None:
    fresh = double.add_user("Amy")
    assert bot.fail("sendMessage", chat_id=fresh, text="x") == (
        403,
        "Forbidden: bot can't initiate conversation with a user",
    )
    double.start(fresh)
    bot.call("sendMessage", chat_id=fresh, text="x")
    double.block(fresh)
    told = bot.fail("sendMessage", chat_id=fresh, text="x")
    assert told == (403, "Forbidden: bot was blocked by the user")
    channel = double.add_channel("频道", username="pd", bot="left")
    assert bot.fail("sendMessage", chat_id="@PD", text="x") == (
        403,
        "Forbidden: bot is not a member of the channel chat",
    )
    double.set_bot(channel, "member", by=fresh)
    assert bot.fail("sendMessage", chat_id=channel, text="x")[1].endswith(
        "need administrator rights in the channel chat"
    )


def test_presses_are_answered_once_and_in_time(bot: Bot, user: int, double: BotApiDouble) -> None:
    markup = {"inline_keyboard": [[{"text": "a", "callback_data": "1"}]]}
    sent = bot.call("sendMessage", chat_id=user, text="x", reply_markup=markup)
    first, second = (double.press(user, sent["message_id"], user=user, data="1") for _ in range(2))
    long = bot.fail("answerCallbackQuery", callback_query_id=first, text="x" * 201)
    assert long[1] == "Bad Request: MESSAGE_TOO_LONG"
    assert bot.call("answerCallbackQuery", callback_query_id=first, text="ok")
    assert double.wait_answer(first)["text"] == "ok"
    old = "query is too old and response timeout expired or query ID is invalid"
    again = bot.fail("answerCallbackQuery", callback_query_id=first)
    double.clock.advance(61)
    late = bot.fail("answerCallbackQuery", callback_query_id=second)
    assert again == late == (400, f"Bad Request: {old}")


def article(number: int) -> dict[str, Any]:
    return {
        "type": "article",
        "id": str(number),
        "title": "t",
        "input_message_content": {"message_text": "<b>x</b>", "parse_mode": "HTML"},
    }


def test_inline_answers(bot: Bot, user: int, double: BotApiDouble) -> None:
    query = double.ask_inline(user, "天气")
    ask = {"inline_query_id": query}
    many = [article(number) for number in range(51)]
    told = bot.fail("answerInlineQuery", **ask, results=many)[1]
    assert told == "Bad Request: Too many inline query results specified"
    twice = bot.fail("answerInlineQuery", **ask, results=[article(1)] * 2)[1]
    assert twice == "Bad Request: RESULT_ID_DUPLICATE"
    far = bot.fail("answerInlineQuery", **ask, results=[], next_offset="中" * 22)[1]
    assert far == "Bad Request: NEXT_OFFSET_INVALID"
    assert bot.call("answerInlineQuery", **ask, results=many[:50], next_offset="50")
    assert len(double.wait_inline(query)["results"]) == 50
    sent = double.choose(user, query, "3", chat=user)
    assert (sent["text"], sent["via_bot"]["username"]) == ("x", "soso_local_bot")
    # Answers are kept: the same query of anybody does not reach the bot.
    pending = len(double.api.queue.pending)
    assert double.wait_inline(double.ask_inline(user, "天气"))["next_offset"] == "50"
    assert len(double.api.queue.pending) == pending


def test_updates_stay_until_confirmed(bot: Bot, user: int, double: BotApiDouble) -> None:
    for text in ("a", "b", "c"):
        double.send(user, text)
    first = bot.call("getUpdates", limit=2)
    assert [one["message"]["text"] for one in first] == ["a", "b"]
    assert bot.call("getUpdates", limit=2) == first
    rest = bot.call("getUpdates", offset=first[-1]["update_id"] + 1)
    assert [one["message"]["text"] for one in rest] == ["c"]
    assert bot.call("getUpdates", offset=rest[-1]["update_id"] + 1) == []
    assert not double.api.queue.pending


def test_a_negative_offset_keeps_the_last(bot: Bot, user: int, double: BotApiDouble) -> None:
    for text in ("a", "b", "c"):
        double.send(user, text)
    assert [one["message"]["text"] for one in bot.call("getUpdates", offset=-1)] == ["c"]


def test_updates_are_kept_for_a_day(bot: Bot, user: int, double: BotApiDouble) -> None:
    double.send(user, "a")
    double.clock.advance(24 * 3600 + 1)
    assert bot.call("getUpdates") == []


def test_only_kinds_that_are_asked_for(bot: Bot, user: int, double: BotApiDouble) -> None:
    channel = double.add_channel("频道", bot="administrator")
    bot.call("getUpdates", allowed_updates=["channel_post"])
    double.send(user, "a")
    double.post(channel, "b")
    assert ["channel_post" in one for one in bot.call("getUpdates")] == [True]


def test_a_second_poll_ends_the_first(double: BotApiDouble, user: int) -> None:
    told: list[httpx.Response] = []
    url = f"{double.url}/bot{double.token}/getUpdates?timeout=10"
    first = threading.Thread(target=lambda: told.append(httpx.get(url, timeout=15)))
    first.start()
    double.wait_for(lambda: double.api.polls == 1)
    second = threading.Thread(target=lambda: told.append(httpx.get(url, timeout=15)))
    second.start()
    first.join(5)
    assert told[0].status_code == 409
    assert "terminated by other getUpdates request" in told[0].json()["description"]
    double.send(user, "a")
    second.join(5)
    assert len(told[1].json()["result"]) == 1


def test_limits_say_how_long_to_wait() -> None:
    with BotApiDouble(limits=Limits()) as double:
        user = double.add_user("小雨", started=True)
        bot = Bot(double)
        bot.call("sendMessage", chat_id=user, text="a")
        answer = bot.client.post("sendMessage", json={"chat_id": user, "text": "b"})
        bot.client.close()
    assert answer.status_code == 429
    assert answer.headers["Retry-After"] == "1"
    assert answer.json()["parameters"] == {"retry_after": 1}


def test_failures_on_order(bot: Bot, user: int, double: BotApiDouble) -> None:
    double.fail(502, methods=["sendMessage"])
    double.fail(429, retry_after=7, methods=["sendMessage"])
    double.fail(0, hang_s=0.1, methods=["sendMessage"], done=True)
    args = {"chat_id": user, "text": "a"}
    assert bot.fail("sendMessage", **args)[0] == 502
    assert bot.fail("sendMessage", **args)[1] == "Too Many Requests: retry after 7"
    with pytest.raises(httpx.HTTPError):
        bot.client.post("sendMessage", json=args)
    assert len(double.sent(user)) == 1  # it was done, only its answer was lost


def test_groups_are_private_to_their_people(bot: Bot, user: int, double: BotApiDouble) -> None:
    group = double.add_group("读书会", [user])
    answered = bot.call("sendMessage", chat_id=group, text="x")["message_id"]
    double.send(user, "@soso_local_bot hello", chat=group)
    double.send(user, "/s@other_bot x", chat=group)
    double.send(user, "hello", chat=group)
    double.send(user, "/s x", chat=group)
    double.send(user, "/s@soso_local_bot y", chat=group)
    double.send(user, "thanks", chat=group, reply_to=answered)
    texts = [one["message"]["text"] for one in bot.call("getUpdates")]
    assert texts == ["/s x", "/s@soso_local_bot y", "thanks"]


def test_files_and_their_limit(bot: Bot, double: BotApiDouble) -> None:
    from soso.doubles.bot_api.arguments import Upload

    channel = double.add_channel("频道", bot="administrator")
    photo = double.post(channel, "x", photo=PNG)["photo"][0]
    told = bot.call("getFile", file_id=photo["file_id"])
    path = f"{double.url}/file/bot{double.token}/{told['file_path']}"
    assert httpx.get(path).content == PNG
    assert httpx.get(path.replace(double.token, "1:x")).status_code == 401
    large = double.post(channel, "", file=Upload("a.zip", b"PK"), file_bytes=21 * 2**20)
    assert bot.fail("getFile", file_id=large["document"]["file_id"]) == (
        400,
        "Bad Request: file is too big",
    )
    broken = bot.client.post(
        "sendPhoto", data={"chat_id": channel}, files={"photo": ("a.png", b"no picture")}
    )
    assert broken.json()["description"] == "Bad Request: IMAGE_PROCESS_FAILED"


def test_members(bot: Bot, user: int, double: BotApiDouble) -> None:
    channel = double.add_channel("频道", owner=user, bot="left")
    ask = {"chat_id": channel, "user_id": user}
    assert bot.fail("getChatMember", **ask)[1] == "Bad Request: member list is inaccessible"
    double.set_bot(channel, "administrator", by=user)
    assert bot.call("getChatMember", **ask)["status"] == "creator"
    statuses = {one["status"] for one in bot.call("getChatAdministrators", chat_id=channel)}
    assert statuses == {"creator", "administrator"}
    told = bot.call("getUpdates")[-1]["my_chat_member"]
    assert told["new_chat_member"]["status"] == "administrator"


def test_commands_by_scope_and_language(bot: Bot) -> None:
    commands = [{"command": "hot", "description": "热门"}]
    bot.call("setMyCommands", commands=commands, language_code="zh")
    assert bot.call("getMyCommands", language_code="zh") == commands
    assert bot.call("getMyCommands") == []
    bad = [{"command": "Hot!", "description": "x"}]
    assert bot.fail("setMyCommands", commands=bad)[1] == "Bad Request: BOT_COMMAND_INVALID"


class _Hook(BaseHTTPRequestHandler):
    answers: list[int] = []
    got: list[tuple[str | None, dict[str, Any]]] = []
    reply: bytes = b""

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.got.append((self.headers["X-Telegram-Bot-Api-Secret-Token"], json.loads(body)))
        status = self.answers.pop(0) if self.answers else 200
        self.send_response(status)
        self.send_header("Content-Length", str(len(self.reply)))
        self.end_headers()
        self.wfile.write(self.reply)

    def log_message(self, *_: object) -> None:
        return


@pytest.fixture
def hook() -> Iterator[tuple[str, type[_Hook]]]:
    handler = type("Hook", (_Hook,), {"answers": [], "got": [], "reply": b""})
    server = HTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/hook", handler
    server.shutdown()
    server.server_close()
    thread.join()


def test_a_webhook_is_tried_until_it_takes_the_update(
    bot: Bot, user: int, double: BotApiDouble, hook: tuple[str, type[_Hook]]
) -> None:
    url, handler = hook
    handler.answers = [500, 200]
    handler.reply = json.dumps({"method": "sendMessage", "chat_id": user, "text": "hi"}).encode()
    bot.call("setWebhook", url=url, secret_token="s3cret_-")
    assert bot.fail("getUpdates")[0] == 409
    double.send(user, "hello")
    assert double.wait_sent(user)[0]["text"] == "hi"
    assert [secret for secret, _ in handler.got] == ["s3cret_-"] * 2
    assert handler.got[0] == handler.got[1]
    info = bot.call("getWebhookInfo")
    assert info["last_error_message"] == "Wrong response from the webhook: 500"
    assert bot.call("deleteWebhook", drop_pending_updates=True)
    assert bot.call("getUpdates") == []


@pytest.mark.parametrize("secret", ["has space", "x" * 257, "中"])
def test_secrets_have_an_alphabet(bot: Bot, secret: str) -> None:
    code, _ = bot.fail("setWebhook", url="https://example.org/hook", secret_token=secret)
    assert code == 400


def test_a_webhook_needs_https_elsewhere(bot: Bot) -> None:
    told = bot.fail("setWebhook", url="http://example.org/hook")[1]
    assert told == "Bad Request: bad webhook: An HTTPS URL must be provided for webhook"


def test_the_chat_page_and_its_control(double: BotApiDouble) -> None:
    page = httpx.get(double.url)
    assert "default-src 'self'" in page.headers["Content-Security-Policy"]
    assert httpx.get(f"{double.url}/page/chat.js").headers["Content-Type"].startswith("text/java")
    assert httpx.get(f"{double.url}/page/..%2Fserver.py").status_code == 404
    made = httpx.post(f"{double.url}/control/user", json={"first_name": "Amy"}).json()["done"]
    sent = httpx.post(f"{double.url}/control/send", json={"user": made, "text": "hi"}).json()
    assert sent["done"]["text"] == "hi"
    told = httpx.get(f"{double.url}/control/chats/{made}").json()["messages"]
    assert [message["text"] for message in told] == ["hi"]
    group = double.add_group("读书会", [made])
    assert httpx.get(f"{double.url}/control/chats/{group}").json()["messages"] == []
    assert httpx.get(f"{double.url}/control/chats/x").status_code == 400
    wrong = httpx.post(
        f"{double.url}/control/press",
        json={"chat": made, "user": made, "message": sent["done"]["message_id"], "data": "1"},
    )
    assert (wrong.status_code, "no button" in wrong.json()["error"]) == (400, True)
