"""A small archive made of exports, behind the web application."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from soso.bootstrap import App, ImportOptions, open_app
from soso.config import Settings
from soso.web.app import make_web_app
from tests.unit.web.visitor import Visitor, find_csrf

PASSWORD = "a good password"
FIRST = datetime(2026, 11, 1, 8, tzinfo=UTC)
WEATHER = "1500000001"
TRAFFIC = "1500000002"
CLUB = "1500000003"

_TEXTS = {
    WEATHER: [
        "台风“海燕”明天上午登陆沿海，气象台发布红色预警",
        "今天有雨，气温十到十五度，出门请带伞 #天气",
        "冷空气南下，山区可能下雪",
        "<script>alert(1)</script> 雨后彩虹 & “晴”",
    ],
    TRAFFIC: [
        "受台风影响，沿海高铁明天上午全部停运",
        "地铁三号线早高峰延误十分钟",
        "机场大巴改道，旅客请提前出门",
    ],
    CLUB: ["摄影俱乐部内部通知：周末拍雪景"],
}
_TITLES = {WEATHER: "天气早报", TRAFFIC: "出行通", CLUB: "摄影俱乐部"}
_TYPES = {WEATHER: "public_channel", TRAFFIC: "public_channel", CLUB: "private_supergroup"}


def write_export(folder: Path, chat: str) -> Path:
    """Write a chat as Telegram Desktop exports it."""
    messages = []
    for number, text in enumerate(_TEXTS[chat], 1):
        at = int(FIRST.timestamp()) + number * 3600 + int(chat) % 7
        messages.append(
            {
                "id": number,
                "type": "message",
                "date": datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%S"),
                "date_unixtime": str(at),
                "from": _TITLES[chat],
                "from_id": f"channel{chat}",
                "text": text,
                "text_entities": [{"type": "plain", "text": text}],
            }
        )
    content = {
        "name": _TITLES[chat],
        "type": _TYPES[chat],
        "id": int(chat),
        "messages": messages,
    }
    path = folder / f"{chat}.json"
    path.write_text(json.dumps(content, ensure_ascii=False), "utf-8")
    return path


@contextmanager
def open_archive(folder: Path, **settings: Any) -> Iterator[App]:
    """Open an archive of two public channels and a private group."""
    exports = folder / "exports"
    exports.mkdir()
    paths = [write_export(exports, chat) for chat in _TEXTS]
    with open_app(Settings(data=folder / "data", rate_limit="9999/minute", **settings)) as app:
        for report in app.import_paths(paths, ImportOptions(), lambda progress: None):
            assert report.state == "done", report
        app.index_changes()
        app.set_password(PASSWORD)
        yield app


def make_visitor(app: App) -> Visitor:
    """Return a visitor of an archive."""
    return Visitor(make_web_app(app))


def sign_in(visitor: Visitor) -> str:
    """Sign the visitor in as the operator and return the token of forms."""
    token = find_csrf(visitor.get("/admin/login"))
    answer = visitor.post("/admin/login", data={"csrf": token, "password": PASSWORD})
    assert answer.status_code == 303, answer.text
    return find_csrf(visitor.get("/admin"))
