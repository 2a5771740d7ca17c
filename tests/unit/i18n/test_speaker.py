from datetime import UTC, datetime

import pytest

from soso.i18n.language import Language
from soso.i18n.speaker import Speaker
from soso.query.results import Notice

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


def speak(language: Language = Language.ENGLISH) -> Speaker:
    return Speaker(language, UTC, NOW)


def test_counts_are_grouped_and_pluralized() -> None:
    assert speak().text("search.total", n=1) == "1 result"
    assert speak().text("search.total", n=12345) == "12,345 results"
    assert speak(Language.SIMPLIFIED).text("search.total", n=12345) == "12,345 条结果"


def test_a_missing_key_is_our_mistake() -> None:
    with pytest.raises(KeyError):
        speak().text("no.such_key")


def test_an_unknown_name_has_the_group_s_word_for_others() -> None:
    assert speak().pick("service", "pin_message") == "Pinned a message"
    assert speak().pick("service", "action_of_tomorrow") == "Channel event"


def test_notices() -> None:
    said = speak().notice(Notice(code="bad_date", args={"text": "after:{limit}"}))
    assert said.startswith("“after:{limit}” is not a date")
    assert speak(Language.TRADITIONAL).notice(Notice(code="past_end")) == "後面沒有更多結果了。"
    assert "brand_new" in speak().notice(Notice(code="brand_new", args={"n": "1", "key": "x"}))


@pytest.mark.parametrize(
    ("tag", "hans", "english"),
    [
        ("zh-Hant", "繁体中文", "Chinese, traditional"),
        ("ja", "日语", "Japanese"),
        ("xx", "其他语言", "Other languages"),
        ("../x", "其他语言", "Other languages"),
        ("", "其他语言", "Other languages"),
    ],
)
def test_languages_have_names(tag: str, hans: str, english: str) -> None:
    assert speak(Language.SIMPLIFIED).tongue(tag) == hans
    assert speak().tongue(tag) == english
