"""The richest of two sightings of one post, field by field.

Knows which of two values is kept. Which text is kept, and what that makes of the post, is merge.py.
Every function here gives the same result when its result meets the same new value again.
"""

from collections.abc import Sequence
from typing import Any, Final, TypeVar

import msgspec

from soso.model.post import Poll, PollAnswer, Post, Reaction, Service
from soso.model.value import Value

T = TypeVar("T")
S = TypeVar("S", bound=Value)

Later = int
"""Which sighting was observed later: 1 the new one, -1 the old one, 0 both at once."""

# Preview pages round to three digits, RSS to two: 1.2K may be 1,249.
_ROUNDING: Final = 0.05

_PLAIN_FIELDS: Final = (
    "author",
    "author_peer",
    "via_bot",
    "replies",
    "topic_id",
    "previews",
    "buttons",
)


def pick(old: T, new: T, later: Later) -> T:
    """Return the later of two values; nothing (None, empty) never displaces something.

    Of values observed at once the larger is kept, so that the order of arrival does not matter.
    A flag once seen stays.
    """
    if isinstance(old, bool) and isinstance(new, bool):
        return old or new
    if _is_nothing(new) or old == new:
        return old
    if _is_nothing(old) or later > 0:
        return new
    return old if later < 0 else max(old, new, key=_rank)


def fill(old: S | None, new: S | None, later: Later) -> S | None:
    """Return one value with the fields of both, each by pick."""
    if old is None or new is None or old == new:
        return old if new is None else new
    fields = old.__struct_fields__
    picked = {name: pick(getattr(old, name), getattr(new, name), later) for name in fields}
    return msgspec.structs.replace(old, **picked)


def enrich(old: Post, new: Post, later: Later) -> dict[str, Any]:
    """Return the fields of the merged post other than id, times, text, album and media."""
    views, exact = _views(old, new)
    merged: dict[str, Any] = {
        name: pick(getattr(old, name), getattr(new, name), later) for name in _PLAIN_FIELDS
    }
    merged |= {
        "views": views,
        "views_exact": exact,
        "forwards": max((n for n in (old.forwards, new.forwards) if n is not None), default=None),
        "reactions": _reactions(old.reactions, new.reactions, later),
        "forward": fill(old.forward, new.forward, later),
        "reply": _fill_if(("post_id",), old.reply, new.reply, later),
        "location": _fill_if(("latitude", "longitude"), old.location, new.location, later),
        "poll": _poll(old.poll, new.poll, later),
        "service": _service(old.service, new.service, later),
    }
    return merged


def _is_nothing(value: object) -> bool:
    return value is None or value == "" or value == ()


def _rank(value: object) -> tuple[int, str]:
    return (value if isinstance(value, int) else 0, repr(value))


def _fill_if(keys: Sequence[str], old: S | None, new: S | None, later: Later) -> S | None:
    """Fill when both speak of the same thing, as the fields in keys tell; otherwise pick one."""
    if old is None or new is None or all(getattr(old, k) == getattr(new, k) for k in keys):
        return fill(old, new, later)
    return pick(old, new, later)


def _views(old: Post, new: Post) -> tuple[int | None, bool]:
    """Views only grow. A rounded number displaces an exact one only if rounding can't explain it.

    The result is max(exact) unless max(rounded) is more than 5% above it, in any order of arrival.
    """
    if old.views is None or new.views is None:
        known = old if new.views is None else new
        return known.views, known.views_exact
    if old.views_exact == new.views_exact:
        return max(old.views, new.views), old.views_exact
    exact, rounded = (old, new) if old.views_exact else (new, old)
    assert exact.views is not None
    assert rounded.views is not None
    # In whole numbers: a hostile count may be too large for a float.
    if (rounded.views - exact.views) * 100 > exact.views * int(_ROUNDING * 100):
        return rounded.views, False
    return exact.views, True


def _reactions(
    old: tuple[Reaction, ...], new: tuple[Reaction, ...], later: Later
) -> tuple[Reaction, ...]:
    """The later ones as a whole, for people take reactions back; the larger sum if seen at once."""
    if old and new and later == 0:
        return max(old, new, key=lambda seen: (sum(one.count for one in seen), repr(seen)))
    return pick(old, new, later)


def _poll(old: Poll | None, new: Poll | None, later: Later) -> Poll | None:
    """Votes follow the later sighting, answer by answer, while the same thing is asked."""
    if old is None or new is None or old == new:
        return old if new is None else new
    if _asked(old) != _asked(new):
        return pick(old, new, later)
    pairs = zip(old.answers, new.answers, strict=True)
    answers = tuple(fill(mine, theirs, later) or mine for mine, theirs in pairs)
    total = pick(old.total_voters, new.total_voters, later)
    return Poll(
        question=old.question,
        answers=answers,
        total_voters=total,
        closed=old.closed or new.closed,
    )


def _asked(poll: Poll) -> tuple[str, ...]:
    return (poll.question, *(answer.text for answer in poll.answers))


def without_votes(poll: Poll | None) -> Poll | None:
    """Return the poll as it was asked."""
    if poll is None:
        return None
    return Poll(
        question=poll.question, answers=tuple(PollAnswer(text=a.text) for a in poll.answers)
    )


def _service(old: Service | None, new: Service | None, later: Later) -> Service | None:
    """The one with its own fields; a preview page tells only the sentence it shows."""
    if old is not None and new is not None and (old.raw is None) != (new.raw is None):
        return old if new.raw is None else new
    return pick(old, new, later)
