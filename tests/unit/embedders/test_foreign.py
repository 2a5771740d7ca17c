from hypothesis import given
from hypothesis import strategies as st

from soso.embedders.foreign import encodable


@given(st.text(st.characters(exclude_categories=()), max_size=60), st.integers(0, 80))
def test_the_result_encodes_and_is_no_longer(text: str, longest: int) -> None:
    found = encodable(text, longest=longest)
    assert found.encode().decode() == found
    assert len(found) <= longest


def test_halves_of_a_pair_are_joined_and_others_replaced() -> None:
    assert encodable("a\ud83d\ude00b", longest=10) == "a😀b"
    assert encodable("\udc00x\ud800", longest=10) == "\ufffdx\ufffd"


def test_control_characters_become_blanks() -> None:
    assert encodable("a\x00b\nc\x7fd\x85e", longest=10) == "a b c d e"


def test_other_text_stays_as_it_is() -> None:
    text = "中文 e\u0301 👨‍👩‍👧 \ufeff\u202e"
    assert encodable(text, longest=99) == text
