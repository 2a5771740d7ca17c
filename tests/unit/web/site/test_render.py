from typing import TYPE_CHECKING, Any

import pytest
from jinja2 import UndefinedError
from starlette.requests import Request

from soso.config import Settings
from soso.web.site.render import Renderer
from tests.unit.web.fakes import FakeClock, make_app
from tests.unit.web.site.pages import Page, assert_harmless

if TYPE_CHECKING:
    from tests.unit.web.conftest import Visit

FORM = {"chat": '"><script>', "id": "7", "role": "named", "reason": "</textarea>", "contact": "x"}


def make_request(path: str = "/x", query: str = "") -> Request:
    return Request(
        {
            **{"type": "http", "method": "GET", "scheme": "http", "server": ("soso.test", 80)},
            **{"path": path, "query_string": query.encode(), "headers": []},
        }
    )


def render(template: str, settings: Settings | None = None, **context: Any) -> Page:
    answer = Renderer(settings or Settings(), FakeClock()).page(make_request(), template, **context)
    return Page(bytes(answer.body).decode())


def test_a_template_that_is_not_given_what_it_needs_fails() -> None:
    with pytest.raises(UndefinedError):
        render("home.html")


@pytest.mark.parametrize("status", [400, 403, 404, 405, 410, 413, 418, 429, 500, 502, 503])
def test_every_error_has_a_page(status: int) -> None:
    answer = Renderer(Settings(), FakeClock()).error(make_request(), status, number="<7>")
    assert answer.status_code == status
    page = Page(bytes(answer.body).decode())
    assert page.has("form[role=search]")
    assert "<7>" in page.text("main")
    assert_harmless(page)


def test_the_public_address_is_the_one_that_is_set() -> None:
    settings = Settings(public_url="https://soso.example.org/")
    page = render("about.html", settings, canonical="/about")
    assert page.attribute("link[rel=canonical]", "href") == "https://soso.example.org/about"


def test_an_installation_may_keep_all_other_search_engines_out() -> None:
    assert render("about.html", Settings(robots=False)).has("meta[name=robots]")
    assert not render("about.html").has("meta[name=robots]")


def test_the_name_of_the_site_is_escaped() -> None:
    page = render("about.html", Settings(site_name="<b>站"))
    assert page.text(".mark") == "<b>站"
    assert_harmless(page)


def test_the_form_that_asks_for_a_removal() -> None:
    page = render(
        "report.html",
        csrf_field="csrf",
        csrf_token="t0ken",
        form=FORM,
        errors={"reason": "reason"},
        sent=None,
    )
    assert page.attribute("form.form", "method") == "post"
    assert page.attribute("input[name=csrf]", "value") == "t0ken"
    assert page.attribute("#report-chat", "value") == '"><script>'
    assert page.text("#report-reason") == "</textarea>"
    assert page.attribute("input[name=role][checked]", "value") == "named"
    assert page.attribute("#report-reason", "aria-invalid") == "true"
    assert page.links(".notices a") == ["#report-reason"]
    assert_harmless(page)


def test_a_request_that_was_taken() -> None:
    page = render("report.html", csrf_field="", csrf_token="", form=FORM, errors={}, sent=12)
    assert "12" in page.text("[role=status]")
    assert not page.has("form.form")


def test_fields_of_forms_have_labels() -> None:
    page = render("report.html", csrf_field="c", csrf_token="t", form=FORM, errors={}, sent=None)
    labels = {node.attributes.get("for") for node in page.tree.css("label[for]")}
    fields = page.tree.css("input:not([type=hidden]), textarea")
    bare = [node.html for node in fields if node.parent is None or node.parent.tag != "label"]
    assert len(bare) >= 5
    assert {Page(html or "").attribute("[id]", "id") for html in bare} <= labels


def test_ids_are_unique_on_every_page(visit: "Visit") -> None:
    visitor = visit(make_app(bot_username="soso_bot"))
    for url in ("/", "/search?q=a", "/c/1500000001", "/c/1500000001/1", "/about", "/report"):
        ids = [node.attributes["id"] for node in Page(visitor.get(url).text).tree.css("[id]")]
        assert len(ids) == len(set(ids)), url
