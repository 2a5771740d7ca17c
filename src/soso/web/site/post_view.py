"""A post taken apart as its page shows it: pictures, rows of files, poll bars, the text.

Knows posts; knows no HTML and no wording.
"""

import json
from collections.abc import Callable, Sequence
from typing import Any, Final

from markupsafe import Markup

from soso.model.links import chat_path
from soso.model.media import Media, MediaKind
from soso.model.post import Entity, EntityKind, Poll, Post, Revision
from soso.model.value import Value
from soso.query.results import PostPage
from soso.web.site.entities import render_text
from soso.web.site.foreign import clean_line, clip

_SHOTS: Final = frozenset(
    {MediaKind.PHOTO, MediaKind.VIDEO, MediaKind.ANIMATION, MediaKind.ROUND_VIDEO}
)
_LOOKS: Final = frozenset(
    {
        EntityKind.BOLD,
        EntityKind.ITALIC,
        EntityKind.UNDERLINE,
        EntityKind.STRIKE,
        EntityKind.HEADING,
    }
)
REVISIONS_SHOWN: Final = 3
REVISION_WIDTH: Final = 600  # code points; three of them keep the page under 50 KB


class PollBar(Value):
    """An answer of a poll; percent in 0..100, None where no votes are known."""

    text: str
    percent: int | None


class RevisionView(Value):
    """An earlier wording of a post; whole: nothing was cut off."""

    revision: Revision
    html: Markup
    whole: bool


def list_shots(post: Post) -> list[Media]:
    """Return what is shown as pictures."""
    return [media for media in post.media if _is_shot(media)]


def list_files(post: Post) -> list[Media]:
    """Return what is shown as rows: sounds, files, stickers without a picture."""
    return [media for media in post.media if not _is_shot(media)]


def list_bars(poll: Poll) -> list[PollBar]:
    """Return a poll's answers with their shares; hostile numbers stay in 0..100."""
    votes = [answer.voters or 0 for answer in poll.answers]
    total = max(poll.total_voters or 0, max(votes, default=0))
    bars = []
    for answer, count in zip(poll.answers, votes, strict=True):
        percent = answer.percent
        if percent is None and answer.voters is not None and total:
            percent = round(100 * count / total)
        shown = None if percent is None else min(100, max(0, percent))
        bars.append(PollBar(text=answer.text, percent=shown))
    return bars


def render_body(page: PostPage) -> Markup:
    """Return the text under the title, as HTML."""
    post = page.stored.post
    start = body_start(post.text, post.entities, page.card.title.text)
    return render_text(post.text, post.entities, known=list_known(page), start=start)


def body_start(text: str, entities: Sequence[Entity], title: str) -> int:
    """Return where the text goes on after a first line that the title above it already shows.

    0 if the first line says more than the title, or holds a link or a hidden word.
    """
    line = text.partition("\n")[0]
    if not title or clean_line(line) != clean_line(title):
        return 0
    if any(e.start < len(line) and e.end > 0 and e.kind not in _LOOKS for e in entities):
        return 0
    return len(text) - len(text[len(line) :].lstrip())


def list_known(page: PostPage) -> dict[str, str]:
    """Return the names that have pages here, as far as this page knows: name -> path."""
    cards = [page.card, page.reply_to, page.origin, page.newer, page.older, *page.related]
    chats = [page.chat, *(card.chat for card in cards if card is not None)]
    return {chat.username.lower(): chat_path(chat) for chat in chats if chat.username}


def list_revisions(page: PostPage, *, whole: bool = False) -> list[RevisionView]:
    """Return the earlier wordings, latest first; unless whole, only a few and cut to size."""
    latest = page.revisions[::-1] if whole else page.revisions[: -REVISIONS_SHOWN - 1 : -1]
    views = []
    for revision in latest:
        text = revision.text if whole else revision.text[:REVISION_WIDTH]
        html = render_text(text, revision.entities, known=list_known(page))
        views.append(
            RevisionView(revision=revision, html=html, whole=len(text) == len(revision.text))
        )
    return views


def service_subject(post: Post) -> str:
    """Return the title or members a service row is about, empty where it names none."""
    try:
        raw = json.loads(post.service.raw or "{}") if post.service else {}
    except ValueError:
        return ""
    if not isinstance(raw, dict):
        return ""
    subject = raw.get("title") or raw.get("new_title") or ""
    return clip(subject, 120) if isinstance(subject, str) else ""


def _is_shot(media: Media) -> bool:
    return media.kind in _SHOTS or (media.kind is MediaKind.STICKER and media.picture is not None)


GLOBALS: Final[dict[str, Callable[..., Any]]] = {
    "list_shots": list_shots,
    "list_files": list_files,
    "list_bars": list_bars,
    "list_revisions": list_revisions,
    "render_body": render_body,
    "render_text": render_text,
    "service_subject": service_subject,
}
