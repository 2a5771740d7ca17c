"""What Taiwan and Hong Kong call by another word than the mainland: 軟體 and 软件 are one term.

Knows pairs of words, and when OpenCC's replacement of a phrase is to be believed; must not know
folding or terms.

OpenCC's tables know thousands of names and terms (諾蘭, 胺基酸), but no word borders and no everyday
language: it makes 電影片段 into 电视频段 and the mainland's 执行程序 into 执行进程, and changed 4.5% of
simplified news wrongly. So a replacement counts only if it keeps to the borders that jieba sees,
and never for a word that is common on the mainland itself. What is left out by that and is plainly
the same thing stands in a table of our own, which is applied to whole words after cutting.
Both apply to posts and queries alike, traditional or not, so that both sides always agree.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache, lru_cache
from itertools import accumulate
from typing import Final, NamedTuple

import rjieba

from soso.text.simplify import (
    converter,
    may_be_traditional,
    simplify_run,
    simplify_variants,
)
from soso.text.tables import HAN

_PAIRS: Final = """
软体 软件  硬体 硬件  韧体 固件  网路 网络  网际网路 互联网  区域网路 局域网  资讯 信息
资讯科技 信息技术  程式 程序  程式码 代码  程式设计 程序设计  原始码 源码  伺服器 服务器
滑鼠 鼠标  萤幕 屏幕  荧幕 屏幕  记忆体 内存  硬碟 硬盘  光碟 光盘  磁碟 磁盘  印表机 打印机
列印 打印  影印机 复印机  位元 比特  位元组 字节  字元 字符  字串 字符串  档名 文件名
资料夹 文件夹  资料库 数据库  登入 登录  使用者 用户  预设 默认  设定 设置  搜寻 搜索  连结 链接
超连结 超链接  讯息 消息  简讯 短信  讯号 信号  视讯 视频  影片 视频  线上 在线  视窗 窗口
触控萤幕 触摸屏  介面 界面  解析度 分辨率  画素 像素  高画质 高清  宽频 宽带  频宽 带宽
晶片 芯片  积体电路 集成电路  电晶体 晶体管  人工智慧 人工智能  演算法 算法  最佳化 优化
扫描器 扫描仪  作业系统 操作系统  主机板 主板  显示卡 显卡  音效卡 声卡  骇客 黑客
防毒软体 杀毒软件  模组 模块  函式 函数  函式库 函数库  回圈 循环  除错 调试  快取 缓存
剪贴簿 剪贴板  选单 菜单  游标 光标  图示 图标  座标 坐标  向下相容 向下兼容  相容性 兼容性
笔记型电脑 笔记本电脑  智慧型手机 智能手机  行动电话 移动电话  行动支付 移动支付
行动装置 移动设备  部落格 博客  部落客 博主  网咖 网吧  贴文 帖子  按赞 点赞  相簿 相册
录影 录像  录影带 录像带  雷射 激光  专案 项目  数位相机 数码相机  数位化 数字化
物联网路 物联网  云端硬碟 网盘  虚拟实境 虚拟现实  矽谷 硅谷  矽胶 硅胶  奈米 纳米
太空梭 航天飞机  太空人 宇航员  机率 概率  爱滋病 艾滋病  忧郁症 抑郁症  超音波 超声波
摄护腺 前列腺  胺基酸 氨基酸  维他命 维生素  计程车 出租车  的士 出租车  脚踏车 自行车
电单车 摩托车  捷运 地铁  公车 公交车  手提电话 手机  泡面 方便面  凤梨 菠萝  马铃薯 土豆
优酪乳 酸奶  优格 酸奶  起司 奶酪  鲔鱼 金枪鱼  朱古力 巧克力  士多啤梨 草莓  三文治 三明治
幼稚园 幼儿园  冷气机 空调  冷气 空调  原子笔 圆珠笔  塑胶 塑料  三温暖 桑拿  纽西兰 新西兰
义大利 意大利  北韩 朝鲜  南韩 韩国  寮国 老挝  沙乌地阿拉伯 沙特阿拉伯  杜拜 迪拜  卡达 卡塔尔
肯亚 肯尼亚  奈及利亚 尼日利亚  克罗埃西亚 克罗地亚  衣索比亚 埃塞俄比亚  坎城 戛纳  川普 特朗普
欧巴马 奥巴马  普丁 普京  布希 布什  泽伦斯基 泽连斯基  马克宏 马克龙  柴契尔 撒切尔  宾士 奔驰
"""


class Piece(NamedTuple):
    """A stretch of a run in simplified characters, and what it is called on the mainland."""

    simplified: str
    mainland: str


_HAN_RUN: Final = re.compile(f"[{HAN}]+")
_COMMON: Final = 150
"""jieba's count of a word in its corpus; above it a word is everyday language on the mainland."""
_EVERYDAY: Final = frozenset(
    (
        "社群",
        "触控",
        "离线",
        "阵列",
        "外接",
        "防毒",
        "停用",
        "检视",
        "重灌",
        "排程",
        "过载",
        "映象",
        "桌布",
        "当机",
    )
)
"""Words that have become common after jieba's corpus was counted."""
_LONGEST_PHRASE: Final = 4  # words


def find_simplified(folded: str) -> str | None:
    """Return a folded text in simplified characters if no word of it would be replaced, else None.

    Most texts are done with this: one question to OpenCC for a simplified one, three for others.
    """
    if not may_be_traditional(folded):
        return folded if converter("tw2sp")(folded) == folded else None
    simplified = converter("tw2s")(folded)
    same = all(converter(wording)(folded) == simplified for wording in ("tw2sp", "hk2sp"))
    return simplify_variants(simplified) if same and len(simplified) == len(folded) else None


def iter_pieces(folded: str, runs: Sequence[str]) -> Iterator[tuple[Piece, ...]]:
    """Yield mainland_pieces of each run of Han characters in a folded text, in their order.

    Runs that no table of words changes, nearly all, are known from three questions to OpenCC for the
    whole text rather than three for each. Raises nothing. O(len(folded)).
    """
    texts = [converter(way)(folded) for way in ("tw2s", "tw2sp", "hk2sp")]
    ways = [_HAN_RUN.findall(text) for text in (*texts, simplify_variants(texts[0]))]
    if any(len(way) != len(runs) for way in ways):  # a word became one in letters
        yield from map(mainland_pieces, runs)
        return
    for run, simplified, taiwan, hongkong, whole in zip(runs, *ways, strict=True):
        is_same = simplified == taiwan == hongkong and len(simplified) == len(run)
        if is_same and (simplified == run or may_be_traditional(run)):
            yield (Piece(whole, whole),)
        else:
            yield mainland_pieces(run)


@lru_cache(maxsize=8_192)
def mainland_pieces(run: str) -> tuple[Piece, ...]:
    """Return a folded run of Han characters in simplified ones, in pieces, regional words replaced.

    Longest phrases first. Raises nothing. O(len(run)).
    """
    simplified = simplify_run(run)
    if _replace(run) == simplified:
        return (Piece(simplified, simplified),)
    load_wording()  # the words must be known to jieba, whoever asks first
    words = rjieba.cut(simplified)
    found: list[Piece] = []
    first = place = 0
    while first < len(words):
        for size in range(min(_LONGEST_PHRASE, len(words) - first), 0, -1):
            phrase = tuple(words[first : first + size])
            end = place + sum(map(len, phrase))
            replaced = _find_replacement(run[place:end], phrase)
            if replaced is not None or size == 1:
                whole = "".join(phrase)
                found.append(Piece(whole, replaced or whole))
                break
        first, place = first + size, end
    return _joined(found)


@lru_cache(maxsize=16_384)
def _find_replacement(run: str, words: tuple[str, ...]) -> str | None:
    """The mainland's word, if the words are one regional word and nothing besides."""
    simplified = "".join(words)
    replaced = _replace(run)
    if replaced == simplified or any(
        _replace(run[:border]) + _replace(run[border:]) == replaced for border in _borders(words)
    ):
        return None
    left, right = _left_over(run, simplified, replaced)
    key = simplified[left : len(simplified) - right]
    inside = max(left, right) > 0 if len(words) > 1 else 1 in (left, right)
    if inside or key in replaced or _is_common(simplified) or _is_common(key):
        return None
    return replaced


def _borders(words: tuple[str, ...]) -> Sequence[int]:
    """Between the words, or in a word like 执行程序, which jieba knows as one, between its halves."""
    if len(words) > 1:
        return list(accumulate(map(len, words[:-1])))
    word = words[0]
    halves = range(2, len(word) - 1)
    return [one for one in halves if rjieba.has_word(word[:one]) and rjieba.has_word(word[one:])]


def _left_over(run: str, simplified: str, replaced: str) -> tuple[int, int]:
    """How many characters at both ends have nothing to do with the replacement."""
    size = len(run)
    left = right = 0
    while left + 1 < size and simplified[: left + 1] + _replace(run[left + 1 :]) == replaced:
        left += 1
    while (
        right + 1 < size
        and _replace(run[: size - right - 1]) + simplified[size - right - 1 :] == replaced
    ):
        right += 1
    return left, right


def _is_common(word: str) -> bool:
    return word in _EVERYDAY or (rjieba.has_word(word) and rjieba.suggest_freq(word) >= _COMMON)


def _replace(run: str) -> str:
    """Taiwan's wording, or where that changes nothing, Hong Kong's."""
    replaced = converter("tw2sp")(run)
    if len(replaced) == len(run) and replaced == converter("tw2s")(run):
        replaced = converter("hk2sp")(run)
    return simplify_variants(replaced).casefold()


def _joined(pieces: list[Piece]) -> tuple[Piece, ...]:
    """Put neighbours that stay as they are into one piece."""
    found: list[Piece] = []
    for piece in pieces:
        if (
            found
            and piece.simplified == piece.mainland
            and found[-1].simplified == found[-1].mainland
        ):
            whole = found.pop().simplified + piece.simplified
            found.append(Piece(whole, whole))
        else:
            found.append(piece)
    return tuple(found)


@cache
def load_wording() -> Mapping[str, tuple[str, ...]]:
    """Return word -> the terms of the word it is indexed as, the whole word last.

    Teaches jieba those words that it would cut apart: both sides of a pair must be one word, or the
    pair would hold in one sentence and not in another.
    """
    words = _PAIRS.split()
    pairs = dict(zip(words[::2], words[1::2], strict=True))
    for word in (*pairs.keys(), *pairs.values()):
        if rjieba.cut_for_search(word)[-1] != word:
            rjieba.add_word(word, None, None)
    return {here: tuple(rjieba.cut_for_search(there)) for here, there in pairs.items()}


def wording_text() -> str:
    """Return the table as it stands, for the fingerprint."""
    return _PAIRS
