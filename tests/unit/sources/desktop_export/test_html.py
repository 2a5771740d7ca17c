"""HTML exports as a source."""

import tempfile
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from soso.model.batch import Batch
from soso.model.chat import ChatKind, ChatSighting
from soso.model.errors import BadInput
from soso.model.post import Post
from soso.sources.desktop_export.batches import PERSONAL
from soso.sources.desktop_export.html import DesktopHtmlSource

GOLDEN = Path(__file__).parents[3] / "golden" / "desktop_export"
TWO_PAGES = GOLDEN / "html_2025"
ACCOUNT = GOLDEN / "html_account"


def pull(path: Path, **options: object) -> list[Batch]:
    return list(DesktopHtmlSource(path, **options).pull(None))  # type: ignore[arg-type]


def posts(batches: list[Batch]) -> list[Post]:
    return [post for batch in batches for post in batch.posts]


def skips(batches: list[Batch]) -> Counter[str]:
    counts: Counter[str] = Counter()
    for batch in batches:
        counts.update(batch.skipped)
    return counts


def copy(source: Path, target: Path, *, end: int | None = None) -> Path:
    target.write_bytes(source.read_bytes()[:end])
    return target


def test_a_folder_or_any_of_its_pages_is_the_whole_chat() -> None:
    whole = posts(pull(TWO_PAGES))
    assert {post.id for post in whole} >= {1, 23}
    for name in ("messages.html", "messages2.html"):
        assert posts(pull(TWO_PAGES / name)) == whole


def test_a_chat_is_known_by_its_title_alone() -> None:
    (batch,) = pull(TWO_PAGES)
    assert batch.chat == ChatSighting(title="剧场公告")


def test_a_renamed_page_stands_for_itself(tmp_path: Path) -> None:
    copy(TWO_PAGES / "messages.html", tmp_path / "messages.html")
    path = copy(TWO_PAGES / "messages2.html", tmp_path / "saved page.html")
    assert posts(pull(path))[0].id == 15


def test_an_interrupted_pull_goes_on_where_it_was() -> None:
    for folder in (TWO_PAGES, ACCOUNT):
        for size in (1, 2, 5, 17, 1000):
            source = DesktopHtmlSource(folder, batch_size=size)
            whole = list(source.pull(None))
            for done in range(1, len(whole) + 1):
                rest = list(source.pull(whole[done - 1].cursor))
                assert posts(whole[:done] + rest) == posts(whole)
                assert skips(whole[:done] + rest) == skips(whole)


def test_pages_that_are_not_there_are_told(tmp_path: Path) -> None:
    first = copy(TWO_PAGES / "messages.html", tmp_path / "messages.html")
    assert pull(tmp_path)[-1].notices == ("messages2.html is not there",)
    copy(TWO_PAGES / "messages2.html", tmp_path / "messages3.html")
    assert pull(tmp_path)[-1].notices == ("messages2.html is not there",)
    first.unlink()
    assert "messages.html is not there" in pull(tmp_path)[0].notices


def test_a_page_cut_anywhere_loses_no_more_than_its_last_row(tmp_path: Path) -> None:
    page = TWO_PAGES / "messages2.html"
    complete = posts(pull(copy(page, tmp_path / "saved.html")))
    content = page.read_bytes()
    for cut in range(content.index(b'id="message15"') + 20, len(content) - 20, 97):
        batches = pull(copy(page, tmp_path / "saved.html", end=cut))
        assert batches[-1].partial
        read = posts(batches)
        assert read == complete[: len(read)]
        begun = content[:cut].count(b'id="message') - 1  # but for the line before the day
        assert len(read) >= begun - 1


def test_another_file_between_the_pages_is_told(tmp_path: Path) -> None:
    copy(TWO_PAGES / "messages.html", tmp_path / "messages.html")
    (tmp_path / "messages2.html").write_text("<html><body>hello</body></html>", "utf-8")
    batches = pull(tmp_path)
    assert posts(batches)
    assert any("messages2.html is no page" in notice for notice in batches[-1].notices)


def test_a_file_that_is_no_page_is_refused_in_words(tmp_path: Path) -> None:
    (tmp_path / "messages.html").write_text("<html><body>hello</body></html>", "utf-8")
    for path in (tmp_path, ACCOUNT / "lists" / "chats.html"):
        with pytest.raises(BadInput, match="no page of an HTML export"):
            pull(path)


def test_an_account_by_its_summary_page() -> None:
    assert posts(pull(ACCOUNT / "export_results.html")) == posts(pull(ACCOUNT))


def test_personal_chats_of_an_account_are_left_out_unless_asked_for() -> None:
    batches = pull(ACCOUNT)
    assert {batch.chat.title for batch in batches} == {"街坊群"}
    assert batches[0].chat.kind is ChatKind.GROUP
    assert skips(batches) == {PERSONAL: 1}
    asked = pull(ACCOUNT, chats=["好友"])
    assert [batch.chat.title for batch in asked] == ["街坊群", "好友"]
    assert skips(asked) == {}


def test_an_account_of_personal_chats_alone_is_refused_in_words(tmp_path: Path) -> None:
    (tmp_path / "chats" / "chat_2").mkdir(parents=True)
    (tmp_path / "lists").mkdir()
    copy(ACCOUNT / "lists" / "chats.html", tmp_path / "lists" / "chats.html")
    page = Path("chats") / "chat_2" / "messages.html"
    copy(ACCOUNT / page, tmp_path / page)
    with pytest.raises(BadInput, match="are personal"):
        pull(tmp_path)


@given(
    st.sampled_from([TWO_PAGES / "messages.html", TWO_PAGES / "messages2.html"]),
    st.lists(
        st.tuples(st.floats(0, 1), st.integers(0, 30), st.binary(max_size=8)),
        min_size=1,
        max_size=9,
    ),
)
def test_a_page_with_random_damage_gives_batches_or_bad_input(
    page: Path, damages: list[tuple[float, int, bytes]]
) -> None:
    content = page.read_bytes()
    for place, length, instead in damages:
        at = int(place * len(content))
        content = content[:at] + instead + content[at + length :]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "messages.html"
        path.write_bytes(content)
        try:
            batches = pull(path)
        except BadInput:
            return
    for post in posts(batches):
        assert all(entity.end <= len(post.text) for entity in post.entities)


def test_media_are_opened_below_the_folder_only(tmp_path: Path) -> None:
    copy(TWO_PAGES / "messages.html", tmp_path / "messages.html")
    (tmp_path / "files").mkdir()
    (tmp_path / "files" / "节目单.pdf").write_bytes(b"pdf")
    source = DesktopHtmlSource(tmp_path)
    paths = [medium.source for post in posts(list(source.pull(None))) for medium in post.media]
    assert "files/节目单.pdf" in paths
    assert source.open_media("files/节目单.pdf", max_bytes=10) == b"pdf"
    assert source.open_media("../x", max_bytes=10) is None


def test_what_is_not_there(tmp_path: Path) -> None:
    assert DesktopHtmlSource(tmp_path).total_bytes is None
    for path in (tmp_path, tmp_path / "gone", tmp_path / "gone.html", tmp_path / "messages.html"):
        with pytest.raises(BadInput):
            pull(path)


def test_progress_ends_at_the_size_of_all_pages() -> None:
    source = DesktopHtmlSource(TWO_PAGES)
    assert list(source.pull(None))[-1].read_bytes == source.total_bytes


def test_a_name_that_no_personal_chat_has_is_told() -> None:
    batches = pull(ACCOUNT, chats=["好友", "Nobody"])
    said = [notice for batch in batches for notice in batch.notices]
    assert [one for one in said if "called" in one] == ["no personal chat is called Nobody"]
