"""What finds the copies of a text among millions: a few numbers made of its letters.

Knows letters and hashing. Must not know where the numbers are kept. Pure, and the same on every
machine and in every version: the numbers stand in the store. VERSION says which they are.

A text is known by the runs of letters with the smallest checksums (a bottom-k sketch). Of two texts
of which one holds the other, each such run of the longer that lies in the shorter is among the
smallest of the shorter too; so a cut tail or an added headline costs little. MinHash with k
permutations finds no more and costs more (docs/adr/0009-copies.md has the measurement).
"""

import hashlib
import re
from collections.abc import Collection
from typing import Final
from zlib import crc32

from soso.model.value import Value
from soso.similarity.copies import CJK, LONG

VERSION: Final = 1
"""Raised when the same text gives other numbers than before: all are made anew then."""

SHORTEST: Final = 12
"""Texts with fewer letters, stock phrases not counted, have no fingerprint: too many say the same."""

SHORTEST_BESIDE_PICTURES: Final = 2
"""A picture alone says nothing: the same map or face stands beside a hundred different events."""

RUN: Final = 8
RUN_OF_ALPHABETS: Final = 16
WHOLE: Final = 4
BEGINNING: Final = 2
BEGINNING_LETTERS: Final = 120
"""How many runs are taken of the whole and how many of its beginning, which survives any cut."""

_STOCK_WORDS: Final = """
新年快乐 春节快乐 元旦快乐 中秋快乐 国庆快乐 节日快乐 生日快乐 圣诞快乐 端午安康 恭喜发财
万事如意 身体健康 阖家幸福 大吉大利 心想事成 财源广进 早上好 中午好 下午好 晚上好 早安
午安 晚安 大家好 你好 您好 各位 朋友们 兄弟们 家人们 小伙伴 老板 大佬 谢谢 感谢 多谢
收到 好的 欢迎 加入 关注 订阅 点击 链接 下方 上方 按钮 扫码 二维码 进群 入群 群聊 群组
交流群 讨论群 频道 公众号 客服 管理员 联系 咨询 商务 合作 广告 招租 投稿 爆料 转发 分享
收藏 点赞 评论 留言 更多 精彩 内容 请 持续 最新 消息 资讯 查看 详情 全文 阅读 原文 下载
地址 网址 官网 官方 频道主 置顶 求助 有没有人 有人吗 在吗 有偿 资源 免费 今日 今天
我们的 我们 本群 本频道 不迷路 防失联 备用 永久 导航 发布页 来源 转自 搬运 侵删
goodmorning goodnight happynewyear thankyou thanks joinus join channel subscribe follow
share click here link group contact admin telegram
"""
_STOCK: Final = re.compile("|".join(sorted(_STOCK_WORDS.split(), key=len, reverse=True)))


class Fingerprint(Value):
    """What a post is found by.

    text: of the letters as a whole, for texts that are equal. features: of runs in it, for those
    that are not; empty for a text of fewer than LONG letters. All are signed 64-bit numbers.
    """

    text: int
    features: tuple[int, ...] = ()


def make_fingerprint(letters: str, looks: Collection[str] = ()) -> Fingerprint | None:
    """Return the fingerprint of a post's own letters, None for what too many posts say alike.

    letters: folded, what is no letter or digit left out. looks: of its pictures; they count for a
    text of too few letters alone, which then equals another that says the same beside pictures that
    look the same. Raises nothing. O(len(letters)).
    """
    if len(letters) < SHORTEST or not _tells(letters):
        if looks and len(letters) >= SHORTEST_BESIDE_PICTURES:
            return Fingerprint(text=number_of(f"look:{' '.join(sorted(looks))}:{letters}"))
        return None
    whole = number_of(f"text:{letters}")
    if len(letters) < LONG:
        return Fingerprint(text=whole)
    return Fingerprint(text=whole, features=tuple(sorted(map(number_of, _choose_runs(letters)))))


def number_of(text: str) -> int:
    """Return a signed 64-bit number for a text."""
    digest = hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)


def _tells(letters: str) -> bool:
    """Whether enough is left without what is said everywhere. Long texts are not asked."""
    if len(letters) >= LONG:
        return True
    return len(_STOCK.sub("", letters)) >= SHORTEST


def _choose_runs(letters: str) -> set[str]:
    """Return the runs with the smallest checksums, of the whole and of its beginning."""
    code = letters.encode("utf-32-le", "surrogatepass")
    sizes = [4 * RUN if char > CJK else 4 * RUN_OF_ALPHABETS for char in letters[: 1 - RUN]]
    checksums = [crc32(code[4 * place : 4 * place + size]) for place, size in enumerate(sizes)]
    chosen = {
        *sorted(set(checksums))[:WHOLE],
        *sorted(set(checksums[: BEGINNING_LETTERS - RUN + 1]))[:BEGINNING],
    }
    places = [checksums.index(checksum) for checksum in chosen]
    return {letters[place : place + sizes[place] // 4] for place in places}
