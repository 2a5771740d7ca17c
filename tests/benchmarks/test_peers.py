from contextlib import closing
from pathlib import Path

from benchmarks.peers import ROWS, ScanPeer, WordPeer, build_trigram, build_whoosh, build_words
from benchmarks.posts import BenchPost, iter_posts


def posts() -> list[BenchPost]:
    texts = ("北京 天气", "上海 天气 很好", "100% 北京")
    return [BenchPost(chat=0, id=n, at_s=n, text=text) for n, text in enumerate(texts, 1)]


def test_peers_find_texts(tmp_path: Path) -> None:
    file = tmp_path / "words.sqlite"
    build_words(posts(), file, str.split)
    with closing(WordPeer(file, str.split)) as words:
        assert words.search("很好 天气") == ["上海 天气 很好", "北京 天气"]
        assert words.search("没有") == []
    with closing(ScanPeer(file)) as scan:
        assert scan.search("天气") == ["上海 天气 很好", "北京 天气"]
        assert scan.search("天 京") == ["北京 天气"]
        assert scan.search("") == []


def test_peers_give_no_more_than_a_page(tmp_path: Path) -> None:
    many = [BenchPost(chat=0, id=n, at_s=n, text=f"天气 {n}") for n in range(1, 60)]
    file = tmp_path / "words.sqlite"
    build_words(many, file, str.split)
    with closing(WordPeer(file, str.split)) as words, closing(ScanPeer(file)) as scan:
        assert len(words.search("天气")) == len(scan.search("天气")) == ROWS


def test_indexes_are_built_on_the_disk(tmp_path: Path) -> None:
    some = list(iter_posts(20, news=None))
    (tmp_path / "whoosh").mkdir()
    build_trigram(some, tmp_path / "trigram.sqlite")
    build_whoosh(some, tmp_path / "whoosh")
    assert (tmp_path / "trigram.sqlite").stat().st_size > 10_000
    assert any((tmp_path / "whoosh").iterdir())
