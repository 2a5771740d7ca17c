import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from soso.model.batch import Batch
from soso.model.errors import BadInput
from soso.sources.web_preview import PreviewFilesSource

GOLDEN = Path(__file__).parents[3] / "golden" / "web_preview"
Make = Callable[..., str]


@pytest.fixture
def folder(tmp_path: Path, message: Make, history: Make) -> Path:
    for number in (1, 2, 3):
        text = f'<div class="tgme_widget_message_text">post {number}</div>'
        post = message(text, post=f"harbour_daily/{number}")
        (tmp_path / f"page{number}.html").write_text(history(post), encoding="utf-8")
    return tmp_path


def pages(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.html"))


def ids(batches: list[Batch]) -> list[int]:
    return [post.id for batch in batches for post in batch.posts]


def test_a_page_is_a_batch(folder: Path) -> None:
    source = PreviewFilesSource(pages(folder))
    batches = list(source.pull(None))
    assert ids(batches) == [1, 2, 3]
    assert batches[-1].read_bytes == source.total_bytes
    assert source.name == f"preview:{folder.resolve()}"


def test_an_interrupted_pull_goes_on(folder: Path) -> None:
    source = PreviewFilesSource(pages(folder))
    cursors = [batch.cursor for batch in source.pull(None)]
    assert ids(list(source.pull(cursors[0]))) == [2, 3]
    assert list(source.pull(cursors[2])) == []


def test_an_interrupted_pull_starts_anew_if_the_files_have_changed(folder: Path) -> None:
    cursor = list(PreviewFilesSource(pages(folder)).pull(None))[1].cursor
    (folder / "page0.html").write_bytes((folder / "page1.html").read_bytes())
    assert ids(list(PreviewFilesSource(pages(folder)).pull(cursor))) == [1, 1, 2, 3]
    for strange in ("", ":", "page3.html", "0:page3.html"):
        assert len(list(PreviewFilesSource(pages(folder)).pull(strange))) == 4


def test_the_order_of_the_paths_does_not_matter(folder: Path) -> None:
    source = PreviewFilesSource(pages(folder)[::-1] + pages(folder))
    assert ids(list(source.pull(None))) == [1, 2, 3]


def test_files_of_no_use_are_counted(folder: Path) -> None:
    (folder / "a.html").write_text("<html>no preview</html>", encoding="utf-8")
    (folder / "page2b.html").write_bytes((GOLDEN / "card_free.html").read_bytes())
    (folder / "z1.html").write_bytes((GOLDEN / "embed_missing.html").read_bytes())
    (folder / "z2.html").write_bytes((GOLDEN / "card_invite_group.html").read_bytes())
    batches = list(PreviewFilesSource([*pages(folder), folder / "gone.html"]).pull(None))
    counted: dict[str, int] = {}
    for batch in batches:
        for reason, count in batch.skipped.items():
            counted[reason] = counted.get(reason, 0) + count
    assert counted == {
        "a file that is not a preview page": 1,
        "a page of a name that nobody has": 1,
        "a page that says its post is not there": 1,
        "a page of an invitation to a private chat": 1,
        "a file that can't be read": 1,
    }
    assert (batches[-1].cursor or "").endswith(":z2.html")
    assert batches[-1].notices == (
        f"{folder.resolve()}: left out a.html, gone.html, page2b.html, z1.html, z2.html",
    )


def test_nothing_of_use_is_bad_input(tmp_path: Path) -> None:
    page = tmp_path / "a.html"
    page.write_bytes((GOLDEN / "card_free.html").read_bytes())
    with pytest.raises(BadInput, match="a page of a name that nobody has"):
        list(PreviewFilesSource([page]).pull(None))
    with pytest.raises(BadInput, match="no preview page was given"):
        PreviewFilesSource([])


def test_a_useless_rest_is_counted_all_the_same(folder: Path) -> None:
    (folder / "z.html").write_text("x", encoding="utf-8")
    source = PreviewFilesSource(pages(folder))
    cursor = list(source.pull(None))[-1].cursor or ""
    (batch,) = source.pull(cursor.replace("z.html", "page3.html"))
    assert batch.skipped == {"a file that is not a preview page": 1}
    assert (batch.posts, batch.chat.username) == ((), None)


def test_a_card_is_a_batch_without_posts() -> None:
    (batch,) = PreviewFilesSource([GOLDEN / "card_group.html"]).pull(None)
    assert batch.posts == ()
    assert batch.chat.members == 97957


def test_pages_cut_off_are_partial(folder: Path) -> None:
    page = folder / "page3.html"
    page.write_bytes(page.read_bytes()[:-30])
    assert [b.partial for b in PreviewFilesSource(pages(folder)).pull(None)] == [False, False, True]


def test_the_time_of_a_file_stands_for_the_pages(folder: Path) -> None:
    moment = datetime(2026, 7, 1, tzinfo=UTC).timestamp()
    for page in pages(folder):
        os.utime(page, (moment, moment))
    seen = {batch.observed_at for batch in PreviewFilesSource(pages(folder)).pull(None)}
    assert seen == {datetime(2026, 7, 1, tzinfo=UTC)}


def test_pictures_saved_beside_a_page_are_opened(
    tmp_path: Path, message: Make, history: Make
) -> None:
    photo = (
        '<a class="tgme_widget_message_photo_wrap" style="background-image:'
        "url('./my%20page_files/p.jpg?x=1')\"></a>"
        '<a class="tgme_widget_message_photo_wrap" style="background-image:'
        "url('../../secret.jpg')\"></a>"
        '<a class="tgme_widget_message_photo_wrap" style="background-image:'
        "url('https://cdn4.telesco.pe/file/q.jpg')\"></a>"
    )
    inner = tmp_path / "b"
    (inner / "my page_files").mkdir(parents=True)
    (inner / "my page_files" / "p.jpg").write_bytes(b"picture")
    (inner / "my page.html").write_text(history(message(photo)), encoding="utf-8")
    (tmp_path / "a.html").write_text(history(message()), encoding="utf-8")
    source = PreviewFilesSource([tmp_path / "a.html", inner / "my page.html"])
    batch = list(source.pull(None))[1]
    sources = [item.source for item in batch.posts[0].media]
    assert sources == ["b/my page_files/p.jpg", None, "https://cdn4.telesco.pe/file/q.jpg"]
    assert source.open_media("b/my page_files/p.jpg", max_bytes=7) == b"picture"
    assert source.open_media("b/my page_files/p.jpg", max_bytes=6) is None
    assert source.open_media("https://cdn4.telesco.pe/file/q.jpg", max_bytes=99) is None


@pytest.mark.parametrize(
    "path", ["../outside.jpg", "/etc/passwd", "link.jpg", "b", "", "a\0b", "none"]
)
def test_nothing_outside_the_folder_is_opened(folder: Path, path: str) -> None:
    (folder / "b").mkdir()
    (folder.parent / "outside.jpg").write_bytes(b"secret")
    (folder / "link.jpg").symlink_to(folder.parent / "outside.jpg")
    assert PreviewFilesSource(pages(folder)).open_media(path, max_bytes=100) is None
