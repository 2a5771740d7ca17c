"""An archive for the bot: channels with names, a private group, hostile texts, many pages."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from soso.bootstrap import App, open_app
from soso.config import Settings
from soso.model.batch import Batch
from soso.model.chat import ChatKind, ChatSighting
from soso.model.ids import Peer, PeerKind
from soso.model.media import Media, MediaKind
from soso.model.post import Post

FIRST = datetime(2026, 11, 1, 8, tzinfo=UTC)
WEATHER, TRAFFIC, CLUB, SECRET = 1500000001, 1500000002, 1500000003, 1500000004
HOSTILE = '<b>雪</b> & <a href="https://evil.example">点我</a> t.me/evil @evilbot /remove #垃圾'
STORM = "台风“海燕”明天上午登陆沿海，气象台发布红色预警，请市民减少外出"

_TEXTS = {
    WEATHER: [STORM, HOSTILE, *(f"今天有雨，第 {n} 次更新，出门请带伞" for n in range(1, 36))],
    TRAFFIC: [STORM, "受台风影响，沿海高铁明天上午全部停运", "地铁三号线早高峰延误十分钟"],
    CLUB: ["周末去山里拍雪景，有人一起吗"],
    SECRET: ["内部暗号：靛蓝色风车，台风来时集合"],
}
_CHATS = {
    WEATHER: ("天气早报", "weather_soso_demo", ChatKind.CHANNEL, 12345, True),
    TRAFFIC: ("出行通", "traffic_soso_demo", ChatKind.CHANNEL, 880, True),
    CLUB: ("摄影俱乐部", "club_soso_demo", ChatKind.GROUP, 42, True),
    SECRET: ("秘密小组", None, ChatKind.GROUP, 5, False),
}


@contextmanager
def open_archive(folder: Path, **settings: Any) -> Iterator[App]:
    """Open the archive in a folder, with all in it and indexed."""
    data = folder / "data"
    is_new = not data.exists()
    with open_app(Settings(data=data, rate_limit="9999/minute", **settings)) as app:
        if is_new:
            for number in _CHATS:
                _fill(app, number)
        app.index_changes()
        app.cluster_changes()
        yield app


def _fill(app: App, number: int) -> None:
    title, username, kind, members, is_public = _CHATS[number]
    sighting = ChatSighting(
        peer=Peer(kind=PeerKind.CHANNEL, id=number),
        kind=kind,
        title=title,
        username=username,
        members=members,
        is_public=is_public,
    )
    chat = app.store.add_chat(sighting, FIRST)
    posts = tuple(
        Post(
            id=place,
            at=FIRST + timedelta(hours=place, minutes=number % 7),
            text=text,
            views=place * 10,
            media=(Media(kind=MediaKind.VIDEO),) if "高铁" in text else (),
        )
        for place, text in enumerate(_TEXTS[number], 1)
    )
    batch = Batch(chat=sighting, observed_at=FIRST + timedelta(days=3), posts=posts)
    app.store.apply(chat.key, batch, source="test", at=FIRST + timedelta(days=3))
