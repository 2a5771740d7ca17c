from datetime import UTC

from soso.i18n.language import Language
from soso.i18n.speaker import Speaker
from soso.query.results import ChatPage, PostPage
from soso.web.site.meta import describe_chat, describe_post, post_as_json_ld
from tests.unit.web.fakes import NOW, make_card, make_chat, make_picture, make_stored, plain

SPEAKER = Speaker(Language.ENGLISH, UTC, NOW)


def make_page(**changes: object) -> PostPage:
    chat = make_chat(1, title="云汐日常")
    stored = make_stored(7, chat, **changes)
    card = make_card(stored, chat, title=plain("停水通知"), cover=make_picture())
    return PostPage(card=card, chat=chat, stored=stored)


def test_a_post_in_the_words_of_schema_org() -> None:
    page = make_page(text="停水通知\n今晚" + "停" * 5000, views=1200, edited_at=NOW)
    known = post_as_json_ld(page, SPEAKER, "https://soso.test")
    assert known["@type"] == "SocialMediaPosting"
    assert known["url"] == known["mainEntityOfPage"] == "https://soso.test/c/1500000001/7"
    assert known["headline"] == "停水通知"
    assert known["datePublished"] == page.stored.post.at.isoformat()
    assert known["dateModified"] == NOW.isoformat()
    assert known["author"] == {
        "@type": "Organization",
        "name": "云汐日常",
        "url": "https://soso.test/c/1500000001",
        "sameAs": "https://t.me/channel1",
    }
    assert known["image"]["url"] == "https://soso.test/b/" + "ab" * 32
    assert known["sameAs"] == "https://t.me/channel1/7"
    assert len(known["articleBody"]) == 1000
    assert [one["userInteractionCount"] for one in known["interactionStatistic"]] == [1200]


def test_what_is_not_known_is_left_out() -> None:
    known = post_as_json_ld(make_page(text=""), SPEAKER, "https://soso.test")
    assert not {"articleBody", "dateModified", "interactionStatistic"} & known.keys()


def test_descriptions_are_short_and_never_empty() -> None:
    page = make_page(text="停" * 500)
    assert len(describe_post(page, SPEAKER)) == 160
    chat = make_chat(1, description=" 天气\n与交通 ")
    assert describe_chat(ChatPage(chat=chat, posts=0, rows=())) == "天气 与交通"
    assert describe_chat(ChatPage(chat=make_chat(2), posts=0, rows=())) == "频道2"
