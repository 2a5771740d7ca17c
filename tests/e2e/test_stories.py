"""The stories of the sample archive, told by the real program."""

from pathlib import Path
from typing import Any

import pytest

from soso.bootstrap import open_app
from soso.config import load_settings
from tests.e2e.conftest import Soso

EVENTS = {
    "a film prize": ("金螺", "灯塔以北", "燈塔以北"),
    "a half marathon": ("半马", "半程马拉松"),
    "a rocket": ("飞鱼一号", "飛魚一號"),
    "a cup final": ("浪花杯", "港灣隊"),
    "a metro line": ("9 号线", "九號綫", "捷運九號線"),
    "an editor": ("Inkwren",),
    "a comet": ("霁月彗星",),
    "a cook-off": ("厨王赛", "廚王賽"),
    "a rare bird": ("勺嘴鹬", "琵嘴鷸"),
    "a typhoon": ("青鲤", "青鯉"),
    "a bridge": ("白鹭大桥", "白鷺大橋"),
    "a library": ("望潮图书馆", "望潮圖書館"),
    "a power cut": ("停电", "停電"),
    "fireflies": ("萤火虫", "螢火蟲"),
    "a music festival": ("音乐节",),
}


@pytest.fixture(scope="module")
def told(soso: Soso, sample: Path) -> Path:
    """The sample archive with its stories told."""
    soso("stories", data=sample)
    return sample


@pytest.fixture(scope="module")
def stories(told: Path) -> dict[int, list[str]]:
    """The texts of each story's posts that readers are shown."""
    with open_app(load_settings(data=told, embedder="none")) as app:
        return {
            row.number: [
                post.card.stored.post.text
                for day in app.get_story(row.number).days
                for post in day.posts
                if post.card.stored is not None
            ]
            for row in app.store.list_stories()
        }


@pytest.mark.parametrize("event", EVENTS)
def test_what_several_channels_told_of_is_a_story(
    event: str, stories: dict[int, list[str]]
) -> None:
    words = EVENTS[event]
    assert any(
        sum(any(word in text for word in words) for text in texts) >= 2
        for texts in stories.values()
    )


def test_few_stories_hold_two_events(stories: dict[int, list[str]]) -> None:
    """A post that names none of the events may stand in a story; one that names another may not."""
    mixed = 0
    for texts in stories.values():
        named = [
            {event for event, words in EVENTS.items() if any(word in text for word in words)}
            for text in texts
        ]
        named = [events for events in named if events]
        mixed += bool(named) and not set.intersection(*named)
    assert len(stories) >= 25
    assert mixed <= 2


def test_nothing_private_is_told(stories: dict[int, list[str]], told: Path) -> None:
    assert not any("私密样例" in text for texts in stories.values() for text in texts)


def test_current_stories_as_rows(ask: Any, told: Path) -> None:
    rows = ask("stories", "--limit", "3", data=told)["stories"]
    assert len(rows) == 3
    assert all(len(row["chats"]) >= 2 and row["title"] for row in rows)
    assert all(row["url"].endswith(f"/s/{row['id']}") for row in rows)


def test_telling_anew_keeps_the_addresses(soso: Soso, told: Path) -> None:
    with open_app(load_settings(data=told, embedder="none")) as app:
        before = [(row.number, row.posts) for row in app.store.list_stories()]
    assert "channels" in soso("stories", "--anew", data=told).stdout
    with open_app(load_settings(data=told, embedder="none")) as app:
        assert [(row.number, row.posts) for row in app.store.list_stories()] == before
