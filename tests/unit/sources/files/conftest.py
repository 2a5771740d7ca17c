import json
from collections.abc import Callable
from pathlib import Path

import pytest

PAGE = """<!DOCTYPE html><html><body><div class="tgme_channel_info"></div>
<div class="tgme_widget_message" data-post="{post}"><div class="tgme_widget_message_text">x</div>
<a class="tgme_widget_message_date"><time datetime="2026-05-01T14:00:05+00:00"></time></a></div>
</body></html>"""
HTML_EXPORT = """<!DOCTYPE html><html><head><title>Exported Data</title></head><body>
<div class="page_wrap"><div class="page_header"><div class="content"><div class="text bold">
Harbour Talk</div></div></div><div class="page_body chat_page"><div class="history">
<div class="message default clearfix" id="message7"><div class="body">
<div class="pull_right date details" title="01.05.2026 14:00:05 UTC+00:00">14:00</div>
<div class="from_name">Ann</div><div class="text">High water at six</div></div></div>
</div></div></div></body></html>"""


def json_export(title: str = "Harbour Talk", number: int = 1500000042) -> str:
    message = {
        "id": 7,
        "type": "message",
        "date": "2026-05-01T14:00:05",
        "date_unixtime": "1777644005",
        "from": "Ann",
        "from_id": "user77",
        "text": "High water at six",
    }
    return json.dumps(
        {"name": title, "type": "public_supergroup", "id": number, "messages": [message]}, indent=1
    )


def rows(username: str = "harbour_daily") -> str:
    row = {"type": "post", "chat": f"@{username}", "id": 7, "at": "2026-05-01T14:00:05Z"}
    return json.dumps(row) + "\n"


def page(post: str = "harbour_daily/7") -> str:
    return PAGE.format(post=post)


@pytest.fixture
def put(tmp_path: Path) -> Callable[[str, str | bytes], Path]:
    """Writes a file below the test's folder, making the folders it needs."""

    def write(name: str, content: str | bytes) -> Path:
        path = tmp_path / "in" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)
        return path

    return write
