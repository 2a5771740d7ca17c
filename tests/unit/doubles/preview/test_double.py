"""The double is read by Soso's own parser: what it says must come out as it was put in."""

from datetime import UTC, datetime

import pytest

from soso.doubles.preview import PreviewDouble
from soso.model.chat import ChatKind
from soso.model.media import MediaKind
from soso.model.post import EntityKind, Post
from soso.sources.web_preview import PageKind

from .conftest import NAME, NOW_S, Get


def read_all(get: Get, name: str = NAME) -> dict[int, Post]:
    posts: dict[int, Post] = {}
    path = f"/s/{name}"
    while True:
        page = get(path)
        assert (page.skipped, page.notices, page.cut) == ({}, (), False)
        posts |= {post.id: post for post in page.posts}
        if page.before is None:
            return posts
        assert page.before == min(post.id for post in page.posts)
        path = f"/s/{name}?before={page.before}"


def test_every_post_comes_out_as_it_was_put_in(double: PreviewDouble, get: Get) -> None:
    double.add_channel(NAME, posts=600)
    posts = read_all(get)
    truth = double.truth(NAME)
    assert [one.ids for one in truth] == [post.album or (post.id,) for post in sorted_(posts)]
    assert [one.texts[-1] for one in truth[1:]] == [post.text for post in sorted_(posts)[1:]]
    first = posts[1].service
    assert first is not None
    assert first.action == "create_channel"
    kinds = {media.kind for post in posts.values() for media in post.media}
    assert kinds == {
        *(MediaKind.PHOTO, MediaKind.VIDEO, MediaKind.ANIMATION, MediaKind.VOICE),
        *(MediaKind.FILE, MediaKind.AUDIO),
    }
    for part in ("forward", "reply", "poll", "reactions", "author", "previews", "entities"):
        assert any(getattr(post, part) for post in posts.values()), part


def sorted_(posts: dict[int, Post]) -> list[Post]:
    return [posts[number] for number in sorted(posts)]


def test_a_post_field_by_field(double: PreviewDouble, get: Get) -> None:
    double.add_channel(
        NAME, title="成都 <旧书> & 交换", number=1555, members=45_600, description="每天一本"
    )
    text = '第一行 **粗体** 🚲\n价格 < 3 & "引用" #读书 @chengdu_books https://example.org/?a=1&b=2'
    [number] = double.post(NAME, text, at_s=NOW_S - 60)
    double.set_views(NAME, number, 37_249)
    page = get(f"/s/{NAME.upper()}")
    chat = page.chat
    assert chat is not None
    assert chat.peer is not None
    assert (chat.peer.id, chat.username, chat.kind) == (1555, NAME, ChatKind.CHANNEL)
    assert (chat.title, chat.members, chat.description) == (
        "成都 <旧书> & 交换",
        45_600,
        "每天一本",
    )
    assert chat.picture_source is not None
    assert page.rendered_at == datetime.fromtimestamp(NOW_S, UTC)
    [post] = page.posts
    assert post.text == text.replace("**", "")
    assert post.at == datetime.fromtimestamp(NOW_S - 60, UTC)
    assert (post.views, post.views_exact, post.edited) == (37_200, False, False)
    assert [entity.kind for entity in post.entities] == [
        EntityKind.BOLD,
        EntityKind.HASHTAG,
        EntityKind.MENTION,
        EntityKind.LINK,
    ]


@pytest.mark.parametrize(
    ("shape", "kind"),
    [
        ("photo", MediaKind.PHOTO),
        ("video", MediaKind.VIDEO),
        ("big_video", MediaKind.VIDEO),
        ("gif", MediaKind.ANIMATION),
        ("voice", MediaKind.VOICE),
        ("file", MediaKind.AUDIO),
    ],
)
def test_media(double: PreviewDouble, get: Get, shape: str, kind: MediaKind) -> None:
    double.add_channel(NAME)
    double.post(NAME, "看", shape=shape)
    [media] = get(f"/s/{NAME}").posts[0].media
    assert media.kind is kind
    if shape == "photo":
        assert (media.width, media.height) == (800, 600)
    if shape == "big_video":
        assert (media.source, media.missing) == (None, "Media is too big")
        assert media.thumb_source is not None


def test_pages_of_about_twenty_ids_with_albums_whole(double: PreviewDouble, get: Get) -> None:
    double.add_channel(NAME)
    for number in range(30):
        double.post(NAME, f"帖 {number}")
    album = double.post_album(NAME, "相册", 4)
    for number in range(18):
        double.post(NAME, f"又 {number}")
    page = get(f"/s/{NAME}")
    assert page.posts[0].album == tuple(album)
    assert len(page.posts) == 19
    assert (page.before, page.after) == (album[0], None)
    older = get(f"/s/{NAME}?before={page.before}")
    assert [post.id for post in older.posts] == list(range(11, 31))
    assert (older.before, older.after) == (11, 30)
    newer = get(f"/s/{NAME}?after=30")
    assert newer.posts == page.posts[:-2]  # 31 to 50
    assert newer.after == 50
    around = get(f"/s/{NAME}/15")
    assert around.posts[-1].id == 15


def test_a_hidden_cursor_and_a_search(double: PreviewDouble, get: Get) -> None:
    double.add_channel(NAME)
    for number in range(50):
        double.post(NAME, f"帖 {number} {'#读书' if number % 10 == 0 else ''}")
    double.change(NAME, has_cursor=False)
    page = get(f"/s/{NAME}")
    assert (page.before, len(page.posts)) == (None, 20)
    found = get(f"/s/{NAME}?q=%23%E8%AF%BB%E4%B9%A6")
    assert [post.id for post in found.posts] == [1, 11, 21, 31, 41]
    nothing = get(f"/s/{NAME}?q=nowhere")
    assert (nothing.kind, nothing.posts) == (PageKind.HISTORY, ())


def test_edits_and_deletions(double: PreviewDouble, get: Get) -> None:
    double.add_channel(NAME)
    for text in ("一", "二", "三"):
        double.post(NAME, text)
    album = double.post_album(NAME, "相册", 3)
    double.edit(NAME, 2, "二改")
    double.edit(NAME, 2, "二再改")
    double.delete(NAME, [1])
    double.delete(NAME, album[1:2])
    posts = {post.id: post for post in get(f"/s/{NAME}").posts}
    assert sorted(posts) == [2, 3, album[0]]
    assert (posts[2].text, posts[2].edited) == ("二再改", True)
    assert posts[album[0]].album == (album[0], album[2])
    told = {one.ids[0]: one for one in double.truth(NAME)}
    assert (told[1].deleted, told[1].texts) == (True, ("一",))
    assert told[2].texts == ("二", "二改", "二再改")
    double.delete(NAME, album)
    assert double.truth(NAME)[-1].deleted


def test_cards_of_every_kind(double: PreviewDouble, get: Get) -> None:
    double.add_channel(NAME, members=11_286_994, description="简介")
    double.add_card("readers_club", kind="group", members=97_957)
    double.add_card("SearchBot", kind="bot", members=8_122_955)
    double.add_card("lihua1", kind="user", title="李华")
    double.add_card("AbCdEfGhIjKl", kind="invite", members=40)
    channel = get(f"/{NAME}")
    assert (channel.kind, channel.has_preview) == (PageKind.CHANNEL, True)
    assert channel.chat is not None
    assert (channel.chat.members, channel.chat.description) == (11_286_994, "简介")
    group = get("/readers_club")
    assert (group.kind, group.has_preview) == (PageKind.GROUP, False)
    assert group.chat is not None
    assert group.chat.members == 97_957
    bot = get("/searchbot")
    assert bot.chat is not None
    assert (bot.kind, bot.chat.username) == (PageKind.BOT, "SearchBot")
    user = get("/lihua1")
    assert user.chat is not None
    assert (user.kind, user.chat.title) == (PageKind.USER, "李华")
    assert get("/+AbCdEfGhIjKl").kind is PageKind.INVITE
    assert get("/nobody_has_it").kind is PageKind.FREE
    assert get("/s/readers_club").kind is PageKind.GROUP  # redirected
    assert get("/s/nobody_has_it").kind is PageKind.FREE


def test_a_closed_preview_leads_to_the_card(double: PreviewDouble, get: Get) -> None:
    double.add_channel(NAME, posts=30)
    double.change(NAME, closed=True)
    page = get(f"/s/{NAME}")
    assert (page.kind, page.has_preview, page.posts) == (PageKind.CHANNEL, False, ())
    double.change(NAME, closed=False)
    assert get(f"/s/{NAME}").kind is PageKind.HISTORY


def test_renamed_and_banned(double: PreviewDouble, get: Get) -> None:
    double.add_channel(NAME, posts=5)
    double.rename(NAME, "New_Name")
    assert get(f"/s/{NAME}").kind is PageKind.FREE
    page = get("/s/new_name")
    assert page.chat is not None
    assert page.chat.username == "New_Name"
    with pytest.raises(ValueError, match="taken"):
        double.add_channel("NEW_NAME")
    double.remove("New_Name")
    assert get("/new_name").kind is PageKind.FREE


def test_one_post_by_itself(double: PreviewDouble, get: Get) -> None:
    double.add_channel(NAME)
    double.post(NAME, "一")
    album = double.post_album(NAME, "相册", 2)
    page = get(f"/{NAME}/1?embed=1&mode=tme")
    assert (page.kind, page.posts[0].text) == (PageKind.POST, "一")
    assert get(f"/{NAME}/{album[1]}?embed=1").posts[0].album == tuple(album)
    item = get(f"/{NAME}/{album[1]}?embed=1&mode=tme&single").posts[0]
    assert (item.id, item.album, len(item.media)) == (album[1], (), 1)
    assert get(f"/{NAME}/99?embed=1").kind is PageKind.MISSING
    double.delete(NAME, [1])
    assert get(f"/{NAME}/1?embed=1").kind is PageKind.MISSING


def test_a_single_member_and_an_empty_channel(double: PreviewDouble, get: Get) -> None:
    double.add_channel(NAME, members=1)
    page = get(f"/s/{NAME}")
    assert page.chat is not None
    assert (page.kind, page.posts, page.chat.members) == (PageKind.HISTORY, (), 1)
