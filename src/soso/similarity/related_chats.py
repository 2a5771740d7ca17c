"""The choice of related chats: how they are weighed. Pure.

Knows weights. Must not know where evidence comes from.
"""

from typing import Final, NamedTuple

from soso.query.results import Reason

POSTS: Final = 1.0
MEANING: Final = 1.0
FORWARDS: Final = 0.5
MENTIONS: Final = 0.3
ABOUT: Final = 0.4
OFTEN: Final = 5
"""So many forwards or mentions count in full."""

FAINT: Final = 0.3
NOTEWORTHY: Final = 0.1
"""What adds so much to the score is named as a reason."""


class ChatEvidence(NamedTuple):
    """What speaks for a chat being related to another.

    posts: how its best posts score by the other's telling words, as a share of what the other's own
    best do. meaning: the same by vectors. forwards, mentions: how often either does it of the other.
    about: how it describes itself, as a share too. words, described: what both say.
    """

    posts: float = 0.0
    meaning: float = 0.0
    forwards: int = 0
    mentions: int = 0
    about: float = 0.0
    words: tuple[str, ...] = ()
    described: tuple[str, ...] = ()


def score_chat(evidence: ChatEvidence) -> float:
    """Return how related a chat is; what is below FAINT is left out."""
    return sum(_parts(evidence).values())


def chat_reasons(evidence: ChatEvidence) -> tuple[Reason, ...]:
    """Return one or two reasons, the strongest first."""
    parts = _parts(evidence)
    del parts["meaning"]  # says little beside anything else
    ranked = sorted(parts.items(), key=lambda part: -part[1])
    found: list[Reason] = []
    for code, weight in ranked:
        if weight < NOTEWORTHY:
            break
        named = {"posts": evidence.words, "about": evidence.described}.get(code, ())
        if code in ("posts", "about") and not named:
            continue
        found.append(Reason(code=code, named=named))
    return tuple(found[:2]) or (Reason(code="meaning"),)


def _parts(evidence: ChatEvidence) -> dict[str, float]:
    return {
        "forwards": FORWARDS * min(evidence.forwards / OFTEN, 1.0),
        "mentions": MENTIONS * min(evidence.mentions / OFTEN, 1.0),
        "posts": POSTS * min(max(evidence.posts, 0.0), 1.0),
        "meaning": MEANING * min(max(evidence.meaning, 0.0), 1.0),
        "about": ABOUT * min(max(evidence.about, 0.0), 1.0),
    }
