import msgspec

from soso.bot.render import marked
from soso.bot.showing import excerpt_of
from soso.text.snippet import Snippet
from tests.unit.web.fakes import make_card, make_chat, make_stored


def test_an_excerpt_begins_near_its_first_mark() -> None:
    far = "前" * 100 + "灯塔" + "后" * 30
    snippet = Snippet(text=far, highlights=((100, 102),), cut_end=True)
    found = excerpt_of(
        msgspec.structs.replace(
            make_card(make_stored(1, make_chat(1)), make_chat(1)), snippet=snippet
        ),
        most=60,
    )
    assert found.source.startswith("…前")
    assert "<b>灯塔</b>" in found.source
    near = Snippet(text="灯塔" + "后" * 100, highlights=((0, 2),))
    found = excerpt_of(
        msgspec.structs.replace(
            make_card(make_stored(1, make_chat(1)), make_chat(1)), snippet=near
        ),
        most=30,
    )
    assert found.source.startswith("<b>灯塔</b>后")
    assert found.source.count("…") == 1


def test_a_mark_that_does_not_fit_leaves_no_bold_dots() -> None:
    snippet = Snippet(text="一" * 29 + "灯塔", highlights=((29, 31),))
    assert "<b>" not in marked(snippet, most=29).source
