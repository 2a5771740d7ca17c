"""Updates brought to an address of the bot, and the methods that set it.

Knows delivery: one chat's updates one after another, chats beside each other, again and again with
growing delay until they are taken. Must not know what an update tells.
"""

import asyncio
import ipaddress
import logging
import re
from collections.abc import Callable
from typing import Any, Final
from urllib.parse import urlsplit

import httpx

from soso.doubles.bot_api.api import Api
from soso.doubles.bot_api.arguments import Call, as_flag, as_number, unfold
from soso.doubles.bot_api.errors import ApiError, bad_request
from soso.doubles.bot_api.world import Raw

log = logging.getLogger(__name__)

_SECRET: Final = re.compile(r"[A-Za-z0-9_-]{1,256}")
_FIRST_DELAY_S: Final = 0.2
_LONGEST_DELAY_S: Final = 5.0  # the official server waits longer; here people and tests wait
_TIMEOUT_S: Final = 20.0
SECRET_HEADER: Final = "X-Telegram-Bot-Api-Secret-Token"


def set_webhook(api: Api, call: Call) -> bool:
    """Take an address; an empty one removes it. HTTP is taken for this machine only."""
    url = str(call.args.get("url") or "")
    if not url:
        return delete_webhook(api, call)
    parts = urlsplit(url)
    if parts.scheme != "https" and not (parts.scheme == "http" and _is_here(parts.hostname)):
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
    secret = str(call.args.get("secret_token") or "")
    if secret and not _SECRET.fullmatch(secret):
        raise bad_request("secret token contains unallowed characters")
    connections = as_number(call.args, "max_connections") or 40
    if not 1 <= connections <= 100:
        connections = 40
    if as_flag(call.args, "drop_pending_updates"):
        api.queue.clear()
    api.queue.ask_for(call.args.get("allowed_updates"))
    api.webhook = {"url": url, "secret": secret, "max_connections": connections}
    api.queue.wake()
    return True


def delete_webhook(api: Api, call: Call) -> bool:
    """Go back to long polls."""
    if as_flag(call.args, "drop_pending_updates"):
        api.queue.clear()
    api.webhook = {}
    return True


def get_webhook_info(api: Api, _: Call) -> Raw:
    """Return the address, how much waits and what went wrong last."""
    info: Raw = {
        "url": api.webhook.get("url", ""),
        "has_custom_certificate": False,
        "pending_update_count": len(api.queue.pending),
    }
    for name in ("max_connections", "last_error_date", "last_error_message"):
        if name in api.webhook:
            info[name] = api.webhook[name]
    if api.queue.asked:
        info["allowed_updates"] = api.queue.asked
    return info


def _is_here(host: str | None) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host or "").is_loopback
    except ValueError:
        return False


class WebhookDelivery:
    """Brings what waits in the queue to the webhook for as long as it runs."""

    def __init__(self, api: Api, run: Callable[[Call], Any]) -> None:
        self._api = api
        self._run = run
        self._loop = asyncio.get_running_loop()
        self._event = asyncio.Event()
        self._busy: set[object] = set()
        self._taken: set[int] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        api.queue.listen(self._tell)

    def _tell(self) -> None:
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._event.set)

    async def run(self) -> None:
        """Deliver until cancelled."""
        async with httpx.AsyncClient(timeout=_TIMEOUT_S, trust_env=False) as client:
            while True:
                self._event.clear()
                for update in self._ready():
                    task = asyncio.create_task(self._deliver(client, update))
                    self._tasks.add(task)
                    task.add_done_callback(self._tasks.discard)
                await self._event.wait()

    def _ready(self) -> list[Raw]:
        """Return what may go out now, marked as on its way."""
        found: list[Raw] = []
        with self._api.lock:
            room = self._api.webhook.get("max_connections", 0) - len(self._taken)
            for update in self._api.queue.pending:
                if len(found) >= room:
                    break
                number, line = update["update_id"], line_of(update)
                if number in self._taken or line in self._busy:
                    continue
                self._taken.add(number)
                self._busy.add(line)
                found.append(update)
        return found

    async def _deliver(self, client: httpx.AsyncClient, update: Raw) -> None:
        delay_s = _FIRST_DELAY_S
        try:
            while (hook := dict(self._api.webhook)) and update in self._api.queue.pending:
                headers = {SECRET_HEADER: hook["secret"]} if hook["secret"] else {}
                try:
                    answer = await client.post(hook["url"], json=update, headers=headers)
                    if answer.is_success:
                        with self._api.lock:
                            self._api.queue.drop(update["update_id"])
                            self._api.tell()
                        self._do(answer)
                        return
                    error = f"Wrong response from the webhook: {answer.status_code}"
                except httpx.HTTPError as failure:
                    error = f"Connection failed: {type(failure).__name__}"
                self._note(error)
                await asyncio.sleep(delay_s)
                delay_s = min(delay_s * 2, _LONGEST_DELAY_S)
        finally:
            self._taken.discard(update["update_id"])
            self._busy.discard(line_of(update))
            self._event.set()

    def _note(self, error: str) -> None:
        with self._api.lock:
            if self._api.webhook:
                self._api.webhook["last_error_message"] = error
                self._api.webhook["last_error_date"] = int(self._api.clock.now_s())

    def _do(self, answer: httpx.Response) -> None:
        """Make the one call that an answer may carry; nobody hears what came of it."""
        try:
            told = answer.json() if answer.content else None
        except ValueError:
            return
        if isinstance(told, dict) and isinstance(told.get("method"), str):
            args = {name: value for name, value in told.items() if name != "method"}
            try:
                self._run(Call(told["method"].lower(), unfold(args), {}))
            except ApiError as error:
                log.info("the call in a webhook's answer failed: %s", error.description)


def line_of(update: Raw) -> object:
    """Return what updates share that must come one after another: their chat or person."""
    for content in update.values():
        if isinstance(content, dict):
            holder = content.get("message", content)
            chat = holder.get("chat") if isinstance(holder, dict) else None
            who = chat or content.get("from") or {}
            return who.get("id")
    return None
