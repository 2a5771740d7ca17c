import pytest
from hypothesis import given
from hypothesis import strategies as st

from soso.model.ids import (
    ChatKey,
    Peer,
    PeerKind,
    PostKey,
    chat_doc,
    doc_key,
    is_chat_doc,
    parse_peer,
    parse_provisional,
    post_doc,
    provisional_ref,
)


@given(st.sampled_from(PeerKind), st.integers(1, 2**52))
def test_a_ref_names_its_peer(kind: PeerKind, number: int) -> None:
    peer = Peer(kind=kind, id=number)
    assert parse_peer(peer.ref) == peer
    assert parse_provisional(peer.ref) is None


@pytest.mark.parametrize("ref", ["", "0", "-5", "x17", "g", "a1", "1 ", "１", "9" * 20, "@name"])
def test_other_texts_name_no_peer(ref: str) -> None:
    assert parse_peer(ref) is None


def test_a_provisional_ref_names_its_chat() -> None:
    assert parse_provisional(provisional_ref(ChatKey(17))) == 17
    assert parse_provisional("17") is None


@given(st.integers(1, 2**60))
def test_posts_and_chats_have_documents_of_their_own(key: int) -> None:
    assert post_doc(PostKey(key)) != chat_doc(ChatKey(key))
    assert is_chat_doc(chat_doc(ChatKey(key)))
    assert not is_chat_doc(post_doc(PostKey(key)))
    assert doc_key(post_doc(PostKey(key))) == doc_key(chat_doc(ChatKey(key))) == key
