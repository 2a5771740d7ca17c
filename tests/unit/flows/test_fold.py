"""One row for what several channels published."""

from collections.abc import Collection, Sequence

from soso.flows.fold import count_copies, fold_copies
from soso.model.chat import Chat, ChatKind, Visibility
from soso.model.ids import ChatKey, DocId
from soso.query.results import Card
from soso.text.snippet import Snippet

CHAT = Chat(key=ChatKey(1), kind=ChatKind.CHANNEL, title="样例", visibility=Visibility.PUBLIC)


class Twins:
    """Documents 2, 4 and 6 say the same; 8 and 10 too; 11 is a chat."""

    def clusters_of(self, docs: Sequence[DocId]) -> dict[DocId, DocId]:
        heads = {2: 2, 4: 2, 6: 2, 8: 8, 10: 8, 12: 12}
        return {doc: DocId(heads[doc]) for doc in docs if doc in heads}

    def cluster_sizes(self, heads: Collection[DocId]) -> dict[DocId, tuple[int, int]]:
        return {head: sizes for head, sizes in {2: (3, 2), 8: (2, 1)}.items() if head in heads}


def docs(*numbers: int) -> list[DocId]:
    return [DocId(number) for number in numbers]


def card(doc: int) -> Card:
    empty = Snippet(text="")
    return Card(doc=DocId(doc), chat=CHAT, stored=None, kinds=(), title=empty, snippet=empty)


def test_the_first_of_each_stays() -> None:
    assert fold_copies(docs(6, 10, 2, 8, 11, 12, 4), Twins()) == [6, 10, 11, 12]
    assert fold_copies([], Twins()) == []


def test_what_was_shown_before_folds_too() -> None:
    assert fold_copies(docs(4, 8, 12), Twins(), shown=docs(2)) == [8, 12]


def test_cards_know_how_many_say_the_same() -> None:
    counted = count_copies([card(4), card(10), card(12), card(11)], Twins())
    assert [(one.cluster, one.copies, one.copying_chats) for one in counted] == [
        (2, 2, 1),
        (8, 1, 0),
        (None, 0, 0),
        (None, 0, 0),
    ]
