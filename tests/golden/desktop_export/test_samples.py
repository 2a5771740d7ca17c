"""Real exports, read as a whole. What is expected was read off the files by eye."""

from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from soso.model.batch import Batch
from soso.model.chat import ChatKind
from soso.model.ids import Peer, PeerKind
from soso.model.media import MediaKind
from soso.model.post import EntityKind, Post, Reaction
from soso.sources.desktop_export import (
    DesktopHtmlSource,
    DesktopJsonSource,
    looks_like_html_export,
    looks_like_json_export,
)
from soso.sources.desktop_export.batches import JOINED
from soso.sources.desktop_export.parse import CONTACT, UNSUPPORTED

pytestmark = pytest.mark.shared

ROWS = {
    "account_form.json": 4,
    "every_field_2026.json": 87,
    "group_2026.json": 45,
    "private_channel_2020.json": 19,
    "public_channel_2026.json": 6,
}


@pytest.fixture
def samples(shared: Path) -> Path:
    return shared / "samples"


def pull(path: Path, **options: object) -> list[Batch]:
    return list(DesktopJsonSource(path, **options).pull(None))  # type: ignore[arg-type]


def by_id(batches: list[Batch]) -> dict[int, Post]:
    return {post.id: post for batch in batches for post in batch.posts}


def skips(batches: list[Batch]) -> Counter[str]:
    counts: Counter[str] = Counter()
    for batch in batches:
        counts.update(batch.skipped)
    return counts


@pytest.mark.parametrize(("name", "rows"), ROWS.items())
def test_every_row_is_a_post_or_has_a_reason(samples: Path, name: str, rows: int) -> None:
    path = samples / "export_json" / name
    batches = pull(path)
    assert len(by_id(batches)) + skips(batches).total() == rows
    assert looks_like_json_export(path.read_bytes()[:4096])
    assert not any(batch.partial for batch in batches)


def test_public_channel_2026(samples: Path) -> None:
    batches = pull(samples / "export_json" / "public_channel_2026.json")
    (post,) = by_id(batches).values()
    chat = batches[0].chat
    assert (chat.peer, chat.is_public) == (Peer(kind=PeerKind.CHANNEL, id=2447843635), True)
    assert (chat.kind, chat.title) == (ChatKind.CHANNEL, "ГУЗЕЛЬСКИЕ ПЕРЕЗАЛИВЫ")
    assert post.album == (3858, 3859, 3860, 3861, 3862, 3863)
    assert skips(batches) == {JOINED: 5}
    assert [medium.kind for medium in post.media] == [MediaKind.PHOTO, *[MediaKind.VIDEO] * 5]
    assert {medium.missing for medium in post.media} == {"not included"}
    assert (post.media[5].file_name, post.media[5].bytes) == ("5.mp4", 1307857751)
    assert post.media[5].duration_s == 3472
    assert post.at == datetime(2026, 6, 19, 11, 26, 50, tzinfo=UTC)
    assert post.edited_at == datetime(2026, 6, 19, 11, 26, 54, tzinfo=UTC)
    assert post.reactions == (Reaction(emoji="🔥", count=12),)
    assert post.author is None
    tags = [post.text[e.start : e.end] for e in post.entities if e.kind is EntityKind.HASHTAG]
    assert tags == ["#КиноСтрим", "#ОСД"]


def test_private_channel_2020(samples: Path) -> None:
    path = samples / "export_json" / "private_channel_2020.json"
    batches = pull(path)
    posts = by_id(batches)
    assert batches[0].chat.is_public is False
    assert any("--zone" in notice for notice in batches[0].notices)
    assert posts[23].album == (23, 24, 25)
    assert posts[23].text == "multiple photos"
    assert posts[22].media[0].file_name == "dice.svg"
    assert posts[7].media[0].kind is MediaKind.VOICE
    assert posts[14].entities[0].url == "http://example.com/"
    assert not any(post.at_certain for post in posts.values())
    moscow = by_id(pull(path, zone=ZoneInfo("Europe/Moscow")))
    assert moscow[2].at == datetime(2020, 11, 12, 9, 54, 7, tzinfo=UTC)
    assert all(post.at_certain for post in moscow.values())


def test_every_field_2026(samples: Path) -> None:
    batches = pull(samples / "export_json" / "every_field_2026.json")
    posts = by_id(batches)
    assert batches[0].chat.kind is ChatKind.PERSON
    assert skips(batches) == {CONTACT: 1, UNSUPPORTED: 1}
    assert sum(post.service is not None for post in posts.values()) == 63
    assert posts[8].media[0].duration_s == 95
    assert posts[22].media[0].missing == "unavailable"
    assert posts[13].location is not None
    assert posts[13].location.title == "Coffee Bar"
    assert "555 111" not in repr(batches)


def test_group_2026(samples: Path) -> None:
    batches = pull(samples / "export_json" / "group_2026.json")
    posts = by_id(batches)
    assert batches[0].chat.peer == Peer(kind=PeerKind.GROUP, id=20001)
    assert batches[0].chat.picture_source == "photos/group_photo.jpg"
    assert posts[11].poll is not None
    assert posts[11].poll.closed
    assert posts[31].media[0].missing == "exceeds maximum size"
    assert posts[25].forward is not None
    assert posts[25].forward.peer == Peer(kind=PeerKind.CHANNEL, id=500)


def test_account_form(samples: Path) -> None:
    (batch,) = pull(samples / "export_json" / "account_form.json")
    assert batch.chat.peer == Peer(kind=PeerKind.GROUP, id=123456)
    assert [post.id for post in batch.posts] == [101, 102, 103, 104]
    assert batch.posts[0].text == "Hello family link"


def test_html_pages_of_a_channel(samples: Path) -> None:
    folder = samples / "export_html"
    for path in folder.iterdir():
        with path.open("rb") as file:
            assert looks_like_html_export(path.name, file.read(4096))
    batches = list(DesktopHtmlSource(folder).pull(None))
    posts = by_id(batches)
    assert len(posts) == 4000
    assert skips(batches) == {}
    assert batches[0].chat.title == "🛡 Cybersecurity & Privacy news 🛡"
    assert posts[1].service is not None
    assert posts[1].text == "Cybersecurity"
    first = posts[25]
    assert first.at == datetime(2018, 9, 5, 16, 42, 32, tzinfo=UTC)
    assert not first.at_certain
    assert first.text.endswith('📖 Read\n\nvia "Dark Reading".')
    assert [e.kind for e in first.entities] == [
        EntityKind.BOLD,
        EntityKind.CODE,
        EntityKind.TEXT_LINK,
        EntityKind.ITALIC,
    ]
    assert all(post.author is None for post in posts.values())
    assert any("messages5.html is not there" in n for batch in batches for n in batch.notices)
