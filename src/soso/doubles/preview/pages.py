"""Whole pages: a channel's history, one post by itself, the card of a name.

Pure. Knows the markup around messages.
"""

from typing import Final

from soso.doubles.preview.chats import Chat, Message, Shape
from soso.doubles.preview.markup import attribute, mark_up
from soso.doubles.preview.media import Links
from soso.doubles.preview.messages import M, render_count, render_message

_LOGO: Final = "https://telegram.org/img/t_logo_2x.png"
_ACTIONS: Final = {"bot": "Start Bot", "user": "Send Message"}
_COUNTERS: Final = (
    ("photo", (Shape.PHOTO,)),
    ("video", (Shape.VIDEO, Shape.BIG_VIDEO)),
    ("file", (Shape.FILE,)),
)


def render_history(
    chat: Chat, ids: list[int], links: Links, *, name: str, at_s: float, sought: str = ""
) -> str:
    """Return t.me/s/NAME. ids: what it shows. name: as it was asked for."""
    older = bool(ids) and ids[0] != chat.ids[0] and not sought
    newer = bool(ids) and ids[-1] != chat.ids[-1] and not sought
    blocks = "".join(render_message(block, chat, links, at_s=at_s) for block in chat.blocks(ids))
    if not blocks:
        blocks = (
            f'<div class="{M}_wrap js-widget_message_wrap"><div class="tme_no_messages_found">'
            "No posts found</div></div>"
        )
    relations = ""
    if older and chat.has_cursor:
        relations += f'<link rel="prev" href="/s/{name}?before={ids[0]}">\n'
        blocks = _more(name, "before", ids[0]) + blocks
    if newer:
        relations += f'<link rel="next" href="/s/{name}?after={ids[-1]}">\n'
        blocks += _more(name, "after", ids[-1])
    head = _head(f"{chat.title} – Telegram", chat.title, chat.description, _picture(chat, links))
    return f"""{head}
    {relations}
    <link rel="canonical" href="/s/{name}">
  </head>
  <body class="widget_frame_base tgme_webpreview">
<header class="tgme_header search_collapsed"><div class="tgme_container">
{_info(chat, links, name)}
</div></header>
<main class="tgme_main" data-url="/{name}">
  <div class="tgme_container">
    <section class="tgme_channel_history js-message_history">
      {blocks}
    </section>
  </div>
</main>
    <script>TWeb.init();
</script>
  </body>
</html>
<!-- page generated in 9.41ms -->
"""


def render_embed(chat: Chat | None, block: list[Message], links: Links, *, at_s: float) -> str:
    """Return t.me/NAME/ID?embed=1; without a block, that the post is not there."""
    head = _head("Telegram Widget", "Telegram", "", _LOGO)
    body = f'<div class="{M}_error">Post not found</div>'
    if chat is not None and block:
        body = render_message(block, chat, links, at_s=at_s)
    return f"""{head}
  </head>
  <body class="widget_frame_base body_widget_post emoji_image nodark">
    <div id="widget" class="widget_frame_page">{body}</div>
    <script>TWidgetPost.init();</script>
  </body>
</html>
"""


def render_card(chat: Chat | None, links: Links, *, name: str) -> str:
    """Return t.me/NAME: whose name it is; None: nobody's."""
    if chat is None:
        title, shown = f"Telegram: Contact @{name}", _free(name)
    else:
        title, shown = _card_title(chat, name), _card(chat, links, name)
    head = _head(title, chat.title if chat else title, "", _picture(chat, links))
    robots = "" if chat is not None else '\n    <meta name="robots" content="noindex, nofollow">'
    return f"""{head}{robots}
  </head>
  <body class="no_transition">
    <div class="tgme_page_wrap"><div class="tgme_body_wrap">
        <div class="tgme_page">
{shown}
        </div>
    </div></div>
    <div id="tgme_frame_cont"></div>
  </body>
</html>
"""


def _head(title: str, name: str, description: str, picture: str) -> str:
    return f"""<!DOCTYPE html>
<html>
  <head>
    <meta charset="utf-8">
    <title>{attribute(title)}</title>
    <meta name="viewport" content="width=device-width, initial-scale=1.0" />
<meta property="og:title" content="{attribute(name)}">
<meta property="og:image" content="{picture}">
<meta property="og:site_name" content="Telegram">
<meta property="og:description" content="{attribute(description)}">
<meta property="al:ios:app_name" content="Telegram Messenger">"""


def _more(name: str, side: str, number: int) -> str:
    return (
        f'<div class="{M}_centered js-messages_more_wrap"><a href="/s/{name}?{side}={number}" '
        f'class="tme_messages_more js-messages_more" data-{side}="{number}"></a></div>'
    )


def _picture(chat: Chat | None, links: Links) -> str:
    return _LOGO if chat is None or chat.kind == "user" else links.make(chat.number, 0)


def _info(chat: Chat, links: Links, name: str) -> str:
    counters = _counter(chat.members, "subscriber")
    for word, shapes in _COUNTERS:
        counters += _counter(sum(chat.shapes[shape] for shape in shapes), word)
    verified = '<i class="verified-icon"> ✔</i>' if chat.verified else ""
    about = (
        f'<div class="tgme_channel_info_description">{mark_up(chat.description)}</div>'
        if chat.description
        else ""
    )
    return f"""<div class="tgme_header_right_column"><section class="tgme_right_column"><div
 class="tgme_channel_info">
  <div class="tgme_channel_info_header">
    <i class="tgme_page_photo_image bgcolor{chat.number % 7}"
 data-content="{attribute(chat.title[:1])}"><img src="{_picture(chat, links)}"></i>
    <div class="tgme_channel_info_header_title_wrap">
      <div class="tgme_channel_info_header_title"><span
 dir="auto">{mark_up(chat.title)}</span></div>
      <div class="tgme_channel_info_header_labels">{verified}</div>
    </div>
    <div class="tgme_channel_info_header_username"><a href="https://t.me/{name}">@{name}</a></div>
  </div>
  <div class="tgme_channel_info_counters">{counters}</div>
  {about}
</div></section></div>"""


def _counter(number: int, word: str) -> str:
    if not number:
        return ""
    return (
        '<div class="tgme_channel_info_counter"><span class="counter_value">'
        f'{render_count(number)}</span> <span class="counter_type">{word}'
        f"{'' if number == 1 else 's'}</span></div>"
    )


def _card_title(chat: Chat, name: str) -> str:
    match chat.kind:
        case "bot":
            return f"Telegram: Launch @{name}"
        case "user":
            return f"Telegram: Contact @{name}"
        case "invite":
            return "Telegram: Join Group Chat"
        case _:
            return f"Telegram: View @{name}"


def _card(chat: Chat, links: Links, name: str) -> str:
    number = f"{chat.members:,}".replace(",", " ")
    extras = {
        "channel": [f"{number} subscriber{'' if chat.members == 1 else 's'}"],
        "group": [f"{number} members, {max(chat.members // 20, 1)} online"],
        "bot": [f"\n  @{chat.name}\n", f"{number} monthly users"],
        "user": [f"\n  @{chat.name}\n"],
        "invite": [f"{number} members"],
    }[chat.kind]
    is_invite = chat.kind == "invite"
    action = "Join Group" if is_invite else _ACTIONS.get(chat.kind, "View in Telegram")
    target = f"tg://join?invite={name}" if is_invite else f"tg://resolve?domain={name}"
    verified = '<i class="verified-icon"> ✔</i>' if chat.verified else ""
    photo = (
        f'<div class="tgme_page_photo">\n  <a href="{target}"><img class="tgme_page_photo_image" '
        f'src="{_picture(chat, links)}"></a>\n</div>'
    )
    about = chat.description and (
        f'<div class="tgme_page_description" dir="auto">{mark_up(chat.description)}</div>'
    )
    preview = chat.kind == "channel" and not chat.is_closed
    context = (
        f'<div class="tgme_page_context_link_wrap"><a class="tgme_page_context_link" '
        f'href="/s/{name}">Preview channel</a></div>'
    )
    return f"""{"" if chat.kind == "user" else photo}
<div class="tgme_page_title" dir="auto">
  <span dir="auto">{mark_up(chat.title)}</span>{verified}
</div>
{"".join(f'<div class="tgme_page_extra">{extra}</div>' for extra in extras)}
{about}
<div class="tgme_page_action">
  <a class="tgme_action_button_new shine" href="{target}">{action}</a>
</div>
{context if preview else ""}
<div class="tgme_page_additional">
  If you have <strong>Telegram</strong>, you can view and join <br>
<strong>{mark_up(chat.title)}</strong> right away.
</div>"""


def _free(name: str) -> str:
    target = f"tg://resolve?domain={name}"
    return f"""<div class="tgme_page_icon"><i class="tgme_icon_user"></i></div>
<div class="tgme_page_description">
  If you have <strong>Telegram</strong>, you can contact <a
 class="tgme_username_link" href="{target}">@{name}</a> right away.
</div>
<div class="tgme_page_action">
  <a class="tgme_action_button_new" href="{target}">Send Message</a>
</div>"""
