import pytest

from soso.model.errors import BadInput
from soso.web.subject import Subject, parse_subject


@pytest.mark.parametrize(
    ("text", "chat", "post_id"),
    [
        ("https://soso.example/c/1500000001/42", "1500000001", 42),
        ("http://127.0.0.1:8080/c/1500000001/42?x=1#y", "1500000001", 42),
        ("/c/g42", "g42", None),
        ("https://soso.example/c/x17/-5/", "x17", -5),
        ("https://t.me/durov/12", "durov", 12),
        ("t.me/s/durov/12", "durov", 12),
        ("https://t.me/c/1500000001/42", "1500000001", 42),
        ("https://t.me/group/7/99?single", "group", 99),
        ("@durov", "@durov", None),
        ("  durov/12  ", "durov", 12),
        ("1500000001/42", "1500000001", 42),
    ],
)
def test_addresses_people_have_at_hand(text: str, chat: str, post_id: int | None) -> None:
    assert parse_subject(text) == Subject(chat=chat, post_id=post_id)


@pytest.mark.parametrize(
    "text",
    [
        *("", " ", "/", "//", "你好", "a b", "@", "https://", "javascript:alert(1)"),
        *("<script>", "a/b/c/d", "../../etc/passwd", "durov/12\nx", "durov/" + "9" * 40, "a" * 65),
    ],
)
def test_what_is_no_address_says_so(text: str) -> None:
    with pytest.raises(BadInput):
        parse_subject(text)
