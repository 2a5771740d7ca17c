"""Photos and files of messages."""

import pytest

from soso.model.media import Media, MediaKind
from soso.sources.desktop_export.media import (
    UNSAFE,
    is_inside,
    name_from_path,
    read_media,
    read_path,
    read_reason,
)


def test_a_photo_with_its_size() -> None:
    raw = {"photo": "photos/a.jpg", "photo_file_size": 9, "width": 4, "height": 3}
    expected = Media(kind=MediaKind.PHOTO, source="photos/a.jpg", bytes=9, width=4, height=3)
    assert read_media(raw) == (expected,)


@pytest.mark.parametrize(
    ("media_type", "kind"),
    [
        ("sticker", MediaKind.STICKER),
        ("video_message", MediaKind.ROUND_VIDEO),
        ("voice_message", MediaKind.VOICE),
        ("animation", MediaKind.ANIMATION),
        ("video_file", MediaKind.VIDEO),
        ("audio_file", MediaKind.AUDIO),
        (None, MediaKind.FILE),
        ("future", MediaKind.FILE),
        (["sticker"], MediaKind.FILE),
    ],
)
def test_files_by_their_type(media_type: object, kind: MediaKind) -> None:
    (medium,) = read_media({"file": "files/a", "media_type": media_type})
    assert medium.kind is kind


def test_a_song_has_performer_and_title() -> None:
    raw = {"file": "files/a.mp3", "media_type": "audio_file", "performer": "乐队", "title": "序曲"}
    (medium,) = read_media(raw)
    assert (medium.performer, medium.title) == ("乐队", "序曲")


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("(File not included. Change data exporting settings to download.)", "not included"),
        (
            "(File exceeds maximum size. Change data exporting settings to download.)",
            "exceeds maximum size",
        ),
        ("(File unavailable, please try again later)", "unavailable"),
        ("(Eine neue Begründung)", "Eine neue Begründung"),
        ("()", "missing"),
    ],
)
def test_placeholders_are_missing_files_with_a_reason(written: str, reason: str) -> None:
    assert read_path(written) == (None, reason)
    (medium,) = read_media({"file": written, "thumbnail": written, "file_name": "a.zip"})
    assert (medium.source, medium.thumb_source, medium.missing) == (None, None, reason)
    assert medium.file_name == "a.zip"


def test_reasons_of_html_pages_are_the_same() -> None:
    long = "Exceeds maximum size, change data exporting settings to download."
    assert read_reason(long) == "exceeds maximum size"


@pytest.mark.parametrize(
    "path",
    ["../a", "a/../../b", "/etc/passwd", "~/a", "C:/a", "c:\\a", "a\\..\\b", "a\0b", "a/..", "..",
     "x" * 5000],
)  # fmt: skip
def test_paths_that_could_lead_out_are_not_passed_on(path: str) -> None:
    assert not is_inside(path)
    (medium,) = read_media({"photo": path})
    assert (medium.source, medium.missing) == (None, UNSAFE)


@pytest.mark.parametrize("path", ["photos/a.jpg", "a..b/c", "文件/报告: 终稿.pdf", "a b/(1).jpg"])
def test_paths_of_the_export_are(path: str) -> None:
    assert is_inside(path)


@pytest.mark.parametrize(
    ("path", "kind", "name"),
    [
        ("files/报告 (1).pdf", MediaKind.FILE, "报告 (1).pdf"),
        ("chats/chat_001/files/a.txt", MediaKind.FILE, "a.txt"),
        ("files/file_3@31-05-2024_18-20-11.pdf", MediaKind.FILE, None),
        ("video_files/video_1@31-05-2024_18-20-11.mp4", MediaKind.VIDEO, None),
        ("voice_messages/audio_1@31-05-2024_18-20-11.ogg", MediaKind.VOICE, None),
        ("stickers/sticker.webp", MediaKind.STICKER, None),
        (None, MediaKind.FILE, None),
    ],
)
def test_names_that_only_the_path_tells(
    path: str | None, kind: MediaKind, name: str | None
) -> None:
    assert name_from_path(path, kind) == name


def test_absurd_measures_are_unknown() -> None:
    raw = {"file": "a", "file_size": -1, "width": 0, "height": 10**9, "duration_seconds": "x"}
    (medium,) = read_media(raw)
    assert (medium.bytes, medium.width, medium.height, medium.duration_s) == (None,) * 4


@pytest.mark.parametrize("raw", [{}, {"photo": ""}, {"photo": None, "file": 5}, {"file": ["a"]}])
def test_no_media(raw: dict[str, object]) -> None:
    assert read_media(raw) == ()
