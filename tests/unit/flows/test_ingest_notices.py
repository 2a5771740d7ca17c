from soso.model.batch import Batch
from soso.model.chat import ChatSighting, Visibility

from .conftest import CHANNEL, ListSource, World, post

UNKNOWN = ChatSighting(title="Harbour Talk", username="harbour_daily")


def taken(world: World, *chats: ChatSighting) -> tuple[str, ...]:
    at = world.clock.now()
    batches = [Batch(chat=chat, observed_at=at, posts=(post(1, "x"),)) for chat in chats]
    return world.take(ListSource(batches)).notices


def test_an_import_of_what_nobody_can_see_says_how_to_open_it(world: World) -> None:
    for _ in range(2):
        (notice,) = taken(world, UNKNOWN)
        assert notice.startswith("the chat is private until its visibility is set: ")
        assert notice.endswith("soso admin chat x1 --visibility public")
    chat = world.store.find_chat_by_username("harbour_daily")
    assert chat is not None
    world.store.set_chat(chat.key, visibility=Visibility.PRIVATE)
    assert taken(world, UNKNOWN) == ()  # the operator has decided


def test_an_import_with_a_public_chat_says_nothing_of_it(world: World) -> None:
    assert taken(world, UNKNOWN, CHANNEL) == ()
