"""Saved queries match what a search finds: the same documents, whichever engine is asked."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from soso.alerts.demand import demand_of
from soso.alerts.matcher import Questions
from soso.alerts.watch import Door, Owner, Watch
from soso.model.chat import Chat, ChatKind, Visibility
from soso.model.ids import ChatKey, DocId, PostKey
from soso.model.media import Media, MediaKind
from soso.model.post import Post, StoredPost
from soso.ports.engine import Engine
from soso.query.clauses import AllOf, Clause
from soso.query.parse import parse
from soso.query.plan import Context, make_plan, narrow
from soso.query.plan_types import Plan, Sort
from soso.ranking.weights import BOOSTS
from soso.schema.build import build_document
from soso.schema.document import Document
from soso.text.analyzers import Analyzers, load_analyzers

from .engine_cases import ENGINES, make_engine
from .test_engine_agree import clauses, documents

NOW = datetime(2026, 6, 1, tzinfo=UTC)
ZONE = ZoneInfo("Asia/Shanghai")

PIECES = st.sampled_from(
    [
        *("北京", "台风", "颱風", "登陆", "软件", "軟體", "下载", "ubuntu", "24.04", "的", "了"),
        *("C++", "mp3", "天气", "天安门", "港湾站", "流浪地球", "🎬", "！"),
    ]
)
TEXTS = st.lists(PIECES, min_size=1, max_size=8).map(
    lambda pieces: "".join(piece if n % 3 else f"{piece} " for n, piece in enumerate(pieces))
)
EXTRAS = st.sampled_from(
    [
        *("", "", "-北京", "kind:video", "has:link", "after:7d", "before:2026-05-30", "views:>100"),
        *(
            "chat:1",
            "chat:nobody",
            "OR 台风",
            '"北京台风"',
            "#资源",
            "lang:zh",
            "from:小王",
            "(的)",
        ),
        *("llq", "taifeng", "tf", "-的", "views:>0 OR 天气"),
    ]
)
QUERIES = st.builds(lambda text, extra: f"{text} {extra}".strip(), TEXTS, EXTRAS) | EXTRAS
POSTS = st.builds(
    lambda number, text, hours, views, kind, tail: Post(
        id=number,
        at=NOW - timedelta(hours=hours),
        text=text + tail,
        views=views,
        author="小王" if views == 500 else None,
        media=(Media(kind=kind),) if kind else (),
    ),
    number=st.integers(1, 40),
    text=TEXTS,
    hours=st.integers(0, 400),
    views=st.sampled_from([None, 0, 100, 101, 500]),
    kind=st.sampled_from([None, MediaKind.VIDEO, MediaKind.PHOTO]),
    tail=st.sampled_from(["", " #资源", " https://example.org/x"]),
)


@pytest.fixture(scope="module")
def analyzers() -> Analyzers:
    return load_analyzers()


@pytest.fixture(scope="module")
def engines() -> Iterator[list[Engine]]:
    with TemporaryDirectory() as folder:
        yield [make_engine(name, Path(folder)) for name in ENGINES]


def refill(engines: list[Engine], batch: list[Document]) -> None:
    for engine in engines:
        with engine.rebuild() as writer:
            writer.apply(batch, ())


def strict(engine: Engine, plan: Plan) -> list[int]:
    """The documents of an answer that have all that was asked."""
    plan = msgspec.structs.replace(plan, limit=1_000)
    return sorted(hit.doc for hit in engine.search(plan).hits if hit.full)


@settings(max_examples=80, deadline=None)
@given(batch=st.lists(documents, max_size=20), asked=st.lists(clauses, min_size=1, max_size=12))
def test_random_clauses_match_the_same_documents(
    engines: list[Engine], batch: list[Document], asked: list[Clause]
) -> None:
    batch = list({one.doc: one for one in batch}.values())
    refill(engines, batch)
    questions = Questions()
    for number, clause in enumerate(asked):
        questions.put(number, clause)
    found = questions.match(batch)
    for number, clause in enumerate(asked):
        for engine in engines:
            assert sorted(found.get(number, [])) == strict(engine, Plan(full=clause))


@settings(max_examples=60, deadline=None)
@given(
    posts=st.lists(POSTS, min_size=1, max_size=15, unique_by=lambda post: post.id),
    texts=st.lists(QUERIES, min_size=1, max_size=10),
    veiled=st.integers(0, 40),
)
def test_a_watch_matches_what_its_search_finds(
    engines: list[Engine], analyzers: Analyzers, posts: list[Post], texts: list[str], veiled: int
) -> None:
    chat = Chat(
        key=ChatKey(1), kind=ChatKind.CHANNEL, title="北京天气", visibility=Visibility.PUBLIC
    )
    batch = [
        build_document(
            StoredPost(
                key=PostKey(post.id),
                chat=chat.key,
                post=post,
                observed_at=NOW,
                first_seen_at=NOW,
                sensitive=post.id == veiled,
            ),
            chat,
            analyzers,
            zone=ZONE,
        )
        for post in posts
    ]
    refill(engines, batch)
    context = Context(now=NOW, zone=ZONE, chats={"1": chat.key})
    questions = Questions()
    owner = Owner(door=Door.BOT, id="1")
    for number, text in enumerate(texts):
        watch = Watch(owner=owner, text=text, created_at=NOW, since=NOW)
        questions.put(number, demand_of(watch, analyzers, BOOSTS, context))
    found = questions.match(batch)
    for number, text in enumerate(texts):
        plan = make_plan(parse(text).query, analyzers, BOOSTS, context)
        plan = narrow(plan, kind=None, sensitive=False, sort=Sort.RELEVANCE)
        for engine in engines:
            assert sorted(found.get(number, [])) == strict(engine, plan), text


def test_questions_forget_what_was_dropped() -> None:
    questions = Questions()
    batch = [Document(doc=DocId(number)) for number in (2, 4)]
    for number in range(5_000):
        questions.put(number, AllOf(clauses=()))
    for number in range(4_990):
        questions.drop(number)
    questions.drop(1)
    assert len(questions) == 10
    assert questions.match(batch) == {number: [2, 4] for number in range(4_990, 5_000)}
    assert questions.match([]) == {}
