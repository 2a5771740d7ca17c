"""jieba, the way those who use it do: its own package, its own dictionary, search mode.

Not rjieba, which Soso uses: a baseline is what others have.
"""

import logging
import warnings

with warnings.catch_warnings():
    # Its import leaves a file open and may ask for pkg_resources; neither is ours to mend.
    warnings.simplefilter("ignore")
    import jieba

jieba.setLogLevel(logging.WARNING)


def cut_for_search(text: str) -> list[str]:
    """Return jieba's words of a text in lower case, without punctuation; scripts are not folded."""
    return [word for word in jieba.cut_for_search(text.lower()) if any(map(str.isalnum, word))]
