import pytest

from soso.web.site.foreign import (
    clean_line,
    clean_text,
    clip,
    email_link,
    host_of,
    is_blank,
    safe_link,
)


@pytest.mark.parametrize(
    ("address", "link"),
    [
        ("https://example.org/a?b=c#d", "https://example.org/a?b=c#d"),
        ("HTTP://EXAMPLE.ORG", "HTTP://EXAMPLE.ORG"),
        ("example.org/路径", "https://example.org/路径"),
        ("example.org:8080/x", "https://example.org:8080/x"),
        ("//example.org", "https://example.org"),
        ("tg://resolve?domain=name", "tg://resolve?domain=name"),
        ("mailto:a@example.org", "mailto:a@example.org"),
        (" https://exa\nmple.org\u202e ", "https://example.org"),
    ],
)
def test_addresses_that_may_be_linked(address: str, link: str) -> None:
    assert safe_link(address) == link


@pytest.mark.parametrize(
    "address",
    [
        None,
        "",
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "java\tscript:alert(1)",
        "\x01javascript:alert(1)",
        " \u00a0javascript:alert(1)",
        "data:text/html,<script>",
        "vbscript:x",
        "file:///etc/passwd",
        "blob:https://x/y",
        "https://",
        "https:example.org",
        "https://[::1",
        "word",
        "/etc/passwd",
        "https://example.org/" + "x" * 3000,
    ],
)
def test_addresses_that_may_not(address: str | None) -> None:
    assert safe_link(address) is None


def test_a_number_behind_a_colon_is_a_port_and_never_a_scheme() -> None:
    assert safe_link("javascript:1/alert(1)") is None
    assert safe_link("java.script:1/alert(1)") == "https://java.script:1/alert(1)"


@pytest.mark.parametrize(
    ("address", "link"),
    [
        ("a.b@example.org", "mailto:a.b@example.org"),
        ("a@example.org?bcc=b@example.org", None),
        ("a@b@c", None),
        ("javascript:x", None),
        ('a"@example.org', None),
    ],
)
def test_emails(address: str, link: str | None) -> None:
    assert email_link(address) == link


def test_direction_and_control_characters_are_dropped() -> None:
    assert clean_text("a\u202eb\u2066c\u0000d\x1b[31m\ud800e\r\nf\tg") == "abcd[31me\nf\tg"
    assert clean_line(" 一\n\n二\u2028三\u3000四 ") == "一 二 三 四"
    assert clean_text("👨‍👩‍👧 नमस्ते") == "👨‍👩‍👧 नमस्ते"  # joiners are part of words


def test_clipping_counts_code_points() -> None:
    assert clip("一二三四五", 5) == "一二三四五"
    assert clip("一二三四五六", 5) == "一二三四…"
    assert clip("ab \n cd", 4) == "ab…"


@pytest.mark.parametrize("text", ["", " \n", "\u3164\u3164", "\u200b\u2060", "\u202e", "\u2800"])
def test_what_nobody_can_see(text: str) -> None:
    assert is_blank(text)


@pytest.mark.parametrize("text", ["一", "a", "🙂", ".", "\u3164x"])
def test_what_can_be_seen(text: str) -> None:
    assert not is_blank(text)


def test_hosts() -> None:
    assert host_of("https://www.example.org:81/x") == "example.org"
    assert host_of("mailto:a@b.c") == ""
    assert host_of("https://[") == ""
