"""Invented channels and posts: the same seed, name and id always give the same.

Chinese first, some English and some of both. Must not know HTML.
"""

import random
from typing import Final

from soso.doubles.preview.chats import Message, Shape

_PLACES: Final = (
    "北京",
    "上海",
    "成都",
    "杭州",
    "深圳",
    "广州",
    "武汉",
    "西安",
    "重庆",
    "臺北",
    "香港",
    "南京",
)
_WHO: Final = (
    "市图书馆",
    "气象台",
    "地铁公司",
    "大学实验室",
    "志愿者团队",
    "天文馆",
    "自行车协会",
    "社区食堂",
)
_DID: Final = (
    "发布了新的时间表",
    "公开了调查结果",
    "推出免费课程",
    "更新了软件版本",
    "征集老照片",
    "举办周末市集",
)
_WHAT: Final = (
    "夜间公交线路",
    "旧书交换计划",
    "开源地图工具",
    "候鸟观测记录",
    "城市步道",
    "手语翻译服务",
    "桥梁检修",
    "咖啡豆价格",
)
_WHY: Final = (
    "以便更多人参加",
    "因为报名人数超过预期",
    "持续到月底",
    "详情见置顶消息",
    "欢迎转发给朋友",
    "雨天照常进行",
)
_TAGS: Final = ("本地新闻", "活动", "科技", "读书", "天气", "OpenSource", "公告")
_ENGLISH: Final = (
    "Release notes: faster search and fewer surprises.",
    "The night bus runs every 30 minutes from now on.",
    "Thanks to everyone who reported the broken links.",
    "A short guide for newcomers is pinned on top.",
)
_EMOJI: Final = ("😀", "🚲", "📚", "☔️", "🔥", "🎉", "🌏")
_TOPICS: Final = ("日报", "观察", "笔记", "资料库", "频道", "广播", "周刊", "手册")
_SHAPES: Final = (
    *((Shape.PHOTO, 12), (Shape.VIDEO, 4), (Shape.BIG_VIDEO, 2), (Shape.GIF, 1)),
    *((Shape.VOICE, 1), (Shape.FILE, 2), (Shape.POLL, 1), (Shape.LINK, 4), (Shape.TEXT, 73)),
)
_ALBUMS: Final = 0.04


def invent_title(seed: int, name: str) -> str:
    """Return a channel's title."""
    chance = random.Random(f"{seed}:title:{name}")
    return f"{chance.choice(_PLACES)}{chance.choice(_WHAT)}{chance.choice(_TOPICS)}"


def invent_text(seed: int, name: str, number: int, version: int = 0) -> str:
    """Return a post's text; every version of every post is another."""
    chance = random.Random(f"{seed}:text:{name}:{number}:{version}")
    lines = [
        f"{chance.choice(_PLACES)}{chance.choice(_WHO)}{chance.choice(_DID)}"
        f"（{name} 第{number}期{f'，第{version}次更正' if version else ''}）"
    ]
    for _ in range(chance.randrange(4)):
        lines.append(f"{chance.choice(_WHAT)}：{chance.choice(_WHY)}，{chance.choice(_WHY)}。")
    if chance.random() < 0.2:
        lines.append(f"{chance.choice(_ENGLISH)} {chance.choice(_EMOJI)}")
    if chance.random() < 0.15:
        lines.append(f"价格 < {chance.randrange(10, 99)} 元 & 数量 > {chance.randrange(2, 9)}")
    if chance.random() < 0.2:
        lines.append(f"https://example.org/{name}/{number}?a=1&b={chance.randrange(99)}")
    if chance.random() < 0.1:
        lines.append(f"来自 @{name}")
    if chance.random() < 0.4:
        lines.append(" ".join(f"#{tag}" for tag in chance.sample(_TAGS, 2)))
    return "\n".join(lines)


def invent_messages(
    seed: int, name: str, first: int, *, at_s: int, media: float = 1.0
) -> list[Message]:
    """Return the message of an id, or the messages of an album that begins with it.

    media: how often what it holds is more than text, against the usual.
    """
    chance = random.Random(f"{seed}:shape:{name}:{first}")
    if first == 1:
        return [Message(1, at_s, ["Channel created"], Shape.SERVICE)]
    text = invent_text(seed, name, first)
    views = int(chance.paretovariate(0.7)) + 3
    if chance.random() < _ALBUMS * media:
        count = chance.randrange(2, 6)
        return [
            Message(
                first + place,
                at_s,
                [text if place == 0 else ""],
                Shape.VIDEO if place == 1 and chance.random() < 0.3 else Shape.PHOTO,
                album=first,
                look=chance.randrange(1000),
                views=views,
            )
            for place in range(count)
        ]
    shapes, weights = zip(*_SHAPES, strict=True)
    shape = chance.choices(shapes, weights)[0] if chance.random() < media else Shape.TEXT
    message = Message(first, at_s, [text], shape, look=chance.randrange(1000), views=views)
    if chance.random() < 0.05:
        message.author = f"编辑{chance.choice('甲乙丙丁')}"
    if chance.random() < 0.04:
        message.forward = (invent_title(seed, "elsewhere"), "elsewhere", chance.randrange(2, 999))
    if chance.random() < 0.05 and first > 3:
        message.reply_to = first - chance.randrange(1, 3)
    return [message]
