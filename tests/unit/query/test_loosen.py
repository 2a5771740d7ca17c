import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from soso.query.loosen import without_quotes
from soso.query.parse import parse
from soso.query.unparse import unparse


@pytest.mark.parametrize(
    ("typed", "loose"),
    [
        ('"流浪 地球"', "流浪 地球"),
        ("「流浪地球」 下载 kind:video", "流浪地球 下载 kind:video"),
        ('a OR "b c"', "a OR (b c)"),
        ('("a b" c) OR d', "(a b c) OR d"),
        ('"a b" -"c d"', 'a b -"c d"'),
        ('"rock OR roll"', 'rock "OR" roll'),
        ('"kind:video 彗星"', '"kind:video" 彗星'),
        ('"-40 度"', '"-40" 度'),
        ('"#彗星 夜"', '"#彗星" 夜'),
    ],
)
def test_quoted_runs_become_words(typed: str, loose: str) -> None:
    found = without_quotes(parse(typed).query)
    assert found is not None
    assert unparse(found) == loose


@pytest.mark.parametrize("typed", ["彗星", '-"a b" c', '"kind:video"', "", '"OR"', 'chat:"a b"'])
def test_there_may_be_nothing_to_take_apart(typed: str) -> None:
    assert without_quotes(parse(typed).query) is None


_text = st.text(st.sampled_from(list('ab彗 "()-#:OR“”「」kind:')), max_size=30)


@given(_text)
@example('“":')
def test_it_can_be_typed(text: str) -> None:
    found = without_quotes(parse(text).query)
    assert found is None or parse(unparse(found)).query == found
