"""A dump as the first version wrote it: what it holds must be read by every later one."""

import json
from pathlib import Path

import msgspec
import pytest

from soso.sources.json_lines import JsonLinesSource

HERE = Path(__file__).parent


@pytest.mark.parametrize("name", ["dump.jsonl", "by_hand.jsonl"])
def test_dump(name: str) -> None:
    batches = list(JsonLinesSource(HERE / name, batch_size=4).pull(None))
    found = json.loads(msgspec.json.encode(batches))
    for batch in found:  # these tell of the file rather than of what is in it
        for field in ("read_bytes", "cursor", "observed_at"):
            batch.pop(field, None)
    assert found == json.loads((HERE / name).with_suffix(".json").read_text("utf-8"))
