import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from soso.cli.eval import eval_
from soso.cli.importing import import_
from soso.evaluation import measures
from soso.model.errors import BadInput


@pytest.fixture(autouse=True)
def words_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOSO_EMBEDDER", "none")


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


def test_two_configurations_query_by_query(sets: Path) -> None:
    asked = [str(sets), "--with", "mode=words", "--against", "zone=UTC", "--against", "port=1"]
    done = CliRunner().invoke(eval_, asked, catch_exceptions=False)
    assert done.exit_code == 0
    assert "against zone=UTC,port=1: 0 won, 0 lost, 3 alike" in done.stdout
    assert "mode=words" in done.stdout
    assert "BM25" not in done.stdout
    done = CliRunner().invoke(eval_, [*asked, "--json"], catch_exceptions=False)
    against = json.loads(done.stdout)["news"]["against"]
    assert (against["wins"], against["losses"], against["ties"]) == (0, 0, 3)
    with pytest.raises(BadInput, match="no setting 'bread'"):
        CliRunner().invoke(eval_, [str(sets), "--against", "bread=1"], catch_exceptions=False)
    with pytest.raises(BadInput, match="setting port"):
        CliRunner().invoke(eval_, [str(sets), "--with", "port=x"], catch_exceptions=False)


def test_a_set_of_ones_own(sets: Path, tmp_path: Path) -> None:
    data, own, asked = tmp_path / "data", tmp_path / "own", tmp_path / "queries.txt"
    rows = [
        {"type": "chat", "chat": "1600000001", "kind": "channel", "title": "x", "is_public": True},
        {"type": "post", "chat": "1600000001", "id": 7, "at": 1_760_000_000, "text": "台风登陆"},
    ]
    file = tmp_path / "rows.jsonl"
    file.write_text("\n".join(map(json.dumps, rows)), "utf-8")
    CliRunner().invoke(import_, [str(file), "--data", str(data)], catch_exceptions=False)
    asked.write_text("台风\n彗星\n", "utf-8")
    wanted = ["--from-log", str(own), "--queries-file", str(asked), "--data", str(data)]
    done = CliRunner().invoke(eval_, wanted, catch_exceptions=False)
    assert "1 documents of 2 queries to judge" in done.stdout
    table = own / "judge.tsv"
    table.write_text(table.read_text("utf-8").replace("1600000001/7\t", "1600000001/7\t3"), "utf-8")
    measured = [str(own), "--data", str(data)]
    done = CliRunner().invoke(eval_, [*measured, "--json"], catch_exceptions=False)
    assert json.loads(done.stdout)["own"]["ndcg@10"] == 1.0
    done = CliRunner().invoke(eval_, measured, catch_exceptions=False)
    assert "own: search, 1 queries, this archive" in done.stdout
    with pytest.raises(BadInput, match="none of related posts"):
        CliRunner().invoke(eval_, [*measured, "--related"], catch_exceptions=False)
    with pytest.raises(BadInput, match="--from-log writes a set"):
        CliRunner().invoke(eval_, [*wanted, str(sets)], catch_exceptions=False)


def test_a_set_is_named(tmp_path: Path) -> None:
    assert CliRunner().invoke(eval_, []).exit_code == 2
    with pytest.raises(BadInput, match="query log has nothing"):
        CliRunner().invoke(
            eval_,
            ["--from-log", str(tmp_path / "own"), "--data", str(tmp_path / "data")],
            catch_exceptions=False,
        )


def test_a_package_that_is_missing_is_said_with_what_mends_it(
    sets: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(measures, "NEEDED", {"absent_module_x": "absent-package>=1"})
    with pytest.raises(BadInput, match="-m pip install 'absent-package>=1'"):
        CliRunner().invoke(eval_, [str(sets)], catch_exceptions=False)
