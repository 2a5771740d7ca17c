import pytest
from hypothesis import given
from hypothesis import strategies as st

from soso.text.alike import write_alike


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("ＮＡＳ　２４小時", "NAS 24小时"),
        ("乾坤與乾燥", "乾坤与干燥"),
        ("這支影片很好看，Really!", "这支影片很好看,Really!"),
        ("東京の気温が下がる", "東京の気温が下がる"),
        ("Ünïcode Ｔest", "Ünïcode Test"),
        ("", ""),
    ],
)
def test_writings_become_one(text: str, plain: str) -> None:
    assert write_alike(text) == plain


@given(st.text(st.characters(codec=None), max_size=200))
def test_any_text_is_taken_and_a_second_time_changes_nothing(text: str) -> None:
    once = write_alike(text)
    once.encode()
    assert write_alike(once) == once
