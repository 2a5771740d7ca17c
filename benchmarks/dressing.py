"""Posts dressed as channels dress them: real text, posted again with something added or changed.

Knows what channels do to a text they take over. Must not know how copies are found. Everything
follows from the seed.
"""

import random
import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final, NamedTuple

from soso.model.post import Post
from soso.text.simplify import converter

CHATS: Final = 40
SHORT: Final = 60
START: Final = datetime(2026, 3, 1, tzinfo=UTC)

KINDS: Final = (
    "signature",
    "advertisement",
    "links",
    "emoji",
    "script",
    "punctuation",
    "cut",
    "headline",
    "fact",
)
KINDS_OF_SHORT: Final = ("signature", "advertisement", "links", "emoji", "script", "punctuation")
"""What leaves a short text the same after folding and stripping."""

_SIGNS: Final = "🔥📢👉✅🚀💥🎉📌⚡️🌟"
_ADS: Final = (
    "【广告】全网最低价机场，月付九块九，晚高峰不卡顿，注册即送一天试用",
    "赞助商：诚信交易担保平台，已运营六年，大额可走担保，详情咨询客服",
    "招商广告位火热预定中，覆盖十万精准用户，价格美丽欢迎洽谈",
    "海外手机卡免实名，保号每月三元，支持全球收发短信，自助下单秒发货",
    "会员年卡限时五折，影视音乐网盘一站搞定，手慢无，认准本店唯一客服",
    "学习资料合集每日更新，考研考公四六级应有尽有，加入会员永久有效",
)
_SIGNATURES: Final = (
    "📮 投稿 @{name}_bot ｜ ☎️ 商务 @{name}_ad ｜ 频道 @{name}",
    "———————\n关注我们：https://t.me/{name}\n欢迎转发分享给朋友",
    "来自「{title}」 t.me/{name}",
    "🔔 订阅频道 @{name}\n💬 加入群组 @{name}_chat",
    "更多内容请关注{title}，不迷路备用频道 @{name}_bak",
)
_LINKS: Final = (
    "原文：https://example.org/{number}\n阅读更多 https://news.example.com/a/{number}?from=tg",
    "🔗 https://telegra.ph/{number}-03-01",
    "https://example.net/p/{number} #新闻 #每日速递",
)
_HEADLINES: Final = ("突发｜", "【快讯】", "🔥今日热点：", "刚刚！", "独家：")
_MARKS: Final = str.maketrans("，。！？：；“”（）", ',.!?:;""()')


class Channel(NamedTuple):
    """A channel with what it puts under its posts."""

    number: int
    name: str
    title: str
    signature: str
    advertisement: str


class Dressed(NamedTuple):
    """A post of a channel. base: which text it is; kinds: what was done to it."""

    channel: int
    post: Post
    base: int
    kinds: tuple[str, ...]


def make_channels(seed: int) -> list[Channel]:
    """Return the channels; several share a signature's form or an advertisement."""
    rng = random.Random(f"channels {seed}")
    made = []
    for number in range(CHATS):
        name, title = f"channel{seed}_{number}", f"{rng.choice('东南西北新老大小')}城{number}号消息"
        signature = rng.choice(_SIGNATURES).format(name=name, title=title)
        made.append(Channel(number, name, title, signature, rng.choice(_ADS)))
    return made


def dress_posts(texts: Sequence[str], seed: int, *, kinds: Sequence[str]) -> list[Dressed]:
    """Return posts of the texts, most of them posted by several channels.

    kinds: what may be done; with one kind it is done to every copy, with several a few at a time.
    Channels sign four of five posts of their own accord when signatures are among the kinds.
    """
    rng = random.Random(f"posts {seed} {' '.join(kinds)}")
    channels = make_channels(seed)
    made: list[Dressed] = []
    for base, text in enumerate(texts):
        allowed = [kind for kind in kinds if len(text) >= SHORT or kind in KINDS_OF_SHORT]
        copies = rng.choice((1, 1, 2, 3, 4, 6))
        for place, channel in enumerate(rng.sample(channels, copies)):
            many = min(len(allowed), rng.randint(1, 4)) if len(kinds) > 1 else len(allowed)
            chosen = tuple(rng.sample(allowed, many)) if place else ()
            body = _dress(text, chosen, channel, rng)
            if "signature" in kinds and "signature" not in chosen and rng.random() < 0.8:
                body = f"{body}\n\n{channel.signature}"
            at = START + timedelta(minutes=rng.randrange(200_000))
            post = Post(id=len(made) + 1, at=at, text=body)
            made.append(Dressed(channel.number, post, base, chosen))
    return made


def _dress(text: str, kinds: Sequence[str], channel: Channel, rng: random.Random) -> str:
    for kind in KINDS:  # in an order in which one does not undo another
        if kind in kinds:
            text = _WAYS[kind](text, channel, rng)
    return text


def _sign(text: str, channel: Channel, rng: random.Random) -> str:
    return f"{text}\n\n{channel.signature}"


def _advertise(text: str, channel: Channel, rng: random.Random) -> str:
    if rng.random() < 0.2:
        return f"{channel.advertisement}\n\n{text}"
    return f"{text}\n\n{channel.advertisement} @{channel.name}_ad"


def _link(text: str, channel: Channel, rng: random.Random) -> str:
    return f"{text}\n{rng.choice(_LINKS).format(number=rng.randrange(10**6))}"


def _decorate(text: str, channel: Channel, rng: random.Random) -> str:
    parts = re.split("([。！，])", text)
    return rng.choice(_SIGNS) + "".join(
        part + (rng.choice(_SIGNS) if part in "。！，" and part and rng.random() < 0.3 else "")
        for part in parts
    )


def _convert(text: str, channel: Channel, rng: random.Random) -> str:
    return converter("s2t")(text)


def _punctuate(text: str, channel: Channel, rng: random.Random) -> str:
    return text.translate(_MARKS).replace(",", rng.choice((", ", " ", ",")))


def _cut(text: str, channel: Channel, rng: random.Random) -> str:
    if len(text) < SHORT * 2:
        return text
    return text[: max(SHORT + 10, int(len(text) * rng.uniform(0.4, 0.9)))] + "…"


def _head(text: str, channel: Channel, rng: random.Random) -> str:
    return f"{rng.choice(_HEADLINES)}{text[: rng.randint(8, 18)]}\n\n{text}"


def _falsify(text: str, channel: Channel, rng: random.Random) -> str:
    numbers = [match.span() for match in re.finditer(r"\d+", text)]
    if not numbers:
        return text
    start, end = rng.choice(numbers)
    return f"{text[:start]}{rng.randrange(10, 9999)}{text[end:]}"


_WAYS: Final[dict[str, Callable[[str, Channel, random.Random], str]]] = {
    "signature": _sign,
    "advertisement": _advertise,
    "links": _link,
    "emoji": _decorate,
    "script": _convert,
    "punctuation": _punctuate,
    "cut": _cut,
    "headline": _head,
    "fact": _falsify,
}
