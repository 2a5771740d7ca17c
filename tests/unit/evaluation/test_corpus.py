import json
from pathlib import Path
from typing import Any

from soso.evaluation.corpus import CHANNEL, Corpus
from soso.evaluation.sets import ChatFacts, LabelledDocument, LabelledSet
from soso.model.chat import ChatKind


def a_set(*documents: LabelledDocument) -> LabelledSet:
    return LabelledSet(name="invented", documents=documents, queries=(), grades={})


def rows(labelled: LabelledSet, folder: Path) -> list[dict[str, Any]]:
    file = folder / "corpus.jsonl"
    Corpus(labelled).write(file)
    return [json.loads(line) for line in file.read_text("utf-8").splitlines()]


def test_documents_are_posts_of_one_public_channel_without_a_title(tmp_path: Path) -> None:
    labelled = a_set(
        LabelledDocument(id="a", text="正文\n第二行", title="标题"),
        LabelledDocument(id="b", text="只有正文"),
    )
    chat, first, second = rows(labelled, tmp_path)
    assert chat == {"type": "chat", "chat": CHANNEL, "kind": "channel", "is_public": True}
    assert first["text"] == "标题\n正文\n第二行"
    assert second["text"] == "只有正文"
    assert first["at"] == second["at"]
    assert [post["id"] for post in (first, second)] == [1, 2]
    assert Corpus(labelled).post_of("b") == (CHANNEL, 2)


def test_chats_are_chats_with_their_names_and_members(tmp_path: Path) -> None:
    channel = ChatFacts(kind=ChatKind.CHANNEL, username="Name_One", members=10)
    twin = ChatFacts(kind=ChatKind.GROUP, username="name_one")
    bot = ChatFacts(kind=ChatKind.BOT)
    found = rows(
        a_set(
            LabelledDocument(id="a", text="介绍", title="频道", chat=channel),
            LabelledDocument(id="b", text="群名\n介绍", chat=twin),
            LabelledDocument(id="c", text="机器人", chat=bot),
        ),
        tmp_path,
    )
    assert [row["type"] for row in found] == ["chat"] * 3
    assert [(row["title"], row["description"]) for row in found] == [
        ("频道", "介绍"),
        ("群名", "介绍"),
        ("机器人", ""),
    ]
    assert [row.get("username") for row in found] == ["Name_One", None, None]
    assert [row.get("members") for row in found] == [10, None, None]
    assert [row["chat"][0] for row in found] == ["2", "2", "u"]
    assert len({row["chat"] for row in found}) == 3
