import json
from pathlib import Path

from benchmarks.exports import read_rows, write_export, write_rows
from benchmarks.posts import iter_posts


def test_rows_come_back_as_they_were(tmp_path: Path) -> None:
    posts = list(iter_posts(200, news=None))
    write_rows(posts, tmp_path / "rows")
    assert list(read_rows(tmp_path / "rows")) == posts


def test_an_export_has_the_shape_that_telegram_writes(tmp_path: Path) -> None:
    posts = list(iter_posts(400, news=None))
    write_export(posts, tmp_path / "result.json")
    chats = json.loads((tmp_path / "result.json").read_text("utf-8"))["chats"]["list"]
    assert {chat["type"] for chat in chats} == {"public_channel"}
    assert len({chat["id"] for chat in chats}) == len(chats)
    messages = [message for chat in chats for message in chat["messages"]]
    assert len(messages) == len(posts)
    texts = sorted("".join(part["text"] for part in one["text_entities"]) for one in messages)
    assert texts == sorted(post.text for post in posts)
    kinds = {part["type"] for one in messages for part in one["text_entities"]}
    assert kinds == {"plain", "hashtag", "link"}
    assert any(isinstance(one["text"], list) for one in messages)
    assert any(one.get("media_type") == "video_file" for one in messages)
