from typing import Any

import pytest
from telethon.tl import types

from soso.model.chat import ChatKind
from soso.model.ids import Peer, PeerKind
from soso.model.media import MediaKind
from soso.model.post import Entity, EntityKind, Forward, Post, Reaction, Reply
from soso.sources.mtproto.media import PROTECTED, SELF_DESTRUCT
from soso.sources.mtproto.parse import (
    CONTACT,
    EMPTY,
    JOINED,
    NO_TIME,
    UNSUPPORTED,
    parse_chat,
    parse_message,
    parse_messages,
    read_names,
)
from tests.unit.sources.mtproto.tl import CHANNEL, CHAT, NOW, at, channel, document, message, photo

ANN = types.User(id=7, first_name="Ann", last_name="Li", username="ann_li")
BOT = types.User(id=8, first_name="B", bot=True, username="photo_bot")
OTHER = channel(id=1600000002, title="广西影像", username="guangxi_photo")
NAMES = read_names([ANN, BOT], [OTHER])


def read(raw: Any, chat: Any = CHAT) -> Post:
    post = parse_message(raw, chat, NAMES)
    assert isinstance(post, Post)
    return post


def test_a_channel_tells_who_it_is() -> None:
    full = types.ChannelFull(
        CHANNEL.id,
        "每天的消息",
        0,
        0,
        0,
        None,
        None,
        [],
        pts=5,
        participants_count=1234,  # type: ignore[arg-type]
    )
    seen = parse_chat(channel(verified=True), full)
    assert seen is not None
    assert (seen.peer, seen.kind, seen.title) == (CHANNEL, ChatKind.CHANNEL, "柳江日报")
    assert (seen.username, seen.members, seen.is_public) == ("liujing_news", 1234, True)
    assert (seen.description, seen.verified) == ("每天的消息", True)


def test_kinds_of_chats() -> None:
    group = parse_chat(channel(megagroup=True, broadcast=None, username=None))
    assert group is not None
    assert (group.kind, group.is_public) == (ChatKind.GROUP, False)
    basic = parse_chat(types.Chat(9, "家", types.ChatPhotoEmpty(), 3, at(0), 1))
    assert basic is not None
    assert (basic.peer, basic.members) == (Peer(kind=PeerKind.GROUP, id=9), 3)
    person, bot = parse_chat(ANN), parse_chat(BOT)
    assert person is not None
    assert bot is not None
    assert (person.kind, person.is_public, bot.kind) == (ChatKind.PERSON, False, ChatKind.BOT)
    sold = channel(username=None, usernames=[types.Username("liu", active=True)])
    assert (parse_chat(sold) or CHAT).username == "liu"
    assert parse_chat(types.ChatEmpty(4)) is None


def test_offsets_are_counted_in_code_points() -> None:
    text = "🌸花 link @ann"
    entities = [
        types.MessageEntityBold(0, 3),  # 🌸花: three units, two characters
        types.MessageEntityTextUrl(4, 4, "https://example.org/"),
        types.MessageEntityMention(9, 4),
        types.MessageEntitySpoiler(11, 99),
        types.MessageEntityUnknown(0, 2),
        types.MessageEntityTextUrl(0, 1, ""),
    ]
    assert read(message(5, text, entities=entities)).entities == (
        Entity(kind=EntityKind.BOLD, start=0, end=2),
        Entity(kind=EntityKind.TEXT_LINK, start=3, end=7, url="https://example.org/"),
        Entity(kind=EntityKind.MENTION, start=8, end=12),
    )


def test_an_edit_is_one_unless_telegram_hides_it() -> None:
    edited = read(message(5, edit_date=at(9)))
    assert (edited.edited, edited.edited_at) == (True, at(9))
    reacted = read(message(5, edit_date=at(9), edit_hide=True))
    assert (reacted.edited, reacted.edited_at) == (False, None)


def test_numbers_signature_and_bot() -> None:
    results = [
        types.ReactionCount(types.ReactionEmoji("👍"), 5),
        types.ReactionCount(types.ReactionCustomEmoji(1), 2),
        types.ReactionCount(types.ReactionCustomEmoji(2), 3),
        types.ReactionCount(types.ReactionPaid(), 9),
    ]
    post = read(
        message(
            5,
            views=2048,
            forwards=3,
            replies=types.MessageReplies(12, 1),
            reactions=types.MessageReactions(results),
            post_author="王编辑",
            via_bot_id=8,
        )
    )
    assert (post.views, post.views_exact, post.forwards, post.replies) == (2048, True, 3, 12)
    assert post.reactions == (
        Reaction(emoji="👍", count=5),
        Reaction(emoji="❔", count=5),
        Reaction(emoji="⭐", count=9),
    )
    assert (post.author, post.author_peer, post.via_bot) == ("王编辑", None, "photo_bot")


def test_in_a_group_the_sender_is_the_author() -> None:
    group = parse_chat(channel(megagroup=True, broadcast=None))
    post = read(message(5, from_id=types.PeerUser(7)), group)
    assert (post.author, post.author_peer) == ("Ann Li", Peer(kind=PeerKind.USER, id=7))


def test_forwards_and_replies() -> None:
    head = types.MessageFwdHeader(at(1), from_id=types.PeerChannel(1600000002), channel_post=7)
    peer = Peer(kind=PeerKind.CHANNEL, id=1600000002)
    assert read(message(5, fwd_from=head)).forward == Forward(
        name="广西影像", peer=peer, username="guangxi_photo", post_id=7, at=at(1)
    )
    hidden = types.MessageFwdHeader(at(1), from_name="某人")
    assert read(message(5, fwd_from=hidden)).forward == Forward(name="某人", at=at(1))
    answer = types.MessageReplyHeader(reply_to_msg_id=3, quote_text="桥")
    assert read(message(5, reply_to=answer)).reply == Reply(post_id=3, text="桥")
    away = types.MessageReplyHeader(reply_to_msg_id=3, reply_to_peer_id=types.PeerChannel(peer.id))
    assert read(message(5, reply_to=away)).reply == Reply(
        post_id=3, peer=peer, username="guangxi_photo"
    )
    story = types.MessageReplyStoryHeader(types.PeerUser(7), 3)
    assert read(message(5, reply_to=story)).reply is None


def test_topics_of_forums() -> None:
    alone = read(message(5, reply_to=types.MessageReplyHeader(reply_to_msg_id=2, forum_topic=True)))
    assert (alone.reply, alone.topic_id) == (None, 2)
    head = types.MessageReplyHeader(reply_to_msg_id=4, reply_to_top_id=2, forum_topic=True)
    answer = read(message(5, reply_to=head))
    assert (answer.reply, answer.topic_id) == (Reply(post_id=4), 2)


VIDEO = types.DocumentAttributeVideo(9.6, 640, 360)
ROUND = types.DocumentAttributeVideo(9, 240, 240, round_message=True)
NAME = types.DocumentAttributeFilename("a.mp4")
MUSIC = types.DocumentAttributeAudio(61, title="晨歌", performer="小乐队")
STICKER = types.DocumentAttributeSticker("🐱", types.InputStickerSetEmpty())


@pytest.mark.parametrize(
    ("media", "kind"),
    [
        (document(VIDEO, NAME), MediaKind.VIDEO),
        (document(VIDEO, types.DocumentAttributeAnimated()), MediaKind.ANIMATION),
        (document(ROUND), MediaKind.ROUND_VIDEO),
        (document(MUSIC, mime="audio/mpeg"), MediaKind.AUDIO),
        (document(types.DocumentAttributeAudio(5, voice=True), mime="audio/ogg"), MediaKind.VOICE),
        (document(STICKER, mime="image/webp"), MediaKind.STICKER),
        (document(NAME, mime="application/pdf"), MediaKind.FILE),
        (document(mime="audio/flac"), MediaKind.AUDIO),
        (photo(), MediaKind.PHOTO),
    ],
)
def test_kinds_of_media(media: Any, kind: MediaKind) -> None:
    (item,) = read(message(5, "", media=media)).media
    assert item.kind is kind
    assert item.source == "account:1500000001/5"
    assert item.thumb_source == (None if kind is MediaKind.PHOTO else "account:1500000001/5/thumb")


def test_what_is_told_of_a_file() -> None:
    (video,) = read(message(5, media=document(VIDEO, NAME, spoiler=True))).media
    assert (video.file_name, video.mime, video.bytes) == ("a.mp4", "video/mp4", 4096)
    assert (video.duration_s, video.width, video.height) == (9, 640, 360)
    assert video.spoiler
    (picture,) = read(message(5, media=photo())).media
    assert (picture.width, picture.height, picture.bytes) == (1280, 960, 2)
    (song,) = read(message(5, media=document(MUSIC))).media
    assert (song.title, song.performer, song.duration_s) == ("晨歌", "小乐队", 61)


def test_what_may_not_be_copied_is_not() -> None:
    (protected,) = read(message(5, media=photo(), noforwards=True)).media
    assert (protected.source, protected.missing) == (None, PROTECTED)
    (short,) = read(message(5, media=photo(ttl_seconds=5))).media
    assert (short.source, short.missing) == (None, SELF_DESTRUCT)
    preview = types.MessageExtendedMediaPreview(w=640, h=480, video_duration=9)
    paid = types.MessageMediaPaidMedia(5, [preview])
    (item,) = read(message(5, "", media=paid)).media
    assert (item.kind, item.width, item.source) == (MediaKind.VIDEO, 640, None)


def words(text: str) -> types.TextWithEntities:
    return types.TextWithEntities(text, [])


def test_polls_and_lists() -> None:
    answers = [types.PollAnswer(words("粉"), b"0"), types.PollAnswer(words("豆浆"), b"1")]
    voters = [types.PollAnswerVoters(b"1", voters=4)]
    raw = types.MessageMediaPoll(
        types.Poll(1, words("早餐？"), answers, 0, closed=True),
        types.PollResults(results=voters, total_voters=4),
    )
    poll = read(message(5, "", media=raw)).poll
    assert poll is not None
    assert (poll.question, poll.closed, poll.total_voters) == ("早餐？", True, 4)
    assert [(answer.text, answer.voters) for answer in poll.answers] == [("粉", None), ("豆浆", 4)]
    todo = types.MessageMediaToDo(types.TodoList(words("要做"), [types.TodoItem(1, words("买米"))]))
    listed = read(message(5, "", media=todo)).poll
    assert listed is not None
    assert [answer.text for answer in listed.answers] == ["买米"]


def test_places_pages_and_buttons() -> None:
    geo = types.GeoPoint(109.4, 24.3, 1)
    venue = types.MessageMediaVenue(geo, "柳江桥", "江滨路", "x", "1", "bridge")
    place = read(message(5, "", media=venue)).location
    assert place is not None
    assert (place.latitude, place.longitude, place.title) == (24.3, 109.4, "柳江桥")
    page = types.WebPage(1, "https://example.org/", "example.org", 0, site_name="示例", title="花")
    (preview,) = read(message(5, media=types.MessageMediaWebPage(page))).previews
    assert (preview.url, preview.site, preview.title) == ("https://example.org/", "示例", "花")
    nowhere = types.MessageMediaGeo(types.GeoPoint(float("nan"), 24.3, 1))
    assert parse_message(message(5, "", media=nowhere), CHAT, NAMES) == UNSUPPORTED


def test_what_is_left_out_has_a_reason() -> None:
    contact = types.MessageMediaContact("+86555", "张", "三", "", 0)
    assert parse_message(message(5, "", media=contact), CHAT, NAMES) == CONTACT
    assert parse_message(message(5, ""), CHAT, NAMES) == EMPTY
    assert (
        parse_message(message(5, "", media=types.MessageMediaUnsupported()), CHAT, {})
        == UNSUPPORTED
    )
    assert parse_message(message(5, date=None), CHAT, NAMES) == NO_TIME


def service(number: int, action: Any, **fields: Any) -> types.MessageService:
    return types.MessageService(
        **{"id": number, "peer_id": None, "date": at(number), "action": action} | fields
    )


def test_what_happened_in_a_chat() -> None:
    titled = read(service(5, types.MessageActionChatEditTitle("新名")))
    assert titled.service is not None
    assert (titled.service.action, titled.text) == ("edit_group_title", "新名")
    pinned = read(
        service(
            6,
            types.MessageActionPinMessage(),
            reply_to=types.MessageReplyHeader(reply_to_msg_id=3),
        )
    )
    assert pinned.service is not None
    assert (pinned.service.action, pinned.service.raw) == ("pin_message", '{"message_id":3}')
    odd = read(service(7, types.MessageActionSetChatTheme(types.ChatTheme("🌸"))))
    assert odd.service is not None
    assert odd.service.action == "set_chat_theme"


def test_a_rich_message_is_read_as_text() -> None:
    blocks = [
        types.PageBlockHeading1(types.TextPlain("标题")),
        types.PageBlockParagraph(
            types.TextConcat(
                [
                    types.TextPlain("看"),
                    types.TextUrl(types.TextBold(types.TextPlain("这里")), "https://e.example/", 0),
                ]
            )
        ),
        types.PageBlockList(
            [
                types.PageListItemText(types.TextPlain("一")),
                types.PageListItemText(types.TextPlain("二")),
            ]
        ),
        types.PageBlockTable(
            types.TextEmpty(),
            [types.PageTableRow([types.PageTableCell(text=types.TextPlain(t)) for t in "甲乙"])],
        ),
        types.PageBlockPhoto(1, types.PageCaption(types.TextPlain("图"), types.TextEmpty())),
    ]
    rich = types.RichMessage(blocks, [photo().photo], [])
    post = read(message(5, "", rich_message=rich))
    assert post.text == "标题\n看这里\n一\n二\n甲\t乙\n图"
    assert [(m.kind, post.text[m.start : m.end]) for m in post.entities] == [
        (EntityKind.HEADING, "标题"),
        (EntityKind.BOLD, "这里"),
        (EntityKind.TEXT_LINK, "这里"),
    ]
    assert [item.kind for item in post.media] == [MediaKind.PHOTO]


def test_an_album_is_one_post() -> None:
    items = [
        message(7, "", media=photo(), grouped_id=99, views=10),
        message(6, "二", media=photo(), grouped_id=99, views=12),
        message(5, "一", media=document(VIDEO), grouped_id=99),
        message(8, "别的"),
        types.MessageEmpty(4, None),
    ]
    batch = parse_messages(items, CHAT, NAMES, observed_at=NOW, deleted=[3, 3, -1, 2**40])
    album, other = batch.posts
    assert (album.id, album.album, album.text, album.views) == (5, (5, 6, 7), "一\n\n二", 12)
    assert [item.post_id for item in album.media] == [5, 6, 7]
    assert other.id == 8
    assert batch.skipped == {JOINED: 2}
    assert [tombstone.post_id for tombstone in batch.tombstones] == [3]


def test_types_of_another_layer_are_no_error() -> None:
    class MessageMediaNovelty:
        field = 1

    assert parse_message(message(5, "", media=MessageMediaNovelty()), CHAT, {}) == UNSUPPORTED
    assert read(message(5, "text", media=MessageMediaNovelty())).text == "text"
