"""A feed becomes batches: one for each channel whose posts it carries, one for what is its own.

Pure: bytes in, batches out. A feed tells of posts second hand, so every post here is marked as
such; see rule 9 of model/merge.py.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Final, NamedTuple, TypeAlias

import msgspec

from soso.model.batch import Batch
from soso.model.chat import ChatSighting
from soso.model.errors import BadInput
from soso.model.ids import Peer
from soso.model.post import Post
from soso.model.value import Value
from soso.sources.feed.chats import channel_title, owner_of, see_channel, see_feed
from soso.sources.feed.identity import find_post, number_entries
from soso.sources.feed.json_feed import read_json_feed
from soso.sources.feed.posts import own_post, read_moments, telegram_post
from soso.sources.feed.web_page import complain_of_page, looks_like_page
from soso.sources.feed.wire import Entry, RawFeed
from soso.sources.feed.xml import read_xml

MAX_FEED_BYTES: Final = 16 * 2**20
MAX_ENTRIES: Final = 3000
_BATCH: Final = 1000
_BOM_AND_SPACE: Final = b"\xef\xbb\xbf \t\r\n"

TOO_MANY: Final = f"beyond the first {MAX_ENTRIES} entries of a feed"
CUT_OFF: Final = "cut off by the end of the feed"
REPEATED: Final = "the same entry twice"


class ParsedFeed(Value):
    """What a feed holds. batches: at least one; the first is of the chat most entries are of.

    title, link: of the feed. username: of the one channel that it is of, if it is of one.
    cut: the feed ended before its end; what came whole is in the batches.
    """

    batches: tuple[Batch, ...]
    title: str = ""
    link: str | None = None
    username: str | None = None
    cut: bool = False


class _Owner(NamedTuple):
    """Whose posts they are: a channel's, by name or number, or with neither the feed's own."""

    name: str | None = None  # folded
    peer: Peer | None = None


_Rows: TypeAlias = Mapping[_Owner, Mapping[int, Post]]


def parse_feed(
    content: bytes, *, url: str, observed_at: datetime, content_type: str | None = None
) -> ParsedFeed:
    """Return the posts of a feed: RSS, Atom or JSON Feed, with its first MAX_ENTRIES entries.

    url: where it came from; the chat of entries that are no posts of Telegram is named by it.
    content_type: as HTTP told. Entries that can't be used are counted in the first batch.
    Raises BadInput for what is no feed; of a web page the text names the feeds it links to.
    """
    raw = _read(content, url, content_type)
    # Half a text would seem to be an edit, so the entry in which a feed ends too early is left out.
    entries = raw.entries[:-1] if raw.cut else raw.entries
    skipped: Counter[str] = Counter({TOO_MANY: raw.left_out, CUT_OFF: int(raw.cut)})
    rows, names = _sort_out(entries, raw, observed_at, skipped)
    batches = [
        Batch(chat=chat, observed_at=observed_at, posts=posts)
        for chat, posts in _runs(rows, names, raw, url)
    ]
    told = {reason: count for reason, count in skipped.items() if count}
    batches[0] = msgspec.structs.replace(batches[0], skipped=told, partial=raw.cut)
    one = {batch.chat.username for batch in batches}
    return ParsedFeed(
        batches=tuple(batches),
        title=raw.title,
        link=raw.link,
        username=one.pop() if len(one) == 1 else None,
        cut=raw.cut,
    )


def _read(content: bytes, url: str, content_type: str | None) -> RawFeed:
    start = content.lstrip(_BOM_AND_SPACE)[:1]
    if not start:
        raise BadInput(f"{url} is empty")
    if start in (b"{", b"["):
        raw = read_json_feed(content, url=url, limit=MAX_ENTRIES)
    else:
        raw = read_xml(content, url=url, content_type=content_type, limit=MAX_ENTRIES)
        if (raw is None or not raw.entries) and looks_like_page(content):
            complain_of_page(content, url)
    if raw is None:
        raise BadInput(f"{url} is no feed: it is neither RSS, Atom nor JSON Feed")
    return raw


def _sort_out(
    entries: tuple[Entry, ...], raw: RawFeed, observed_at: datetime, skipped: Counter[str]
) -> tuple[_Rows, dict[str, str]]:
    """Return the posts of each owner by id, and the owners' usernames by their folded form."""
    rows: dict[_Owner, dict[int, Post]] = {}
    names: dict[str, str] = {}
    moments = read_moments(entries, observed_at)
    for entry, own_id, moment in zip(entries, number_entries(entries), moments, strict=True):
        name = find_post(entry, raw)
        owner = _Owner()
        if name is None:
            post = own_post(entry, own_id, moment)
        else:
            if entry.author in (raw.title, channel_title(raw)):  # no signature
                entry = msgspec.structs.replace(entry, author=None)
            post = telegram_post(entry, name, moment)
            owner = _Owner(name.username.casefold() if name.username else None, name.peer)
            names.setdefault(owner.name or "", name.username or "")
        if isinstance(post, str):
            skipped[post] += 1
            continue
        row = rows.setdefault(owner, {})
        skipped[REPEATED] += post.id in row
        row.setdefault(post.id, post)
    return rows, names


def _runs(
    rows: _Rows, names: Mapping[str, str], raw: RawFeed, url: str
) -> Iterator[tuple[ChatSighting, tuple[Post, ...]]]:
    """Yield each chat with a run of its posts, the chat with the most posts first."""
    if not rows:
        name = owner_of(raw)
        yield (see_channel(name, None, raw) if name else see_feed(raw, url)), ()
    for owner in sorted(rows, key=lambda owner: -len(rows[owner])):
        if owner == _Owner():
            chat = see_feed(raw, url)
        else:
            chat = see_channel(names.get(owner.name or "") or None, owner.peer, raw)
        posts = [rows[owner][post_id] for post_id in sorted(rows[owner])]
        for start in range(0, len(posts), _BATCH):
            yield chat, tuple(posts[start : start + _BATCH])
