import pytest
from hypothesis import given
from hypothesis import strategies as st

from soso.text.names import chat_names, file_names, username_in


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("海港日报", "海港日报"),
        ("海港日报｜潮汐·船期", "海港日报"),
        ("海港日报｜潮汐·船期", "船期"),
        ("【海港日报】官方频道", "海港日报"),
        ("海港日報官方頻道", "海港日報"),
        ("海港日报交流群", "海港日报"),
        ("Harbour Daily - Official", "Harbour Daily"),
        ("Harbour Daily Channel", "Harbour Daily"),
    ],
)
def test_a_chat_is_called_by_what_stands_in_its_title(title: str, name: str) -> None:
    assert name in chat_names(title)
    assert chat_names(title)[0] == title


@pytest.mark.parametrize("title", ["频道", "群", "Channel", "｜｜", "", "  "])
def test_a_title_of_nothing_else_stays_whole(title: str) -> None:
    assert chat_names(title)[0] == title
    assert "" not in chat_names(title)[1:]


def test_a_file_is_called_with_and_without_its_ending() -> None:
    assert file_names("灯塔手册.EP02.pdf") == ("灯塔手册.EP02.pdf", "灯塔手册.EP02")
    assert file_names("README") == ("README",)
    assert file_names(".env") == (".env",)


@pytest.mark.parametrize(
    "text", ["t.me/harbour_x", "https://t.me/harbour_x/", "telegram.me/harbour_x"]
)
def test_an_address_names_a_username(text: str) -> None:
    assert username_in(text) == "harbour_x"


@pytest.mark.parametrize(
    "text", ["harbour_x", "see t.me/harbour_x", "t.me/harbour_x/12", "t.me/+abc", ""]
)
def test_anything_else_is_no_address(text: str) -> None:
    assert username_in(text) is None


@given(st.text(max_size=200))
def test_any_text_is_taken(text: str) -> None:
    assert chat_names(text)[0] == text
    assert file_names(text)[0] == text
    username_in(text)
