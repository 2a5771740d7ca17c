import pytest

from soso.similarity.copies import is_copy, print_of

TEXT = "地铁九号线今天正式开通运营首班车早上六点从港湾站发出"


@pytest.mark.parametrize(
    "other",
    [TEXT, TEXT + "投稿请联系编辑部", "快讯" + TEXT, TEXT[:20]],
)
def test_dressed_copies_are_copies(other: str) -> None:
    assert is_copy(print_of(TEXT), print_of(other))


@pytest.mark.parametrize(
    "other",
    ["地铁九号线为什么迟迟没有开通我们采访了施工方负责人", "早安", "地铁九号线"],
)
def test_others_are_not(other: str) -> None:
    assert not is_copy(print_of(TEXT), print_of(other))


def test_short_texts_are_copies_only_when_equal() -> None:
    assert is_copy(print_of("早安"), print_of("早安"))
    assert not is_copy(print_of("早安"), print_of("早安大家"))
