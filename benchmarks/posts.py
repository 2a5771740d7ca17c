"""Posts as long as Telegram's: cut from real news where that is at hand, else made of word pairs.

Lengths are log-normal with a mean of about 100 characters, as in the posts of real channels. The
same count, source and seed give the same posts.
"""

import gzip
import math
import random
from collections.abc import Callable, Iterator
from itertools import accumulate
from itertools import count as counted
from pathlib import Path
from typing import Final

import msgspec

from soso.model.value import Value

MEAN_LENGTH: Final = 100
SPREAD: Final = 0.8  # the sigma of the logarithm
SHORTEST: Final = 6
LONGEST: Final = 4_096
CHATS: Final = 20
FIRST_AT_S: Final = 1_672_531_200  # 2023-01-01
TWO_YEARS_S: Final = 2 * 365 * 86_400
TAGGED: Final = 0.1
LINKED: Final = 0.1

_HEAD_WORDS: Final = (
    "城市 学校 公司 电影 音乐 天气 新闻 手机 电脑 网络 市场 价格 医院 医生 孩子 家庭 老师 学生 "
    "经济 社会 文化 历史 科学 技术 工程 交通 铁路 机场 旅行 酒店 餐厅 咖啡 水果 蔬菜 健康 运动 "
    "足球 篮球 比赛 冠军 球队 演员 导演 歌手 作家 小说 诗歌 图书 报纸 杂志 电视 节目 频道 视频"
)
_TAIL_WORDS: Final = (
    "研究 发展 管理 服务 产品 系统 计划 项目 报告 分析 数据 资源 能力 问题 方法 经验 成果 活动 "
    "会议 合作 投资 收入 成本 质量 安全 标准 政策 法律 规定 申请 审批 培训 考试 成绩 招聘 就业 "
    "工资 保险 贷款 房屋 土地 河流 山脉 森林 海洋 气候 温度 降雨 地震 台风 春天 夏天 秋天 冬天"
)
_HEADS: Final = _HEAD_WORDS.split()
_TAILS: Final = _TAIL_WORDS.split()


class BenchPost(Value):
    """A post to measure with; chat counts from 0, ids rise within a chat from 1."""

    chat: int
    id: int
    at_s: int
    text: str


Piece = Callable[[int], str]
"""Gives a text of so many characters, another one each time."""


def iter_posts(count: int, *, news: Path | None, seed: int = 0) -> Iterator[BenchPost]:
    """Yield so many posts in the order of time, spread unevenly over CHATS chats.

    news: a corpus.jsonl.gz of articles to cut; None makes posts of word pairs.
    """
    drawn = random.Random(seed)
    piece = _news(news) if news is not None else word_pairs(drawn)
    ids = [counted(1) for _ in range(CHATS)]
    weights = list(accumulate(1 / place for place in range(1, CHATS + 1)))
    mu = math.log(MEAN_LENGTH) - SPREAD**2 / 2
    for number in range(count):
        length = min(max(int(drawn.lognormvariate(mu, SPREAD)), SHORTEST), LONGEST)
        chat = drawn.choices(range(CHATS), cum_weights=weights)[0]
        yield BenchPost(
            chat=chat,
            id=next(ids[chat]),
            at_s=FIRST_AT_S + number * TWO_YEARS_S // count,
            text=piece(length) + _ornament(drawn, number),
        )


def _ornament(drawn: random.Random, number: int) -> str:
    """Some posts end with a tag, some with a link."""
    chance = drawn.random()
    if chance < TAGGED:
        return f" #{drawn.choice(_HEADS)}"
    return f" https://example.org/p/{number}" if chance < TAGGED + LINKED else ""


def _news(file: Path) -> Piece:
    """Cut articles one after another; each round cuts elsewhere, so that no post comes twice."""
    texts = _articles(file)
    if not texts:
        raise ValueError(f"{file} holds no text")
    held, place, skipped = "", 0, 0

    def piece(length: int) -> str:
        nonlocal held, place, skipped
        while len(held) < length:
            if place == len(texts):
                place, skipped = 0, skipped + 37
            held += texts[place][skipped % max(len(texts[place]), 1) :] + "\n"
            place += 1
        taken, held = held[:length], held[length:]
        return taken.strip() or "。"

    return piece


def _articles(file: Path) -> list[str]:
    with gzip.open(file, "rt", encoding="utf-8") as lines:
        return [text for line in lines if (text := msgspec.json.decode(line)["text"].strip())]


def word_pairs(drawn: random.Random) -> Piece:
    """About 3,000 compounds, few of them common and most rare, as in real text."""
    words = [head + tail for head in _HEADS for tail in _TAILS]
    drawn.shuffle(words)
    weights = list(accumulate(1 / place for place in range(1, len(words) + 1)))

    def piece(length: int) -> str:
        chosen = drawn.choices(words, cum_weights=weights, k=length // 4 + 1)
        marked = (word + "，" * (place % 3 == 2) for place, word in enumerate(chosen))
        return "".join(marked)[:length]

    return piece
