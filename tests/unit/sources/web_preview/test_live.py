from collections.abc import Collection
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from soso.doubles.preview.answering import answer
from soso.doubles.preview.double import PreviewDouble
from soso.following.pages import Ask, Purpose, Shown
from soso.model.errors import BadInput, SosoError, Unavailable
from soso.model.following import Route
from soso.model.post import Post, Service
from soso.ports.fetcher import Fetched
from soso.sources.web_preview.live import LivePreviewSite, page_address, parse_name, read_answer

HOST = "http://127.0.0.1:9"
NOW = datetime(2026, 11, 20, tzinfo=UTC)
NEWEST = Ask(purpose=Purpose.NEWEST)


def before(number: int) -> Ask:
    return Ask(purpose=Purpose.BACKFILL, before=number)


def single(number: int) -> Ask:
    return Ask(purpose=Purpose.CONFIRM, post_id=number)


class DoubleFetcher:
    """Answers from a double without a network; changed: what is done to an answer."""

    def __init__(self, double: PreviewDouble) -> None:
        self.double = double
        self.asked: list[str] = []
        self.changed: dict[str, object] = {}

    def fetch(
        self,
        url: str,
        *,
        max_bytes: int,
        etag: str | None = None,
        last_modified: str | None = None,
        kinds: Collection[str] = (),
    ) -> Fetched:
        self.asked.append(url)
        assert "text/html" in kinds
        path, _, query = url.removeprefix(HOST).partition("?")
        found = answer(self.double, path, query, etag or "")
        headers = dict(found.headers)
        if found.status == 302:
            found = answer(self.double, headers["Location"], "", "")
        told: dict[str, object] = {
            "url": url,
            "status": found.status,
            "content": found.content,
            "etag": headers.get("ETag"),
        }
        return Fetched(**(told | self.changed))  # type: ignore[arg-type]

    def wait_s(self, url: str) -> float:
        return 1.5 if url == HOST else 0.0

    def open_media(self, source: str, *, max_bytes: int) -> bytes | None:
        return source.encode()[:max_bytes]

    def now(self) -> datetime:
        return NOW


@pytest.fixture
def fetcher() -> DoubleFetcher:
    double = PreviewDouble(now=NOW.timestamp)
    double.add_channel("Ming", posts=60, number=7)
    return DoubleFetcher(double)


@pytest.fixture
def site(fetcher: DoubleFetcher) -> LivePreviewSite:
    return LivePreviewSite(fetcher, fetcher, f"{HOST}/", fetcher)


def test_a_page_of_posts(site: LivePreviewSite) -> None:
    newest = site.read("ming", NEWEST)
    assert (newest.shown, newest.at) == (Shown.POSTS, NOW)
    assert newest.chat is not None
    assert newest.chat.username == "Ming"
    assert newest.chat.peer is not None
    assert newest.chat.peer.id == 7
    older = site.read("ming", before(newest.posts[0].id))
    assert older.posts[-1].id < newest.posts[0].id
    assert site.read("ming", before(1)).posts == ()


def test_nothing_new(site: LivePreviewSite) -> None:
    first = site.read("ming", NEWEST)
    assert first.etag is not None
    assert site.read("ming", NEWEST, etag=first.etag).shown is Shown.UNCHANGED


def test_one_post_by_itself(site: LivePreviewSite, fetcher: DoubleFetcher) -> None:
    assert [one.id for one in site.read("ming", single(60)).posts] == [60]
    fetcher.double.delete("Ming", [60])
    assert site.read("ming", single(60)).shown is Shown.NO_POST


@pytest.mark.parametrize(
    ("kind", "name", "shown"),
    [
        ("group", "qunzu", Shown.CLOSED),
        ("bot", "qunbot", Shown.BOT),
        ("user", "renren", Shown.PERSON),
        ("invite", "AbCdEfGh12", Shown.PRIVATE),
    ],
)
def test_cards(
    site: LivePreviewSite, fetcher: DoubleFetcher, kind: str, name: str, shown: Shown
) -> None:
    fetcher.double.add_card(name, kind=kind)
    reading = site.read(f"+{name}" if kind == "invite" else name, NEWEST)
    assert reading.shown is shown
    assert reading.chat is not None


def test_closed_and_free_names(site: LivePreviewSite, fetcher: DoubleFetcher) -> None:
    fetcher.double.change("Ming", closed=True)
    assert site.read("ming", NEWEST).shown is Shown.CLOSED
    assert site.read("nobody_here", NEWEST).shown is Shown.FREE


def test_an_answer_that_was_cut_off_is_none(site: LivePreviewSite, fetcher: DoubleFetcher) -> None:
    fetcher.changed = {"cut": True}
    with pytest.raises(Unavailable):
        site.read("ming", NEWEST)
    whole = answer(fetcher.double, "/s/Ming", "", "").content
    for part in (0.5, 0.9):
        fetcher.changed = {"content": whole[: int(len(whole) * part)]}
        with pytest.raises(Unavailable):
            site.read("ming", NEWEST)


@given(content=st.binary(max_size=300), status=st.sampled_from([200, 400, 403, 404, 410, 304]))
def test_odd_answers_are_errors_or_readings(content: bytes, status: int) -> None:
    for ask in (NEWEST, before(9), single(9)):
        try:
            reading = read_answer(Fetched(url=HOST, status=status, content=content), ask, now=NOW)
        except SosoError:
            continue
        assert reading.shown in (Shown.FREE, Shown.NO_POST, Shown.UNCHANGED)


def test_a_run_of_posts_is_no_answer_for_one(fetcher: DoubleFetcher) -> None:
    run = Fetched(url=HOST, status=200, content=answer(fetcher.double, "/s/Ming", "", "").content)
    one = answer(fetcher.double, "/Ming/60", "embed=1", "").content
    with pytest.raises(BadInput):
        read_answer(run, single(60), now=NOW)
    with pytest.raises(BadInput):
        read_answer(Fetched(url=HOST, status=200, content=one), NEWEST, now=NOW)


def test_a_page_is_never_of_the_future(fetcher: DoubleFetcher) -> None:
    page = Fetched(url=HOST, status=200, content=answer(fetcher.double, "/s/Ming", "", "").content)
    behind = NOW - timedelta(hours=1)
    assert read_answer(page, NEWEST, now=behind).at == behind
    assert read_answer(page, NEWEST, now=NOW + timedelta(hours=1)).at == NOW


def test_addresses() -> None:
    assert page_address(HOST, "ming", NEWEST) == f"{HOST}/s/ming"
    assert page_address(HOST, "ming", before(9)) == f"{HOST}/s/ming?before=9"
    assert page_address(HOST, "ming", single(9)).startswith(f"{HOST}/ming/9?embed=1")
    assert page_address(HOST, "+AbC_-9", NEWEST) == f"{HOST}/+AbC_-9"


@pytest.mark.parametrize(
    "text",
    [
        "@Ming_zi",
        "Ming_zi",
        " https://t.me/Ming_zi ",
        "http://www.t.me/s/Ming_zi?before=9",
        "t.me/Ming_zi/123",
        "telegram.me/Ming_zi",
        "https://Ming_zi.t.me/5",
        "tg://resolve?domain=Ming_zi&post=3",
        f"{HOST}/s/Ming_zi",
    ],
)
def test_names_in_all_their_forms(text: str) -> None:
    named = parse_name(text, HOST)
    assert (named.route, named.name) == (Route.PREVIEW, "ming_zi")
    assert named.shown.lower() == "ming_zi"


@pytest.mark.parametrize(
    "text", ["+AbCdEfGh12", "https://t.me/+AbCdEfGh12", "t.me/joinchat/AbCdEfGh12"]
)
def test_invitations_keep_their_case(text: str) -> None:
    assert parse_name(text).name == "+AbCdEfGh12"


def test_feeds() -> None:
    named = parse_name("https://rsshub.example/telegram/channel/ming#top")
    assert named.route is Route.FEED
    assert named.name == "https://rsshub.example/telegram/channel/ming"


@pytest.mark.parametrize(
    "text",
    [
        *("", "@", "a b", "@ab", "1abc", f"@{'x' * 99}", "example.org/feed"),
        *("https://t.me/", "https://t.me/addstickers/Cats", "https://t.me/s", "t.me/c/1500/3"),
        *("https://[", "https://localhost/", "ftp://x.y/z", "file:///etc/passwd"),
        "tg://join?invite=abc",
    ],
)
def test_what_is_no_name(text: str) -> None:
    with pytest.raises(BadInput):
        parse_name(text)


@given(st.text(max_size=60))
def test_any_text_is_a_name_or_told(text: str) -> None:
    try:
        named = parse_name(text)
    except BadInput:
        return
    assert named.name


def test_what_pages_can_tell_of() -> None:
    site = LivePreviewSite(None, None, HOST, None)  # type: ignore[arg-type]
    mine = Service(action="pin_message", raw='{"text":"pinned a photo"}')
    for service, told in ((None, True), (mine, True), (Service(action="pin_message"), False)):
        assert site.lists(Post(id=1, at=NOW, service=service)) is told


def test_what_is_handed_on(site: LivePreviewSite) -> None:
    assert site.wait_s() == 1.5
    assert site.open_media("https://x/y", max_bytes=5) == b"https"
    assert site.parse_name(f"{HOST}/s/ming").name == "ming"
