from xml.etree import ElementTree

import pytest

from soso.web.site.covers import cover_path, cover_seed, draw_cover
from tests.unit.web.fakes import make_chat, make_stored


def test_the_same_seed_gives_the_same_drawing() -> None:
    assert draw_cover("1500000001-7~云") == draw_cover("1500000001-7~云")
    assert draw_cover("1500000001-7~云") != draw_cover("1500000001-8~云")
    assert draw_cover("1500000001-7~云") != draw_cover("1500000002-7~云")


@pytest.mark.parametrize(
    "seed",
    ["", "~", "~~", "-", "a~<", "a~&", "a~\u202e", "x~\ud800", "\ud800", "g42--5~5", "字" * 99],
)
def test_every_seed_gives_sound_and_passive_svg(seed: str) -> None:
    tree = ElementTree.fromstring(draw_cover(seed))
    names = {element.tag.rpartition("}")[2] for element in tree.iter()}
    assert names <= {"svg", "defs", "linearGradient", "stop", "path", "circle", "text"}
    attributes = {name for element in tree.iter() for name in element.attrib}
    assert not {name for name in attributes if name.startswith("on") or "style" in name}


def test_a_chat_keeps_its_colours() -> None:
    def sky(seed: str) -> str:
        return draw_cover(seed).split("</defs>")[0]

    assert sky("1500000001-7~云") == sky("1500000001-8") == sky("1500000001")


def test_the_first_letter_of_the_title_is_written_on_it() -> None:
    chat = make_chat(1)
    stored = make_stored(7, chat)
    assert cover_seed(chat, stored.post, "【】 💧停水") == "1500000001-7~停"
    assert cover_seed(chat, stored.post, "💧") == "1500000001-7"
    assert cover_seed(chat, None, "ßtraße") == "1500000001~S"
    assert cover_path(chat, None, "云") == "/cover/1500000001~%E4%BA%91.svg"
    assert ">停</text>" in draw_cover("1500000001-7~停")
