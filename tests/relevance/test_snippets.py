"""The passage that answers is the one that is shown: judged on long posts of the sample archive.

On the labelled sets nobody says which sentence answers, so there it is measured how many of the words
that a text has of the question are in its window, and how often that begins with a sentence.
"""

import re
from itertools import islice
from pathlib import Path
from statistics import fmean

import pytest

from soso.evaluation.read import load_set
from soso.query.marks import marks_of
from soso.query.parse import parse
from soso.text.analyzers import load_analyzers
from soso.text.snippet import Snippet, cut_snippet
from tests.relevance.conftest import Archive
from tests.relevance.judgements import load_judgements

ANALYZERS = load_analyzers()
JUDGED = [
    # query, the post, what the reader must see of it
    ("彗星 用什么看 双筒", "sky/796", "市区建议 7×50 双筒"),
    ("彗星 手机 怎么拍", "sky/796", "手机夜景模式"),
    ("彗星 停车", "sky/796", "停车 60 位"),
    ("彗星 会撞过来吗", "sky/796", "它会撞过来吗？不会"),
    ("彗星 手电", "sky/796", "红光手电"),
    ("小茴岛 末班船", "lang/372", "返程末班 17:20"),
    ("小茴岛 住宿", "lang/372", "住宿只有四家"),
    ("小茴岛 海菜饼", "lang/372", "海菜饼 3 块一张"),
    ("小茴島 貓", "lang/372", "猫比人多的那条巷子"),
    ("灯塔以北 摄影 潮汐表", "film/2490", "北岬真实的潮汐表"),
    ("灯塔以北 缺点", "film/2490", "也说缺点"),
    ("灯塔以北 陶望", "film/2490", "还想说说陶望"),
    ("停电 电梯 牙医", "news/1061", "刚下班的牙医"),
    ("停电 冷库", "news/1061", "贝壳湾冷库的值班员"),
    ("停电 赔付", "news/1061", "赔付办法下周公布"),
    ("Inkwren 插件 沙箱", "tips/1462", "插件沙箱"),
    ("Inkwren 32位", "tips/1462", "32 位系统不再提供构建"),
    ("Inkwren 无障碍", "tips/1462", "无障碍：读屏支持重写"),
    ("radio son sea wind", "en/374", "It's the sea wind"),
    ("末班缆车 纪长汀", "film/2420", "纪长汀演得真好"),
]
_LATIN = re.compile(r"[。！？!?；;…\n”’」』）)]\s*$|^\s*$")


@pytest.mark.parametrize(("query", "name", "wanted"), JUDGED)
def test_the_answer_is_seen(archive: Archive, query: str, name: str, wanted: str) -> None:
    judgements = load_judgements()
    chat = judgements.chats[name.partition("/")[0]]
    rows = archive.search(f"{query} chat:{chat}", engine="tantivy").rows
    card = next(row for row in rows if judgements.name_of(row) == name)
    assert wanted in card.snippet.text or wanted in card.title.text, card.snippet.text
    assert card.snippet.highlights or card.title.highlights


def _shown(text: str, query: str) -> tuple[Snippet, float]:
    """The window, and which share of the question's words that the text has are in it."""
    marks = marks_of(parse(query).query, ANALYZERS)
    wanted = frozenset(marks.words)
    found = cut_snippet(text, marks, ANALYZERS)
    known = {token.term for token in ANALYZERS.find_words(text, wanted)}
    shown = {token.term for token in ANALYZERS.find_words(found.text, wanted)}
    return found, len(shown & known) / len(known) if known else 1.0


@pytest.mark.shared
@pytest.mark.parametrize(
    ("name", "least"), [("cmrc2018", 0.94), ("drcd", 0.92), ("dureader_demo", 0.91)]
)
def test_most_words_are_in_the_window(shared: Path, name: str, least: float) -> None:
    labelled = load_set(shared / "eval" / name)
    texts = {document.id: document.whole for document in labelled.documents}
    shares, aligned = [], []
    for query in islice(labelled.queries, 0, None, max(len(labelled.queries) // 120, 1)):
        document = max(labelled.grades[query.id], key=lambda doc: labelled.grades[query.id][doc])
        text = texts[document][:4_000]
        found, share = _shown(text, query.text)
        shares.append(share)
        before = text[: " ".join(text.split("\n")).find(found.text)]
        aligned.append(_LATIN.search(before) is not None)
    assert fmean(shares) >= least
    assert fmean(aligned) >= 0.9
