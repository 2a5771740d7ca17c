"""The pages of stories: all that are current, one of them, and its feed.

Knows their addresses and what they are given; knows no HTML, no wording and no store.
"""

import re
from typing import TYPE_CHECKING, Final

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from soso.model.errors import NotFound
from soso.model.links import story_path
from soso.query.stories import StoryPage
from soso.web.feed_forms import Feed
from soso.web.feeds import answer_feed, build_entries
from soso.web.site.cards import card_name
from soso.web.site.meta import shared_picture
from soso.web.site.preferences import read_preferences
from soso.web.site.render import Renderer

if TYPE_CHECKING:
    from soso.bootstrap import App

HOME_STORIES: Final = 6
_STORIES_A_PAGE: Final = 30
_MOST_PAGES: Final = 20
_ENTRIES: Final = 30
_NUMBER: Final = re.compile(r"[1-9][0-9]{0,17}")
_PAGE: Final = re.compile(r"[1-9][0-9]?")


def add_story_routes(router: APIRouter, app: "App", render: Renderer) -> None:
    """Add the routes under /s and the list of stories."""

    @router.get("/stories")
    def get_stories(request: Request) -> Response:
        asked = request.query_params.get("page", "")
        page = min(int(asked), _MOST_PAGES) if _PAGE.fullmatch(asked) else 1
        found = app.list_stories(
            limit=_STORIES_A_PAGE + 1,
            offset=(page - 1) * _STORIES_A_PAGE,
            sensitive=read_preferences(request).sensitive,
        )
        return render.page(
            request,
            "stories.html",
            stories=found[:_STORIES_A_PAGE],
            page=page,
            more=len(found) > _STORIES_A_PAGE and page < _MOST_PAGES,
            canonical="/stories",
        )

    @router.get("/s/{number}")
    def get_story(request: Request, number: str) -> Response:
        sensitive = read_preferences(request).sensitive
        page = app.get_story(_parse_number(number), sensitive=sensitive)
        if str(page.story.number) != number:  # another story took it in
            return RedirectResponse(story_path(page.story.number), status_code=301)
        story = page.story
        return render.page(
            request,
            "story.html",
            page=page,
            story=story,
            title=card_name(story.card, render.speaker(request)),
            picture=shared_picture(story.card),
            canonical=story_path(story.number),
            no_index=keeps_out(page),
        )

    @router.get("/s/{number}/feed.{form}")
    def get_feed(request: Request, number: str, form: str) -> Response:
        page = app.get_story(_parse_number(number))
        if str(page.story.number) != number:
            path = f"{story_path(page.story.number)}/feed.{form}"
            return RedirectResponse(path, status_code=301)
        feed = build_story_feed(page, render.base(request), app.settings.site_name)
        return answer_feed(feed, form, keeps_out(page))


def keeps_out(page: StoryPage) -> bool:
    """Whether other search engines are not to list a story: it has a chat that wants none of it."""
    return page.story.card.sensitive or any(chat.no_index for chat in page.story.chats)


def build_story_feed(page: StoryPage, base_url: str, site: str) -> Feed:
    """Return the feed of a story, its newest posts first."""
    home = base_url + story_path(page.story.number)
    cards = [post.card for day in page.days for post in day.posts]
    return Feed(
        title=page.story.card.title.text or f"#{page.story.number}",
        home=home,
        atom_url=f"{home}/feed.atom",
        json_url=f"{home}/feed.json",
        author=site,
        entries=build_entries(tuple(reversed(cards[-_ENTRIES:])), base_url),
    )


def _parse_number(text: str) -> int:
    if not _NUMBER.fullmatch(text):
        raise NotFound("a story is named by a number")
    return int(text)
