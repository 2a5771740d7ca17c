"""What the tests of pages share: a post with everything on it, and a reader of HTML."""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import msgspec
from selectolax.lexbor import LexborHTMLParser

from soso.model.media import Media, MediaKind
from soso.model.post import (
    Button,
    Entity,
    EntityKind,
    Forward,
    LinkPreview,
    Location,
    Poll,
    PollAnswer,
    Reaction,
    Reply,
    Revision,
)
from soso.query.results import Card, PostPage
from tests.unit.web.fakes import (
    EVIL,
    NOW,
    FakeApp,
    make_app,
    make_card,
    make_chat,
    make_picture,
    make_stored,
    plain,
)


class RichApp(FakeApp):
    """An archive whose post pages have neighbours and related posts."""

    def get_post_page(
        self, ref: str, post_id: int, *, sensitive: bool = False, related: int = 8
    ) -> PostPage:
        page = super().get_post_page(ref, post_id, sensitive=sensitive, related=related)
        others = [card for card in self.cards if card.stored != page.stored]
        revisions = [
            Revision(text=f"旧文{number} {EVIL}" * 300, replaced_at=NOW) for number in range(6)
        ]
        return msgspec.structs.replace(
            page,
            related=tuple(others[:related]),
            newer=others[0],
            older=others[1],
            reply_to=others[0],
            origin=others[1],
            revisions=tuple(revisions) if page.stored.revisions else (),
        )


def make_rich_app(**settings: Any) -> RichApp:
    """Return an archive in which all that is foreign is hostile."""
    simple = make_app(**settings)
    chat = make_chat(
        9,
        title=f"聊天 {EVIL}",
        description=f"{EVIL} https://example.org @some_name " + "介绍" * 200,
        members=12_345,
        verified=True,
        picture=make_picture(),
    )
    full = make_full_card(chat)
    bare = make_card(make_stored(8, chat, text=""), chat, title=plain(""), snippet=plain(""))
    return RichApp(
        settings=simple.settings,
        cards=[full, bare, *simple.cards, *(_repeat(simple.cards, 20))],
        chats=[chat, *simple.chats],
    )


def make_full_card(chat: Any) -> Card:
    """Return a post that has everything a post can have."""
    text = f"标题 {EVIL}\n正文 {EVIL} " + "很长的正文。" * 300
    media = tuple(
        Media(
            kind=kind,
            post_id=70 + number,
            file_name=f"{EVIL}.pdf",
            performer=EVIL,
            title=EVIL,
            emoji=EVIL,
            mime=EVIL,
            missing=EVIL,
            bytes=5 * 10**9,
            duration_s=99_999,
            spoiler=number % 2 == 1,
            picture=None if number % 2 else make_picture(),
        )
        for number, kind in enumerate(MediaKind)
    )
    stored = make_stored(
        7,
        chat,
        text=text,
        entities=tuple(
            Entity(kind=kind, start=at * 7, end=at * 7 + 9, url=EVIL, language=EVIL)
            for at, kind in enumerate(EntityKind)
        ),
        at_certain=False,
        edited=True,
        edited_at=NOW - timedelta(hours=2),
        author=EVIL,
        via_bot=EVIL,
        views=1_234_567,
        forwards=89,
        album=tuple(range(70, 70 + len(media))),
        media=media,
        reactions=tuple(Reaction(emoji=EVIL, count=10**9) for _ in range(60)),
        forward=Forward(name=EVIL, username=EVIL, post_id=5, author=EVIL, at=NOW),
        reply=Reply(post_id=3, author=EVIL, text=EVIL * 20),
        poll=Poll(
            question=EVIL,
            answers=tuple(PollAnswer(text=EVIL, voters=number) for number in range(10)),
            total_voters=45,
            closed=True,
        ),
        location=Location(latitude=91.0, longitude=float("nan"), title=EVIL, address=EVIL),
        previews=tuple(
            LinkPreview(url=url, site=EVIL, title=EVIL, description=EVIL * 30)
            for url in ("https://example.org/", f"javascript:{EVIL}")
        ),
        buttons=(Button(text=EVIL, url="https://example.org/"), Button(text=EVIL, url=EVIL)),
    )
    stored = msgspec.structs.replace(stored, revisions=6)
    return make_card(
        stored,
        chat,
        kinds=("post", "photo", "video", "audio", "file", "poll", "link"),
        title=plain(f"标题 {EVIL}"),
        snippet=plain(f"正文 {EVIL} " + "很长的正文。" * 20),
        cover=make_picture(),
        full=False,
    )


def _repeat(cards: list[Card], times: int) -> Iterator[Card]:
    for number in range(times):
        card = cards[number % len(cards)]
        assert card.stored is not None
        post = msgspec.structs.replace(card.stored.post, id=1000 + number)
        yield msgspec.structs.replace(card, stored=msgspec.structs.replace(card.stored, post=post))


class Page:
    """A page as a browser without scripts reads it."""

    def __init__(self, html: str) -> None:
        self.html = html
        self.tree = LexborHTMLParser(html)

    def text(self, selector: str) -> str:
        node = self.tree.css_first(selector)
        assert node is not None, selector
        return " ".join(node.text().split())

    def texts(self, selector: str) -> list[str]:
        return [" ".join(node.text().split()) for node in self.tree.css(selector)]

    def links(self, selector: str = "a") -> list[str]:
        return [node.attributes.get("href") or "" for node in self.tree.css(selector)]

    def attribute(self, selector: str, name: str) -> str:
        node = self.tree.css_first(selector)
        assert node is not None, selector
        return node.attributes.get(name) or ""

    def has(self, selector: str) -> bool:
        return self.tree.css_first(selector) is not None

    def json_ld(self) -> dict[str, Any]:
        node = self.tree.css_first('script[type="application/ld+json"]')
        assert node is not None
        value = json.loads(node.text())
        assert isinstance(value, dict)
        return value


def assert_harmless(page: Page) -> None:
    """Fail if anything foreign came through as markup, or anything stands inline."""
    scripts = page.tree.css("script")
    assert [node.attributes.get("type") for node in scripts if node.text()] in (
        [],
        ["application/ld+json"],
    )
    assert "\u202e" not in page.html
    assert "\0" not in page.html
    for node in page.tree.css("*"):
        assert node.tag != "style"
        for name, value in node.attributes.items():
            assert name != "style", node.html
            assert not name.startswith("on"), node.html
            if name in ("href", "src", "action"):
                assert (value or "").startswith(
                    ("/", "#", "https://", "http://soso.test", "mailto:")
                ), value
