"""The preview site, live: addresses of pages, and what their answers are.

Knows where pages are and which kind of page means what. Fetching is ports/fetcher.py, parsing
parse.py; it keeps nothing.
"""

import re
from datetime import datetime
from typing import Final
from urllib.parse import quote, unquote, urlsplit

from soso.following.pages import Ask, Reading, Shown
from soso.model.errors import BadInput, Unavailable
from soso.model.following import Route
from soso.model.post import Post
from soso.ports.clock import Clock
from soso.ports.fetcher import Fetched, Fetcher, MediaDoor
from soso.ports.preview_site import Named
from soso.sources.web_preview.page import PageKind, PreviewPage
from soso.sources.web_preview.parse import parse_page
from soso.sources.web_preview.values import USERNAME

MAX_PAGE_BYTES: Final = 8 * 2**20  # twenty posts have about 150 KB
_HOSTS: Final = frozenset({"t.me", "telegram.me", "telegram.dog"})
_INVITATION: Final = re.compile(r"\+[A-Za-z0-9_-]{8,64}")
_NOT_NAMES: Final = frozenset(
    {"s", "c", "joinchat", "addstickers", "addlist", "addemoji", "share", "proxy", "socks", "iv"}
    | {"login", "confirmphone", "setlanguage", "addtheme", "bg", "invoice", "boost", "giftcode"}
)
_SHOWN: Final = {
    PageKind.HISTORY: Shown.POSTS,
    PageKind.POST: Shown.POSTS,
    PageKind.CHANNEL: Shown.CLOSED,
    PageKind.GROUP: Shown.CLOSED,
    PageKind.BOT: Shown.BOT,
    PageKind.USER: Shown.PERSON,
    PageKind.INVITE: Shown.PRIVATE,
    PageKind.FREE: Shown.FREE,
    PageKind.MISSING: Shown.NO_POST,
}
_NOT_FOUND: Final = frozenset({404, 410})


class LivePreviewSite:
    """Fills ports.preview_site.PreviewSite. host: https://t.me, or a double's address."""

    def __init__(self, fetcher: Fetcher, clock: Clock, host: str, media: MediaDoor) -> None:
        self._fetcher = fetcher
        self._clock = clock
        self._host = host.rstrip("/")
        self._media = media

    def parse_name(self, text: str) -> Named:
        """Return what was typed to be followed."""
        return parse_name(text, self._host)

    def read(
        self, name: str, ask: Ask, *, etag: str | None = None, last_modified: str | None = None
    ) -> Reading:
        """Ask for a page and return it whole."""
        fetched = self._fetcher.fetch(
            page_address(self._host, name, ask),
            max_bytes=MAX_PAGE_BYTES,
            etag=etag,
            last_modified=last_modified,
            kinds=("text/html",),
        )
        return read_answer(fetched, ask, now=self._clock.now())

    def lists(self, post: Post) -> bool:
        """Whether pages show such posts."""
        return post.service is None or (post.service.raw or "").startswith('{"text":')

    def open_media(self, source: str, *, max_bytes: int) -> bytes | None:
        """Return a picture."""
        return self._media.open_media(source, max_bytes=max_bytes)

    def wait_s(self) -> float:
        """Return how long until the site may be asked."""
        return self._fetcher.wait_s(self._host)


def page_address(host: str, name: str, ask: Ask) -> str:
    """Return where a page is; name: a username or +HASH."""
    if name.startswith("+"):
        return f"{host}/{quote(name, safe='+')}"
    if ask.post_id is not None:
        return f"{host}/{name}/{ask.post_id}?embed=1&mode=tme&single"
    address = f"{host}/s/{name}"
    return address if ask.before is None else f"{address}?before={ask.before}"


def read_answer(fetched: Fetched, ask: Ask, *, now: datetime) -> Reading:
    """Return what an answer shows. Raises Unavailable for one that was cut off, BadInput."""
    if fetched.status == 304:
        return Reading(shown=Shown.UNCHANGED, at=now)
    if fetched.status in _NOT_FOUND:
        return Reading(shown=Shown.FREE if ask.post_id is None else Shown.NO_POST, at=now)
    if fetched.status != 200:
        raise BadInput(f"the preview site answered with status {fetched.status}")
    page = parse_page(fetched.content, fetched_at=now)
    if fetched.cut or page.cut:
        raise Unavailable("a page ended before its end")
    _check_kind(page, ask)
    return Reading(
        shown=_SHOWN[page.kind],
        at=min(page.rendered_at, now),  # their clock, unless ours is behind
        chat=page.chat,
        posts=page.posts,
        skipped=page.skipped,
        notices=page.notices,
        etag=fetched.etag,
        last_modified=fetched.last_modified,
    )


def _check_kind(page: PreviewPage, ask: Ask) -> None:
    """A run of posts answers for no single post, and a single post for no run."""
    if ask.post_id is None and page.kind in (PageKind.POST, PageKind.MISSING):
        raise BadInput("the preview site answered with a single post")
    if ask.post_id is not None and page.kind is PageKind.HISTORY:
        raise BadInput("the preview site answered with more than a single post")


def parse_name(text: str, host: str = "") -> Named:
    """Return what was typed; see ports/preview_site.py. host: a double's address is Telegram too."""
    typed = text.strip()
    lowered = typed.lower()
    if typed.startswith("@") or USERNAME.fullmatch(typed):
        return _username(typed.removeprefix("@"), text)
    if _INVITATION.fullmatch(typed):
        return Named(Route.PREVIEW, typed, typed)
    if lowered.startswith("tg://"):
        match = re.search(r"[?&]domain=([A-Za-z0-9_]+)", typed)
        return _username(match[1] if match else "", text)
    if "://" not in typed:
        typed = f"https://{typed}"
    try:
        parts = urlsplit(typed)
        place, own = parts.netloc.lower(), urlsplit(host).netloc.lower()
        name = (parts.hostname or "").removeprefix("www.")
    except ValueError as error:
        raise _unknown(text) from error
    if parts.scheme.lower() not in ("http", "https") or not name:
        raise _unknown(text)
    if name in _HOSTS or place == own:
        return _telegram_path(unquote(parts.path), text)
    if name.endswith(".t.me"):
        return _username(name.removesuffix(".t.me"), text)
    if "://" not in text or "." not in name:
        raise _unknown(text)
    return Named(Route.FEED, typed.partition("#")[0], typed)


def _telegram_path(path: str, text: str) -> Named:
    steps = [step for step in path.split("/") if step]
    if steps[:1] == ["s"]:
        steps = steps[1:]
    if not steps:
        raise _unknown(text)
    if steps[0] == "joinchat" and len(steps) > 1:
        steps = [f"+{steps[1]}"]
    if steps[0] == "c":
        raise BadInput(f"{text.strip()} is for members only; an account or a bot can follow it")
    if _INVITATION.fullmatch(steps[0]):
        return Named(Route.PREVIEW, steps[0], steps[0])
    return _username(steps[0], text)


def _username(name: str, text: str) -> Named:
    if not USERNAME.fullmatch(name) or name.lower() in _NOT_NAMES:
        raise _unknown(text)
    return Named(Route.PREVIEW, name.lower(), name)


def _unknown(text: str) -> BadInput:
    return BadInput(
        f"{text.strip()[:200]!r} can't be followed; "
        "write @name, an address such as https://t.me/name, or the address of a feed"
    )
