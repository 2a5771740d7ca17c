import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from soso.cli.eval import eval_
from soso.model.errors import BadInput


@pytest.fixture
def sets(tmp_path: Path) -> Path:
    documents = [("d1", "台风今晚登陆"), ("d2", "彗星今夜可见"), ("d3", "做面包的方法")]
    folder = tmp_path / "sets" / "news"
    folder.mkdir(parents=True)
    rows = [json.dumps({"id": name, "text": text}) for name, text in documents]
    (folder / "corpus.jsonl").write_text("\n".join(rows), "utf-8")
    queries = [
        json.dumps({"id": f"q{n}", "text": text[:2]}) for n, (_, text) in enumerate(documents)
    ]
    (folder / "queries.jsonl").write_text("\n".join(queries), "utf-8")
    (folder / "qrels.tsv").write_text("q0\td1\t1\nq1\td2\t1\nq2\td3\t1\n", "utf-8")
    return folder.parent


def test_machines_get_one_line_and_no_baselines_unasked(sets: Path) -> None:
    done = CliRunner().invoke(eval_, [str(sets), "--json"], catch_exceptions=False)
    assert done.exit_code == 0
    row = json.loads(done.stdout)["news"]
    assert (row["ndcg@10"], row["mrr@10"], row["recall@10"]) == (1.0, 1.0, 1.0)
    assert "baselines" not in row


def test_people_get_a_table_with_the_baselines(sets: Path) -> None:
    done = CliRunner().invoke(
        eval_, [str(sets / "news"), "--baselines", "trigram,bm25"], catch_exceptions=False
    )
    assert done.exit_code == 0
    for text in ("news", "3 queries", "Soso", "FTS5, trigrams", "BM25, jieba words"):
        assert text in done.stdout


def test_a_set_that_is_named_must_be_measurable_and_others_are_left_out(sets: Path) -> None:
    with pytest.raises(BadInput, match="no query is a post"):
        CliRunner().invoke(eval_, [str(sets / "news"), "--related"], catch_exceptions=False)
    with pytest.raises(BadInput, match="nothing could be measured"):
        CliRunner().invoke(eval_, [str(sets), "--related"], catch_exceptions=False)
