import pytest

from soso.query.variants import drop_dates, drop_filters, drop_kind


@pytest.mark.parametrize(
    ("text", "filters", "dates"),
    [
        ("台风 after:7d kind:video", "台风", "台风 kind:video"),
        ("-广告 before:2020", "-广告", "-广告"),
        ("lang:zh-Hant", "", "lang:zh-Hant"),
        ("", "", ""),
    ],
)
def test_conditions_are_left_out(text: str, filters: str, dates: str) -> None:
    assert drop_filters(text) == filters
    assert drop_dates(text) == dates


def test_a_kind_becomes_a_tab() -> None:
    assert drop_kind("台风 kind:video") == ("台风", "video")
    assert drop_kind("台风 kind:video,photo") == ("台风", "")
    assert drop_kind("台风") == ("台风", None)
