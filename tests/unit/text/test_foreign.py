import pytest
from hypothesis import given
from hypothesis import strategies as st

from soso.text.foreign import (
    clean_line,
    clean_text,
    clip,
    is_blank,
    uncommand,
    unlink,
    unlink_parts,
)


@pytest.mark.parametrize(
    "text", ["t.me/evil", "@evil", "/remove", "#tag", "https://a.example", "a@b.example", "$TON"]
)
def test_what_would_be_linked_is_broken_invisibly(text: str) -> None:
    assert unlink(text) != text
    assert unlink(text).replace("\u2060", "") == text


def test_numbers_and_sentences_stay() -> None:
    assert unlink("1.2万，3.14。下一句") == "1.2万，3.14。下一句"
    assert uncommand("见 https://a.example/b 和 a/b") == "见 https://a.example/b 和 a/b"
    assert uncommand("/drop it") == "/\u2060drop it"


@given(st.text())
def test_nothing_that_shows_is_lost(text: str) -> None:
    assert unlink(text).replace("\u2060", "") == text.replace("\u2060", "")
    assert not {*clean_text(text)} & {"\u202e", "\x00", "\ud800"}
    assert "\n" not in clean_line(text)
    assert len(clip(text, 10)) <= 10


@given(st.lists(st.text("a.@/#$: 雪\u2060")))
def test_parts_are_unlinked_as_the_whole_is(parts: list[str]) -> None:
    made = unlink_parts(parts)
    assert "".join(made) == unlink("".join(parts))
    assert [one.replace("\u2060", "") for one in made] == [
        one.replace("\u2060", "") for one in parts
    ]


def test_blank_is_what_can_not_be_seen() -> None:
    assert is_blank("\u3164 \u200b")
    assert not is_blank("雪")
