from datetime import UTC, datetime

import pytest
from hypothesis import given

from soso.model.media import Media, MediaKind
from soso.model.post import LinkPreview, Location, Poll, PollAnswer, Post, Service
from soso.text.normalize import repair
from soso.text.title import LONGEST, Title, make_excerpt, make_title
from tests.unit.text.strategies import texts


def post(text: str = "", **more: object) -> Post:
    return Post(id=1, at=datetime(2026, 1, 1, tzinfo=UTC), text=text, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "title", "excerpt"),
    [
        ("🎬 片名：流浪地球2\n导演：郭帆\n主演：吴京", "流浪地球2", "导演：郭帆 主演：吴京"),
        ("推荐一部\n資源標題: 某某某\n大小：2G", "某某某", "大小：2G"),
        ("標題：臺灣新聞標題\n內文", "臺灣新聞標題", "內文"),
        ("影片名稱：《流浪地球2》", "流浪地球2", ""),
        ("【片名】流浪地球2", "流浪地球2", ""),
        ("名称：\n第二行\n第三行", "第二行", "第三行"),
        ("Title: The Wandering Earth II\nYear: 2023", "The Wandering Earth II", "Year: 2023"),
        ("【流浪地球2】2023 科幻 4K 下载", "流浪地球2", "2023 科幻 4K 下载"),
        (
            "【特斯拉收购无线充电公司】财联社7月24日电，",
            "特斯拉收购无线充电公司",
            "财联社7月24日电，",
        ),
        ("【电影】流浪地球2", "流浪地球2", ""),
        ("【電影】【4K】流浪地球2", "流浪地球2", ""),
        ("[电影] 流浪地球2 [2023]", "流浪地球2 [2023]", ""),
        ("[GM-Team][国漫][诛仙 第2季][01]", "诛仙 第2季", "[01]"),
        ("《流浪地球2》", "流浪地球2", ""),
        ("《流浪地球2》 2023 4K 国语中字", "流浪地球2", "2023 4K 国语中字"),
        ("《三体》定档大年初一", "《三体》定档大年初一", ""),
        ("🔥🔥 今日推荐 👇\nhttps://t.me/abc", "今日推荐", "https://t.me/abc"),
        ("#电影 #科幻 流浪地球2 #4K", "流浪地球2", "#4K"),
        ("👉 https://x.com @abc\n━━━━\n正文", "正文", ""),
        ("我的频道\n真正的标题\n正文", "真正的标题", "正文"),
        ("#电影 #科幻", "#电影 #科幻", ""),
        ("https://t.me/abc/12", "https://t.me/abc/12", ""),
        ("今天天气很好。我们去公园。", "今天天气很好。我们去公园。", ""),
        ("第一句话说完了。" + "后面还有很多内容" * 8, "第一句话说完了。", "后面还有很多内容" * 8),
        ("前半句话在这里，" + "后" * 80, "前半句话在这里，" + "后" * 52, "后" * 28),
        (
            "这一句话很长很长说了很多很多的事情还没有完，" + "后" * 80,
            "这一句话很长很长说了很多很多的事情还没有完",
            "后" * 80,
        ),
        (
            "Telegram is launching a $200,000 contest for everyone who makes videos about it",
            "Telegram is launching a $200,000 contest for everyone who",
            "makes videos about it",
        ),
        ("\ud800坏字\ud801\n内\ud800文", "坏字", "内\ufffd文"),
    ],
)
def test_titles_and_excerpts(text: str, title: str, excerpt: str) -> None:
    found = make_title(post(text), "我的频道")
    assert found.text == title
    assert found.fallback == ""
    assert make_excerpt(post(text), found) == excerpt


@pytest.mark.parametrize(
    ("found", "title", "fallback"),
    [
        (post(media=(Media(kind=MediaKind.PHOTO),)), "", "photo"),
        (post("🔥", media=(Media(kind=MediaKind.PHOTO), Media(kind=MediaKind.VIDEO))), "", "album"),
        (
            post(
                media=(
                    Media(
                        kind=MediaKind.AUDIO, performer="周杰伦", title="晴天", file_name="a.mp3"
                    ),
                )
            ),
            *("周杰伦 - 晴天", "audio"),
        ),
        (
            post(media=(Media(kind=MediaKind.FILE, file_name="三体 全集.epub"),)),
            "三体 全集.epub",
            "file",
        ),
        (post(media=(Media(kind=MediaKind.VIDEO, file_name="IMG_1234.MP4"),)), "", "video"),
        (
            post(media=(Media(kind=MediaKind.VIDEO, file_name="video_2024-05-31_18-20-11.mp4"),)),
            "",
            "video",
        ),
        (post(media=(Media(kind=MediaKind.STICKER, emoji="😀"),)), "", "sticker"),
        (post(media=(Media(kind=MediaKind.VOICE),)), "", "voice"),
        (post(poll=Poll(question="哪个\n好？")), "哪个 好？", "poll"),
        (post(location=Location(latitude=1, longitude=2, title="咖啡馆")), "咖啡馆", "location"),
        (
            post("https://a.com/x", previews=(LinkPreview(url="https://a.com/x", title="网页"),)),
            "网页",
            "link",
        ),
        (post(service=Service(action="create_channel")), "", "service"),
        (post(), "", "other"),
        (post(" \n\u3000"), "", "other"),
    ],
)
def test_fallbacks(found: Post, title: str, fallback: str) -> None:
    assert make_title(found, "") == Title(text=title, fallback=fallback)


def test_excerpts_of_posts_without_text() -> None:
    answers = (PollAnswer(text="甲"), PollAnswer(text="乙"))
    poll = post(poll=Poll(question="问", answers=answers))
    assert make_excerpt(poll, make_title(poll, "")) == "甲 / 乙"
    place = post(location=Location(latitude=1, longitude=2, title="馆", address="路 1 号"))
    assert make_excerpt(place, make_title(place, "")) == "路 1 号"


def test_an_excerpt_is_cut() -> None:
    text = "标题\n" + "word " * 100
    found = make_excerpt(post(text), make_title(post(text), ""), width=23)
    assert found == "word word word word…"


@given(texts)
def test_a_title_is_what_stands_there(text: str) -> None:
    found = make_title(post(text), "")
    assert len(found.text) <= LONGEST + 1
    found.text.encode()
    if found.start is not None:
        assert found.text == repair(text[found.start : found.end])
        assert "\n" not in found.text
        assert found.text
    excerpt = make_excerpt(post(text), found, width=20)
    assert "\n" not in excerpt
    assert len(excerpt) <= 21


@pytest.mark.parametrize(
    "text", ["[" * 9_999, "【a】" * 9_999, "《" * 9_999, "\n" * 99_999, "（" * 9_999 + "片名"]
)
def test_hostile_texts_take_no_time(text: str) -> None:
    assert len(make_title(post(text), "").text) <= LONGEST
