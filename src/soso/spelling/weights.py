"""What slips cost, and when a correction is worth offering.

Chosen on one half of labelled slips and reported on the other: docs/guide/relevance-spelling.md.
"""

from typing import Final

from soso.model.value import Value


class Costs(Value):
    """In nats, as the logarithms of chances are.

    same_sound, near_sound, alike: another character of the same or a near sound, or of alike
    shape; less_alike is added for what it is less alike. both: sound and shape agree, taken off.
    swapped: two neighbours in the wrong order; extra, missing: a character too many or too few;
    twice: one too many that is the same as its neighbour.
    in_word: more, where the characters typed are a word of the dictionary.
    """

    same_sound: float = 7.0
    near_sound: float = 8.5
    alike: float = 7.5
    less_alike: float = 3.0
    both: float = 3.0
    swapped: float = 9.0
    extra: float = 13.0
    twice: float = 6.0
    missing: float = 5.0
    in_word: float = 2.0


class Judgement(Value):
    """How much each sign of a change counts (judge.Signs); enough: what they must reach."""

    gain: float = 0.17
    bond: float = 0.36
    triples: float = 1.2
    known: float = 4.4
    makes_word: float = 2.1
    breaks_word: float = -2.7
    uneven: float = -1.5
    cost: float = -0.9
    enough: float = -0.8


SURE: Final = 1.2
"""What speaks for a change, above Judgement.enough, from which it is offered on that alone."""
SURE_OF_LONG: Final = 1.3
"""The same in a long query, which has more places to be wrong about."""
LONG: Final = 6
"""Characters from which on a query is long. One that finds nothing as typed and something as
corrected needs no more than Judgement.enough: so many characters do not meet by chance."""

COSTS: Final = Costs()
JUDGEMENT: Final = Judgement()
