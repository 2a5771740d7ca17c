from datetime import timedelta
from typing import Any

from soso.model.following import Followed, Route, SourceState
from soso.model.ids import Peer, PeerKind
from soso.ports.discovery import Met
from tests.unit.web.fakes import NOW, FakeApp


def make_followed(number: int, **fields: Any) -> Followed:
    facts: dict[str, Any] = {
        "route": Route.PREVIEW,
        "name": f"name{number}",
        "added_at": NOW,
        "added_by": "operator",
        "state": SourceState.FOLLOWING,
        "next_visit_at": NOW + timedelta(minutes=5),
    }
    return Followed(number=number, **(facts | fields))


def test_what_is_followed_is_told(operator: Any, fake: FakeApp) -> None:
    peer = Peer(kind=PeerKind.CHANNEL, id=1500000001)
    fake.sources += [
        make_followed(1, title="港湾新闻", peer=peer, is_backfilled=True, last_post_at=NOW),
        make_followed(2, state=SourceState.FAILING, error="the host is away", oldest_id=40),
        make_followed(3, route=Route.FEED, name="https://feeds.example.org/a"),
    ]
    operator.visitor.cookies.set("lang", "en")
    page = operator.get("/admin/sources").text
    assert '<a href="/c/1500000001"><bdi>港湾新闻</bdi></a>' in page
    assert "back to the first post" in page
    assert "back to 40" in page
    assert "the host is away" in page
    assert "5 minutes" in page
    page = operator.get("/admin/sources?state=failing&route=preview").text
    assert "name2" in page
    assert "港湾新闻" not in page
    assert operator.get("/admin/sources?state=odd&route=&after=x").status_code == 200


def test_long_lists_are_paged_by_number(operator: Any, fake: FakeApp) -> None:
    fake.sources += [make_followed(number) for number in range(1, 102)]
    page = operator.get("/admin/sources").text
    assert "/admin/sources?after=100&amp;state=&amp;route=" in page
    last = operator.get("/admin/sources?after=100").text
    assert "name101" in last
    assert 'rel="next"' not in last


def test_a_pasted_list_is_followed(operator: Any, fake: FakeApp) -> None:
    answer = operator.post("/admin/sources", names="@one\r\n@two # why\r\n")
    assert (answer.status_code, answer.headers["location"]) == (303, "/admin/sources")
    assert fake.done == [
        ("add_source", "@one", "operator", True),
        ("add_source", "@two", "operator", True),
    ]


def test_what_can_not_be_followed_is_said_and_the_rest_goes_on(
    operator: Any, fake: FakeApp
) -> None:
    answer = operator.post("/admin/sources", names="@a_bot\n@one")
    assert answer.status_code == 400
    assert "@a_bot is a bot" in answer.text
    assert fake.done == [("add_source", "@one", "operator", True)]
    assert operator.post("/admin/sources", names=" \n").status_code == 400


def test_a_source_is_paused_visited_and_let_go(operator: Any, fake: FakeApp) -> None:
    for decision in ("pause", "resume", "visit", "remove"):
        assert operator.post("/admin/sources/7", decision=decision).status_code == 303
    assert fake.done == [
        ("pause_source", "#7", True, "operator"),
        ("pause_source", "#7", False, "operator"),
        ("visit_now", "#7", "operator"),
        ("remove_source", "#7", "operator"),
    ]
    assert operator.post("/admin/sources/7", decision="burn").status_code == 400
    assert operator.visitor.post("/admin/sources/7", data={"decision": "remove"}).status_code == 403


def test_proposals_are_followed_or_ignored(operator: Any, fake: FakeApp) -> None:
    fake.met.append(Met(name="often", chats=12, posts=40, last_at=NOW))
    operator.visitor.cookies.set("lang", "en")
    page = operator.get("/admin/sources").text
    assert "@often" in page
    assert "in 12 chats, 40 posts" in page
    operator.post("/admin/sources/proposed", name="often", decision="follow")
    operator.post("/admin/sources/proposed", name="often", decision="ignore")
    assert fake.done == [
        ("add_source", "@often", "operator", True),
        ("ignore_proposed", "often"),
    ]
