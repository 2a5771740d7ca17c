"""The command line over the sample archive and small exports."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from soso.bootstrap import open_app
from soso.config import Settings
from soso.ports.desk import RemovalRequest

from .conftest import ROOT, Soso, message

Ask = Callable[..., Any]


def moved(report: Any) -> dict[str, int]:
    """What an import did, without what it did not."""
    return {what: count for what, count in report["applied"].items() if count}


def names(answer: Any, key: str = "hits") -> list[str]:
    return [f"{hit['chat']}/{hit['id']}" for hit in answer[key]]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("霁月彗星", "1500000011/802"),
        ("霽月彗星", "1500000005/1781"),
        ("彗星 观测指南", "1500000011/796"),
        ("勺嘴鹬", "1500000005/1771"),
        ("灯塔以北", "1500000002/2490"),
        ("顯微鏡", "1500000006/835"),
        ("显微镜", "1500000006/835"),
        ("Inkwren", "1500000009/1462"),
        ("城市骑行地图", "1500000004/253"),
        ("二手钢琴", "1500000022/42220"),
        ("혜성", "1500000010/459"),
        ("ракета", "1500000010/472"),
        ("dengtayibei", "1500000002/2490"),
    ],
)
def test_what_people_look_for_is_among_the_first(
    ask: Ask, sample: Path, words: str, expected: str
) -> None:
    assert expected in names(ask("search", words, data=sample))[:10]


def test_the_shape_of_a_hit(ask: Ask, sample: Path) -> None:
    answer = ask("search", "霁月彗星", "--limit", "3", data=sample)
    assert answer["total"] >= 3
    assert answer["notices"] == []
    assert len(answer["hits"]) == 3
    hit = answer["hits"][0]
    assert hit["kinds"][0] == "post"
    assert hit["url"].endswith(f"/c/{hit['chat']}/{hit['id']}")
    assert hit["score"] > 0
    assert hit["title"]
    marked = [hit["snippet"][start:end] for start, end in hit["highlights"]]
    assert any("彗星" in text or "霁月" in text or "霽月" in text for text in marked)


def test_private_content_is_nowhere(ask: Ask, soso: Soso, sample: Path) -> None:
    assert ask("search", '"靛蓝色风车"', data=sample)["total"] == 0
    assert ask("search", "kind:channel 私密样例", data=sample)["hits"] == []
    done = soso("related", "1500000031/5", data=sample, check=False)
    assert done.returncode == 3


def test_chats_are_found_by_name(ask: Ask, sample: Path) -> None:
    answer = ask("search", "云汐新闻", "--kind", "channel", data=sample)
    assert all("channel" in hit["kinds"] for hit in answer["hits"])
    bots = ask("search", "kind:bot", data=sample)
    assert bots["total"] == 6


def test_pages_go_on_without_repeats(ask: Ask, sample: Path) -> None:
    seen: list[str] = []
    page: list[str] = []
    for _ in range(4):
        answer = ask("search", "彗星 台风 桥", "--limit", "7", *page, data=sample)
        seen += names(answer)
        page = ["--page", answer["next_page"]]
    assert len(seen) == 28
    assert len(set(seen)) == 28


def test_related_posts_are_about_the_same(ask: Ask, sample: Path) -> None:
    related = ask("related", "1500000011/796", data=sample)["related"]
    assert 1 <= len(related) <= 8
    assert "1500000011/796" not in names({"related": related}, "related")
    text = json.dumps(related, ensure_ascii=False)
    assert "彗星" in text
    assert len({hit["chat"] for hit in related}) >= 3
    chats = [hit["chat"] for hit in related]
    assert max(chats.count(chat) for chat in chats) <= 2 or len(set(chats)) < 4
    assert all(hit["reasons"] for hit in related)


def test_related_chats_say_why(ask: Ask, sample: Path) -> None:
    related = ask("related", "@taitou_sky_soso_demo", data=sample)["related"]
    assert "光影漫步" in [hit["chat_title"] for hit in related]
    assert all(hit["id"] is None and hit["reasons"] for hit in related)
    assert "私密样例" not in json.dumps(related, ensure_ascii=False)


def test_a_post_is_traced_to_its_origin(ask: Ask, soso: Soso, sample: Path, tmp_path: Path) -> None:
    file = tmp_path / "copies.csv"
    found = ask("trace", "1500000001/1095", "--csv", str(file), data=sample)
    assert names(found, "copies")[0] == "1500000005/1771"
    assert found["cluster"] == "1500000005/1771"
    assert found["chats"] == len(found["copies"]) == 3
    assert [row["origin"] for row in found["copies"]] == [True, False, False]
    assert all(row["delay_s"] > 0 for row in found["copies"][1:])
    lines = file.read_text("utf-8-sig").splitlines()
    assert lines[0].startswith("place,chat,chat_title,id,at,")
    assert "1500000005" in lines[1]
    told = soso("trace", "1500000001/1095", data=sample).stdout
    assert "3 posts in 3 chats" in told
    assert "no copies" in soso("trace", "1500000011/796", data=sample).stdout


def test_importing_again_changes_nothing(ask: Ask, soso: Soso, tmp_path: Path) -> None:
    data = tmp_path / "data"
    first = ask("import", str(ROOT / "sample" / "haidao-tw"), data=data)["imports"]
    again = ask("import", str(ROOT / "sample" / "haidao-tw"), data=data)["imports"]
    assert first[0]["applied"]["inserted"] > 20
    assert moved(again[0]) == {"kept": first[0]["applied"]["inserted"]}
    assert again[0]["pictures"] == 0


def test_a_dump_restores_everything(ask: Ask, soso: Soso, sample: Path, tmp_path: Path) -> None:
    dump, copy = tmp_path / "dump.jsonl.gz", tmp_path / "copy"
    soso("export", "-o", str(dump), data=sample)
    soso("import", str(dump), data=copy)
    again = tmp_path / "again.jsonl"
    soso("export", "-o", str(again), data=copy)
    import gzip

    rows = sorted(gzip.decompress(dump.read_bytes()).splitlines())
    assert sorted(again.read_bytes().splitlines()) == rows


def test_a_dump_restores_the_desk_once(
    soso: Soso, write_export: Callable[..., Path], tmp_path: Path
) -> None:
    data, copy, dump = tmp_path / "data", tmp_path / "copy", tmp_path / "dump.jsonl"
    soso("import", str(write_export([message(1, "琥珀")])), data=data)
    at = datetime(2026, 11, 1, tzinfo=UTC)
    with open_app(Settings(data=data)) as app:
        for reason in ("我的名字", "旧价目"):
            asked = RemovalRequest(chat="1500009999", post_id=1, role="named", reason=reason, at=at)
            number = app.request_removal(asked)
        app.decide_request(number, accept=False, who="tester", note="公开新闻")
    soso("export", "-o", str(dump), data=data)
    rows = dump.read_bytes().splitlines()
    kinds = [json.loads(row)["type"] for row in rows]
    assert kinds == ["request", "request", "decision", "chat", "post"]
    again = tmp_path / "again.jsonl"
    for _ in range(2):
        soso("import", str(dump), data=copy)
        soso("export", "-o", str(again), data=copy)
        assert again.read_bytes().splitlines() == rows


def test_edits_and_purge_go_all_the_way(
    ask: Ask, soso: Soso, write_export: Callable[..., Path], tmp_path: Path
) -> None:
    data = tmp_path / "data"
    folder = write_export([message(1, "第一版的玛瑙消息"), message(2, "别的")])
    soso("import", str(folder), data=data)
    write_export([message(1, "第二版的琥珀消息", edited_unixtime="1790009999"), message(2, "别的")])
    report = ask("import", str(folder), data=data)["imports"][0]
    assert moved(report) == {"revised": 1, "kept": 1}
    assert ask("search", "玛瑙", data=data)["total"] == 0
    assert names(ask("search", "琥珀", data=data)) == ["1500009999/1"]
    shown = ask("show", "1500009999/1", data=data)
    assert [revision["text"] for revision in shown["revisions"]] == ["第一版的玛瑙消息"]
    soso("purge", "1500009999/1", "--yes", data=data)
    assert ask("search", "琥珀", data=data)["total"] == 0
    assert soso("show", "1500009999/1", data=data, check=False).returncode == 3
    for file in data.rglob("*"):
        if file.is_file():
            assert "琥珀消息".encode() not in file.read_bytes(), file
            assert "玛瑙消息".encode() not in file.read_bytes(), file


def test_merging_joins_two_routes(
    ask: Ask, soso: Soso, write_export: Callable[..., Path], tmp_path: Path
) -> None:
    data = tmp_path / "data"
    rows = [
        {"type": "post", "chat": "@yangli_soso_demo", "id": 1, "at": 1_790_000_060, "text": "桥"},
        {"type": "post", "chat": "@yangli_soso_demo", "id": 7, "at": 1_790_000_420, "text": "塔"},
    ]
    lines = tmp_path / "rows.jsonl"
    lines.write_text("\n".join(json.dumps(row) for row in rows), "utf-8")
    soso("import", str(lines), data=data)
    soso("import", str(write_export([message(1, "桥"), message(2, "路")])), data=data)
    chats = ask("status", "--chats", data=data)["chats_listed"]
    assert len(chats) == 2
    provisional = next(chat["chat"] for chat in chats if chat["chat"].startswith("x"))
    soso("merge", provisional, "1500009999", data=data)
    chats = ask("status", "--chats", data=data)["chats_listed"]
    assert [chat["chat"] for chat in chats] == ["1500009999"]
    assert ask("show", "@yangli_soso_demo/7", data=data)["chat"] == "1500009999"
    assert ask("status", data=data)["posts"] == 3


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (("show", "nonsense"), 2, "write CHAT/ID"),
        (("show", "1/1"), 3, "no chat"),
        (("related", "@nobody_here/1"), 3, "no chat"),
        (("import", "/nonexistent/export"), 2, "/nonexistent/export"),
        (("search", "--limit", "0", "x"), 2, "limit"),
    ],
)
def test_errors_say_what_to_do(
    soso: Soso, tmp_path: Path, words: tuple[str, ...], code: int, says: str
) -> None:
    done = soso(*words, data=tmp_path, check=False)
    assert done.returncode == code
    assert says in done.stderr
    assert "Traceback" not in done.stderr


def test_escapes_in_foreign_text_are_shown(
    soso: Soso, write_export: Callable[..., Path], tmp_path: Path
) -> None:
    folder = write_export([message(1, "红色\x1b[31m警报\x07 [bold]粗[/bold]")])
    soso("import", str(folder), data=tmp_path / "data")
    printed = soso("search", "警报", data=tmp_path / "data").stdout
    assert "\x1b[31m" not in printed
    assert "\x07" not in printed
    assert "[bold]" in printed


def test_the_doctor_mends_the_index(ask: Ask, soso: Soso, tmp_path: Path) -> None:
    data = tmp_path / "data"
    soso("import", str(ROOT / "sample" / "haidao-tw"), data=data)
    assert ask("doctor", data=data) == {"ok": True, "findings": []}
    import shutil

    shutil.rmtree(data / "index")
    done = soso("doctor", data=data, check=False)
    assert done.returncode == 1
    assert "missing in the index" in done.stdout
    soso("doctor", "--repair", data=data)
    assert ask("doctor", data=data)["ok"]
    assert ask("search", "捷運", data=data)["total"] > 0
