"""A quoted run that stands nowhere: the answer offers the same words without the marks."""

import pytest

from soso.query.plan_types import Sort
from tests.unit.flows.conftest import World, post


@pytest.fixture
def nights(world: World) -> World:
    world.take_posts(post(1, "彗星出现在西边"), post(2, "台风登陆港湾"), post(3, "西边的灯塔"))
    return world


def offered(world: World, text: str, **asked: object) -> list[str]:
    page = world.search(text, **asked)
    return [notice.args["query"] for notice in page.notices if notice.code == "no_phrase"]


@pytest.mark.parametrize("sort", [Sort.RELEVANCE, Sort.NEWEST])
def test_the_words_without_the_marks_are_offered(nights: World, sort: Sort) -> None:
    text = '"西边 彗星" kind:post'
    assert nights.search(text).total == 0
    assert offered(nights, text, sort=sort) == ["西边 彗星 kind:post"]
    assert nights.search("西边 彗星 kind:post").total == 1


@pytest.mark.parametrize(
    "text",
    [
        '"出现在西边"',  # it stands there
        '"鲸鱼 海豚"',  # the words stand nowhere either
        '鲸鱼 -"西边 彗星"',  # what is kept out is no wish
        "鲸鱼",
        '"西边 彗星" kind:video',  # nothing of the kind
    ],
)
def test_nothing_is_offered_that_does_not_help(nights: World, text: str) -> None:
    assert offered(nights, text) == []
