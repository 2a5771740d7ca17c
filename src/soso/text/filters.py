"""What happens to a term after cutting: stems, caps, and which terms are not asked for.

Knows words of English, Russian and Chinese; must not know texts or positions.
"""

import re
import threading
from functools import cache, lru_cache
from typing import Final

import Stemmer

from soso.text.tables import EMOJI

LONGEST: Final = 64
"""Code points of a term. Longer ones are keys and noise, and engines drop terms past 255 bytes."""
LONGEST_BYTES: Final = 254

_ACCENTS: Final = re.compile("[\u0300-\u036f]+")
_CYRILLIC: Final = re.compile("[а-яё]+")
_PICTURE: Final = re.compile(f"[{EMOJI}]")
_SHORTEST_STEMMED: Final = 3
_local = threading.local()


@lru_cache(maxsize=65_536)
def finish_word(word: str) -> str:
    """Return the term of a folded word of a spaced script: English or Russian words as stems.

    Raises nothing; a word of more than LONGEST code points is cut off.
    """
    if not word.isascii():
        word = _ACCENTS.sub("", word)
    word = cap(word)
    if len(word) < _SHORTEST_STEMMED:
        return word
    if word.isascii():
        return _stem("english", word) if word.isalpha() else word
    return _stem("russian", word) if _CYRILLIC.fullmatch(word) else word


def cap(term: str) -> str:
    """Return the term cut to what engines keep."""
    if len(term) <= LONGEST and (len(term) * 4 <= LONGEST_BYTES or term.isascii()):
        return term
    term = term[:LONGEST]
    while len(term.encode()) > LONGEST_BYTES:
        term = term[:-1]
    return term


def is_stop(term: str) -> bool:
    """Whether a query may be answered by posts without this term: particles, emoji, single marks."""
    return term in _stop_terms() or bool(_PICTURE.match(term))


def _stem(language: str, word: str) -> str:
    """Stemmers keep state and are not to be shared by threads."""
    stemmer = getattr(_local, language, None)
    if stemmer is None:
        stemmer = Stemmer.Stemmer(language, 0)  # no cache of its own: finish_word has one
        setattr(_local, language, stemmer)
    stemmed: str = stemmer.stemWord(word)
    return stemmed


_CHINESE: Final = """
的 了 和 与 及 或 是 在 有 也 就 都 而 但 又 很 被 把 给 让 对 从 到 向 于 之 以 为 着 过 吗 呢 吧 啊 呀 嘛 哦 么
我 你 您 他 她 它 我们 你们 他们 她们 它们 咱们 自己 这 那 这个 那个 这些 那些 这里 那里 这样 那样
一个 一些 一下 没有 有没有 可以 什么 怎么 怎样 怎么样 如何 哪 哪个 哪些 哪里 哪儿 为什么 请问
关于 以及 还有 还是 因为 所以 如果
"""
_ENGLISH: Final = """
a an the and or but not of to in on at by for from with as is are was were be been do does did has have had
it its this that these those i you he she we they me my your his her our their what which who how where when why
can will would should there here so if than then s t
"""
_RUSSIAN: Final = """
и в во не что он на я с со как а то все она так его но да ты к у же вы за бы по ее мне было вот от меня о из ему
это для или мы их чем где кто
"""


@cache
def _stop_terms() -> frozenset[str]:
    spaced = (*_ENGLISH.split(), *_RUSSIAN.split())
    return frozenset(_CHINESE.split()) | {finish_word(word) for word in spaced}
