import pytest

from soso.i18n.language import Language
from soso.i18n.numbers import format_count, format_duration, format_number, format_size

HANS, HANT, EN = Language.SIMPLIFIED, Language.TRADITIONAL, Language.ENGLISH


@pytest.mark.parametrize(
    ("number", "hans", "hant", "english"),
    [
        (0, "0", "0", "0"),
        (999, "999", "999", "999"),
        (1234, "1234", "1234", "1.2K"),
        (9999, "9999", "9999", "10K"),
        (12345, "1.2万", "1.2萬", "12K"),
        (99_999, "10万", "10萬", "100K"),
        (123_456, "12万", "12萬", "123K"),
        (1_234_567, "123万", "123萬", "1.2M"),
        (234_567_890, "2.3亿", "2.3億", "235M"),
    ],
)
def test_counts_are_short(number: int, hans: str, hant: str, english: str) -> None:
    assert format_count(number, HANS) == hans
    assert format_count(number, HANT) == hant
    assert format_count(number, EN) == english


def test_all_digits_are_grouped() -> None:
    assert format_number(1_234_567, HANS) == "1,234,567"


@pytest.mark.parametrize(
    ("size", "text"),
    [
        (-1, "0 B"),
        (999, "999 B"),
        (1024, "1 KB"),
        (1536, "1.5 KB"),
        (641_787_458, "612 MB"),
        (1_455_461_671, "1.4 GB"),
        (10**18, "909495 TB"),
    ],
)
def test_sizes(size: int, text: str) -> None:
    assert format_size(size) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(-3, "0:00"), (7, "0:07"), (750, "12:30"), (3599, "59:59"), (3723, "1:02:03")],
)
def test_durations(seconds: int, text: str) -> None:
    assert format_duration(seconds) == text
