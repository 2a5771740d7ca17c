"""A post's text in segments, and what of them is the post's own.

Knows how channels dress a post: links, mentions, emoji, calls to follow. Must not know which lines
one chat always adds; those are learnt (boilerplate.py) and given. Pure.
"""

import re
from collections.abc import Collection, Iterable, Sequence
from itertools import islice
from typing import Final, NamedTuple
from zlib import crc32

import msgspec

from soso.model.post import Entity, EntityKind, Post
from soso.text.entities import find_entities
from soso.text.normalize import fold_letters_text

LONGEST: Final = 8_192
"""Telegram's own limit is 4,096; what stands behind it is not compared."""

SHORT_CALL: Final = 30
"""A segment at an end of at most so many letters, most of them words like 订阅 and 投稿, is a call."""

BESIDE_CALL: Final = 0.4
"""Less than this share of a call is something else, such as the channel's name."""

LINKED_LINE: Final = 60
LEAST_TEXT: Final = 12
"""A line at an end of at most so many letters that has a link is dressing too, if more is left
without it or it sells or calls for something, and at least LEAST_TEXT letters are left: a short
text with a link is a text."""

MOST_LINES: Final = 8
LONGEST_LINE: Final = 200
"""Of the lines at either end so many, of so many characters, may be a signature."""

_LINE: Final = re.compile("[^\n\r\u2028\u2029]+")
_BREAK: Final = re.compile("[\n\r\u2028\u2029。！？!?｜|│┃…；;]+")
_EMOJI: Final = re.compile(
    "[0-9#*]\ufe0f?\u20e3"
    "|[\u00a9\u00ae\u2122\u2139\u24c2\u3297\u3299\u2600-\u27bf\U0001f000-\U0001faff]"
)
_NO_LETTERS: Final = re.compile(r"[\W_]+")
_TAG: Final = re.compile(r"[#＃][\w·]+")
_NUMBER: Final = re.compile(r"\d+")
_MASK: Final = "\x1a"  # for what is covered; folding makes it white space
_CALL: Final = re.compile(
    "欢迎|加入|关注|订阅|点击|链接|频道|群组|群聊|交流群|讨论群|投稿|爆料|商务|合作|广告|客服|联系"
    "|分享|转发|来源|转自|更多|精彩|内容|最新|资讯|请|我们的|我们|不迷路|备用|导航|via|source"
    "|subscribe|follow|channel|group|join|contact"
)
_SALE: Final = re.compile(
    "广告|赞助|招商|推广|客服|咨询|洽谈|下单|发货|试用|注册|优惠|折扣|限时|代理|加盟|开户|返佣|返利"
    "|投稿|爆料|关注|订阅|加入|入群|进群|备用|不迷路|欢迎转发"
)
_MARKED_AD: Final = re.compile("^(?:本条)?(?:广告|赞助|推广|ad(?![a-z])|sponsored)")
_LINKED: Final = frozenset(
    {EntityKind.LINK, EntityKind.MENTION, EntityKind.EMAIL, EntityKind.PHONE, EntityKind.BANK_CARD}
)
_POINTING: Final = frozenset({EntityKind.TEXT_LINK, EntityKind.MENTION_NAME})


class Segment(NamedTuple):
    """A stretch of a text, [start, end), up to where a sentence or line ends.

    letters: folded, without links, mentions, emoji and punctuation. linked: it has a link or
    mention. tags: it is hashtags alone. begins: a line begins with it.
    mark: see mark_of.
    """

    start: int
    end: int
    letters: str
    linked: bool
    tags: bool
    begins: bool
    mark: int


def mark_of(letters: str) -> int:
    """Return what a segment is known by when it stands under many posts; numbers do not count."""
    without = letters if letters.isalpha() else _NUMBER.sub("0", letters)
    return crc32(without.encode("utf-8", "surrogatepass"))


def cut_segments(post: Post) -> list[Segment]:
    """Return the segments of a post's text that have letters. Raises nothing. O(len(text))."""
    return _cut(post.text[:LONGEST], post.entities)


def _cut(text: str, entities: Sequence[Entity]) -> list[Segment]:
    text, pointing = _mask_links(_without_emoji(text), entities)
    found: list[Segment] = []
    start = 0
    for end, following in _borders(text):
        piece = text[start:end]
        letters = _letters(piece) if piece else ""
        if letters:
            linked = _MASK in piece or any(start <= place < end for place in pointing)
            tags = ("#" in piece or "＃" in piece) and not _letters(_TAG.sub(" ", piece))
            begins = start == 0 or "\n" in text[found[-1].end if found else 0 : start]
            found.append(Segment(start, end, letters, linked, tags, begins, mark_of(letters)))
        start = following
    return found


def letters_of(text: str) -> str:
    """Return a text folded, and only its letters and digits."""
    return _letters(_without_emoji(text))


def _without_emoji(text: str) -> str:
    """Blank out emoji, some of which fold to letters; every place stays."""
    if text.isascii():
        return text
    return _EMOJI.sub(lambda emoji: " " * len(emoji[0]), text)


def _letters(text: str) -> str:
    letters = fold_letters_text(text).replace(" ", "")
    return letters if letters.isalnum() else _NO_LETTERS.sub("", letters)


def own_letters(post: Post, learnt: Collection[int] = ()) -> str:
    """Return the letters of what a post says itself.

    learnt: the marks of what its chat puts under or over most posts. Left out besides: links and
    mentions, hashtags and calls with a link at either end.
    """
    return "".join(segment.letters for segment in own_segments(cut_segments(post), learnt))


def own_segments(segments: Sequence[Segment], learnt: Collection[int] = ()) -> list[Segment]:
    """Return the segments that are the post's own."""
    kept = [one for one in segments if not learnt or one.mark not in learnt]
    size = sum(len(one.letters) for one in kept)
    start, end = 0, len(kept)
    while start < end and _is_dressing(kept[start], size):
        size -= len(kept[start].letters)
        start += 1
    while end > start and _is_dressing(kept[end - 1], size):
        end -= 1
        size -= len(kept[end].letters)
    return kept[start:end]


def find_boilerplate(post: Post, learnt: Collection[int]) -> list[tuple[int, int]]:
    """Return what of a post's text its chat puts under or over most posts, as [start, end)."""
    if not learnt:
        return []
    return [(one.start, one.end) for one in cut_segments(post) if one.mark in learnt]


def find_learnt_lines(post: Post, learnt: Collection[int]) -> list[tuple[int, int]]:
    """Return the lines at either end that are nothing but boilerplate, as [start, end), in order.

    Those of a chat's own signature, in a tenth of the time that find_boilerplate takes: what stands
    between the ends is not looked at. Raises nothing.
    """
    text = post.text[:LONGEST]
    if not learnt:
        return []
    lines = [line.span() for line in _LINE.finditer(text) if not line[0].isspace()]
    top = _count_learnt(text, post.entities, learnt, lines)
    bottom = _count_learnt(text, post.entities, learnt, lines[:top:-1]) if top < len(lines) else 0
    return [*lines[:top], *lines[len(lines) - bottom :]]


def blank_out(post: Post, spans: Sequence[tuple[int, int]]) -> Post:
    """Return a post with blanks in place of stretches of its text; links behind them go too.

    Every place in the text stays.
    """
    if not spans:
        return post
    text = post.text
    for start, end in spans:
        text = text[:start] + " " * (end - start) + text[end:]
    kept = tuple(
        one
        for one in post.entities
        if not any(start <= one.start and one.end <= end for start, end in spans)
    )
    return msgspec.structs.replace(post, text=text, entities=kept)


def _count_learnt(
    text: str,
    entities: Sequence[Entity],
    learnt: Collection[int],
    lines: Iterable[tuple[int, int]],
) -> int:
    """Return how many lines there are up to the last one in a row that is boilerplate."""
    count = 0
    for number, (start, end) in enumerate(islice(lines, MOST_LINES), start=1):
        if end - start > LONGEST_LINE:
            break
        here = [
            msgspec.structs.replace(one, start=one.start - start, end=one.end - start)
            for one in entities
            if one.start < end and start < one.end
        ]
        segments = _cut(text[start:end], here)
        if not all(one.mark in learnt for one in segments):
            break
        is_rule = count == number - 1 > 0 and not any(map(str.isalnum, text[start:end]))
        if segments or is_rule:  # a line of a link alone is the post's own
            count = number
    return count


def _is_dressing(segment: Segment, size: int) -> bool:
    """Whether a segment at an end is none of the text. size: letters of what is left, with it."""
    length = len(segment.letters)
    if segment.tags:
        return True
    if length <= SHORT_CALL:
        beside = len(_CALL.sub("", segment.letters))
        if beside < min(max(3, length * BESIDE_CALL), length):
            return True
    rest = size - length
    if not segment.begins or length > LINKED_LINE or rest < LEAST_TEXT:
        return False
    if segment.linked:
        return rest >= length or _SALE.search(segment.letters) is not None
    return _MARKED_AD.match(segment.letters) is not None


def _borders(text: str) -> list[tuple[int, int]]:
    borders = [match.span() for match in _BREAK.finditer(text)]
    return [*borders, (len(text), len(text))]


def _mask_links(text: str, entities: Sequence[Entity]) -> tuple[str, list[int]]:
    """Cover links and mentions; return also where words with a link behind them begin."""
    pointing = [one.start for one in entities if one.kind in _POINTING]
    spans = [(one.start, one.end) for one in entities if one.kind in _LINKED]
    if "@" in text or "://" in text or "." in text:
        # Sources differ in which entities they give; what can be read off the text is always left
        # out, so that the same text has the same letters by every route.
        spans += [(one.start, one.end) for one in find_entities(text) if one.kind in _LINKED]
    if not spans:
        return text, pointing
    chars = list(text)
    for start, end in spans:
        start, end = max(start, 0), min(end, len(chars))
        chars[start:end] = _MASK * max(end - start, 0)
    return "".join(chars), pointing
