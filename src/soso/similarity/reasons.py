"""Why a post is in a list of related ones, in a few words that are true of both.

Knows evidence and words. Must not know wording (i18n) nor where the words stand. Pure.
"""

from collections.abc import Sequence
from typing import Final

from soso.query.results import Reason
from soso.schema.bonds import BondKind
from soso.similarity.related import Evidence, weight_of

MOST_WORDS: Final = 3
LONGEST_NAMED: Final = 40

STORY: Final = "story"
WORDS: Final = "words"
MEANING_ALONE: Final = "meaning"
_NAMED: Final = (BondKind.TAG, BondKind.NAME, BondKind.LINK)


def find_reasons(evidence: Evidence, words: Sequence[str]) -> tuple[Reason, ...]:
    """Return one or two reasons, the strongest first.

    Where nothing can be named, both are alike as a whole, by vectors or by pairs of characters.

    words: what both texts say, as it stands in the subject, the most telling first.
    """
    found: list[Reason] = []
    if evidence.same_story:
        found.append(Reason(code=STORY))
    bonds = sorted(evidence.shared, key=lambda one: -weight_of(one, evidence))
    if bonds and weight_of(bonds[0], evidence) > 0:
        bond = bonds[0].bond
        named = (clip(bond.value),) if bond.kind in _NAMED else ()
        found.append(Reason(code=bond.kind.value, named=named))
    said = distinct(words)
    if said:
        found.append(Reason(code=WORDS, named=tuple(said)))
    elif not found:
        found.append(Reason(code=MEANING_ALONE))
    return tuple(found[:2])


def distinct(words: Sequence[str], *, most: int = MOST_WORDS) -> list[str]:
    """Return the first words of which none is part of another."""
    kept: list[str] = []
    for word in words:
        if any(word in other for other in kept):
            continue
        kept = [other for other in kept if other not in word] + [word]
        if len(kept) >= most:
            break
    return kept


def clip(text: str) -> str:
    """Return a text short enough for a line under a card."""
    return text if len(text) <= LONGEST_NAMED else f"{text[: LONGEST_NAMED - 1]}…"
