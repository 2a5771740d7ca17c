"""What hangs on a row of an HTML export: pictures, files, polls, places, reactions, buttons. Pure.

Sizes and durations are read from the words that stand beside a file, so sizes are rounded.
Contacts are never read.
"""

import re
from collections.abc import Callable, Iterator
from typing import Final

from selectolax.lexbor import LexborNode

from soso.model.media import Media, MediaKind
from soso.model.post import Button, Location, Poll, PollAnswer, Reaction
from soso.sources.desktop_export.html_text import class_tokens, plain_text
from soso.sources.desktop_export.media import UNSAFE, name_from_path, read_reason
from soso.sources.desktop_export.parts import CUSTOM_REACTION, PAID_REACTION, read_button
from soso.sources.desktop_export.wire import as_int, as_label, as_number

Locate = Callable[[str], str | None]
"""Turns the address of a file on a page into its path in the export; None if it leads out of it."""

_WRAPS: Final = {
    "photo_wrap": MediaKind.PHOTO,
    "video_file_wrap": MediaKind.VIDEO,
    "animated_wrap": MediaKind.ANIMATION,
    "sticker_wrap": MediaKind.STICKER,
}
_CARDS: Final = {
    "media_photo": MediaKind.PHOTO,
    "media_video": MediaKind.VIDEO,
    "media_voice_message": MediaKind.VOICE,
    "media_audio_file": MediaKind.AUDIO,
    "media_file": MediaKind.FILE,
}
_TITLES: Final = {
    "Sticker": MediaKind.STICKER,
    "Animation": MediaKind.ANIMATION,
    "Video message": MediaKind.ROUND_VIDEO,
}
_SIZE: Final = re.compile(r"([0-9]{1,7}(?:\.[0-9])?) (B|KB|MB)\b")
_UNITS: Final = {"B": 1, "KB": 1 << 10, "MB": 1 << 20}
_DURATION: Final = re.compile(r"(?:([0-9]{1,3}):)?([0-9]{1,2}):([0-9]{2})\b")
_PIXELS: Final = re.compile(r"\b([0-9]{1,5})[x×]([0-9]{1,5})\b")
_VOTES: Final = re.compile(r"([0-9]{1,12}) votes?")
_POINT: Final = re.compile(r"[?&]q=(-?[0-9.]{1,20}),(-?[0-9.]{1,20})")
_MAX_SIZE_BYTES: Final = 1 << 50


def read_wrap(wrap: LexborNode, locate: Locate) -> tuple[Media, ...]:
    """Return the medium in a .media_wrap: one or none."""
    for element in wrap.iter():
        tokens = class_tokens(element)
        for token in tokens:
            if token in _WRAPS:
                return (_read_picture(element, _WRAPS[token], locate),)
            if token in _CARDS:
                return (_read_card(element, _CARDS[token], locate),)
    return ()


def _read_picture(element: LexborNode, kind: MediaKind, locate: Locate) -> Media:
    source = locate(element.attributes.get("href") or "")
    image = element.css_first("img")
    thumb = locate(image.attributes.get("src") or "") if image is not None else None
    return Media(
        kind=kind,
        source=source,
        thumb_source=thumb if thumb != source else None,
        missing=None if source is not None else UNSAFE,
        file_name=name_from_path(source, kind),
        duration_s=_duration(plain_text(element.css_first(".video_duration"))),
    )


def _read_card(element: LexborNode, kind: MediaKind, locate: Locate) -> Media:
    title = plain_text(element.css_first(".title"))
    status = plain_text(element.css_first(".status"))
    reason = plain_text(element.css_first(".description"))
    kind = _TITLES.get(title, kind) if kind in (MediaKind.PHOTO, MediaKind.VIDEO) else kind
    href = element.attributes.get("href") or ""
    source = locate(href) if href else None
    image = element.css_first("img.thumb")
    pixels = _PIXELS.search(status) if kind is MediaKind.PHOTO else None
    performer, _, song = title.partition(" – ") if kind is MediaKind.AUDIO else ("", "", "")
    name = title if kind is MediaKind.FILE and title != "File" else None
    return Media(
        kind=kind,
        source=source,
        thumb_source=locate(image.attributes.get("src") or "") if image is not None else None,
        missing=_missing(href, source, reason, status),
        file_name=as_label(name) or name_from_path(source, kind),
        bytes=_bytes(status),
        duration_s=_duration(status),
        width=as_int(pixels[1], low=1) if pixels is not None else None,
        height=as_int(pixels[2], low=1) if pixels is not None else None,
        performer=as_label(performer) if song else None,
        title=as_label(song),
        emoji=as_label(status.split(",")[0]) if kind is MediaKind.STICKER else None,
    )


def _missing(href: str, source: str | None, reason: str, status: str) -> str | None:
    if source is not None:
        return None
    return UNSAFE if href else read_reason(reason or status)


def _bytes(status: str) -> int | None:
    match = _SIZE.search(status)
    if match is None:
        return None
    return as_int(int(float(match[1]) * _UNITS[match[2]]), low=1, high=_MAX_SIZE_BYTES)


def _duration(status: str) -> int | None:
    match = _DURATION.search(status)
    if match is None:
        return None
    return int(match[1] or 0) * 3600 + int(match[2]) * 60 + int(match[3]) or None


def read_html_location(wrap: LexborNode) -> Location | None:
    """Return the place that a location or venue card links to."""
    card = wrap.css_first("a.media_location, a.media_live_location, a.media_venue")
    point = _POINT.search(card.attributes.get("href") or "") if card is not None else None
    if card is None or point is None:
        return None
    latitude = as_number(point[1], low=-90, high=90)
    longitude = as_number(point[2], low=-180, high=180)
    if latitude is None or longitude is None:
        return None
    venue = "media_venue" in class_tokens(card)
    return Location(
        latitude=latitude,
        longitude=longitude,
        title=as_label(plain_text(card.css_first(".title"))) if venue else None,
        address=as_label(plain_text(card.css_first(".description"))) if venue else None,
    )


def read_html_poll(wrap: LexborNode) -> Poll | None:
    """Return the poll or to-do list in a .media_wrap."""
    poll = wrap.css_first(".media_poll")
    if poll is None:
        return None
    total = poll.css_first(".total")
    return Poll(
        question=plain_text(poll.css_first(".question")),
        answers=tuple(_read_answer(answer, total) for answer in poll.css(".answer")),
        total_voters=_votes(plain_text(total)) if total is not None else None,
        closed=plain_text(poll.css_first("div.details")) == "Final results",
    )


def _read_answer(answer: LexborNode, total: LexborNode | None) -> PollAnswer:
    votes = answer.css_first("span.details")
    voters = _votes(plain_text(votes)) if total is not None else None
    text = plain_text(answer).removesuffix(plain_text(votes)).strip().removeprefix("- ")
    return PollAnswer(text=text.strip(), voters=voters)


def _votes(words: str) -> int:
    match = _VOTES.match(words)
    return int(match[1]) if match is not None else 0


def read_html_reactions(row: LexborNode) -> tuple[Reaction, ...]:
    """Return how often each sign was given; with few givers only their pictures are shown."""
    counts: dict[str, int] = {}
    for reaction in row.css(".reactions > .reaction"):
        emoji = reaction.css_first(".emoji")
        sign = plain_text(emoji)
        if "paid" in class_tokens(reaction):
            sign = PAID_REACTION
        elif emoji is not None and emoji.css_first("a") is not None:
            sign = CUSTOM_REACTION
        written = as_int(plain_text(reaction.css_first(".count")), low=1)
        count = written or len(reaction.css(".userpics > .userpic, .userpics > a"))
        if sign and len(sign) <= 32 and count:
            counts[sign] = counts.get(sign, 0) + count
    return tuple(Reaction(emoji=sign, count=count) for sign, count in counts.items())


def read_html_buttons(row: LexborNode) -> Iterator[Button]:
    """Yield the buttons that open an address."""
    for link in row.css(".bot_buttons_table a[href]"):
        button = read_button({"text": plain_text(link), "url": link.attributes.get("href")})
        if button is not None:
            yield button
