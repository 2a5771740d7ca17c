import pytest

from soso.model.ids import Peer, PeerKind
from soso.sources.feed.identity import PostName, find_post, number_entries
from soso.sources.feed.wire import Entry, RawFeed

POST = "https://t.me/liujing_news/12"
NAME = PostName(username="liujing_news", post_id=12)
OWN = RawFeed(link="https://blog.example/")
CHANNELS = RawFeed(link="https://t.me/s/liujing_news")


@pytest.mark.parametrize(
    ("guid", "link", "feed", "name"),
    [
        (POST, POST, OWN, NAME),
        ("https://t.me/s/liujing_news/12", None, OWN, NAME),
        ("http://telegram.me/liujing_news/12?single", "https://x.example/", OWN, NAME),
        (None, POST, OWN, NAME),
        ("12", POST, OWN, NAME),
        ("urn:sha1:abc", POST, CHANNELS, NAME),
        ("urn:sha1:abc", POST, OWN, None),  # who links to a post is not it
        ("https://blog.example/1", POST, CHANNELS, None),
        (None, "https://t.me/liujing_news", OWN, None),
        (None, f"{POST}?comment=7", OWN, None),
        (None, "https://t.me.evil.example/liujing_news/12", OWN, None),
        (None, "https://t.me/liujing_news/99999999999", OWN, None),
        (None, None, OWN, None),
    ],
)
def test_which_post_an_entry_is(
    guid: str | None, link: str | None, feed: RawFeed, name: PostName | None
) -> None:
    assert find_post(Entry(guid=guid, link=link), feed) == name


def test_a_channel_without_a_name_is_known_by_its_number() -> None:
    found = find_post(Entry(guid="https://t.me/c/1500000001/7"), OWN)
    assert found == PostName(peer=Peer(kind=PeerKind.CHANNEL, id=1500000001), post_id=7)


def test_numbers_stay_and_are_far_from_telegrams() -> None:
    entries = [Entry(guid=str(n)) for n in range(2000)]
    numbers = number_entries(entries)
    assert len(set(numbers)) == 2000
    assert all(2**52 <= number < 2**53 for number in numbers)
    assert number_entries(entries[::-1]) == numbers[::-1]


def test_a_site_that_moves_to_https_keeps_its_posts() -> None:
    assert number_entries([Entry(guid="http://b.example/1")]) == number_entries(
        [Entry(guid="https://b.example/1")]
    )


def test_a_guid_that_all_entries_share_names_none() -> None:
    same = [Entry(guid="x", link=f"https://b.example/{n}") for n in range(3)]
    assert len(set(number_entries(same))) == 3
    assert len(set(number_entries([Entry(title="a"), Entry(title="b"), Entry(html="c")]))) == 3
