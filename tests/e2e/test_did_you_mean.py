"""Slips asked of the sample archive, by the command line and over HTTP."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from soso.bootstrap import open_app
from soso.config import Settings
from soso.web.app import make_web_app
from tests.unit.web.visitor import Visitor

SLIPS = {
    "慧星": "彗星",
    "灯塌": "灯塔",
    "望远境": "望远镜",
    "天文望远竟": "天文望远镜",
    "白鹿大桥": "白鹭大桥",
    "抬头砍天": "抬头看天",
    "燈塌": "燈塔",
    "dengta": "灯塔",
    "灯塌 kind:photo -猫": "灯塔 kind:photo -猫",
}


@pytest.fixture(scope="module")
def visitor(sample: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Visitor]:
    data = tmp_path_factory.mktemp("own") / "data"
    shutil.copytree(sample, data)
    settings = Settings(data=data, embedder="none", rate_limit="9999/minute")
    with open_app(settings) as app:
        made = Visitor(make_web_app(app))
        yield made
        made.close()


def test_an_import_learns_and_a_search_says_what_was_meant(
    sample: Path, soso: Callable[..., Any], ask: Callable[..., Any]
) -> None:
    answer = ask("search", "慧星", data=sample)
    assert answer["did_you_mean"] == ["彗星"]
    assert "did you mean: 彗星" in soso("search", "慧星", data=sample).stdout
    assert ask("search", "彗星", data=sample)["did_you_mean"] == []


@pytest.mark.parametrize(("typed", "meant"), SLIPS.items())
def test_slips_are_answered(visitor: Visitor, typed: str, meant: str) -> None:
    answer = visitor.get("/api/v1/search", params={"q": typed}).json()
    assert answer["did_you_mean"][:1] == [meant]
    assert visitor.get("/api/v1/search", params={"q": meant}).json()["total"] > 0


@pytest.mark.parametrize(
    "typed",
    [
        "彗星",
        "云汐日常",
        "北京天气",
        "量子计算机",
        '"慧星"',
        "-慧星",
        "#慧星",
        "zzzz",
        "python",
        "",
    ],
)
def test_what_may_be_meant_is_left_alone(visitor: Visitor, typed: str) -> None:
    assert visitor.get("/api/v1/search", params={"q": typed}).json()["did_you_mean"] == []


@pytest.mark.parametrize(
    ("language", "words"),
    [("zh-Hans", "您是不是要找"), ("zh-Hant", "您是不是要找"), ("en", "Did you mean")],
)
def test_the_page_offers_a_link(visitor: Visitor, language: str, words: str) -> None:
    page = visitor.get("/search", params={"q": "慧星"}, headers={"Accept-Language": language}).text
    assert words in page
    assert 'href="/search?q=%E5%BD%97%E6%98%9F' in page
    other = visitor.get("/search", params={"q": "彗星"}, headers={"Accept-Language": language}).text
    assert words not in other


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("zh-Hans", "去掉引号再找：西边 彗星"),
        ("zh-Hant", "去掉引號再找：西边 彗星"),
        ("en", "Without quotation marks: 西边 彗星"),
    ],
)
def test_a_quotation_that_stands_nowhere_is_offered_without_its_marks(
    visitor: Visitor, language: str, words: str
) -> None:
    headers = {"Accept-Language": language}
    page = visitor.get("/search", params={"q": '"西边 彗星"'}, headers=headers).text
    assert words in page
    assert 'href="/search?q=%E8%A5%BF%E8%BE%B9+%E5%BD%97%E6%98%9F"' in page


def test_programs_and_the_command_line_get_the_offer_too(
    sample: Path, visitor: Visitor, ask: Callable[..., Any]
) -> None:
    answer = visitor.get("/api/v1/search", params={"q": '"西边 彗星"'}).json()
    assert [(one["code"], one["args"]) for one in answer["notices"]] == [
        ("no_phrase", {"query": "西边 彗星"})
    ]
    assert "西边 彗星" in ask("search", '"西边 彗星"', data=sample)["notices"][0]
