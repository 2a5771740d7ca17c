"""Pages and lists of HTML exports."""

import pytest

from soso.model.chat import ChatKind
from soso.sources.desktop_export.html_index import (
    IndexEntry,
    is_too_deep,
    make_locate,
    missing_pages,
    page_name,
    page_number,
    parse_index,
)


def test_pages_are_numbered_from_one() -> None:
    assert [page_name(number) for number in (1, 2, 10)] == [
        "messages.html",
        "messages2.html",
        "messages10.html",
    ]
    assert [page_number(page_name(number)) for number in (1, 2, 10)] == [1, 2, 10]
    for name in ("message.html", "messages2.htm", "messages-1.html", "messages99999999.html"):
        assert page_number(name) is None


def test_gaps_before_the_last_page() -> None:
    assert missing_pages([1, 2, 3]) == []
    assert missing_pages([2, 5]) == [1, 3, 4]
    assert missing_pages([]) == []


def entry(href: str, kind: str) -> str:
    return (
        f'<a class="entry block_link clearfix" href="{href}"><div class="body">'
        f'<div class="pull_right info details">\n{kind}\n</div>'
        f'<div class="name bold">\n名 \n</div></div></a>'
    )


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("channel", ChatKind.CHANNEL),
        ("group", ChatKind.GROUP),
        ("bot", ChatKind.BOT),
        ("private", ChatKind.PERSON),
        ("unknown", ChatKind.PERSON),
        ("", ChatKind.PERSON),
    ],
)
def test_the_list_tells_what_a_chat_is(kind: str, expected: ChatKind) -> None:
    html = entry("../chats/chat_01/messages.html", kind)
    assert list(parse_index(html)) == [
        IndexEntry(title="名", kind=expected, folder="chats/chat_01")
    ]


@pytest.mark.parametrize(
    "href", ["../../x/messages.html", "/etc/messages.html", "messages.html", "../a/other.html", ""]
)
def test_entries_that_lead_elsewhere_are_no_chats(href: str) -> None:
    assert list(parse_index(entry(href, "channel"))) == []


@pytest.mark.parametrize(
    ("href", "path"),
    [
        ("photos/a.jpg", "x/photos/a.jpg"),
        ("./photos//a.jpg", "x/photos/a.jpg"),
        ("../../chats/chat_1/photos/a.jpg", "x/photos/a.jpg"),
        ("../chat_1/a.jpg", "x/a.jpg"),
        ("../../chats/chat_2/photos/a.jpg", None),
        ("../../../etc/passwd", None),
        ("/photos/a.jpg", None),
        ("..", None),
        ("", None),
        ("a\\b", None),
        ("C:/a", None),
    ],
)
def test_addresses_become_paths_below_the_export(href: str, path: str | None) -> None:
    assert make_locate(("chats", "chat_1"), "x/")(href) == path


def test_depth_is_counted_before_the_parser_meets_it() -> None:
    assert not is_too_deep("<div><b>x</b><br></div>" * 5000)
    assert is_too_deep("<div>" * 5000)
