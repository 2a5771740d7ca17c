from pathlib import Path

import pytest

from soso.config import load_settings
from soso.model.errors import BadInput


@pytest.mark.parametrize("content", [b"\xff\xfe", b'port = "x', b"prot = 1", b'port = "x"'])
def test_a_wrong_file_is_bad_input(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "soso.toml").write_bytes(content)
    with pytest.raises(BadInput):
        load_settings(data=tmp_path)
