from collections.abc import Callable

import pytest
from selectolax.lexbor import LexborNode

from soso.model.media import Media, MediaKind
from soso.sources.web_preview.media import NOT_ON_PAGE, album_ids, read_media
from soso.sources.web_preview.wire import Parts

Node = Callable[[str], LexborNode]
CDN = "https://cdn4.telesco.pe/file/"


def read(node: Node, html: str, post_id: int = 7) -> tuple[Media, ...]:
    return read_media(Parts(node(f'<div class="tgme_widget_message">{html}</div>')), post_id)


def photo(item: int, *, grouped: bool = True) -> str:
    token = "grouped_media_wrap" if grouped else ""
    return (
        f'<a class="tgme_widget_message_photo_wrap {token}" href="https://t.me/harbour/{item}?single"'
        f" style=\"width:225px;background-image:url('{CDN}{item}.jpg')\">"
        '<div class="tgme_widget_message_photo" style="padding-top:50%"></div></a>'
    )


def test_items_of_an_album_have_ids_of_their_own(node: Node) -> None:
    media = read(node, f'<div class="tgme_widget_message_grouped_wrap">{photo(8)}{photo(7)}</div>')
    assert [(item.post_id, item.source) for item in media] == [
        (8, f"{CDN}8.jpg"),
        (7, f"{CDN}7.jpg"),
    ]
    assert [(item.width, item.height) for item in media] == [(None, None)] * 2
    assert album_ids(media, 7) == (7, 8)


def test_the_lowest_item_leads_even_if_the_page_names_another(node: Node) -> None:
    assert album_ids(read(node, photo(6) + photo(7)), 7) == (6, 7)


def test_a_single_photo_is_no_album(node: Node) -> None:
    (item,) = read(node, photo(7, grouped=False))
    assert item == Media(kind=MediaKind.PHOTO, source=f"{CDN}7.jpg", width=225, height=112)
    assert album_ids((item,), 7) == ()


def test_ids_far_away_are_not_taken_into_an_album(node: Node) -> None:
    media = read(node, photo(7) + photo(100_000))
    assert [item.post_id for item in media] == [7, None]
    assert album_ids(media, 7) == ()


@pytest.mark.parametrize("style", ["", "width:abcpx;background-image:url(", "width:999999px"])
def test_a_photo_without_address_is_missing(node: Node, style: str) -> None:
    (item,) = read(node, f'<a class="tgme_widget_message_photo_wrap" style="{style}"></a>')
    assert item == Media(kind=MediaKind.PHOTO, missing=NOT_ON_PAGE)


@pytest.mark.parametrize(
    ("attributes", "play", "kind"),
    [
        ("autoplay loop", "", MediaKind.ANIMATION),
        ("loop", "", MediaKind.ANIMATION),
        ("autoplay", '<div class="message_video_play"></div>', MediaKind.VIDEO),
        ("muted", "", MediaKind.VIDEO),
    ],
)
def test_what_plays_by_itself_without_a_button_is_an_animation(
    node: Node, attributes: str, play: str, kind: MediaKind
) -> None:
    html = (
        '<a class="tgme_widget_message_video_player">'
        f'<div class="tgme_widget_message_video_wrap"><video src="{CDN}v.mp4" {attributes}></video>'
        f"</div>{play}</a>"
    )
    assert [item.kind for item in read(node, html)] == [kind]


def test_a_video_without_a_file_says_why(node: Node) -> None:
    label = '<div class="message_media_not_supported_label">{}</div>'
    html = '<a class="tgme_widget_message_video_player not_supported">{}</a>'
    (big,) = read(node, html.format(label.format("Media is too big")))
    (plain,) = read(node, html.format(label.format("This media is not supported in your browser")))
    (silent,) = read(node, html.format(""))
    assert [item.missing for item in (big, plain, silent)] == [
        "Media is too big",
        NOT_ON_PAGE,
        NOT_ON_PAGE,
    ]


def test_media_of_previews_and_replies_are_not_the_posts(node: Node) -> None:
    html = (
        f'<div class="tgme_widget_message_link_preview">{photo(8)}</div>'
        f'<div class="tgme_widget_message_reply">{photo(9)}</div>'
    )
    assert read(node, html) == ()


def test_documents_without_anything_are_files(node: Node) -> None:
    assert read(node, '<a class="tgme_widget_message_document_wrap"></a>') == (
        Media(kind=MediaKind.FILE, missing=NOT_ON_PAGE),
    )


def test_empty_players_are_media_that_are_missing(node: Node) -> None:
    tokens = ("roundvideo_player", "voice_player", "sticker_wrap", "service_photo")
    html = "".join(f'<div class="tgme_widget_message_{token}"></div>' for token in tokens)
    assert [(item.kind, item.missing) for item in read(node, html)] == [
        (MediaKind.ROUND_VIDEO, NOT_ON_PAGE),
        (MediaKind.VOICE, NOT_ON_PAGE),
        (MediaKind.STICKER, NOT_ON_PAGE),
        (MediaKind.PHOTO, NOT_ON_PAGE),
    ]
