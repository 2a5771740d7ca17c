"""Finding the pages of an export."""

from pathlib import Path

import pytest

from soso.model.chat import ChatKind
from soso.model.errors import BadInput, HostileInput
from soso.sources.desktop_export.html_folder import find_chats, load_page


def write(root: Path, *names: str) -> None:
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(name, "utf-8")


def write_index(root: Path, *folders: str) -> None:
    entries = (
        f'<a class="entry" href="../{folder}/messages.html"><div class="info">group</div>'
        f'<div class="name">{folder}</div></a>'
        for folder in folders
    )
    (root / "lists").mkdir(exist_ok=True)
    (root / "lists" / "chats.html").write_text("".join(entries), "utf-8")


def test_pages_come_in_the_order_of_their_numbers(tmp_path: Path) -> None:
    write(tmp_path, "messages10.html", "messages2.html", "messages.html", "other.html")
    (tmp_path / "messages3.html").mkdir()
    (chat,) = find_chats(tmp_path)
    assert [page.path for page in chat.pages] == [
        "messages.html",
        "messages2.html",
        "messages10.html",
    ]
    assert chat.pages[0].size_bytes == len("messages.html")
    assert not chat.listed


def test_an_account_has_the_chats_of_its_list(tmp_path: Path) -> None:
    write(tmp_path, "chats/chat_1/messages.html", "chats/chat_2/messages.html")
    write_index(tmp_path, "chats/chat_1", "chats/gone")
    (chat,) = find_chats(tmp_path)
    assert (chat.folder, chat.kind, chat.title) == ("chats/chat_1/", ChatKind.GROUP, "chats/chat_1")
    assert chat.listed


def test_a_link_out_of_the_export_is_not_followed(tmp_path: Path) -> None:
    root = tmp_path / "export"
    write(tmp_path, "outside/messages.html", "export/chats/chat_1/messages.html")
    (root / "chats" / "chat_2").symlink_to(tmp_path / "outside")
    write_index(root, "chats/chat_1", "chats/chat_2")
    assert [chat.folder for chat in find_chats(root)] == ["chats/chat_1/"]


def test_one_page_under_another_name(tmp_path: Path) -> None:
    write(tmp_path, "saved.html", "messages.html")
    (chat,) = find_chats(tmp_path, "saved.html")
    assert [page.path for page in chat.pages] == ["saved.html"]


def test_folders_without_an_export_are_refused_in_words(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="no such folder"):
        find_chats(tmp_path / "gone")
    with pytest.raises(BadInput, match="no Telegram Desktop export"):
        find_chats(tmp_path)


def test_hostile_pages_are_refused(tmp_path: Path) -> None:
    (tmp_path / "messages.html").write_text("<div>" * 5000, "utf-8")
    (chat,) = find_chats(tmp_path)
    with pytest.raises(HostileInput, match="nested"):
        load_page(tmp_path, chat.pages[0])
    with (tmp_path / "messages.html").open("wb") as file:
        file.truncate((1 << 26) + 1)
    with pytest.raises(HostileInput, match="too large"):
        load_page(tmp_path, chat.pages[0])
