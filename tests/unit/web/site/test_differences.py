from soso.query.traces import Change, Copy, Piece
from soso.web.site.differences import WIDEST, list_changes
from tests.unit.web.fakes import make_card, make_chat, make_stored

CHAT = make_chat()
CARD = make_card(make_stored(1, CHAT), CHAT)


def test_stretches_stay_apart_from_their_neighbours() -> None:
    pieces = (
        Piece(change=Change.EQUAL, text="costs "),
        Piece(change=Change.ADDED, text="5\n\n6"),
        Piece(change=Change.EQUAL, text=" dollars"),
    )
    shown = list_changes(Copy(card=CARD, pieces=pieces))
    assert [piece.text for piece in shown] == ["costs ", "5 6", " dollars"]


def test_a_long_change_is_cut() -> None:
    piece = Piece(change=Change.ADDED, text="新" * 2_000)
    (shown,) = list_changes(Copy(card=CARD, pieces=(piece,)))
    assert len(shown.text) == WIDEST
