from collections.abc import Callable
from pathlib import Path

import pytest

from soso.model.errors import Unavailable
from soso.sources.files.detect import Form
from soso.sources.files.folder import look_into
from tests.unit.sources.files.conftest import HTML_EXPORT, json_export, page, rows

Put = Callable[[str, str | bytes], Path]


def names(paths: list[Path]) -> list[str]:
    return [path.name for path in paths]


def test_files_by_form(put: Put) -> None:
    for name, content in {"b.jsonl": rows(), "a.jsonl": rows(), "page.html": page()}.items():
        root = put(name, content).parent
    put("photo.jpg", b"x")
    put("bad.json", "{")
    put(".hidden", "x")
    folder = look_into(root)
    assert names(folder.files(Form.JSON_LINES)) == ["a.jsonl", "b.jsonl"]
    assert names(folder.files(Form.PREVIEW)) == ["page.html"]
    assert folder.files(Form.ZIP) == []
    assert names(folder.strange) == ["bad.json", "photo.jpg"]
    assert not folder.is_export


def test_json_goes_before_html(put: Put) -> None:
    put("messages.html", HTML_EXPORT)
    put("messages2.html", HTML_EXPORT)
    folder = look_into(put("result.json", json_export()).parent)
    assert names(folder.files(Form.JSON_EXPORT)) == ["result.json"]
    assert folder.html_exports == []


def test_pages_of_a_chat_are_one_export(put: Put) -> None:
    put("messages2.html", HTML_EXPORT)
    root = put("messages.html", HTML_EXPORT).parent
    assert look_into(root).html_exports == [root]


def test_pages_that_were_renamed_stand_for_themselves(put: Put) -> None:
    put("harbour.html", HTML_EXPORT)
    root = put("tides.html", HTML_EXPORT).parent
    assert names(look_into(root).html_exports) == ["harbour.html", "tides.html"]


@pytest.mark.parametrize("name", ["export_results.html", "lists/chats.html"])
def test_the_chats_of_an_account_are_left_to_its_list(put: Put, name: str) -> None:
    put("chats/chat_001/messages.html", HTML_EXPORT)
    put(name, "<html></html>")
    root = put("css/style.css", "x").parents[1]
    folder = look_into(root)
    assert folder.html_exports == [root]
    assert folder.below == []


@pytest.mark.parametrize("name", ["result.json", "harbour.json"])
def test_what_strangers_sent_is_not_looked_at(put: Put, name: str) -> None:
    put("files/result.json", json_export("Trap"))
    put("video_files/rows.jsonl", rows())
    put("more/readme.txt", "x")
    folder = look_into(put(name, json_export()).parent)
    assert names(folder.below) == ["more"]
    assert folder.strange == []


def test_folders_that_only_share_a_name_are_looked_at(put: Put) -> None:
    root = put("files/result.json", json_export()).parents[1]
    assert names(look_into(root).below) == ["files"]


def test_links_are_not_followed(put: Put, tmp_path: Path) -> None:
    root = put("a.jsonl", rows()).parent
    (tmp_path / "other").mkdir()
    (root / "link").symlink_to(tmp_path / "other")
    (root / "link.jsonl").symlink_to(root / "a.jsonl")
    folder = look_into(root)
    assert (folder.below, names(folder.strange)) == ([], ["link", "link.jsonl"])
    assert names(folder.files(Form.JSON_LINES)) == ["a.jsonl"]


def test_parts_of_a_saved_page_are_not_strange(put: Put) -> None:
    put("page_files/a.jpg", b"x")
    inner = put("page_files/frame.html", page()).parent
    folder = look_into(inner)
    assert (folder.strange, names(folder.files(Form.PREVIEW))) == ([], ["frame.html"])


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(Unavailable):
        look_into(tmp_path / "gone")
