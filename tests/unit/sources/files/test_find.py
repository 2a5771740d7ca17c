import os
import zipfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import timedelta, timezone
from pathlib import Path

import pytest

from soso.model.batch import Batch
from soso.model.errors import BadInput, HostileInput
from soso.sources.files import find_sources, open_sources
from soso.sources.files.find import Found
from tests.unit.sources.files.conftest import HTML_EXPORT, json_export, page, rows

Put = Callable[[str, str | bytes], Path]


class Finder:
    def __init__(self, workdir: Path, stack: ExitStack) -> None:
        self.workdir = workdir
        self.stack = stack

    def __call__(self, *paths: Path) -> list[Found]:
        return find_sources(paths, zone=None, chats=(), workdir=self.workdir, stack=self.stack)


@pytest.fixture
def find(tmp_path: Path) -> Iterator[Finder]:
    with ExitStack() as stack:
        yield Finder(tmp_path / "work", stack)


def pack(archive: Path, folder: Path) -> Path:
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as opened:
        for path in sorted(folder.rglob("*")):
            opened.write(path, path.relative_to(folder))
    return archive


def names(found: list[Found], root: Path) -> list[str]:
    return [one.source.name.replace(os.path.realpath(root), "") for one in found]


def pulled(found: list[Found]) -> list[Batch]:
    return [batch for one in found for batch in one.source.pull(None)]


@pytest.mark.parametrize(
    ("name", "content", "form"),
    [
        ("result.json", json_export(), "desktop-json"),
        ("page.html", page(), "preview"),
        ("rows.jsonl", rows(), "jsonl"),
    ],
)
def test_a_file_by_itself(find: Finder, put: Put, name: str, content: str, form: str) -> None:
    file = put(name, content)
    found = find(file)
    assert [one.form for one in found] == [form]
    assert names(found, file.parent) == [f"{form}:/{name}"]
    (batch,) = pulled(found)
    assert [post.id for post in batch.posts] == [7]


def test_a_folder_is_named_like_the_file_in_it(find: Finder, put: Put) -> None:
    file = put("result.json", json_export())
    assert names(find(file.parent), file.parent) == names(find(file), file.parent)
    page_of_chat = put("html/messages.html", HTML_EXPORT)
    assert names(find(page_of_chat), file.parent) == ["desktop-html:/html"]
    assert names(find(page_of_chat.parent), file.parent) == ["desktop-html:/html"]


def test_pages_of_one_chat_given_one_by_one_are_one_source(find: Finder, put: Put) -> None:
    first = put("messages.html", HTML_EXPORT)
    second = put("messages2.html", HTML_EXPORT.replace("message7", "message8"))
    found = find(first, second)
    assert len(found) == 1
    assert [post.id for batch in pulled(found) for post in batch.posts] == [7, 8]


def test_a_folder_of_many_forms(find: Finder, put: Put) -> None:
    put("ChatExport_2026-05-01/result.json", json_export())
    put("ChatExport_2026-05-01/messages.html", HTML_EXPORT)
    put("ChatExport_2026-05-02/messages.html", HTML_EXPORT)
    put("pages/a.html", page("harbour_daily/1"))
    put("pages/b.html", page("harbour_daily/2"))
    put("pages/b_files/frame.html", page("harbour_talk/3"))
    root = put("chats.jsonl", rows()).parent
    found = find(root)
    assert names(found, root) == [
        "jsonl:/chats.jsonl",
        "desktop-json:/ChatExport_2026-05-01/result.json",
        "desktop-html:/ChatExport_2026-05-02",
        "preview:/pages",
        "preview:/pages/b_files",
    ]
    assert [one.form for one in found] == [one.source.name.partition(":")[0] for one in found]
    assert sum(len(batch.posts) for batch in pulled(found)) == 6


def test_the_same_path_twice_is_imported_once(find: Finder, put: Put, tmp_path: Path) -> None:
    file = put("rows.jsonl", rows())
    (tmp_path / "link.jsonl").symlink_to(file)
    assert len(find(file, file.parent, tmp_path / "link.jsonl")) == 1


def test_what_is_left_out_is_said(find: Finder, put: Put) -> None:
    root = put("rows.jsonl", rows()).parent
    for number in range(7):
        put(f"notes/{number}.txt", "words")
    (batch,) = pulled(find(root))
    assert batch.notices == (
        f"{root}: left out, as nothing of ours: notes/0.txt, notes/1.txt, notes/2.txt, "
        "notes/3.txt, notes/4.txt and 2 more",
    )


def test_a_path_that_is_nothing_of_ours(find: Finder, put: Put, tmp_path: Path) -> None:
    for path, words in [
        (tmp_path / "gone", "there is no such file or folder"),
        (put("a.txt", "words"), "not something Soso can read; expected a Telegram Desktop export"),
        (put("only/a.txt", "words").parent, r"nothing Soso can read \(a.txt\); expected"),
        (Path("a\0b"), "there is no such file or folder"),
    ]:
        with pytest.raises(BadInput, match=words) as raised:
            find(path)
        assert str(path) in str(raised.value)
    (tmp_path / "empty").mkdir()
    with pytest.raises(BadInput, match="nothing Soso can read; expected"):
        find(tmp_path / "empty")


def test_a_pipe_is_not_opened(find: Finder, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(BadInput, match="neither a file nor a folder"):
        find(tmp_path / "pipe")
    folder = tmp_path / "with pipe"
    folder.mkdir()
    os.mkfifo(folder / "result.json")
    with pytest.raises(BadInput, match=r"nothing Soso can read \(result.json\)"):
        find(folder)


def test_options_reach_the_exports(put: Put, tmp_path: Path) -> None:
    plain = json_export().replace('"date_unixtime": "1777644005",', "")
    file = put("result.json", plain)
    zone = timezone(timedelta(hours=8))
    with open_sources([file], workdir=tmp_path / "work", zone=zone) as found:
        (batch,) = pulled(found)
    assert batch.posts[0].at.isoformat() == "2026-05-01T06:00:05+00:00"


def test_an_archive_is_unpacked_and_removed(put: Put, tmp_path: Path) -> None:
    put("ChatExport/result.json", json_export())
    put("ChatExport/photos/a.jpg", b"picture")
    root = put("pages/a.html", page()).parents[1]
    archive = pack(tmp_path / "both.zip", root)
    work = tmp_path / "work"
    with open_sources([archive], workdir=work) as found:
        assert names(found, tmp_path) == [
            "desktop-json:/both.zip!/ChatExport/result.json",
            "preview:/both.zip!/pages",
        ]
        assert sum(len(batch.posts) for batch in pulled(found)) == 2
        assert found[0].source.open_media("photos/a.jpg", max_bytes=99) == b"picture"
        assert len(list(work.iterdir())) == 1
        cursors = [batch.cursor for batch in pulled(found)]
    assert list(work.iterdir()) == []
    with open_sources([archive], workdir=work) as found:  # the same again goes on where it was
        rest = [list(f.source.pull(c)) for f, c in zip(found, cursors, strict=True)]
        assert [post for batches in rest for batch in batches for post in batch.posts] == []


def test_what_was_unpacked_is_removed_after_an_error_too(put: Put, tmp_path: Path) -> None:
    archive = pack(tmp_path / "a.zip", put("in.txt", "words").parent)
    work = tmp_path / "work"
    for path in (archive, put("bad.zip", b"PK\x03\x04 nonsense")):
        with pytest.raises(BadInput), open_sources([path], workdir=work):
            pytest.fail("nothing is to be found")
    assert list(work.iterdir()) == []


def test_an_archive_in_a_folder(find: Finder, put: Put) -> None:
    inner = put("inner/result.json", json_export()).parent
    root = inner.parent
    pack(root / "a.zip", inner)
    put("damaged.zip", b"PK\x03\x04 nonsense")
    with zipfile.ZipFile(root / "photos.zip", "w") as opened:
        opened.writestr("photo.jpg", b"x")
    found = find(root)
    assert names(found, root) == [
        "desktop-json:/a.zip!/result.json",
        "desktop-json:/inner/result.json",
    ]
    assert pulled(found)[0].notices[0].endswith("nothing of ours: damaged.zip, photos.zip")


def test_a_hostile_archive_in_a_folder_is_refused(find: Finder, put: Put) -> None:
    root = put("rows.jsonl", rows()).parent
    with zipfile.ZipFile(root / "a.zip", "w") as opened:
        opened.writestr("../evil.json", b"x")
    with pytest.raises(HostileInput):
        find(root)


def test_an_archive_within_an_archive_stays_closed(find: Finder, put: Put, tmp_path: Path) -> None:
    inner = put("x/result.json", json_export()).parent
    root = inner.parent
    pack(root / "inner.zip", inner)
    found = find(pack(tmp_path / "outer.zip", root))
    assert names(found, tmp_path) == ["desktop-json:/outer.zip!/x/result.json"]
    assert "inner.zip (an archive within an archive)" in pulled(found)[0].notices[0]


def test_a_hostile_archive_is_refused(find: Finder, tmp_path: Path) -> None:
    archive = tmp_path / "a.zip"
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as opened:
        opened.writestr("result.json", json_export())
        opened.writestr("../../evil.json", b"x")
    with pytest.raises(HostileInput, match=r"evil\.json' would be written outside its folder"):
        find(archive)
    assert not (tmp_path / "evil.json").exists()


def test_an_archive_larger_than_allowed(put: Put, tmp_path: Path) -> None:
    archive = pack(tmp_path / "a.zip", put("result.json", json_export()).parent)
    with ExitStack() as stack, pytest.raises(HostileInput, match="would unpack to more than"):
        find_sources(
            [archive], zone=None, chats=(), workdir=tmp_path / "w", stack=stack, max_bytes=100
        )


def test_progress_of_unpacking(put: Put, tmp_path: Path) -> None:
    archive = pack(tmp_path / "a.zip", put("result.json", json_export()).parent)
    seen: list[tuple[int, int]] = []
    with ExitStack() as stack:
        find_sources(
            [archive],
            zone=None,
            chats=(),
            workdir=tmp_path / "w",
            stack=stack,
            progress=lambda done, total: seen.append((done, total)),
        )
    assert seen[-1] == (len(json_export()), len(json_export()))
