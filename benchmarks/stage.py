"""What one size is measured on: its posts as files, the archives built of them, the queries."""

from collections.abc import Callable, Mapping
from pathlib import Path

from benchmarks.exports import write_export, write_rows
from benchmarks.posts import BenchPost, iter_posts
from benchmarks.queries import make_queries
from soso.model.value import Value

Told = Callable[[str], None]
"""Told what is measured now."""


class Sources(Value):
    """Real text, where it is at hand. news: articles to cut; log: what people typed."""

    news: Path | None = None
    log: Path | None = None

    @property
    def named(self) -> str:
        """Say what the text is."""
        return "news cut to posts" if self.news is not None else "made of word pairs"


def find_sources(shared: Path) -> Sources:
    """Return what lies in the folder of development data beside the project."""
    news = shared / "eval/load_news/corpus.jsonl.gz"
    log = shared / "eval/query_log/queries.jsonl.gz"
    return Sources(news=news if news.is_file() else None, log=log if log.is_file() else None)


class Stage:
    """The posts of one size in a folder. calls: how often each kind of query is asked."""

    def __init__(self, folder: Path, size: int, sources: Sources, *, calls: int) -> None:
        self.size = size
        self.calls = calls
        self.export = folder / "result.json"
        self.rows = folder / "posts.jsonl"
        self.archive = folder / "soso"
        self.bare = folder / "bare"
        self.trigram = folder / "trigram"
        self.words = folder / "words"
        self.whoosh = folder / "whoosh"
        folder.mkdir(parents=True, exist_ok=True)
        self.posts: list[BenchPost] = list(iter_posts(size, news=sources.news))
        write_rows(self.posts, self.rows)
        write_export(self.posts, self.export)
        texts = [post.text for post in self.posts]
        self.queries: Mapping[str, list[str]] = make_queries(texts, each=calls, log=sources.log)

    @property
    def text_bytes(self) -> int:
        """The posts' text alone, in UTF-8."""
        return sum(len(post.text.encode()) for post in self.posts)

    @property
    def word_file(self) -> Path:
        """The peer that has our words, and the texts."""
        return self.words / "words.sqlite"
