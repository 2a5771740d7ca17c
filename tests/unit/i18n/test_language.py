import pytest

from soso.i18n.language import Language, choose_language, match_language

HANS, HANT, EN = Language.SIMPLIFIED, Language.TRADITIONAL, Language.ENGLISH


@pytest.mark.parametrize(
    ("tag", "language"),
    [
        ("zh", HANS),
        ("zh-CN", HANS),
        ("zh-Hans", HANS),
        ("zh-SG", HANS),
        ("ZH_hant", HANT),
        ("zh-TW", HANT),
        ("zh-HK", HANT),
        ("zh-MO", HANT),
        ("zh-Hant-CN", HANT),
        ("zh-Hans-HK", HANS),
        ("yue", HANT),
        ("yue-Hans", HANS),
        ("en-GB", EN),
        (" en ", EN),
        ("fr", None),
        ("", None),
        ("english", None),
        ("*", None),
    ],
)
def test_tags(tag: str, language: Language | None) -> None:
    assert match_language(tag) == language


def test_the_address_goes_before_the_cookie_and_the_cookie_before_the_browser() -> None:
    assert choose_language("en", "zh-Hant", "zh-CN") is EN
    assert choose_language("", "zh-Hant", "zh-CN") is HANT
    assert choose_language("klingon", "nonsense", "zh-CN") is HANS


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("zh-TW,zh;q=0.9,en;q=0.8", HANT),
        ("en-US,en;q=0.9,zh-CN;q=0.8", EN),
        ("en;q=0.2, zh-HK;q=0.7", HANT),
        ("en;q=0, zh-CN;q=0.1", HANS),
        ("fr-FR,fr;q=0.9", EN),
        ("fr, zh-TW;q=0.1", HANT),
        ("*", HANS),
        ("", HANS),
        (";q=1,,;;", HANS),
        ("zh-TW;q=banana, en;q=0.5", EN),
        ("en ; q = 0.3 , zh-Hant ; q = 0.4", HANT),
        ("x" * 5000 + ",en", EN),
    ],
)
def test_the_header_of_the_browser(header: str, language: Language) -> None:
    assert choose_language(accepted=header) is language


def test_without_any_wish_chinese_comes_first() -> None:
    assert choose_language() is HANS
