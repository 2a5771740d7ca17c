"""The parts of a message beside text and media: origin, answer, poll, place, buttons. Pure."""

from typing import Final

from soso.model.post import (
    Button,
    Forward,
    LinkPreview,
    Location,
    Poll,
    PollAnswer,
    Reply,
)
from soso.sources.bot_updates.wire import (
    Raw,
    as_float,
    as_int,
    as_label,
    as_list,
    as_map,
    as_name,
    as_peer,
    as_text,
    as_time,
    as_url,
    as_username,
)

_MOST_BUTTONS: Final = 100
_MOST_ANSWERS: Final = 100
_QUOTE_CHARS: Final = 1024


def read_forward(raw: Raw) -> Forward | None:
    """Return where a message came from; older servers tell it in fields of the message."""
    origin = as_map(raw.get("forward_origin"))
    if not origin:
        return _read_old_forward(raw)
    who = as_map(origin.get("chat") or origin.get("sender_chat") or origin.get("sender_user"))
    return Forward(
        name=as_name(who) or as_label(origin.get("sender_user_name")),
        peer=as_peer(who),
        username=as_username(who),
        post_id=as_int(origin.get("message_id"), low=1),
        author=as_label(origin.get("author_signature")),
        at=as_time(origin.get("date")),
    )


def _read_old_forward(raw: Raw) -> Forward | None:
    who = as_map(raw.get("forward_from_chat") or raw.get("forward_from"))
    name = as_name(who) or as_label(raw.get("forward_sender_name"))
    at = as_time(raw.get("forward_date"))
    if name is None and at is None:
        return None
    return Forward(
        name=name,
        peer=as_peer(who),
        username=as_username(who),
        post_id=as_int(raw.get("forward_from_message_id"), low=1),
        author=as_label(raw.get("forward_signature")),
        at=at,
    )


def read_reply(raw: Raw) -> Reply | None:
    """Return what a message answers, in this chat or in another."""
    quote = as_text(as_map(raw.get("quote")).get("text"))[:_QUOTE_CHARS] or None
    inside = as_int(as_map(raw.get("reply_to_message")).get("message_id"), low=1)
    if inside is not None:
        return Reply(post_id=inside, text=quote)
    other = as_map(raw.get("external_reply"))
    number = as_int(other.get("message_id"), low=1)
    if number is None:
        return None
    chat = as_map(other.get("chat"))
    return Reply(
        post_id=number,
        peer=as_peer(chat),
        username=as_username(chat),
        author=as_name(chat),
        text=quote,
    )


def read_poll(raw: Raw) -> Poll | None:
    """Return a poll, or a to-do list as one."""
    poll = as_map(raw.get("poll"))
    if poll:
        answers = tuple(
            PollAnswer(text=as_text(one.get("text")), voters=as_int(one.get("voter_count")))
            for one in map(as_map, as_list(poll.get("options"))[:_MOST_ANSWERS])
        )
        return Poll(
            question=as_text(poll.get("question")),
            answers=answers,
            total_voters=as_int(poll.get("total_voter_count")),
            closed=poll.get("is_closed") is True,
        )
    tasks = as_map(raw.get("checklist"))
    if not tasks:
        return None
    items = map(as_map, as_list(tasks.get("tasks"))[:_MOST_ANSWERS])
    return Poll(
        question=as_text(tasks.get("title")),
        answers=tuple(PollAnswer(text=as_text(item.get("text"))) for item in items),
    )


def read_location(raw: Raw) -> Location | None:
    """Return a point on the map, of a place with a name if it has one."""
    venue = as_map(raw.get("venue"))
    point = as_map(venue.get("location") or raw.get("location"))
    latitude = as_float(point.get("latitude"), low=-90, high=90)
    longitude = as_float(point.get("longitude"), low=-180, high=180)
    if latitude is None or longitude is None:
        return None
    return Location(
        latitude=latitude,
        longitude=longitude,
        title=as_label(venue.get("title")),
        address=as_label(venue.get("address")),
    )


def read_buttons(raw: Raw) -> tuple[Button, ...]:
    """Return the buttons that open an address."""
    rows = as_list(as_map(raw.get("reply_markup")).get("inline_keyboard"))
    found = [make_button(as_map(one)) for row in rows for one in as_list(row)]
    return tuple(button for button in found if button is not None)[:_MOST_BUTTONS]


def make_button(raw: Raw) -> Button | None:
    """Return a button, None if it opens no address."""
    text, url = as_label(raw.get("text")), as_url(raw.get("url"))
    return Button(text=text, url=url) if text and url else None


def read_previews(raw: Raw) -> tuple[LinkPreview, ...]:
    """Return the page whose preview is shown, where the message says which; bots see no more."""
    options = as_map(raw.get("link_preview_options"))
    url = as_url(options.get("url"))
    shown = url is not None and options.get("is_disabled") is not True
    return (LinkPreview(url=url),) if url is not None and shown else ()
