"""The pages of stories, what leads to them, and their feed."""

from datetime import timedelta
from typing import TYPE_CHECKING
from xml.etree import ElementTree

from soso.model.errors import Gone
from soso.query.stories import StoryCard, StoryDay, StoryPage, StoryPost
from soso.web.api.payloads import StoryAnswer, StoryList
from tests.unit.web.fakes import EVIL, NOW, FakeApp, make_card, make_chat, make_stored
from tests.unit.web.site.pages import Page, assert_harmless

if TYPE_CHECKING:
    from tests.unit.web.conftest import Visit, Visitor


def read(visitor: "Visitor", url: str, status: int = 200, language: str = "en") -> Page:
    answer = visitor.get(url, headers={"Accept-Language": language})
    assert answer.status_code == status, answer.text[:500]
    return Page(answer.text)


def story(number: int = 7, *, chats: int = 3, text: str = "白鹭大桥恢复通车") -> FakeApp:
    """An archive with a story of as many chats, the first of which two others copied."""
    told = [make_chat(key, no_index=False) for key in range(1, chats + 1)]
    cards = [
        make_card(make_stored(1, chat, minutes=1_000 * (chats - n), text=f"{text} {n}"), chat)
        for n, chat in enumerate(told)
    ]
    at = [NOW - timedelta(minutes=1_000 * chats), NOW - timedelta(minutes=1_000)]
    first = StoryDay(day=at[0].date(), posts=(StoryPost(card=cards[0], copies=2),))
    rest = StoryDay(day=at[1].date(), posts=tuple(StoryPost(card=card) for card in cards[1:]))
    card = StoryCard(
        number=number,
        card=cards[0],
        chats=tuple(told),
        posts=chats,
        first_at=at[0],
        last_at=at[1],
    )
    copying = (make_chat(40), make_chat(41))
    page = StoryPage(story=card, days=(first, rest), copying=copying, left_out=4)
    return FakeApp(cards=list(reversed(cards)), chats=told, stories=[page])


def test_a_story_shows_its_posts_by_day_and_who_took_part(visit: "Visit") -> None:
    page = read(visit(story()), "/s/7")
    assert page.text("h1") == "白鹭大桥恢复通车 0"
    assert len(page.tree.css("section h2[id^=d]")) == 2
    posts = list(page.links(".row-title a"))
    assert posts == [f"/c/150000000{key}/1" for key in (1, 2, 3)]
    assert page.links(".story-copies a") == ["/c/1500000001/1/copies"]
    assert page.text(".story-copies") == "2 more say the same"
    assert len(page.links(".chat-list a")) == 5
    assert "4 posts in the middle are not shown." in page.tree.text()
    assert '/s/7/feed.atom"' in str(page.tree.html)


def test_every_language_has_its_words(visit: "Visit") -> None:
    visitor = visit(story())
    for language, words in (
        ("zh-Hans", "参与的频道"),
        ("zh-Hant", "參與的頻道"),
        ("en", "Who took"),
    ):
        assert words in read(visitor, "/s/7", language=language).tree.text()


def test_a_story_that_another_took_in_leads_on(visit: "Visit") -> None:
    answer = visit(story()).get("/s/1007")
    assert (answer.status_code, answer.headers["location"]) == (301, "/s/7")
    answer = visit(story()).get("/s/1007/feed.atom")
    assert (answer.status_code, answer.headers["location"]) == (301, "/s/7/feed.atom")


def test_what_is_no_story_is_not_found(visit: "Visit") -> None:
    visitor = visit(story())
    for path in ("/s/8", "/s/0", "/s/07", "/s/x", "/s/-1", f"/s/{10**19}", "/s/8/feed.atom"):
        assert visitor.get(path).status_code == 404, path
    assert visitor.get("/s/7/feed.rss").status_code == 404
    gone = story()
    gone.fails = Gone("what this story was told by is gone")
    assert visit(gone).get("/s/7").status_code == 410


def test_the_feed_has_the_newest_first(visit: "Visit") -> None:
    answer = visit(story()).get("/s/7/feed.atom")
    assert answer.headers["content-type"].startswith("application/atom+xml")
    root = ElementTree.fromstring(answer.content)
    atom = "{http://www.w3.org/2005/Atom}"
    titles = [entry.findtext(f"{atom}title") for entry in root.iter(f"{atom}entry")]
    assert titles == [f"白鹭大桥恢复通车 {n}" for n in (2, 1, 0)]
    assert visit(story()).get("/s/7/feed.json").json()["title"] == "白鹭大桥恢复通车 0"


def test_home_and_the_list_lead_to_stories(visit: "Visit") -> None:
    visitor = visit(story())
    home = read(visitor, "/")
    assert home.links(".story-list a") == ["/s/7"]
    assert "3 channels · 3 posts" in home.text(".story-meta")
    assert read(visitor, "/stories").links(".story-list a") == ["/s/7"]
    assert read(visit(FakeApp()), "/").tree.css("#stories") == []
    assert "No stories yet" in read(visit(FakeApp()), "/stories").tree.text()


def test_the_list_has_pages(visit: "Visit") -> None:
    app = story()
    app.stories = [story(number).stories[0] for number in range(1, 70)]
    visitor = visit(app)
    assert read(visitor, "/stories").links(".paging a") == ["/stories?page=2"]
    assert read(visitor, "/stories?page=2").links(".paging a") == ["/stories", "/stories?page=3"]
    assert read(visitor, "/stories?page=3").links(".paging a") == ["/stories?page=2"]
    assert len(read(visitor, "/stories?page=x").links(".story-list a")) == 30


def test_a_post_says_which_story_it_is_part_of(visit: "Visit") -> None:
    visitor = visit(story())
    page = read(visitor, "/c/1500000002/1")
    assert page.links(".story-link a") == ["/s/7"]
    assert "Part of the story “白鹭大桥恢复通车 0”" in page.text(".story-link")


def test_hostile_texts_do_no_harm(visit: "Visit") -> None:
    visitor = visit(story(text=EVIL))
    for path in ("/s/7", "/stories", "/", "/c/1500000001/1"):
        assert_harmless(read(visitor, path))
    ElementTree.fromstring(visitor.get("/s/7/feed.atom").content)


def test_the_sitemap_lists_stories_but_not_those_who_want_none_of_it(visit: "Visit") -> None:
    visitor = visit(story())
    assert "/sitemaps/stories.xml" in visitor.get("/sitemap.xml").text
    assert "http://soso.test/s/7<" in visitor.get("/sitemaps/stories.xml").text
    shy = story()
    page = shy.stories[0]
    from msgspec.structs import replace

    kept = replace(page.story, chats=(*page.story.chats, make_chat(9, no_index=True)))
    shy.stories = [replace(page, story=kept)]
    visitor = visit(shy)
    assert "/s/7" not in visitor.get("/sitemaps/stories.xml").text
    assert 'content="noindex, follow"' in visitor.get("/s/7").text
    assert visitor.get("/s/7/feed.atom").headers["x-robots-tag"] == "noindex"
    assert "stories" not in visit(FakeApp()).get("/sitemap.xml").text


def test_the_api_tells_of_stories(visit: "Visit") -> None:
    visitor = visit(story())
    found = StoryList.model_validate(visitor.get("/api/v1/stories?limit=1").json())
    assert [(one.id, one.posts, len(one.chats)) for one in found.stories] == [(7, 3, 3)]
    assert (found.next_offset, found.stories[0].url) == (None, "http://soso.test/s/7")
    one = StoryAnswer.model_validate(visitor.get("/api/v1/stories/7").json())
    assert [post.copies for post in one.posts] == [2, 0, 0]
    assert (one.copying, one.left_out) == (["1500000040", "1500000041"], 4)
    assert visitor.get("/api/v1/stories/8").status_code == 404
    assert visitor.get("/api/v1/stories/0").status_code == 404
