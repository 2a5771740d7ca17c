"""Alerts as signed POSTs to an address that their owner gave.

Knows HTTP and how a payload is signed: as in Standard Webhooks, for which receivers have libraries
in most languages. Whom it may reach says guard.py. Redirects are not followed: the address that was
checked is the one that is told.
"""

import base64
import binascii
import hmac
import logging
import time
from typing import Final

import httpcore
import httpx
import msgspec

from soso.alerts.delivery import DELIVERED, End, Outcome
from soso.alerts.digest import Digest
from soso.fetchers.dialing import Deadline, Dialer
from soso.fetchers.guard import Guard, host_of, parse_address
from soso.fetchers.pace import parse_retry_after
from soso.model.errors import BadInput, HostileInput
from soso.ports.clock import Clock
from soso.query.rows import build_row

log = logging.getLogger(__name__)

KEY_PREFIX: Final = "whsec_"
VERSION: Final = 1
TOTAL_S: Final = 30.0
_STEP_S: Final = 10.0
_GONE: Final = 410
_UNSENT: Final = (httpcore.ConnectError, httpcore.ConnectTimeout, httpcore.PoolTimeout)


class WebhookDoor:
    """Fills ports.alert_door.AlertDoor. Safe in many threads."""

    def __init__(
        self, guard: Guard, clock: Clock, *, base_url: str, user_agent: str, plain: bool = False
    ) -> None:
        """base_url: put before the addresses of pages. plain: http:// is told, too."""
        self._guard = guard
        self._plain = plain
        self._clock = clock
        self._base_url = base_url
        self._user_agent = user_agent
        self._deadline = Deadline()
        self._pool = httpcore.ConnectionPool(
            network_backend=Dialer(guard, self._deadline), max_connections=32, keepalive_expiry=30.0
        )

    def close(self) -> None:
        """Let go of all connections."""
        self._pool.close()

    def check(self, url: str) -> None:
        """Refuse an address that is not to be told. Raises BadInput, HostileInput."""
        address = parse_address(url)
        self._guard.check(address)
        if address.scheme != "https" and not self._plain:
            raise BadInput("the address of a webhook begins with https://")

    def send(self, digest: Digest) -> Outcome:
        """POST a digest; see the port."""
        now_s = int(self._clock.now().timestamp())
        body = build_payload(digest, self._base_url)
        name = f"soso-{digest.number}"
        try:
            self.check(digest.watch.url)
            url = parse_address(digest.watch.url)
            headers = {
                "Host": url.netloc.decode("ascii"),
                "Content-Type": "application/json",
                "Content-Length": str(len(body)),
                "User-Agent": self._user_agent,
                "Webhook-Id": name,
                "Webhook-Timestamp": str(now_s),
                "Webhook-Signature": sign(digest.watch.key, name, now_s, body),
            }
            return self._post(url, headers, body)
        except HostileInput as error:
            return Outcome(end=End.LATER, reason=str(error))
        except (BadInput, UnicodeError) as error:
            return Outcome(end=End.GONE, reason=str(error))

    def _post(self, url: httpx.URL, headers: dict[str, str], body: bytes) -> Outcome:
        host = host_of(url)
        self._deadline.at = time.monotonic() + TOTAL_S
        steps = {"connect": _STEP_S, "read": _STEP_S, "write": _STEP_S, "pool": _STEP_S}
        target = httpcore.URL(
            scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path
        )
        try:
            with self._pool.stream(
                "POST",
                target,
                headers=[(name.encode(), value.encode()) for name, value in headers.items()],
                content=body,
                extensions={"timeout": steps},
            ) as response:  # what it says beside its status is not read
                return self._outcome(host, response.status, httpx.Headers(response.headers))
        except _UNSENT as error:
            return Outcome(end=End.LATER, reason=f"{host} can't be reached ({_said(error)})")
        except (httpcore.TimeoutException, httpcore.NetworkError, httpcore.ProtocolError) as error:
            return Outcome(end=End.UNKNOWN, reason=f"{host} gave no answer ({_said(error)})")
        finally:
            self._deadline.at = None

    def _outcome(self, host: str, status: int, told: httpx.Headers) -> Outcome:
        if 200 <= status < 300:
            return DELIVERED
        if status == _GONE:
            return Outcome(end=End.GONE, reason=f"{host} answers 410")
        wait_s = parse_retry_after(told.get("Retry-After"), told.get("Date"), self._clock.now())
        return Outcome(end=End.LATER, reason=f"{host} answers {status}", after_s=wait_s)


def build_payload(digest: Digest, base_url: str) -> bytes:
    """Return what is sent; docs/guide/alerts.md describes it."""
    watch = digest.watch
    return msgspec.json.encode(
        {
            "version": VERSION,
            "delivery": digest.number,
            "watch": {"number": watch.number, "query": watch.text},
            "posts": [build_row(card, base_url) for card in digest.cards],
            "more": digest.more,
        }
    )


def sign(key: str, name: str, at_s: int, body: bytes) -> str:
    """Return the signature of a payload. Raises BadInput for a key that is none.

    name: of the delivery, the same at every try. at_s: Unix seconds of this try.
    """
    try:
        raw = base64.b64decode(key.removeprefix(KEY_PREFIX), validate=True)
    except (binascii.Error, ValueError) as error:
        raise BadInput("the key of the webhook is damaged") from error
    signed = f"{name}.{at_s}.".encode() + body
    return "v1," + base64.b64encode(hmac.digest(raw, signed, "sha256")).decode()


def make_key(random: bytes) -> str:
    """Return random bytes as a key, in the form that receivers' libraries take."""
    return KEY_PREFIX + base64.b64encode(random).decode()


def _said(error: Exception) -> str:
    """Return what went wrong, without any address."""
    return type(error).__name__
