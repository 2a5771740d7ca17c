"""Small invented archives: a handful of documents that differ in one thing, among others."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec

from soso.bootstrap import App, ImportOptions, open_app
from soso.config import load_settings
from soso.query.results import SearchRequest

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
_FIRST_CHAT = 1_600_000_000
_NOISE_CHAT = "1700000000"

NOISE = (
    "今天的早饭是豆浆和油条，你们吃了什么",
    "请问这件外套在哪里买的，怎么卖",
    "周末有没有人一起爬山，八点集合",
    "谁知道附近哪里可以修鞋",
    "我的自行车丢了，是蓝色的",
    "为什么冬天的白天这么短呢",
    "请问怎么去火车站比较快",
    "明天的会议改到下午三点",
    "这本书很好看，推荐给大家",
    "谁有多余的雨伞可以借我一下",
    "公司楼下新开了一家面馆，味道不错",
    "孩子发烧了，什么药比较好",
    "How do I get from the station to the old town?",
    "What is the best way to learn to swim?",
    "Does anyone know how to fix a bicycle chain?",
    "Where can I see the old maps of the town?",
    "I do not know what the fuss is about",
    "The bakery is closed on Mondays",
    "下个月的房租什么时候交，房东没说",
    "新的图书馆真大，有很多座位",
    "昨晚的比赛太精彩了，最后一分钟进球",
    "教大家怎么挑西瓜：看纹路，听声音",
    "猫又把杯子推下去了，第三个了",
    "这个周末下雨，野餐取消",
    "快递放在门口了，请查收",
    "有人在公园捡到一串钥匙",
    "今年的桂花开得特别晚",
    "电脑很慢，怎么办，在线等",
    "请问什么时候开始报名",
    "我在车上，到了再说",
)


def post(
    text: str,
    *,
    chat: str = "town",
    days: float = 30,
    views: int | None = None,
    file: str | None = None,
) -> dict[str, Any]:
    """A post, so many days old, in a chat by its short name."""
    row: dict[str, Any] = {
        "type": "post",
        "chat": chat,
        "at": (NOW - timedelta(days=days)).isoformat(),
        "text": text,
    }
    if views is not None:
        row["views"] = views
    if file is not None:
        row["media"] = [{"kind": "file", "file_name": file, "missing": "not included"}]
    return row


def chat(title: str, *, kind: str = "channel", **facts: Any) -> dict[str, Any]:
    """A public chat without posts of its own."""
    return {"type": "chat", "kind": kind, "title": title, "is_public": True, **facts}


class StoppedClock:
    def now(self) -> datetime:
        return NOW


@contextmanager
def small_archive(folder: Path, rows: dict[str, dict[str, Any]]) -> Iterator["SmallArchive"]:
    """An archive of the named rows among the noise. Posts of a chat that is no row are in "town"."""
    file = folder / "rows.jsonl"
    names = _write(file, rows)
    with open_app(load_settings(data=folder / "data", embedder="none")) as app:
        for report in app.import_paths([file], ImportOptions(), lambda _: None):
            assert (report.state, report.skipped) == ("done", {}), report
        app.index_changes()
        app.clock = StoppedClock()  # type: ignore[assignment]
        yield SmallArchive(app, names)


class SmallArchive:
    """Answers with the names that its rows were given."""

    def __init__(self, app: App, names: dict[str, str]) -> None:
        self._app = app
        self._names = names

    def order(self, query: str) -> Sequence[str]:
        """The named documents in the order in which they are found; the others are "other"."""
        page = self._app.search(SearchRequest(text=query, limit=50, facets=False))
        found = []
        for card in page.rows:
            ref = card.chat.ref if card.stored is None else f"{card.chat.ref}/{card.stored.post.id}"
            found.append(self._names.get(ref, "other"))
        return found


def _write(file: Path, rows: dict[str, dict[str, Any]]) -> dict[str, str]:
    refs = {"town": str(_FIRST_CHAT)}
    names: dict[str, str] = {}
    chats = [{"type": "chat", "chat": refs["town"], "kind": "channel", "title": "", **_PUBLIC}]
    chats.append({"type": "chat", "chat": _NOISE_CHAT, "kind": "group", "title": "", **_PUBLIC})
    for place, (name, row) in enumerate(rows.items(), 1):
        if row["type"] == "chat":
            bot = row["kind"] == "bot"
            refs[name] = f"{'u' if bot else ''}{_FIRST_CHAT + place}"
            names[refs[name]] = name
            chats.append({**row, "chat": refs[name]})
    posts = []
    for place, (name, row) in enumerate(rows.items(), 1):
        if row["type"] == "post":
            ref = refs[row["chat"]]
            names[f"{ref}/{place}"] = name
            posts.append({**row, "chat": ref, "id": place})
    posts += [
        {**post(text, days=10 + place), "chat": _NOISE_CHAT, "id": place, "views": 100}
        for place, text in enumerate(NOISE, 1)
    ]
    file.write_bytes(b"\n".join(msgspec.json.encode(row) for row in (*chats, *posts)))
    return names


_PUBLIC = {"is_public": True}
