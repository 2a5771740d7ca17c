import pytest
from hypothesis import given

from soso.text.script import Script, detect_language, script_of
from tests.unit.text.strategies import texts


@pytest.mark.parametrize(
    ("text", "language"),
    [
        *(("今天天气很好", "zh-Hans"), ("臺灣的天氣很好", "zh-Hant"), ("你好", "zh-Hans")),
        *(
            ("東京タワーに行きました", "ja"),
            ("となりのトトロ", "ja"),
            ("魂の歌 免费下载", "zh-Hans"),
        ),
        *(("안녕하세요 여러분", "ko"), ("한국 韓國 소식입니다", "ko"), ("Привет", "ru")),
        *(("Скачать фильм бесплатно", "ru"), ("Українська мова", "uk"), ("Привіт, друзі", "uk")),
        *(("Download the latest version here", "en"), ("Bonjour tout le monde", "fr")),
        *(("Das ist ein schöner Tag", "de"), ("مرحبا بالعالم كيف حالك", "ar"), ("ภาษาไทย", "th")),
        *(("iPhone 15 Pro Max 发布", "zh-Hans"), ("", "und"), ("123 😀 ...", "und")),
        *(("https://t.me/somewhere @somebody", "und"), ("\x00\ud800\x07", "und")),
        ("The Wandering Earth (流浪地球) is a Chinese science fiction film of 2019", "en"),
    ],
)
def test_languages(text: str, language: str) -> None:
    assert detect_language(text) == language


@pytest.mark.parametrize(
    ("char", "script"),
    [
        *(("中", Script.HAN), ("國", Script.TRADITIONAL), ("国", Script.SIMPLIFIED)),
        *(("あ", Script.KANA), ("한", Script.HANGUL), ("a", Script.LATIN), ("é", Script.LATIN)),
        *(("ж", Script.CYRILLIC), ("ع", Script.OTHER), ("1", Script.NONE), ("，", Script.NONE)),
        ("ㄅ", Script.TRADITIONAL),
    ],
)
def test_scripts(char: str, script: Script) -> None:
    assert script_of(char) is script


@given(texts)
def test_any_text_has_an_answer(text: str) -> None:
    assert detect_language(text)
