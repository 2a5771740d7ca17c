import pytest

from soso.model.chat import Chat, ChatKind
from soso.model.ids import ChatKey, Peer, PeerKind
from soso.model.links import chat_path, post_path, telegram_chat_link, telegram_post_link


def chat(kind: PeerKind | None = PeerKind.CHANNEL, **more: object) -> Chat:
    peer = Peer(kind=kind, id=1500000001) if kind else None
    return Chat(key=ChatKey(3), kind=ChatKind.CHANNEL, peer=peer, **more)  # type: ignore[arg-type]


def test_pages_are_named_by_number() -> None:
    assert chat_path(chat()) == "/c/1500000001"
    assert post_path(chat(username="name"), 5) == "/c/1500000001/5"
    assert post_path(chat(None), 5) == "/c/x3/5"


@pytest.mark.parametrize(
    ("where", "post_id", "link"),
    [
        (chat(username="harbour"), 5, "https://t.me/harbour/5"),
        (chat(), 5, "https://t.me/c/1500000001/5"),
        (chat(), -999999990, None),
        (chat(PeerKind.GROUP), 5, None),
        (chat(None), 5, None),
    ],
)
def test_posts_on_telegram(where: Chat, post_id: int, link: str | None) -> None:
    assert telegram_post_link(where, post_id) == link


def test_chats_on_telegram() -> None:
    assert telegram_chat_link(chat(username="harbour")) == "https://t.me/harbour"
    assert telegram_chat_link(chat()) is None
