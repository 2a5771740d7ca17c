import gzip
import json
import statistics
from pathlib import Path

from benchmarks.posts import CHATS, LONGEST, SHORTEST, iter_posts


def write_news(folder: Path, count: int) -> Path:
    file = folder / "corpus.jsonl.gz"
    with gzip.open(file, "wt", encoding="utf-8") as out:
        for number in range(count):
            text = "".join(chr(0x4E00 + (number * 997 + place) % 9_000) for place in range(700))
            out.write(json.dumps({"id": f"d{number}", "text": text}, ensure_ascii=False) + "\n")
    return file


def test_posts_made_of_word_pairs_are_as_long_as_telegrams() -> None:
    posts = list(iter_posts(3_000, news=None))
    lengths = [len(post.text) for post in posts]
    assert 90 < statistics.mean(lengths) < 115
    assert statistics.median(lengths) < 85  # log-normal: most are shorter than the mean
    assert min(lengths) >= SHORTEST
    assert max(lengths) <= LONGEST + 40
    assert posts == list(iter_posts(3_000, news=None))
    assert posts[:10] != list(iter_posts(10, news=None, seed=1))


def test_posts_come_in_the_order_of_time_in_uneven_chats() -> None:
    posts = list(iter_posts(2_000, news=None))
    assert [post.at_s for post in posts] == sorted(post.at_s for post in posts)
    sizes = [sum(post.chat == chat for post in posts) for chat in range(CHATS)]
    assert min(sizes) > 0
    assert sizes[0] > 5 * sizes[-1]
    for chat in range(CHATS):
        ids = [post.id for post in posts if post.chat == chat]
        assert ids == list(range(1, len(ids) + 1))


def test_news_is_cut_so_that_no_post_comes_twice(tmp_path: Path) -> None:
    posts = list(iter_posts(500, news=write_news(tmp_path, 20)))  # three times the text there is
    texts = [post.text for post in posts if len(post.text) > 20]
    assert len(set(texts)) == len(texts)
    assert 85 < statistics.mean(len(post.text) for post in posts) < 120
    assert all(post.text.strip() for post in posts)
