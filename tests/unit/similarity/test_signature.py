import pytest

from soso.similarity.signature import strip_signature


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("候鸟的航线\n#纪录片\n\n频道 @Wanying_demo｜求片 @other_bot", "候鸟的航线\n#纪录片"),
        ("一\n订阅 https://t.me/wanying_demo\n@wanying_demo", "一"),
        ("一\n频道 @wanying_demo_two", "一\n频道 @wanying_demo_two"),
        ("看 @wanying_demo", "看 @wanying_demo"),
        ("一\n看 @wanying_demo\n二", "一\n看 @wanying_demo\n二"),
        ("", ""),
    ],
)
def test_only_last_lines_that_name_the_own_chat_go(text: str, kept: str) -> None:
    assert strip_signature(text, ["wanying_demo", ""]) == kept


def test_without_names_a_text_stays() -> None:
    assert strip_signature("一\n@a ", []) == "一\n@a "
