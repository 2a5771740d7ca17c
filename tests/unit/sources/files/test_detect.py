import gzip
from collections.abc import Callable
from pathlib import Path

import pytest

from soso.model.errors import BadInput
from soso.sources.files.detect import Form, detect, may_be_input
from tests.unit.sources.files.conftest import HTML_EXPORT, json_export, page, rows

Put = Callable[[str, str | bytes], Path]


@pytest.mark.parametrize(
    ("name", "content", "form"),
    [
        ("result.json", json_export(), Form.JSON_EXPORT),
        ("renamed.txt", json_export(), Form.JSON_EXPORT),
        ("messages.html", HTML_EXPORT, Form.HTML_EXPORT),
        ("page.html", page(), Form.PREVIEW),
        ("page", page(), Form.PREVIEW),
        ("page.htm", "<style>" + "x" * 100_000 + "</style>" + page(), Form.PREVIEW),
        ("rows.jsonl", rows(), Form.JSON_LINES),
        ("rows.json", rows(), Form.JSON_LINES),
        ("rows.jsonl.gz", gzip.compress(rows().encode(), mtime=0), Form.JSON_LINES),
        ("result.json.gz", gzip.compress(json_export().encode(), mtime=0), None),
        ("a.zip", b"PK\x05\x06" + bytes(18), Form.ZIP),
        ("a.html", "<html>other</html>", None),
        ("a.json", '{"a": 1}', None),
        ("a.txt", "words", None),
        ("photo.jpg", b"\xff\xd8\xff" + bytes(100), None),
        ("empty", b"", None),
    ],
)
def test_forms(put: Put, name: str, content: str | bytes, form: Form | None) -> None:
    assert detect(put(name, content)) is form


def test_an_export_that_quotes_a_preview_page_is_an_export(put: Put) -> None:
    quoted = HTML_EXPORT.replace("High water", "tgme_widget_message")
    assert detect(put("messages.html", quoted)) is Form.HTML_EXPORT


def test_a_file_that_can_not_be_read(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="can't be read"):
        detect(tmp_path / "gone.json")


@pytest.mark.parametrize(
    ("name", "worth"),
    [("a/result.json", True), ("A.HTML", True), ("x.jsonl.gz", True), ("photo.jpg", False)],
)
def test_names_worth_a_look(name: str, worth: bool) -> None:
    assert may_be_input(name) is worth
