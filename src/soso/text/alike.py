"""One writing for what is written in several, for readers that are not people: embedders.

Knows scripts and widths; must not know words or models. Unlike an index term it stays a text: case,
punctuation and blanks tell a model something. Pure.
"""

import re
import unicodedata
from typing import Final

from soso.text.normalize import repair
from soso.text.simplify import simplify_run

_KANA: Final = re.compile("[\u3041-\u30ff]")


def write_alike(text: str) -> str:
    """Return a text in plain forms and simplified characters; Japanese keeps its own.

    So a traditional post and its simplified copy have one vector, and so have their queries.
    Raises nothing.
    """
    plain = unicodedata.normalize("NFKC", repair(text))
    return plain if _KANA.search(plain) else simplify_run(plain)
