import pytest
from selectolax.lexbor import LexborHTMLParser

from soso.model.chat import ChatKind, ChatSighting
from soso.sources.web_preview.card import picture_address, read_card, read_description
from soso.sources.web_preview.page import PageKind


def card(
    *,
    title: str = "Harbour",
    extra: str = "",
    button: str = "View in Telegram",
    href: str = "tg://resolve?domain=harbour_daily",
    more: str = "",
    head: str = "",
) -> tuple[PageKind, ChatSighting | None, bool]:
    named = f'<div class="tgme_page_title"><span>{title}</span></div>' if title else ""
    line = f'<div class="tgme_page_extra">{extra}</div>' if extra else ""
    return read_card(
        LexborHTMLParser(
            f'<html><head>{head}</head><body><div class="tgme_page">{named}{line}{more}'
            f'<div class="tgme_page_action"><a href="{href}">{button}</a></div></div></body></html>'
        )
    )


@pytest.mark.parametrize(
    ("extra", "kind", "members"),
    [
        ("11 286 994 subscribers", PageKind.CHANNEL, 11286994),
        ("1 subscriber", PageKind.CHANNEL, 1),
        ("97\u00a0957 members, 4\u00a0138 online", PageKind.GROUP, 97957),
        ("12 members", PageKind.GROUP, 12),
        ("1 member", PageKind.GROUP, 1),
        ("11.3M subscribers", PageKind.CHANNEL, 11300000),
    ],
)
def test_the_audience_tells_the_kind(extra: str, kind: PageKind, members: int) -> None:
    found, chat, _ = card(extra=extra)
    assert found is kind
    assert chat is not None
    assert (chat.members, chat.username, chat.is_public) == (members, "harbour_daily", True)


def test_a_bot_by_its_button_alone() -> None:
    kind, chat, _ = card(extra="@Harbour_Bot", button="Start Bot")
    assert kind is PageKind.BOT
    assert chat is not None
    assert (chat.kind, chat.username, chat.members) == (ChatKind.BOT, "Harbour_Bot", None)


def test_a_person_is_never_public() -> None:
    kind, chat, _ = card(extra="@ben_sails", button="Send Message")
    assert kind is PageKind.USER
    assert chat is not None
    assert (chat.kind, chat.is_public) == (ChatKind.PERSON, False)


def test_a_person_without_a_line_under_the_title() -> None:
    head = "<title>Telegram: Contact @harbour_daily</title>"
    kind, chat, _ = card(button="Send Message", head=head)
    assert kind is PageKind.USER
    assert chat is not None


@pytest.mark.parametrize(
    "page",
    [
        {"title": "", "button": "Send Message"},
        {"title": "", "extra": "@nobody_here"},
        {"href": "", "extra": "5 subscribers"},
        {"href": "tg://resolve?domain=abc", "extra": "5 subscribers"},
        {"href": "tg://[x", "extra": "5 subscribers"},
        {},
    ],
)
def test_what_names_nobody_is_free(page: dict[str, str]) -> None:
    kind, chat, _ = card(**page)
    assert (kind, chat) == (PageKind.FREE, None)


@pytest.mark.parametrize("button", ["Join Group", "Join Channel", "Request to Join"])
def test_an_invitation_has_no_name(button: str) -> None:
    kind, chat, _ = card(extra="12 members, 3 online", button=button, href="tg://join?invite=x")
    assert kind is PageKind.INVITE
    assert chat is not None
    assert (chat.username, chat.is_public, chat.kind) == (None, False, ChatKind.GROUP)


def test_a_link_to_the_preview_makes_a_channel() -> None:
    link = '<a class="tgme_page_context_link" href="/s/harbour_daily">Preview channel</a>'
    kind, _, has_preview = card(more=link)
    assert (kind, has_preview) == (PageKind.CHANNEL, True)


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("You can view and join <a>@x</a> right away.", ""),
        ("If you have <strong>Telegram</strong>, you can contact <a>@x</a> right away.", ""),
        ("You can launch @x right away", ""),
        ("You can view and join us for tea", "You can view and join us for tea"),
        ("Tides<br>and boats", "Tides\nand boats"),
        ("", ""),
    ],
)
def test_descriptions_of_telegrams_own_are_none(html: str, text: str) -> None:
    node = LexborHTMLParser(f"<div>{html}</div>").css_first("div")
    assert read_description(node) == text
    assert read_description(None) is None


@pytest.mark.parametrize(
    ("image", "meta", "address"),
    [
        (
            "https://cdn4.telesco.pe/a.jpg",
            "https://x.example/b.jpg",
            "https://cdn4.telesco.pe/a.jpg",
        ),
        ("data:image/svg+xml;base64,AA", "https://x.example/b.jpg", "https://x.example/b.jpg"),
        ("data:image/svg+xml;base64,AA", "https://telegram.org/img/t_logo_2x.png", None),
        ("", "", None),
    ],
)
def test_pictures(image: str, meta: str, address: str | None) -> None:
    tree = LexborHTMLParser(
        f'<head><meta property="og:image" content="{meta}"></head><i><img src="{image}"></i>'
    )
    assert picture_address(tree.css_first("i"), tree) == address
    assert picture_address(tree.css_first("img"), tree) == address
