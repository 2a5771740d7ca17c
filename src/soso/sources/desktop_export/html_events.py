"""Service rows of an HTML export: what happened in the chat, told in a sentence. Pure.

Such rows have no time. They get that of the row before, or the beginning of their day, marked as
uncertain.
"""

import json
import re
from datetime import datetime
from typing import Final

from soso.model.post import Post, Service
from soso.sources.desktop_export.parse import NO_TIME, UNSUPPORTED, SkipReason
from soso.sources.desktop_export.times import Moment
from soso.sources.desktop_export.wire import as_label

NO_MESSAGES: Final = "No exported messages"
_UNSUPPORTED: Final = "This message is not supported"

_DAY: Final = re.compile(r"([0-9]{1,2}) ([A-Z][a-z]{2,8}) ([0-9]{4})")
_FIRST_HALF: Final = ("January", "February", "March", "April", "May", "June")
_SECOND_HALF: Final = ("July", "August", "September", "October", "November", "December")
_MONTHS: Final = (*_FIRST_HALF, *_SECOND_HALF)

# The exporter's sentences, always English, and the names that JSON exports have for the same.
_EVENTS: Final = (
    (re.compile(r"Channel «(.*)» created"), "create_channel"),
    (re.compile(r".*? created group «(.*)»(?: with members .*)?"), "create_group"),
    (
        re.compile(r"(?:Channel|.*? changed group) title .*?to «(.*)»"),
        "edit_group_title",
    ),
    (re.compile(r".*? converted a basic group to this supergroup «(.*)»"), "migrate_from_group"),
    (re.compile(r".*? created topic «(.*)»"), "topic_created"),
    (re.compile(r"Channel photo changed|.* changed group photo"), "edit_group_photo"),
    (re.compile(r"Channel photo removed|.* removed group photo"), "delete_group_photo"),
    (re.compile(r".* pinned this message"), "pin_message"),
    (re.compile(r".*? joined group by link from .*"), "join_group_by_link"),
    (re.compile(r".* joined group by request"), "join_group_by_request"),
    (re.compile(r".* converted this group to a supergroup"), "migrate_to_supergroup"),
    (re.compile(r".*? invited .* to the v(?:oice|ideo) chat"), "invite_to_group_call"),
    (re.compile(r".*? invited .*"), "invite_members"),
    (re.compile(r".*? removed .*"), "remove_members"),
    (re.compile(r"History cleared"), "clear_history"),
)


def read_day(sentence: str) -> datetime | None:
    """Return the day, on the exporting computer's clock, that a line between days names."""
    match = _DAY.fullmatch(sentence)
    if match is None or match[2] not in _MONTHS:
        return None
    try:
        return datetime(int(match[3]), _MONTHS.index(match[2]) + 1, int(match[1]))
    except ValueError:
        return None


def parse_event(sentence: str, post_id: int, at: datetime | None) -> Post | SkipReason:
    """Return what happened; sentences yet unknown are kept as they are.

    at: the time of the row before.
    """
    if sentence.startswith(_UNSUPPORTED):
        return UNSUPPORTED
    if at is None:
        return NO_TIME
    label = as_label(sentence) or ""
    matches = ((pattern.fullmatch(label), action) for pattern, action in _EVENTS)
    match, action = next(((found, name) for found, name in matches if found), (None, "unknown"))
    title = match[1].strip() if match is not None and match.re.groups else ""
    return Post(
        id=post_id,
        at=at,
        at_certain=False,
        text=title,
        service=Service(action=action, raw=json.dumps({"text": label}, ensure_ascii=False)),
    )


def parse_giveaway(words: str, post_id: int, moment: Moment) -> Post:
    """Return a giveaway or its results, of which a page has nothing but sentences."""
    results = words.startswith("Winner")
    raw = json.dumps({"text": " ".join(words.split())}, ensure_ascii=False)
    action = "giveaway_results" if results else "giveaway_information"
    return Post(
        id=post_id,
        at=moment.at,
        at_certain=moment.certain,
        service=Service(action=action, raw=raw),
    )
