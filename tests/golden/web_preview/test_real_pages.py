"""Real pages of 2023 and 2026, checked against what one reads on them."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from selectolax.lexbor import LexborHTMLParser

from soso.model.chat import ChatKind, ChatSighting
from soso.model.ids import Peer, PeerKind
from soso.model.media import Media, MediaKind
from soso.model.post import EntityKind, Forward, LinkPreview, PollAnswer, Post, Reaction
from soso.sources.web_preview import PageKind, PreviewPage, parse_page
from soso.sources.web_preview.media import NOT_ON_PAGE, read_media
from soso.sources.web_preview.wire import Parts

pytestmark = pytest.mark.shared
FETCHED_AT = datetime(2026, 11, 20, tzinfo=UTC)


def page(shared: Path, name: str) -> PreviewPage:
    content = (shared / "samples" / name).read_bytes()
    return parse_page(content, fetched_at=FETCHED_AT)


def chat(found: PreviewPage) -> ChatSighting:
    assert found.chat is not None
    return found.chat


def marked(post: Post, kind: EntityKind) -> list[str]:
    return [post.text[e.start : e.end] for e in post.entities if e.kind is kind]


def test_a_large_channel_of_2026(shared: Path) -> None:
    found = page(shared, "preview/durov_2026.html")
    assert (found.kind, found.skipped, found.notices, found.cut) == (
        PageKind.HISTORY,
        {},
        (),
        False,
    )
    assert (found.before, found.after) == (519, None)
    assert found.rendered_at == datetime(2026, 8, 9, 12, 9, 39, tzinfo=UTC)
    sighting = chat(found)
    assert sighting.peer == Peer(kind=PeerKind.CHANNEL, id=1006503122)
    assert (sighting.title, sighting.username, sighting.verified) == ("Pavel Durov", "durov", True)
    assert (sighting.description, sighting.members) == ("Founder of Telegram.", 11300000)
    assert sighting.counters == {
        "subscribers": 11300000,
        "photos": 101,
        "videos": 45,
        "links": 195,
    }
    assert [post.id for post in found.posts] == [*range(519, 530), *range(531, 540)]
    assert {post.author for post in found.posts} == {"Pavel Durov"}
    assert [post.id for post in found.posts if post.edited] == [521, 527, 535, 538]


def test_posts_behind_the_sign_that_asks_for_telegram(shared: Path) -> None:
    posts = {post.id: post for post in page(shared, "preview/durov_2026.html").posts}
    first = posts[519]
    assert first.at == datetime(2026, 5, 20, 15, 38, 10, tzinfo=UTC)
    assert first.text.startswith("🤖 Your Telegram inbox can now run itself.\n\nAssign a bot")
    assert first.text.endswith("⚙️ Start building!")
    assert marked(first, EntityKind.CUSTOM_EMOJI) == ["🤖", "🧠", "⚙️"]
    assert marked(first, EntityKind.TEXT_LINK) == ["Start building"]
    assert (first.views, first.views_exact) == (8670000, False)
    assert first.reactions == (
        Reaction(emoji="⭐", count=2490),
        Reaction(emoji="🧩", count=23400 + 7760 + 5990 + 419 + 112),
    )
    (video,) = first.media
    assert (video.kind, video.duration_s, video.width, video.height) == (
        MediaKind.VIDEO,
        9,
        1616,
        1914,
    )
    assert video.source is not None
    assert video.source.startswith("https://cdn4.telesco.pe/file/e174be")
    assert posts[521].previews == (
        LinkPreview(url="https://gram.org/", site="Gram", description="The native currency of TON"),
    )
    assert [item.kind for item in posts[523].media] == [MediaKind.ANIMATION]
    assert [(item.kind, item.width, item.height) for item in posts[522].media] == [
        (MediaKind.PHOTO, 800, 500)
    ]
    assert posts[522].text == ""
    assert marked(posts[527], EntityKind.MENTION) == ["@contest"]
    assert posts[535].text.count("  😉") == 1  # two spaces, as he typed them
    assert posts[536].text == "🇦🇫😈"


def test_a_news_channel_of_2023(shared: Path) -> None:
    found = page(shared, "preview/any2feed_2023.html")
    sighting = chat(found)
    assert sighting.peer == Peer(kind=PeerKind.CHANNEL, id=1084368520)
    assert (sighting.title, sighting.username) == ("Военное обозрение", "topwar_official")
    assert (sighting.members, sighting.verified) == (109000, False)
    assert sighting.counters["files"] == 8
    assert (sighting.description or "").endswith("\n\nПо рекламе - писать @effective100")
    assert [post.id for post in found.posts] == [
        *(70989, 70990, 70992, 70995, 70996, 70997, 70998, 70999, 71000, 71006, 71007, 71008)
    ]
    assert (found.before, found.skipped) == (70989, {})
    posts = {post.id: post for post in found.posts}
    assert posts[70992].album == (70992, 70993, 70994)
    assert [item.kind for item in posts[70992].media] == [
        *(MediaKind.PHOTO, MediaKind.PHOTO, MediaKind.VIDEO)
    ]
    assert posts[70992].media[2].duration_s == 16
    assert posts[70992].text.count("Сегодня ночью в Республике Адыгея упал неизвестный") == 1
    assert posts[70996].forward == Forward(
        name="Военкор Ярем", username="yaremshooter", post_id=1066
    )
    assert marked(posts[70996], EntityKind.MENTION) == ["@yaremshooter"]
    assert marked(posts[70997], EntityKind.BOLD)[1] == "задействованы истребители"
    assert posts[71000].album == (71000, 71001, 71002, 71003, 71004, 71005)
    assert posts[71000].at == datetime(2023, 2, 28, 10, 52, 36, tzinfo=UTC)
    assert [(item.missing, item.duration_s) for item in posts[71006].media] == [
        ("Media is too big", 177)
    ]
    assert (posts[71008].views, posts[71008].text[:18]) == (14900, "Подземные тоннели ")


def test_a_channel_of_one_reader(shared: Path) -> None:
    found = page(shared, "preview/small.html")
    assert chat(found).peer == Peer(kind=PeerKind.CHANNEL, id=3976510481)
    assert chat(found).counters == {"subscribers": 1, "photos": 1}
    assert (chat(found).picture_source, chat(found).description) == (None, "")
    assert (found.before, found.after) == (None, None)
    created, photo = found.posts
    assert created.service is not None
    assert (created.id, created.service.action, created.views) == (1, "create_channel", None)
    assert (photo.views, photo.views_exact) == (1, True)
    assert photo.text.splitlines()[0] == "Как Штапаков травит цинк в Смольном"
    assert marked(photo, EntityKind.HASHTAG) == ["#репортаж"]


@pytest.mark.parametrize(
    ("name", "kind", "chat_kind", "title", "members"),
    [
        ("channel", PageKind.CHANNEL, ChatKind.CHANNEL, "Pavel Durov", 11286994),
        ("group", PageKind.GROUP, ChatKind.GROUP, "Python", 97957),
        ("bot", PageKind.BOT, ChatKind.BOT, "BotFather", None),
        ("user", PageKind.USER, ChatKind.PERSON, "Nikolai", None),
    ],
)
def test_whose_name_it_is(
    shared: Path,
    name: str,
    kind: PageKind,
    chat_kind: ChatKind,
    title: str,
    members: int | None,
) -> None:
    found = page(shared, f"preview_kinds/tme_{name}.html")
    sighting = chat(found)
    assert (found.kind, sighting.kind) == (kind, chat_kind)
    assert (sighting.title, sighting.members, sighting.peer) == (title, members, None)
    assert sighting.is_public is (name != "user")
    assert found.has_preview is (name == "channel")
    assert sighting.verified is (name in {"channel", "bot"})


def test_more_of_whose_name_it_is(shared: Path) -> None:
    bot = chat(page(shared, "preview_kinds/tme_bot.html"))
    assert (bot.username, bot.counters) == ("BotFather", {"monthly_users": 8122955})
    group = chat(page(shared, "preview_kinds/tme_group.html"))
    assert (group.description or "").startswith("You will be muted until you read the rules.")
    assert chat(page(shared, "preview_kinds/tme_user.html")).picture_source is None
    free = page(shared, "preview_kinds/tme_free.html")
    assert (free.kind, free.chat) == (PageKind.FREE, None)


def only_post(shared: Path, name: str) -> Post:
    found = page(shared, f"preview_media/message_{name}.html")
    assert (found.kind, found.skipped, found.cut) == (PageKind.POST, {}, False)
    assert chat(found).kind is ChatKind.CHANNEL
    (post,) = found.posts
    return post


def test_a_file(shared: Path) -> None:
    post = only_post(shared, "media_file")
    assert post.media == (
        Media(
            kind=MediaKind.FILE,
            missing=NOT_ON_PAGE,
            file_name="Оппозиционные медиапроекты.pdf",
            bytes=2202009,
        ),
    )
    assert post.forward == Forward(
        name="Кремлёвская прачка", username="kremlinprachka", post_id=20294
    )
    assert (post.id, post.views) == (16936, 171900)


def test_a_forwarded_photo(shared: Path) -> None:
    post = only_post(shared, "media_forwarded_from")
    assert post.forward == Forward(name="Пул N3", username="dimsmirnov175", post_id=44604)
    assert [(item.kind, item.width, item.height) for item in post.media] == [
        (MediaKind.PHOTO, 800, 574)
    ]
    assert post.text.endswith("начал выводить дочку в свет")


def test_an_album_of_video_and_photos(shared: Path) -> None:
    post = only_post(shared, "media_photo_and_video")
    assert post.album == (46908, 46909, 46910)
    assert [(item.kind, item.post_id, item.source is not None) for item in post.media] == [
        (MediaKind.VIDEO, 46908, True),
        (MediaKind.PHOTO, 46909, True),
        (MediaKind.PHOTO, 46910, True),
    ]
    assert marked(post, EntityKind.HASHTAG) == ["#Белгород", "#Беспилотники"]
    assert marked(post, EntityKind.MENTION) == ["@anna_news"]
    assert marked(post, EntityKind.BOLD) == ["Ночью над Белгородом сбили 3 беспилотника"]


def test_a_round_video(shared: Path) -> None:
    (item,) = only_post(shared, "media_round_video").media
    assert (item.kind, item.duration_s) == (MediaKind.ROUND_VIDEO, 44)
    assert item.thumb_source is not None


def test_a_poll(shared: Path) -> None:
    poll = only_post(shared, "poll").poll
    assert poll is not None
    assert (poll.question, poll.total_voters, poll.closed) == ("Как лучше?", 222, False)
    assert poll.answers == (
        PollAnswer(text="Несколько постов в день", percent=16),
        PollAnswer(text="Один пост в несколько дней", percent=83),
        PollAnswer(text="Свой вариант в комментарии", percent=3),
    )


def test_a_sticker_and_a_signature(shared: Path) -> None:
    post = only_post(shared, "sticker")
    assert [(item.kind, item.mime) for item in post.media] == [
        (MediaKind.STICKER, "application/x-tgsticker")
    ]
    assert (post.author, post.text) == ("🅰️User", "")
    assert only_post(shared, "with_from_author").author == "🅰️rkadiy Ivanov"
    assert only_post(shared, "with_from_author").text == "test"


def test_a_voice_message(shared: Path) -> None:
    post = only_post(shared, "voice")
    assert [(item.kind, item.duration_s) for item in post.media] == [(MediaKind.VOICE, 1660)]
    assert post.forward == Forward(name="Спортивный Екб")
    assert post.text.splitlines()[:3] == ["Обсудили:", "", "- Сталина не забыть"]
    assert (post.views, post.views_exact) == (746, True)


def test_texts_with_line_breaks_in_the_source(shared: Path) -> None:
    found = page(shared, "preview_media/message_text.html")
    assert chat(found).peer == Peer(kind=PeerKind.CHANNEL, id=1084368520)
    (post,) = found.posts
    title = "Неопознанный летающий объект замечен в 160 – 200 км от Петербурга"
    assert post.text.splitlines()[0] == title
    assert "\n\nИсточник, близкий к Смольному, подтвердил," in post.text
    assert marked(post, EntityKind.BOLD) == [f"{title}\n\n"]


@pytest.mark.parametrize(
    ("name", "site", "title"),
    [
        ("link_preview", "Ваши новости — интернет-газета", "Георгий Зотов: ОККУПАЦИЯ"),
        ("link_preview_text_only", "publication.pravo.gov.ru", "Распоряжение Президента"),
        ("link_preview_video", "Telegram", "Shalnyak"),
    ],
)
def test_link_previews(shared: Path, name: str, site: str, title: str) -> None:
    post = only_post(shared, name)
    (preview,) = post.previews
    assert preview.site == site
    assert (preview.title or "").startswith(title)
    assert preview.url in post.text
    assert post.media == ()


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("media_photo", (MediaKind.PHOTO, None, 718, 341)),
        ("media_video", (MediaKind.VIDEO, 34, 624, 832)),
        ("media_video_gif", (MediaKind.ANIMATION, None, 800, 648)),
        ("media_video_too_big", (MediaKind.VIDEO, 69, 1080, 1080)),
        ("media_cicrle_video", (MediaKind.ROUND_VIDEO, 57, None, None)),
    ],
)
def test_pieces_of_media(
    shared: Path, name: str, expected: tuple[MediaKind, int | None, int | None, int | None]
) -> None:
    html = (shared / "samples" / "preview_media" / f"{name}.html").read_text("utf-8")
    body = LexborHTMLParser(html).body
    assert body is not None
    (item,) = read_media(Parts(body), 1)
    assert (item.kind, item.duration_s, item.width, item.height) == expected
    big = name == "media_video_too_big"
    assert (item.missing, item.source is None) == ("Media is too big" if big else None, big)
