"""Chats that posts speak of are followed where the settings say so, and only there."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from soso.bootstrap import App, open_app
from soso.config import load_settings
from soso.model.batch import Batch
from soso.model.chat import ChatKind, ChatSighting
from soso.model.ids import Peer, PeerKind
from soso.model.post import Post

AT = datetime(2026, 11, 1, tzinfo=UTC)


@contextmanager
def opened(folder: Path, **told: int) -> Iterator[App]:
    """An archive with a followed chat that speaks of another."""
    peer = Peer(kind=PeerKind.CHANNEL, id=1500000101)
    sighting = ChatSighting(
        peer=peer, kind=ChatKind.CHANNEL, title="频道", username="channel_1", is_public=True
    )
    with open_app(load_settings(data=folder, embedder="none", **told)) as app:
        chat = app.store.add_chat(sighting, AT)
        posts = (Post(id=1, at=AT, text="看 @hidden_gem"),)
        batch = Batch(chat=sighting, observed_at=AT, posts=posts)
        app.store.apply(chat.key, batch, source="test", at=AT)
        app.add_source("@channel_1", who="operator", look=False)
        while app.discover_changes():
            pass
        yield app


def test_nothing_is_followed_where_nobody_asked_for_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with opened(tmp_path, follow_found_depth=0, follow_found_enough=1) as app:
        listed: list[int] = []
        monkeypatch.setattr(app.store, "list_followed", lambda **_: listed.append(1))
        assert app.follow_found() == 0
        assert not listed, "a list of a million sources is read for nothing"


def test_what_enough_chats_speak_of_is_followed(tmp_path: Path) -> None:
    with opened(tmp_path, follow_found_depth=1, follow_found_enough=1) as app:
        assert app.follow_found() == 1
        assert app.follow_found() == 0
        assert {one.name for one in app.store.list_followed()} == {"channel_1", "hidden_gem"}
