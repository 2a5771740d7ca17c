"""What a chat puts under or over most of its posts, learnt from a sample of them.

Knows marks of segments and how often they stand under different texts. Must not know texts. Pure.
The sample is defined by the posts alone, whatever the order they come in: those whose number has
the smallest checksum. So what is learnt is too.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Final
from zlib import crc32

from soso.model.ids import PostKey
from soso.model.value import Value
from soso.similarity.segments import Segment

SAMPLE: Final = 256
FIRST: Final = 3
LAST: Final = 8
"""How many segments at either end may be boilerplate."""

FEWEST: Final = 3
SHARE: Final = 0.05
"""A segment is boilerplate that stands in so many posts of the sample and in this share of it, each
time with another text. A smaller share would cost nothing in precision, but advertisements change
and what is learnt has to be forgotten and learnt again."""


class Sampled(Value):
    """A post in the sample. order: its place in it. body: the checksum of its whole text."""

    order: int
    post_id: int
    key: PostKey
    body: int
    marks: tuple[int, ...]


def order_of(post_id: int) -> int:
    """Return where a post stands in the order by which chats are sampled."""
    return crc32(post_id.to_bytes(8, "big", signed=True))


def sample_post(key: PostKey, post_id: int, segments: Sequence[Segment]) -> Sampled:
    """Return what a sample keeps of a post."""
    ends = segments if len(segments) <= FIRST + LAST else (*segments[:FIRST], *segments[-LAST:])
    letters = "\n".join(segment.letters for segment in segments)
    return Sampled(
        order=order_of(post_id),
        post_id=post_id,
        key=key,
        body=crc32(letters.encode("utf-8", "surrogatepass")),
        marks=tuple(dict.fromkeys(segment.mark for segment in ends if len(segment.letters) > 1)),
    )


def cut_sample(posts: Iterable[Sampled]) -> tuple[Sampled, ...]:
    """Return the sample among posts: the first SAMPLE by order, each post once, as given last."""
    by_key = {one.key: one for one in posts}
    return tuple(sorted(by_key.values(), key=lambda one: (one.order, one.post_id))[:SAMPLE])


def learn(sample: Sequence[Sampled]) -> frozenset[int]:
    """Return the marks of a chat's boilerplate.

    A post that is nothing but one repeated text teaches nothing: a text that a chat posts every day
    is a text, and only what stands under different ones is dressing.
    """
    bodies: defaultdict[int, set[int]] = defaultdict(set)
    for one in sample:
        for mark in one.marks:
            bodies[mark].add(one.body)
    least = max(FEWEST, sum(bool(one.marks) for one in sample) * SHARE)
    return frozenset(mark for mark, texts in bodies.items() if len(texts) >= least)
