from typing import Any
from urllib.robotparser import RobotFileParser
from xml.etree import ElementTree

from soso.web.well_known import build_opensearch
from tests.unit.web.fakes import EVIL, make_app

NAMESPACE = "{http://a9.com/-/spec/opensearch/1.1/}"


def read_robots(text: str) -> RobotFileParser:
    rules = RobotFileParser()
    rules.parse(text.splitlines())
    return rules


def test_crawlers_read_posts_and_not_searches(visit: Any) -> None:
    answer = visit(make_app(public_url="https://soso.example/")).get("/robots.txt")
    rules = read_robots(answer.text)
    assert rules.can_fetch("*", "/c/1500000001/42")
    for path in ("/search?q=x", "/admin", "/report?chat=1", "/api/v1/search", "/lang?to=en"):
        assert not rules.can_fetch("*", path), path
    assert rules.site_maps() == ["https://soso.example/sitemap.xml"]


def test_a_site_may_keep_them_out(visit: Any) -> None:
    rules = read_robots(visit(make_app(robots=False)).get("/robots.txt").text)
    assert not rules.can_fetch("*", "/c/1500000001/42")
    assert rules.site_maps() is None


def test_a_browser_learns_to_search(visitor: Any) -> None:
    answer = visitor.get("/opensearch.xml")
    assert answer.headers["content-type"] == "application/opensearchdescription+xml"
    root = ElementTree.fromstring(answer.content)
    assert root.findtext(f"{NAMESPACE}ShortName") == "Soso"
    templates = [url.get("template") for url in root.findall(f"{NAMESPACE}Url")]
    assert "http://soso.test/search?q={searchTerms}" in templates


def test_a_browser_is_given_suggestions(visit: Any) -> None:
    app = make_app()
    app.popular = ("频道大全",)
    visitor = visit(app)
    root = ElementTree.fromstring(visitor.get("/opensearch.xml").content)
    [url] = [
        one
        for one in root.findall(f"{NAMESPACE}Url")
        if one.get("type") == "application/x-suggestions+json"
    ]
    template = url.get("template") or ""
    answer = visitor.get(template.replace("http://soso.test", "").replace("{searchTerms}", "频道"))
    assert answer.headers["content-type"].startswith("application/x-suggestions+json")
    typed, texts, notes, addresses = answer.json()
    assert (typed, texts) == ("频道", ["频道1", "频道2", "频道大全"])
    assert len(notes) == len(addresses) == 3
    assert addresses[0] == "http://soso.test/c/1500000001"
    assert addresses[2].startswith("http://soso.test/search?q=")
    assert not read_robots(visitor.get("/robots.txt").text).can_fetch("*", "/suggest?q=x")


def test_names_are_cut_and_escaped() -> None:
    root = ElementTree.fromstring(build_opensearch("http://x", EVIL * 10))
    assert len(root.findtext(f"{NAMESPACE}ShortName") or "") <= 16
