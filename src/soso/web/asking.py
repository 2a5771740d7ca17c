"""Which requests are somebody's question, and which open a result of one.

Knows headers and the address of the results. Must not know how things are counted, and gives
nothing on that would tell who asked.

No link carries a mark: a browser that opens a result says by itself, to this site alone
(Referrer-Policy: same-origin), which page of results it comes from. So addresses stay clean,
nothing is redirected, and it works without scripts; browsers that are told not to say it are not
counted.
"""

import re
from typing import Final
from urllib.parse import parse_qs, urlsplit

from starlette.requests import Request

from soso.query.plain import words_of

RESULTS_PATH: Final = "/search"
_MACHINES: Final = re.compile(
    r"(?<!cu)bot\b|crawl|spider|slurp|archiver|preview|externalhit|monitor|uptime|validator",
    re.IGNORECASE,
)


def is_question(request: Request, text: str, *, base: str) -> bool:
    """Whether a search is a new question: not another page, tab or order of the answer before, not
    a crawler's, not a page fetched before anybody asked for it. base: the site's public address.
    """
    if request.query_params.get("page") or _is_machine(request):
        return False
    before = _find_question(request, base)
    return before is None or words_of(before) != words_of(text)


def find_opened(request: Request, *, base: str) -> str | None:
    """Return the question of the page of results whose link led to this request, if any did."""
    return None if _is_machine(request) else _find_question(request, base)


def _find_question(request: Request, base: str) -> str | None:
    came_from = request.headers.get("referer", "")
    try:
        address = urlsplit(came_from)
        asked = parse_qs(address.query, max_num_fields=50)
    except ValueError:  # not an address, or one with far too much in it
        return None
    if address.path != RESULTS_PATH or address.netloc not in (
        request.url.netloc,
        urlsplit(base).netloc,
    ):
        return None
    return next(iter(asked.get("q", ())), None)


def _is_machine(request: Request) -> bool:
    headers = request.headers
    early = f"{headers.get('sec-purpose', '')} {headers.get('purpose', '')}"
    return (
        "prefetch" in early
        or "prerender" in early
        or bool(request.scope.get("state", {}).get("head"))
        or _MACHINES.search(headers.get("user-agent", "")) is not None
    )
