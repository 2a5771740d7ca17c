import gzip
import json
from pathlib import Path

from benchmarks.posts import iter_posts
from benchmarks.queries import bare, make_queries, mixed


def test_five_kinds_of_queries_are_taken_from_the_posts() -> None:
    texts = [post.text for post in iter_posts(500, news=None)]
    queries = make_queries(texts, each=12, log=None)
    assert {kind: len(asked) for kind, asked in queries.items()} == {
        "words": 12,
        "two words": 12,
        "quoted": 12,
        "one character": 12,
        "rare": 12,
    }
    joined = "\n".join(texts)
    assert all(bare(query) in joined for query in queries["quoted"])
    assert all(query.startswith('"') and query.endswith('"') for query in queries["quoted"])
    assert all(len(query) == 1 for query in queries["one character"])
    assert all(len(query.split()) == 2 for query in queries["two words"])
    assert sorted(mixed(queries)) == sorted(query for asked in queries.values() for query in asked)


def test_what_people_typed_is_asked_where_it_is_at_hand(tmp_path: Path) -> None:
    log = tmp_path / "queries.jsonl.gz"
    with gzip.open(log, "wt", encoding="utf-8") as out:
        out.write(json.dumps({"id": "q1", "text": "真实的查询"}) + "\n")
    texts = [post.text for post in iter_posts(50, news=None)]
    assert set(make_queries(texts, each=3, log=log)["words"]) == {"真实的查询"}
