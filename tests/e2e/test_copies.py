"""One row for what several channels published, at every door, and nothing dropped."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from soso.bootstrap import open_app
from soso.config import load_settings
from soso.web.app import make_web_app
from tests.e2e.conftest import Soso
from tests.unit.web.visitor import Visitor

ATOM = "{http://www.w3.org/2005/Atom}"
QUERY = "浪花杯决赛"
CUP = {("1500000001", 1117), ("1500000007", 4651), ("1500000023", 70962)}
"""Three channels' posts of one text; the last two are forwards."""


@pytest.fixture(scope="module")
def clustered(soso: Soso, sample: Path) -> Path:
    """The sample archive after its copies were looked for."""
    soso("trace", "1500000001/1117", data=sample)
    return sample


@pytest.fixture(scope="module")
def visitor(clustered: Path) -> Iterator[Visitor]:
    with open_app(load_settings(data=clustered)) as app:
        visitor = Visitor(make_web_app(app))
        yield visitor
        visitor.close()


def of_the_cup(hits: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [hit for hit in hits if (hit["chat"], hit["id"]) in CUP]


def search(visitor: Visitor, **asked: Any) -> dict[str, Any]:
    answer = visitor.get("/api/v1/search", params={"q": QUERY, **asked})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_the_api_folds_copies_and_unfolds_them_when_asked(visitor: Visitor) -> None:
    folded, all_of_them = search(visitor), search(visitor, collapse="false")
    (one,) = of_the_cup(folded["hits"])
    assert (one["copies"], one["copying_chats"]) == (2, 2)
    unfolded = of_the_cup(all_of_them["hits"])
    assert {(hit["chat"], hit["id"]) for hit in unfolded} == CUP
    assert {hit["cluster"] for hit in unfolded} == {one["cluster"]}
    alone = [hit for hit in folded["hits"] if not hit["copies"]]
    assert alone
    assert {hit["cluster"] for hit in alone} == {None}


def test_pages_of_folded_hits_have_each_cluster_once(visitor: Visitor) -> None:
    seen: list[int] = []
    page: str | None = None
    for _ in range(20):
        found = search(visitor, limit=3, **({"page": page} if page else {}))
        seen += [hit["cluster"] for hit in found["hits"] if hit["cluster"] is not None]
        page = found["next"]
        if page is None:
            break
    assert page is None
    assert len(seen) == len(set(seen)) >= 2


def test_a_results_page_says_how_many_others_and_leads_to_all_of_them(visitor: Visitor) -> None:
    page = visitor.get("/search", params={"q": QUERY}).text
    links = re.findall(r'class="row-copies" href="([^"]+)">([^<]+)<', page)
    path = next(path for path, said in links if said == "另有 2 个频道发布")
    copies = visitor.get(path)
    assert copies.status_code == 200
    for chat, number in CUP:
        assert f"/c/{chat}/{number}" in copies.text


def test_a_results_page_can_be_unfolded_and_stays_so(visitor: Visitor) -> None:
    def rows(page: str) -> set[tuple[str, int]]:
        links = re.findall(r'href="/c/(\d+)/(\d+)(?:/copies)?"', page)
        return {(chat, int(number)) for chat, number in links} & CUP

    folded = visitor.get("/search", params={"q": QUERY}).text
    assert len(rows(folded)) == 1
    (unfold,) = re.findall(r'href="([^"]+)" rel="nofollow">展开相同内容<', folded)
    assert unfold.endswith("&amp;collapse=false")
    unfolded = visitor.get(unfold.replace("&amp;", "&")).text
    assert rows(unfolded) == CUP
    (fold,) = re.findall(r'href="([^"]+)" rel="nofollow">合并相同内容<', unfolded)
    assert "collapse" not in fold
    assert rows(visitor.get(fold.replace("&amp;", "&")).text) == rows(folded)


def test_the_next_page_of_unfolded_results_is_unfolded(visitor: Visitor) -> None:
    first = visitor.get("/search", params={"q": "频道 OR 今天 OR 的", "collapse": "false"}).text
    (following,) = re.findall(r'rel="next nofollow" href="([^"]+)"', first)
    assert "collapse=false" in following
    second = visitor.get(following.replace("&amp;", "&"))
    assert second.status_code == 200
    assert "合并相同内容" in second.text
    assert 'rel="prev nofollow"' in second.text


def test_nothing_offers_to_unfold_where_nothing_is_folded(visitor: Visitor) -> None:
    page = visitor.get("/search", params={"q": '"港灣隊贏咗"'}).text
    assert "展开相同内容" not in page


def test_a_feed_of_a_search_has_one_entry_for_a_cluster(visitor: Visitor) -> None:
    answer = visitor.get("/search.atom", params={"q": QUERY})
    assert answer.status_code == 200
    links = [
        link.get("href", "")
        for entry in ElementTree.fromstring(answer.text).iter(f"{ATOM}entry")
        for link in entry.iter(f"{ATOM}link")
    ]
    ends = [f"/c/{chat}/{number}" for chat, number in CUP]
    assert len([link for link in links if link.endswith(tuple(ends))]) == 1


def test_the_command_folds_and_unfolds(clustered: Path, ask: Callable[..., Any]) -> None:
    folded = ask("search", QUERY, "--collapse", data=clustered)["hits"]
    assert ask("search", QUERY, data=clustered)["hits"] == folded
    assert [hit["copying_chats"] for hit in of_the_cup(folded)] == [2]
    unfolded = ask("search", QUERY, "--no-collapse", "--limit", "50", data=clustered)["hits"]
    assert {(hit["chat"], hit["id"]) for hit in of_the_cup(unfolded)} == CUP
