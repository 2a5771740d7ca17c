"""Polls, places, reactions, buttons, forwards, replies."""

import pytest

from soso.model.ids import Peer, PeerKind
from soso.model.post import Button, Forward, Location, Poll, PollAnswer, Reaction, Reply
from soso.sources.desktop_export.parts import (
    CUSTOM_REACTION,
    PAID_REACTION,
    read_buttons,
    read_extra_text,
    read_forward,
    read_game,
    read_location,
    read_poll,
    read_reactions,
    read_reply,
)


def test_a_poll_in_both_forms() -> None:
    plain = {"question": "几点？", "answers": [{"text": "八点", "voters": "2"}], "total_voters": 2}
    marked = {
        "question": ["几", {"type": "bold", "text": "点？"}],
        "answers": [{"text": [{"type": "italic", "text": "八点"}], "voters": 2}],
        "total_voters": "2",
    }
    expected = Poll(question="几点？", answers=(PollAnswer(text="八点", voters=2),), total_voters=2)
    assert read_poll({"poll": plain}) == read_poll({"poll": marked}) == expected


def test_a_todo_list_is_a_poll_without_votes() -> None:
    todo = {"title": "待办", "answers": [{"text": "买票", "id": 1}]}
    expected = Poll(question="待办", answers=(PollAnswer(text="买票"),))
    assert read_poll({"todo_list": todo}) == expected


@pytest.mark.parametrize("value", [None, [], "x", {}, 5])
def test_no_poll(value: object) -> None:
    assert read_poll({"poll": value, "todo_list": value}) is None


def test_a_venue_has_title_and_address() -> None:
    point = {"latitude": "31.2", "longitude": 121}
    raw = {"location_information": point, "place_name": "剧院", "address": "路 1 号"}
    expected = Location(latitude=31.2, longitude=121, title="剧院", address="路 1 号")
    assert read_location(raw) == expected
    assert read_extra_text(raw) == ""


@pytest.mark.parametrize("point", [None, {}, {"latitude": 91, "longitude": 0}, [1, 2], "1,2"])
def test_a_venue_without_coordinates_keeps_its_words(point: object) -> None:
    raw = {"location_information": point, "place_name": "剧院", "address": "路 1 号"}
    assert read_location(raw) is None
    assert read_extra_text(raw) == "剧院\n路 1 号"


def test_a_game_is_the_page_it_opens_or_words() -> None:
    raw = {"game_title": "蛇", "game_description": "经典", "game_link": "https://t.me/b?game=s"}
    game = read_game(raw)
    assert game is not None
    assert (game.url, game.title, game.description) == ("https://t.me/b?game=s", "蛇", "经典")
    assert read_extra_text(raw) == ""
    assert read_extra_text({**raw, "game_link": "javascript:x"}) == "蛇\n经典"


@pytest.mark.parametrize(
    "invoice",
    [{"title": "会员", "description": "一年"}, '{"title": "会员", "description": "一年"}'],
)
def test_an_invoice_in_both_forms(invoice: object) -> None:
    assert read_extra_text({"invoice_information": invoice}) == "会员\n一年"


@pytest.mark.parametrize("invoice", ["{", "[" * 5000, "[1]", 5, None])
def test_a_broken_invoice_has_no_words(invoice: object) -> None:
    assert read_extra_text({"invoice_information": invoice}) == ""


def test_reactions_are_summed_by_sign() -> None:
    value = [
        {"type": "emoji", "emoji": "👍", "count": 2},
        {"type": "custom_emoji", "document_id": "a.webp", "count": 3},
        {"type": "custom_emoji", "document_id": "b.webp", "count": 4},
        {"type": "paid", "count": 5},
        {"type": "emoji", "emoji": "👍", "count": 1},
        {"type": "emoji", "emoji": "👎", "count": 0},
    ]
    assert read_reactions(value) == (
        Reaction(emoji="👍", count=3),
        Reaction(emoji=CUSTOM_REACTION, count=7),
        Reaction(emoji=PAID_REACTION, count=5),
    )


def test_only_buttons_with_an_address_are_kept() -> None:
    rows = [
        [{"type": "url", "text": "开", "data": "https://a.example"}, {"type": "callback"}],
        [
            {"type": "auth", "text": "登", "data": "tg://login"},
            {"text": "x", "data": "javascript:1"},
        ],
        None,
    ]
    assert read_buttons(rows) == (
        Button(text="开", url="https://a.example"),
        Button(text="登", url="tg://login"),
    )


def test_forwards_known_hidden_and_saved() -> None:
    channel = Peer(kind=PeerKind.CHANNEL, id=5)
    assert read_forward({"forwarded_from": "甲", "forwarded_from_id": "channel5"}) == Forward(
        name="甲", peer=channel
    )
    assert read_forward({"forwarded_from": None}) == Forward()
    assert read_forward({"saved_from": "乙"}) == Forward(name="乙")
    assert read_forward({}) is None


def test_replies_here_elsewhere_and_to_before_the_group_grew() -> None:
    own, other = Peer(kind=PeerKind.CHANNEL, id=5), Peer(kind=PeerKind.CHANNEL, id=6)
    assert read_reply({"reply_to_message_id": 7}, own) == Reply(post_id=7)
    here = {"reply_to_message_id": 7, "reply_to_peer_id": "channel5"}
    assert read_reply(here, own) == Reply(post_id=7)
    there = {"reply_to_message_id": 7, "reply_to_peer_id": "channel6"}
    assert read_reply(there, own) == Reply(post_id=7, peer=other)
    assert read_reply({"reply_to_message_id": -999999990}, own) == Reply(post_id=-999999990)
    assert read_reply({"reply_to_message_id": 0}, own) is None
