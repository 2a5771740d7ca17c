import re
from typing import Any

import pytest


def test_the_page_works_without_any_other_host(visitor: Any) -> None:
    page = visitor.get("/api/docs")
    assert page.status_code == 200
    assert "http" not in page.text.replace("http-equiv", "")
    assert not re.search(r"<script(?![^>]*src=)", page.text)
    assert "<style" not in page.text
    assert "style=" not in page.text
    for path in re.findall(r'(?:src|href)="([^"]+)"', page.text):
        answer = visitor.get(path)
        assert answer.status_code == 200, path
        assert len(answer.content) > 100


def test_files_have_their_types(visitor: Any) -> None:
    for name, media_type in (
        ("start.js", "text/javascript"),
        ("swagger-ui-bundle.js", "text/javascript"),
        ("swagger-ui.css", "text/css"),
    ):
        answer = visitor.get(f"/api/docs/{name}")
        assert answer.headers["content-type"].startswith(media_type)


@pytest.mark.parametrize(
    "name", ["index.html", "..%2f__init__.py", "swagger-ui.js", "%2e%2e/%2e%2e/__init__.py"]
)
def test_no_other_file_is_served(name: str, visitor: Any) -> None:
    assert visitor.get(f"/api/docs/{name}").status_code == 404


def test_the_name_of_the_site_is_text(visit: Any) -> None:
    from tests.unit.web.fakes import make_app

    page = visit(make_app(site_name="<b>&")).get("/api/docs").text
    assert "<title>&lt;b&gt;&amp; API</title>" in page
