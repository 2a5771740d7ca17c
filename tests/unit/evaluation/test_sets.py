import pytest

from soso.evaluation.sets import (
    Half,
    LabelledDocument,
    LabelledQuery,
    LabelledSet,
    half_of,
    take_part,
)
from soso.model.errors import BadInput


def a_set(count: int = 40) -> LabelledSet:
    return LabelledSet(
        name="invented",
        documents=tuple(LabelledDocument(id=f"d{n}", text=f"文章{n}") for n in range(count * 3)),
        queries=tuple(LabelledQuery(id=f"q{n}", text=f"问题{n}") for n in range(count)),
        grades={f"q{n}": {f"d{n * 2}": 1, f"d{n * 2 + 1}": 0} for n in range(count)},
    )


def test_the_halves_share_nothing_and_are_all_of_it() -> None:
    whole = a_set()
    choose = take_part(whole, half=Half.CHOOSE)
    report = take_part(whole, half=Half.REPORT)
    names = [{query.id for query in part.queries} for part in (choose, report)]
    assert names[0] | names[1] == {query.id for query in whole.queries}
    assert not names[0] & names[1]
    assert all(10 < len(part) < 30 for part in names)
    assert set(choose.grades) == names[0]
    assert choose.documents == whole.documents


def test_the_same_question_is_in_the_same_half_of_every_set() -> None:
    # The half must not move between versions: settings were chosen on it.
    assert half_of("今天天气") is Half.CHOOSE
    assert half_of("流浪地球2") is Half.REPORT
    assert half_of("合集") is Half.REPORT
    assert half_of("\ud800") in (Half.CHOOSE, Half.REPORT)


def test_a_sample_is_drawn_by_its_seed_and_keeps_the_order() -> None:
    whole = a_set()
    first = take_part(whole, sample=7, seed=1)
    assert first == take_part(whole, sample=7, seed=1)
    assert first.queries != take_part(whole, sample=7, seed=2).queries
    assert len(first.queries) == 7
    assert [query for query in whole.queries if query in first.queries] == list(first.queries)
    assert take_part(whole, sample=1_000).queries == whole.queries


def test_judged_documents_stay_when_documents_are_limited() -> None:
    part = take_part(a_set(), sample=5, limit_documents=20)
    kept = {document.id for document in part.documents}
    assert len(kept) == 20
    assert {doc for judged in part.grades.values() for doc in judged} <= kept
    few = take_part(a_set(), sample=5, limit_documents=1)
    assert {document.id for document in few.documents} == {
        doc for judged in few.grades.values() for doc in judged
    }


def test_a_half_without_queries_is_refused() -> None:
    one = take_part(a_set(), sample=1)
    other = Half.REPORT if half_of(one.queries[0].text) is Half.CHOOSE else Half.CHOOSE
    with pytest.raises(BadInput, match="invented has no query"):
        take_part(one, half=other)


def test_a_title_stands_above_its_text() -> None:
    assert LabelledDocument(id="a", text="正文", title="标题").whole == "标题\n正文"
    assert LabelledDocument(id="a", text="正文").whole == "正文"
