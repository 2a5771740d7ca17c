"""One post again, from its own page (t.me/NAME/ID?embed=1).

Knows the address of such pages. Must not know why the post is wanted.
"""

from datetime import datetime
from typing import Final

from soso.model.batch import Batch
from soso.model.errors import BadInput, Unavailable
from soso.ports.fetcher import Fetcher
from soso.sources.web_preview.page import PageKind
from soso.sources.web_preview.parse import parse_page
from soso.sources.web_preview.values import USERNAME

_MAX_BYTES: Final = 4 * 2**20
_OK: Final = 200


class PreviewAgain:
    """Fills ports.pictures_due.PostAgain. host: https://t.me or a double's address."""

    def __init__(self, fetcher: Fetcher, host: str) -> None:
        self._fetcher = fetcher
        self._host = host

    def pull_post(self, username: str, post_id: int, now: datetime) -> Batch | None:
        """See ports/pictures_due.py."""
        if not USERNAME.fullmatch(username):
            return None
        address = f"{self._host}/{username}/{post_id}?embed=1&mode=tme"
        try:
            found = self._fetcher.fetch(address, max_bytes=_MAX_BYTES, kinds=("text/html",))
            if found.status != _OK:
                return None
            page = parse_page(found.content, fetched_at=now)
        except BadInput:
            return None
        if found.cut and not page.posts:
            raise Unavailable("the post's page was cut off")
        if page.kind is not PageKind.POST or page.chat is None or not page.posts:
            return None
        return Batch(chat=page.chat, observed_at=min(page.rendered_at, now), posts=page.posts)
