import pytest

from soso.text.personal import is_personal


@pytest.mark.parametrize(
    "text",
    [
        "13800138000",
        "电话 138 0013 8000",
        "+86-138-0013-8000",
        "(021) 6234-5678 转",
        "４００８００１２３４",
        "身份证 11010519900307234X",
        "6222 0200 1234 5678 901",
        "写信给 someone@example.org",
        "A@b.cn",
        "2026-11-23 打 13800138000",
        "２０２６１１２３４５６７",
    ],
)
def test_numbers_of_people(text: str) -> None:
    assert is_personal(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "台风",
        "2026-11-23 新闻",
        "2026年11月23日",
        "20261123",
        "2026/11/23 至 2026/11/30",
        "600519 茅台",
        "1080p 4K 120 帧",
        "@some_name",
        "第 12345 期",
        "a@b",
        "1.5 万 3.2 万",
    ],
)
def test_other_numbers(text: str) -> None:
    assert not is_personal(text)
