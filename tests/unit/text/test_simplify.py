import pytest

from soso.text.simplify import converter, may_be_traditional, simplify_run, simplify_variants


@pytest.mark.parametrize(
    ("run", "simplified"),
    [
        *(("乾坤", "乾坤"), ("乾燥", "干燥"), ("看著", "看着"), ("著名", "著名"), ("頭髮", "头发")),
        *(
            ("皇后", "皇后"),
            ("以後", "以后"),
            ("衞星", "卫星"),
            ("裏面", "里面"),
            ("裡面", "里面"),
            ("软件", "软件"),
        ),
    ],
)
def test_the_phrase_decides(run: str, simplified: str) -> None:
    assert simplify_run(run) == simplified


def test_evidence() -> None:
    assert may_be_traditional("這是")
    assert not may_be_traditional("这是 hello")


def test_variants_of_hong_kong() -> None:
    assert simplify_variants("衞粧") == "卫妆"


def test_a_conversion_is_loaded_once() -> None:
    assert converter("t2s") is converter("t2s")


@pytest.mark.shared
def test_lengths_stay(shared) -> None:  # type: ignore[no-untyped-def]
    import gzip
    import json

    with gzip.open(shared / "eval/drcd/corpus.jsonl.gz", "rt") as rows:
        texts = [json.loads(row)["text"] for row in rows][:500]
    assert all(len(converter("tw2s")(text)) == len(text) for text in texts)
