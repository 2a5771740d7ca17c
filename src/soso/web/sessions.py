"""Signed cookies: who is signed in, and whether a form comes from our own page.

Knows cookies and signatures. Must not know passwords, pages or what forms ask for.
"""

import hmac
import secrets
import threading
from collections.abc import Callable
from datetime import timedelta
from hashlib import sha256
from typing import Final

from itsdangerous import BadData, URLSafeTimedSerializer
from starlette.requests import Request
from starlette.responses import Response

from soso.config import Settings
from soso.model.errors import Refused
from soso.ports.answers import Answers
from soso.ports.clock import Clock

SESSION_S: Final = 12 * 3600
FORM_S: Final = 6 * 3600  # how long a form may lie open
CSRF_FIELD: Final = "csrf"
_SESSION_COOKIE: Final = "soso_session"
_FORM_COOKIE: Final = "soso_form"
_MOST_ENDED: Final = 10_000
_SHA256: Final = {"digest_method": sha256, "key_derivation": "hmac"}


def is_https(settings: Settings) -> bool:
    """Whether readers come by https: then cookies never travel without it."""
    return settings.public_url.startswith("https://")


class Sessions:
    """Sign-ins of operators, kept in a signed cookie that only /admin gets to see.

    A cookie counts for twelve hours, or until its owner signs out, of whichever process.
    """

    def __init__(
        self,
        secret: str,
        *,
        https: bool,
        answers: Answers | None = None,
        clock: Clock | None = None,
    ) -> None:
        """secret: at least 32 characters. https: the cookie never travels without it.

        answers, clock: where other processes find which sessions have ended; None: there are none.
        """
        self._signer = URLSafeTimedSerializer(secret, salt="soso.session", signer_kwargs=_SHA256)
        self._answers = answers
        self._clock = clock
        self._secret = secret.encode()
        self._https = https
        self._ended: dict[str, None] = {}  # in the order they ended
        self._lock = threading.Lock()

    def begin(self, answer: Response) -> str:
        """Sign the reader of the answer in and return the session's name."""
        session = secrets.token_urlsafe(24)
        answer.set_cookie(
            _SESSION_COOKIE,
            str(self._signer.dumps(session)),
            max_age=SESSION_S,
            path="/admin",
            secure=self._https,
            httponly=True,
            samesite="strict",
        )
        return session

    def find(self, request: Request) -> str | None:
        """Return the session of a request, None without a good one."""
        session = _unsign(self._signer, request.cookies.get(_SESSION_COOKIE), SESSION_S)
        return None if session is None or self._has_ended(session) else session

    def end(self, session: str, answer: Response) -> None:
        """Sign out: the cookie counts no more, should somebody have a copy of it."""
        with self._lock:
            self._ended[session] = None
            while len(self._ended) > _MOST_ENDED:
                del self._ended[next(iter(self._ended))]
        if self._answers is not None and self._clock is not None:
            expires_at = self._clock.now() + timedelta(seconds=SESSION_S)
            self._answers.keep_answer(_ended_token(session), b"", expires_at=expires_at)
        answer.delete_cookie(
            _SESSION_COOKIE, path="/admin", secure=self._https, httponly=True, samesite="strict"
        )

    def _has_ended(self, session: str) -> bool:
        if session in self._ended:
            return True
        if self._answers is None or self._clock is None:
            return False
        token = _ended_token(session)
        return self._answers.find_answer(token, now=self._clock.now()) is not None

    def csrf_token(self, session: str) -> str:
        """Return what every form of a session has to send along."""
        return hmac.new(self._secret, f"soso.csrf:{session}".encode(), sha256).hexdigest()

    def check_csrf(self, session: str, token: str) -> None:
        """Raise Refused unless a form came from a page of the session."""
        if not hmac.compare_digest(self.csrf_token(session).encode(), token.encode()):
            raise Refused("this form is not from this site, or it is too old; load it again")


class FormTokens:
    """Proof for forms of people who are not signed in: a cookie and a field that belong together.

    Another site can make a browser send the form but can't read the cookie to fill the field.
    """

    def __init__(self, secret: str, *, https: bool, path: str) -> None:
        """path: where the form is; the cookie goes nowhere else."""
        self._signer = URLSafeTimedSerializer(
            secret, salt=f"soso.form:{path}", signer_kwargs=_SHA256
        )
        self._https = https
        self._path = path

    def issue(self, request: Request) -> tuple[str, Callable[[Response], None]]:
        """Return the field's value and what sets the cookie on the form's page.

        A reader with a cookie keeps it, so that a form open in another tab stays good.
        """
        nonce = self._find_nonce(request) or secrets.token_urlsafe(24)
        token = str(self._signer.dumps(nonce))

        def set_cookie(answer: Response) -> None:
            answer.headers["Cache-Control"] = "no-store"
            answer.set_cookie(
                _FORM_COOKIE,
                token,
                max_age=FORM_S,
                path=self._path,
                secure=self._https,
                httponly=True,
                samesite="strict",
            )

        return token, set_cookie

    def check(self, request: Request, token: str) -> None:
        """Raise Refused unless cookie and field are ours, belong together and are fresh."""
        nonce = self._find_nonce(request)
        field = _unsign(self._signer, token, FORM_S)
        if nonce is None or field is None or not hmac.compare_digest(nonce, field):
            raise Refused("this form is not from this site, or it is too old; load it again")

    def _find_nonce(self, request: Request) -> str | None:
        return _unsign(self._signer, request.cookies.get(_FORM_COOKIE), FORM_S)


def _ended_token(session: str) -> str:
    return f"ended {sha256(session.encode()).hexdigest()}"


def _unsign(signer: URLSafeTimedSerializer, signed: str | None, max_age_s: int) -> str | None:
    if not signed or len(signed) > 500:
        return None
    try:
        value = signer.loads(signed, max_age=max_age_s)
    except BadData:
        return None
    return value if isinstance(value, str) else None
