import pytest

from soso.model.errors import BadInput, Unavailable
from soso.model.post import Post
from soso.stores.sql.codec import decode, encode
from tests.unit.model.sightings import START


def test_a_value_comes_back() -> None:
    post = Post(id=-5, at=START, text="\0\u2028 😀", views=10**40)
    assert decode(encode(post, "x"), Post) == post


def test_what_json_can_not_hold_is_bad_input_by_name() -> None:
    with pytest.raises(BadInput, match="Post 5"):
        encode(Post(id=5, at=START, text="\ud800"), "Post 5")


@pytest.mark.parametrize("body", [b"", b"{}", b"[]", b"\xff", b'{"id": "x", "at": 3}'])
def test_a_damaged_row_is_unavailable(body: bytes) -> None:
    with pytest.raises(Unavailable, match="damaged"):
        decode(body, Post)
