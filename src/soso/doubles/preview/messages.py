"""A message, or an album, as the pages show it.

Pure. Knows the markup of messages: class names, nesting and attributes as in the real pages.
"""

import base64
import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final

from soso.doubles.preview.chats import Chat, Message, Shape
from soso.doubles.preview.markup import attribute, mark_up
from soso.doubles.preview.media import Links

M: Final = "tgme_widget_message"
_TAIL: Final = (
    '<i class="tgme_widget_message_bubble_tail">\n      <svg class="bubble_icon" width="9px" '
    'height="20px" viewBox="0 0 9 20"><g fill="none"><path class="background" fill="#ffffff" '
    'd="M8,1 L9,1 L9,20 L8,20 Z"></path></g></svg>\n    </i>'
)
_NOT_SUPPORTED: Final = (
    '<div class="message_media_not_supported_wrap">\n  <div class="message_media_not_supported">\n'
    '    <div class="message_media_not_supported_label">{}</div>\n'
    '    <span class="message_media_view_in_telegram">VIEW IN TELEGRAM</span>\n  </div>\n</div>'
)
_POLL: Final = ("赞成", "反对", "看情况")


def render_message(block: list[Message], chat: Chat, links: Links, *, at_s: float) -> str:
    """Return a block of the page. block: one message or the items of an album; at_s: now."""
    first = block[0]
    address = f"https://t.me/{chat.name}"
    number: int | str = f"{first.id}g" if len(block) > 1 else first.id
    is_service = first.shape is Shape.SERVICE
    state = " service_message" if is_service else ""
    initial = attribute(chat.title[:1])
    return f"""<div class="{M}_wrap js-widget_message_wrap"><div
 class="{M} text_not_supported_wrap{state} js-widget_message"
 data-post="{chat.name}/{first.id}" data-view="{_view(chat, number, at_s)}">
  <div class="{M}_user"><a href="{address}"><i class="{M}_user_photo bgcolor{chat.number % 7}"
 data-content="{initial}"><img src="{links.make(chat.number, 0)}"></i></a></div>
  <div class="{M}_bubble">
    {_TAIL}
    <div class="{M}_author accent_color"><a class="{M}_owner_name"
 href="{address}"><span dir="auto">{mark_up(chat.title)}</span></a></div>
{_forward(first)}{_reply(first, chat)}
{_body(block, chat, links)}
{_footer(first, chat, is_service)}
  </div>
</div></div>"""


def _view(chat: Chat, number: int | str, at_s: float) -> str:
    view = {"c": -chat.number, "p": number, "t": int(at_s), "h": f"{chat.number:018x}"}
    packed = json.dumps(view, separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(packed).decode().rstrip("=")


def _body(block: list[Message], chat: Chat, links: Links) -> str:
    first = block[0]
    text = next((message.text for message in block if message.text), "")
    if len(block) > 1:
        items = "".join(_draw(message, chat, links, grouped=True) for message in block)
        media = (
            f'<div class="{M}_grouped_wrap js-message_grouped_wrap" data-margin-w="2" '
            f'data-margin-h="2" style="width:453px;"><div class="{M}_grouped js-message_grouped" '
            f'style="padding-top:99.338%"><div class="{M}_grouped_layer js-message_grouped_layer" '
            f'style="width:453px;height:450px">{items}</div></div></div>'
        )
        # With albums the page puts the text into a second element of the same class.
        inner = f'<div class="{M}_text js-message_text" dir="auto">{mark_up(text)}</div>'
        return media + (
            f'<div class="{M}_text js-message_text" dir="auto">{inner}</div>' if text else ""
        )
    media = _draw(first, chat, links, grouped=False)
    words = (
        f'<div class="{M}_text js-message_text" dir="auto">{mark_up(text)}</div>' if text else ""
    )
    after = _link_preview(first, chat, links) if first.shape is Shape.LINK else ""
    if first.look % 19 == 7 and first.shape is Shape.TEXT:
        label = _NOT_SUPPORTED.format("Please open Telegram to view this post")
        return (
            f'<div class="media_supported_cont">{words}</div>'
            f'<div class="media_not_supported_cont">{label}</div>'
        )
    return media + words + after


def _draw(message: Message, chat: Chat, links: Links, *, grouped: bool) -> str:
    draw = _DRAW.get(message.shape)
    return draw(message, chat, links, grouped) if draw is not None else ""


def _href(message: Message, chat: Chat, grouped: bool) -> str:
    return f"https://t.me/{chat.name}/{message.id}{'?single' if grouped else ''}"


def _photo(message: Message, chat: Chat, links: Links, grouped: bool) -> str:
    source, href = links.make(chat.number, message.id), _href(message, chat, grouped)
    if grouped:
        return (
            f'<a class="{M}_photo_wrap grouped_media_wrap blured js-message_photo" style="left:0px;'
            f"top:0px;width:225px;height:150px;background-image:url('{source}')\" "
            f'data-ratio="1.333" href="{href}"><div class="grouped_media_helper"><div '
            f'class="{M}_photo grouped_media" style="top:0;bottom:0;left:-1px;right:0px;"></div>'
            f"</div></a>"
        )
    return (
        f'<a class="{M}_photo_wrap {chat.number}{message.id} 1236900952_{message.id}" href="{href}" '
        f"style=\"width:800px;background-image:url('{source}')\">\n"
        f'  <div class="{M}_photo" style="padding-top:75%"></div>\n</a>'
    )


def _video(message: Message, chat: Chat, links: Links, grouped: bool) -> str:
    is_big, moves = message.shape is Shape.BIG_VIDEO, message.shape is Shape.GIF
    state = " not_supported" if is_big else " grouped_media_wrap blured" if grouped else ""
    thumb = links.make(chat.number, message.id)
    plays = " preload muted autoplay loop playsinline" if moves else ""
    video = (
        f'<video src="{links.make(chat.number, message.id, "mp4")}" '
        f'class="{M}_video js-message_video" width="100%" height="100%"{plays}></video>'
    )
    seconds = 5 + message.look
    time = (
        '<div class="message_video_play js-message_video_play"></div>\n<time class="'
        f'message_video_duration js-message_video_duration">{seconds // 60}:{seconds % 60:02}</time>'
    )
    label = "Media is too big" if is_big else "This media is not supported in your browser"
    return (
        f'<a class="{M}_video_player{state} js-message_video_player" '
        f'href="{_href(message, chat, grouped)}"><i class="{M}_video_thumb" '
        f"style=\"background-image:url('{thumb}')\"></i>\n"
        f'<div class="{M}_video_wrap" style="width:640px;padding-top:56.25%">'
        f"{'' if is_big else video}</div>\n{'' if moves else time}\n"
        f"{_NOT_SUPPORTED.format(label)}</a>"
    )


def _voice(message: Message, chat: Chat, links: Links, grouped: bool) -> str:
    source = links.make(chat.number, message.id, "ogg")
    seconds = 3 + message.look % 50
    return (
        f'<a class="{M}_voice_player js-message_voice_player" href="{_href(message, chat, False)}">'
        f'<audio class="{M}_voice js-message_voice" src="{source}" data-ogg="{source}" width="100%" '
        f'data-waveform="0,3,9,4"></audio><div class="{M}_voice_play accent_bghover"></div>'
        f'<time class="{M}_voice_duration js-message_voice_duration">0:{seconds:02}</time></a>'
    )


def _file(message: Message, chat: Chat, links: Links, grouped: bool) -> str:
    is_song = message.look % 2 == 1
    title, extra = (
        ("夜曲", "城市合唱团") if is_song else ("时间表.pdf", f"{1 + message.look % 90}.5 MB")
    )
    return (
        f'<a class="{M}_document_wrap" href="{_href(message, chat, grouped)}">'
        f'<div class="{M}_document_icon accent_bg{" audio" if is_song else ""}"></div>'
        f'<div class="{M}_document"><div class="{M}_document_title accent_color" dir="auto">{title}'
        f'</div><div class="{M}_document_extra" dir="auto">{extra}</div></div></a>'
    )


def _poll(message: Message, chat: Chat, links: Links, grouped: bool) -> str:
    shares = (message.look % 60, 30, 70 - message.look % 60)
    options = "".join(
        f'<div class="{M}_poll_option"><div class="{M}_poll_option_percent">{share}%</div>'
        f'<div class="{M}_poll_option_value"><div class="{M}_poll_option_text">{answer}</div>'
        f'<div class="{M}_poll_option_bar accent_bg" style="width:{share}%"></div></div></div>'
        for answer, share in zip(_POLL, shares, strict=True)
    )
    return (
        f'<div class="{M}_poll js-poll"><div class="{M}_poll_question">第{message.id}期投票</div>'
        f'<div class="{M}_poll_type">Anonymous Poll</div><a class="{M}_poll_options" '
        f'href="{_href(message, chat, False)}">{options}</a></div>'
    )


def _link_preview(message: Message, chat: Chat, links: Links) -> str:
    target = f"https://example.org/{chat.name}/{message.id}"
    return (
        f'<a class="{M}_link_preview" href="{target}">\n'
        '  <div class="link_preview_site_name accent_color" dir="auto">example.org</div>\n'
        f'  <div class="link_preview_title" dir="auto">{mark_up(chat.title)}</div>\n'
        '  <div class="link_preview_description" dir="auto">一页简短的说明。</div>\n</a>'
    )


def _forward(message: Message) -> str:
    if message.forward is None:
        return ""
    title, name, number = message.forward
    return (
        f'<div class="{M}_forwarded_from accent_color">Forwarded from&nbsp;<a class="'
        f'{M}_forwarded_from_name" href="https://t.me/{name}/{number}"><span dir="auto">'
        f"{mark_up(title)}</span></a></div>"
    )


def _reply(message: Message, chat: Chat) -> str:
    other = chat.messages.get(message.reply_to or 0)
    if other is None:
        return ""
    return (
        f'<a class="{M}_reply user-color-1" href="https://t.me/{chat.name}/{other.id}"><div '
        f'class="{M}_author accent_color"><span class="{M}_author_name" dir="auto">'
        f'{mark_up(chat.title)}</span></div><div class="{M}_text js-message_reply_text" dir="auto">'
        f"{mark_up(other.text.partition(chr(10))[0][:60])}</div></a>"
    )


def _footer(message: Message, chat: Chat, is_service: bool) -> str:
    at = datetime.fromtimestamp(message.at_s, UTC)
    views = ""
    if not is_service:
        word = "view" if message.views == 1 else "views"
        views = (
            f'<span class="{M}_views">{render_count(message.views)}</span>'
            f'<span class="copyonly"> {word}</span>'
        )
    if message.shape is Shape.POLL:
        voters = f'<span class="{M}_voters">{render_count(message.look)}</span>'
        views = f'{voters}<span class="copyonly"> voters</span>{views}'
    author = (
        f'<span class="{M}_from_author" dir="auto">{message.author}</span>,&nbsp;'
        if message.author
        else ""
    )
    edited = "edited &nbsp;" if message.is_edited else ""
    return f"""<div class="{M}_footer compact js-message_footer">
  {_reactions(message)}
  <div class="{M}_info short js-message_info">
    {views}<span class="{M}_meta">{author}{edited}<a class="{M}_date"
 href="https://t.me/{chat.name}/{message.id}"><time datetime="{at:%Y-%m-%dT%H:%M:%S}+00:00"
 class="time">{at:%H:%M}</time></a></span>
  </div>
</div>"""


def _reactions(message: Message) -> str:
    if message.look % 5 or message.shape is Shape.SERVICE:
        return ""
    return (
        f'<div class="{M}_reactions js-message_reactions"><span class="tgme_reaction"><i class="'
        'emoji" style="background-image:url(\'//telegram.org/img/emoji/40/F09F918D.png\')"><b>👍</b>'
        f"</i>{render_count(message.look + 1)}</span></div>"
    )


def render_count(number: int) -> str:
    """Return a number as the pages shorten it: 746, 37.2K, 2.38M."""
    for unit, sign in ((10**6, "M"), (10**3, "K")):
        if number >= unit:
            whole = number / unit
            text = (
                f"{whole:.0f}"
                if whole >= 100
                else f"{whole:.1f}"
                if whole >= 10
                else f"{whole:.2f}"
            )
            return (text.rstrip("0").rstrip(".") if "." in text else text) + sign
    return str(number)


_DRAW: Final[dict[Shape, Callable[[Message, Chat, Links, bool], str]]] = {
    Shape.PHOTO: _photo,
    Shape.VIDEO: _video,
    Shape.BIG_VIDEO: _video,
    Shape.GIF: _video,
    Shape.VOICE: _voice,
    Shape.FILE: _file,
    Shape.POLL: _poll,
}
