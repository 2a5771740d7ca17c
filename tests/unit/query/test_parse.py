import pytest
from hypothesis import given
from hypothesis import strategies as st

from soso.query.ast import (
    MAX_CHARACTERS,
    MAX_TERMS,
    After,
    And,
    Choice,
    Exact,
    Node,
    Not,
    Or,
    Views,
    Word,
)
from soso.query.parse import parse


def parts(text: str) -> tuple[Node, ...]:
    return parse(text).query.parts


def codes(text: str) -> list[str]:
    return [notice.code for notice in parse(text).notices]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ()),
        ("流浪地球 下载", (Word(text="流浪地球"), Word(text="下载"))),
        ('"exact  words"', (Exact(text="exact words"),)),
        ("“流浪 地球”", (Exact(text="流浪 地球"),)),
        ("「彗星」", (Exact(text="彗星"),)),
        ("彗星 -台风", (Word(text="彗星"), Not(part=Word(text="台风")))),
        ("a OR b c", (Or(parts=(Word(text="a"), Word(text="b"))), Word(text="c"))),
        ("a or b", (Word(text="a"), Word(text="or"), Word(text="b"))),
        (
            "(a b) OR c",
            (Or(parts=(And(parts=(Word(text="a"), Word(text="b"))), Word(text="c"))),),
        ),
        ("-(a b)", (Not(part=And(parts=(Word(text="a"), Word(text="b")))),)),
        ("(a b)", (Word(text="a"), Word(text="b"))),
        ("kind:video,photo", (Choice(name="kind", values=("video", "photo")),)),
        ("Kind：Video", (Choice(name="kind", values=("video",)),)),
        ('from:"张 三","李四"', (Choice(name="from", values=("张 三", "李四")),)),
        ("chat:@name", (Choice(name="chat", values=("@name",)),)),
        ("#彗星", (Choice(name="tag", values=("彗星",)),)),
        ("-#ad", (Not(part=Choice(name="tag", values=("ad",))),)),
        ("views:>1000", (Views(low=1001),)),
        ("views:1.5万", (Views(low=15_000),)),
        ("views:<=2k", (Views(high=2_000),)),
        ("after:2026/11", (After(date="2026-11"),)),
        ("https://t.me/a/1", (Word(text="https://t.me/a/1"),)),
        ("C++ a-b", (Word(text="C++"), Word(text="a-b"))),
        ("- a", (Word(text="a"),)),
        ("a ) b", (Word(text="a"), Word(text="b"))),
        ("a OR", (Word(text="a"),)),
        ("他说“你好”了", (Word(text="他说“你好”了"),)),
        ("“你好”的意思", (Word(text="“你好”的意思"),)),
        ("（分屋）-电影", (Word(text="分屋"), Word(text="电影"))),
        ("OR a", (Word(text="OR"), Word(text="a"))),
        ("#", (Word(text="#"),)),
    ],
)
def test_the_grammar(text: str, expected: tuple[Node, ...]) -> None:
    assert parts(text) == expected


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ('"never closed', "unclosed_quote"),
        ("kind:banana", "unknown_kind"),
        ("after:yesterday", "bad_date"),
        ("views:many", "bad_number"),
        ("-a", "only_negative"),
        ("a " * MAX_CHARACTERS, "too_long"),
        ("a " * (MAX_TERMS + 1), "too_many_terms"),
        ("(" * 40 + "a" + ")" * 40, "too_deep"),
    ],
)
def test_what_is_ignored_is_said(text: str, code: str) -> None:
    assert code in codes(text)


def test_a_good_query_has_no_notices() -> None:
    assert codes('彗星 "exact" -not kind:video (a OR b) after:7d') == []


@given(st.text(max_size=600))
def test_every_text_has_an_answer(text: str) -> None:
    assert parse(text).query is not None


@given(st.text(alphabet='()-"“” :,ORab#kindviewsafter17', max_size=200))
def test_odd_syntax_has_an_answer(text: str) -> None:
    assert parse(text).query is not None
