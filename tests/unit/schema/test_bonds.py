from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from soso.model.chat import Chat, ChatKind
from soso.model.ids import ChatKey, Peer, PeerKind
from soso.model.media import Media, MediaKind, Picture
from soso.model.post import Entity, EntityKind, Forward, LinkPreview, Post
from soso.schema.bonds import MOST, Bond, BondKind, anchors_of, find_bonds, names_of

AT = datetime(2026, 11, 1, tzinfo=UTC)


def bonds(text: str, **more: object) -> list[tuple[str, str]]:
    post = Post(id=1, at=AT, text=text, **more)  # type: ignore[arg-type]
    return [(bond.kind.value, bond.value) for bond in find_bonds(post)]


@pytest.mark.parametrize(
    "written",
    [
        "https://www.example.org/a/",
        "http://example.org/a?utm_source=tg&utm_medium=post",
        "https://EXAMPLE.org/a#part",
        "example.org/a",
    ],
)
def test_one_address_is_one_however_it_is_written(written: str) -> None:
    assert bonds(f"看这里 {written}") == [("link", "example.org/a")]


def test_what_an_address_asks_for_is_part_of_it() -> None:
    assert bonds("https://example.org/watch?v=1") != bonds("https://example.org/watch?v=2")


def test_the_front_page_of_a_site_ties_nothing() -> None:
    assert bonds("https://example.org/ https://t.me/joinchat/abc") == []


def test_names_and_posts_on_telegram() -> None:
    found = bonds("@Some_Channel https://t.me/s/other_one/12 https://t.me/third_one t.me/c/15/7")
    assert set(found) == {
        ("name", "@some_channel"),
        ("post", "@other_one/12"),
        ("name", "@third_one"),
        ("post", "15/7"),
    }


def test_tags_pictures_and_forwards() -> None:
    picture = Picture(
        blob="ab", thumb="cd", width=1, height=1, thumb_width=1, thumb_height=1, look="0f1"
    )
    found = bonds(
        "#彗星",
        media=(Media(kind=MediaKind.PHOTO, picture=picture),),
        forward=Forward(peer=Peer(kind=PeerKind.CHANNEL, id=5), username="From_It", post_id=9),
        previews=(LinkPreview(url="https://example.org/b"),),
    )
    assert set(found) == {
        ("picture", "ab"),
        ("picture", "0f1"),
        ("source", "@from_it"),
        ("post", "@from_it/9"),
        ("source", "5"),
        ("post", "5/9"),
        ("link", "example.org/b"),
        ("tag", "#彗星"),
    }


def test_a_link_to_a_post_is_what_the_post_is_found_by() -> None:
    chat = Chat(
        key=ChatKey(1),
        kind=ChatKind.CHANNEL,
        peer=Peer(kind=PeerKind.CHANNEL, id=15),
        username="Some_One",
    )
    anchors = anchors_of(chat, (7,))
    pointing = Post(id=1, at=AT, text="https://t.me/some_one/7 https://t.me/c/15/7")
    assert set(find_bonds(pointing)) == set(anchors)
    assert Bond(BondKind.SOURCE, "15") in names_of(chat)


def test_terms_differ_by_kind_and_fit_the_index() -> None:
    one, other = Bond(BondKind.TAG, "@a"), Bond(BondKind.NAME, "@a")
    assert one.term != other.term
    assert len(one.term) == 15


def test_a_digest_of_links_is_cut() -> None:
    links = " ".join(f"https://example.org/{n}" for n in range(200))
    assert len(bonds(links)) == MOST


@given(url=st.text(max_size=60), start=st.integers(-5, 50), end=st.integers(-5, 50))
def test_nothing_that_comes_in_raises(url: str, start: int, end: int) -> None:
    entities = (
        Entity(kind=EntityKind.TEXT_LINK, start=start, end=end, url=f"https://{url}"),
        Entity(kind=EntityKind.MENTION, start=start, end=end),
    )
    post = Post(id=1, at=AT, text=f"{url} https://[{url}", entities=entities)
    assert all(bond.term for bond in find_bonds(post))
