from typing import Final

import pytest

from soso.evaluation import run
from soso.evaluation.run import Configurations, evaluate
from soso.evaluation.sets import ChatFacts, LabelledDocument, LabelledQuery, LabelledSet
from soso.model.chat import ChatKind
from soso.model.errors import BadInput

TEXTS: Final = (
    ("storm", "台风今晚登陆，沿海航班全部取消", "台风登陆"),
    ("harbour", "受台风影响，港口关闭，渔船回港避风", ""),
    ("comet", "彗星今夜可见，天文台开放观测", "彗星来了"),
    ("comet2", "天文爱好者拍到彗星的长尾", ""),
    ("bread", "教你在家做面包，只要三种材料", ""),
    ("rust", "Rust 编译器发布新版本: 更快 -更小", ""),
)


def quiet(doing: str, done: int, total: int) -> None:
    assert doing
    assert 0 <= done <= total


def a_set(*queries: tuple[str, str, str | None, str]) -> LabelledSet:
    return LabelledSet(
        name="invented",
        documents=tuple(
            LabelledDocument(id=name, text=text, title=title) for name, text, title in TEXTS
        ),
        queries=tuple(LabelledQuery(id=name, text=text, own=own) for name, text, own, _ in queries),
        grades={name: {wanted: 1} for name, _, _, wanted in queries},
    )


def test_a_set_goes_through_import_index_and_search() -> None:
    labelled = a_set(
        ("q1", "航班取消", None, "storm"),
        ("q2", "編譯器", None, "rust"),
        ("q3", "做面包的材料", None, "bread"),
        ("q4", "完全无关龘", None, "bread"),
    )
    outcome = evaluate(labelled, related=False, baselines=("bm25", "fts5"), told=quiet)
    assert outcome.soso.measures["recall@10"].mean == 0.75
    assert outcome.soso.measures["mrr@10"].mean == 0.75
    assert (outcome.documents, outcome.queries) == (6, 4)
    bm25, fts5 = outcome.baselines
    assert bm25.measures["recall@10"].mean == 0.5  # jieba's words do not cross scripts
    assert bm25.ahead["recall@10"].mean == 0.25
    assert fts5.measures["recall@10"].mean == 0.75
    assert 0 < outcome.soso.p50_ms <= outcome.soso.p99_ms


def test_queries_are_asked_in_another_script_too() -> None:
    labelled = a_set(("q1", "天文爱好者", None, "comet2"), ("q2", "做面包", None, "bread"))
    settings = Configurations(converted=("s2t", "s2tw"))
    outcome = evaluate(labelled, related=False, baselines=("bm25",), told=quiet, settings=settings)
    turned, taiwan, jieba = outcome.baselines
    assert turned.name == "soso, queries s2t"
    assert turned.measures == outcome.soso.measures == taiwan.measures
    assert turned.ahead["ndcg@10"].mean == 0
    assert jieba.measures["mrr@10"].mean == 1.0  # baselines get them as they are


def test_it_is_the_converted_queries_that_are_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "converter", lambda _: lambda _: "面包")
    labelled = a_set(("q1", "天文爱好者", None, "comet2"), ("q2", "做面包", None, "bread"))
    settings = Configurations(converted=("s2t",))
    outcome = evaluate(labelled, related=False, baselines=(), told=quiet, settings=settings)
    assert outcome.soso.measures["recall@10"].mean == 1
    assert outcome.baselines[0].measures["recall@10"].mean == 0.5
    assert outcome.baselines[0].ahead["recall@10"].mean == 0.5


def test_a_query_that_is_a_document_does_not_find_itself() -> None:
    labelled = a_set(("q1", "台风登陆", "storm", "harbour"))
    outcome = evaluate(labelled, related=False, baselines=("fts5",), told=quiet)
    assert outcome.soso.measures["mrr@10"].mean == 1.0
    assert outcome.baselines[0].measures["mrr@10"].mean == 1.0


def test_related_posts_are_ranked_for_queries_that_are_documents() -> None:
    labelled = a_set(
        ("q1", "台风登陆", "storm", "harbour"),
        ("q2", "彗星来了", "comet", "comet2"),
        ("q3", "做面包", None, "bread"),
    )
    outcome = evaluate(labelled, related=True, baselines=(), told=quiet)
    assert outcome.related
    assert outcome.queries == 2
    assert outcome.soso.measures["mrr@10"].mean == 1.0


def test_chats_are_found_as_chats() -> None:
    facts = ChatFacts(kind=ChatKind.CHANNEL, username="night_sky", members=12)
    labelled = LabelledSet(
        name="directory",
        documents=(
            LabelledDocument(id="a", text="每晚看星星", title="夜空", chat=facts),
            LabelledDocument(
                id="b", text="聊面包", title="面包群", chat=ChatFacts(kind=ChatKind.GROUP)
            ),
            LabelledDocument(
                id="c", text="查天气", title="天气", chat=ChatFacts(kind=ChatKind.BOT)
            ),
        ),
        queries=(
            LabelledQuery(id="q1", text="夜空"),
            LabelledQuery(id="q2", text="面包"),
            LabelledQuery(id="q3", text="天气"),
        ),
        grades={"q1": {"a": 1}, "q2": {"b": 1}, "q3": {"c": 1}},
    )
    outcome = evaluate(labelled, related=False, baselines=(), told=quiet)
    assert outcome.soso.measures["mrr@10"].mean == 1.0
    with pytest.raises(BadInput, match="none has related posts"):
        evaluate(labelled, related=True, baselines=(), told=quiet)
