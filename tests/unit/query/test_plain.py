import pytest
from hypothesis import given
from hypothesis import strategies as st

from soso.query.ast import Word
from soso.query.parse import parse
from soso.query.plain import as_plain, words_of


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("台风登陆", "台风登陆"),
        ("“海燕”登陆 (组图)", "海燕 登陆 组图"),
        ("kind:video 教程", "kind video 教程"),
        ("-5 度 #冷 OR 热", "5 度 冷 or 热"),
        ("公告：明天停水", "公告：明天停水"),
        ("--", ""),
        ("chat：x", "chat x"),
    ],
)
def test_a_title_asks_for_its_words(text: str, plain: str) -> None:
    assert as_plain(text) == plain


@given(st.text(alphabet='ab天 "“”「()（）-#:：ORkindtag\x00', max_size=40))
def test_nothing_of_it_is_grammar(text: str) -> None:
    assert all(isinstance(part, Word) for part in parse(as_plain(text)).query.parts)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("台风 kind:video after:7d", "台风"),
        ("chat:@name", ""),
        ('"白鹭大桥" -广告 #天气', '"白鹭大桥" -广告'),
        ("  a   OR b ", "a OR b"),
        ("", ""),
    ],
)
def test_the_words_of_a_query_without_its_filters(text: str, words: str) -> None:
    assert words_of(text) == words
