from soso.doubles.preview import PreviewDouble
from soso.doubles.preview.inventing import invent_messages, invent_text


def test_the_same_seed_tells_the_same_story() -> None:
    one, other = (PreviewDouble(seed=5, now=lambda: 1_764_000_000) for _ in range(2))
    for double in (one, other):
        double.add_channel("chengdu_books", posts=200)
    assert one.truth("chengdu_books") == other.truth("chengdu_books")
    another = PreviewDouble(seed=6, now=lambda: 1_764_000_000)
    another.add_channel("chengdu_books", posts=200)
    assert another.truth("chengdu_books") != one.truth("chengdu_books")


def test_no_two_posts_or_versions_are_alike() -> None:
    texts = {
        invent_text(1, name, number, version)
        for name in ("aaaa", "bbbb")
        for number in range(200)
        for version in (0, 1)
    }
    assert len(texts) == 800


def test_without_media_there_is_only_text() -> None:
    for first in range(2, 300):
        [message] = invent_messages(1, "aaaa", first, at_s=0, media=0.0)
        assert message.shape == "text"
