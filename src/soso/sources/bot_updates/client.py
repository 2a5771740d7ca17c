"""Files of the Bot API: getFile, then the file itself.

Knows HTTP. The token is part of every address here, so no address leaves this module: not in
errors, not in logs, not in what is stored.
"""

import logging
from collections.abc import Mapping
from typing import Final

import httpx

from soso.model.errors import Unavailable
from soso.sources.bot_updates.media import MAX_FETCH_BYTES
from soso.sources.bot_updates.wire import as_int, as_map, as_text

log = logging.getLogger(__name__)

_TIMEOUT_S: Final = 20.0
_MOST_FAILURES: Final = 3
_SERVER_ERRORS: Final = 500
_TOO_MANY: Final = 429


class BotFiles:
    """Fetches the pictures of one update after another; may be used by several threads.

    files: what list_files() said of the updates at hand. A file that Telegram does not give after
    three tries is left out, so that one lost picture does not keep all posts after it away.
    """

    def __init__(self, api_url: str, token: str, *, client: httpx.Client | None = None) -> None:
        self._api_url = api_url.rstrip("/")
        self._token = token
        self._client = client or httpx.Client(timeout=_TIMEOUT_S, follow_redirects=False)
        self._files: dict[str, str] = {}
        self._failures: dict[str, int] = {}
        # httpx tells every address it asks at this level.
        logging.getLogger("httpx").setLevel(logging.WARNING)

    def close(self) -> None:
        """Let the connections go."""
        self._client.close()

    def know(self, files: Mapping[str, str]) -> None:
        """Remember the ids of an update's files."""
        if len(self._files) > 10_000:
            self._files.clear()
            self._failures.clear()
        self._files.update(files)

    def open_media(self, source: str, *, max_bytes: int) -> bytes | None:
        """Return a file of an update, None if it is not there or too large.

        Raises Unavailable where trying again makes sense.
        """
        number = self._files.get(source)
        if number is None:
            return None
        try:
            return self._fetch(number, min(max_bytes, MAX_FETCH_BYTES))
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            failures = self._failures[source] = self._failures.get(source, 0) + 1
            kind = type(error).__name__
            if failures >= _MOST_FAILURES:
                log.warning("a picture is left out, Telegram did not give it: %s", kind)
                return None
            # Not "from error": its text has the address, and the address has the token.
            raise Unavailable(f"Telegram does not give a file: {kind}") from None

    def _fetch(self, number: str, most: int) -> bytes | None:
        answer = self._client.post(
            f"{self._api_url}/bot{self._token}/getFile", data={"file_id": number}
        )
        if answer.status_code == _TOO_MANY or answer.status_code >= _SERVER_ERRORS:
            raise httpx.TransportError(f"status {answer.status_code}")
        told = _result(answer)
        path, size = as_text(told.get("file_path")), as_int(told.get("file_size"))
        if not _is_inside(path) or (size is not None and size > most):
            return None
        content = bytearray()
        with self._client.stream(
            "GET", f"{self._api_url}/file/bot{self._token}/{path}"
        ) as download:
            if download.status_code >= _SERVER_ERRORS:
                raise httpx.TransportError(f"status {download.status_code}")
            if not download.is_success:
                return None
            for piece in download.iter_bytes():
                content += piece
                if len(content) > most:
                    return None
        return bytes(content)


def _result(answer: httpx.Response) -> Mapping[str, object]:
    try:
        return as_map(as_map(answer.json()).get("result")) if answer.is_success else {}
    except ValueError:
        return {}


def _is_inside(path: str) -> bool:
    plain = path.replace("/", "").replace("_", "").replace(".", "").replace("-", "")
    return bool(plain) and plain.isascii() and plain.isalnum() and ".." not in path
