import pytest
from hypothesis import given
from hypothesis import strategies as st

from soso.query.ast import And, Node, Or, Query, Word
from soso.query.parse import parse
from soso.query.unparse import unparse
from soso.spelling.propose import MOST, Speller, is_traditional, least_posts
from soso.spelling.vocabulary import Vocabulary


@pytest.fixture(scope="module")
def speller(vocabulary: Vocabulary) -> Speller:
    return Speller(vocabulary)


def first(speller: Speller, text: str) -> str | None:
    return next((one.text for one in speller.propose(text)), None)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("慧星", "彗星"),
        ("慧星 kind:video -灯塌", "彗星 kind:video -灯塌"),
        ('"慧星" 灯塌', '"慧星" 灯塔'),
        ("(慧星 OR 灯塌) after:2026", "彗星 OR 灯塔 after:2026"),
        ("#慧星 灯塌", "tag:慧星 灯塔"),
        ("慧星，望远境", "彗星，望远镜"),
        ("weixin群", "微信群"),
        ("Telegarm", "Telegram"),
        ("TELEGARM 频道", "TELEGRAM 频道"),
        ("望遠境", "望遠鏡"),  # the reader's script
        ("燈塌", "燈塔"),
        ("灯塌２０２６", "灯塔２０２６"),
    ],
)
def test_free_words_are_corrected(speller: Speller, typed: str, meant: str) -> None:
    assert first(speller, typed) == meant


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "彗星",
        "-慧星",
        '"慧星"',
        "#慧星",
        "chat:慧星",
        "@telegarm",
        "telegarm.org",
        "from:慧星",
        "🔭",
    ],
)
def test_the_rest_stays_as_typed(speller: Speller, typed: str) -> None:
    assert speller.propose(typed) == []


def test_pieces_are_what_is_new(speller: Speller) -> None:
    assert speller.propose("看慧星 telegarm")[0].pieces == ("看彗星", "telegram")


def test_several_corrections_are_offered_alone_too(speller: Speller) -> None:
    texts = [one.text for one in speller.propose("慧星 灯塌")]
    assert texts == ["彗星 灯塔", "彗星 灯塌", "慧星 灯塔"]


def test_only_the_beginning_of_a_long_query_is_looked_at(speller: Speller) -> None:
    assert speller.propose("频道 " * 30 + "慧星") == []
    assert first(speller, "慧星 " + "频道 " * 5) is not None


def test_larger_archives_ask_for_more_posts() -> None:
    assert [least_posts(texts) for texts in (0, 410, 36_000, 1_000_000)] == [1, 1, 2, 3]


def test_script_of_a_reader() -> None:
    assert is_traditional("燈塔")
    assert not is_traditional("灯塔")
    assert not is_traditional("彗星")


def frame(parts: tuple[Node, ...]) -> list[Node | str]:
    """A tree without its words."""
    found: list[Node | str] = []
    for part in parts:
        match part:
            case Word():
                found.append("word")
            case And(parts=inner) | Or(parts=inner):
                found += [type(part).__name__, *frame(inner)]
            case _:
                found.append(part)
    return found


ASKED = st.lists(
    st.sampled_from(
        ["慧星", "望远境", "telegarm", "weixin", "灯塌群", "OR", "(", ")", '"慧星"', "-灯塌", "kind:video",
         "#慧星", "after:2026", "流浪地求2", "望遠境", "、慧星。", "TeLegarm", "“灯塌”", "\u0301", "\ud800"]
    ),
    max_size=9,
).map(" ".join)  # fmt: skip


@given(ASKED | st.text(max_size=40))
def test_anything_can_be_asked_and_the_frame_stays(speller: Speller, text: str) -> None:
    typed = parse(text).query
    proposals = speller.propose(text)
    assert len(proposals) <= MOST
    for one in proposals:
        assert one.text not in (text, unparse(typed))
        meant: Query = parse(one.text).query
        assert frame(meant.parts) == frame(typed.parts)
        assert unparse(meant) == one.text
        assert one.pieces
        assert all(one.pieces)
