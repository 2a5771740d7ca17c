import json

from soso.text.snippet import Snippet
from soso.web.site.markup import embed_json, render_snippet


def marked(text: str, *highlights: tuple[int, int]) -> str:
    return render_snippet(Snippet(text=text, highlights=highlights))


def test_highlights_become_marks_and_all_else_is_escaped() -> None:
    assert marked("<b>停水</b>通知", (3, 5)) == "&lt;b&gt;<mark>停水</mark>&lt;/b&gt;通知"
    assert marked("a b c", (2, 3)) == "a <mark>b</mark> c"
    assert marked("停水停水", (0, 2), (2, 4)) == "<mark>停水</mark><mark>停水</mark>"


def test_highlights_outside_the_text_are_ignored() -> None:
    assert marked("abc", (-1, 2), (2, 9), (2, 2)) == "abc"
    assert marked("abc", (1, 2), (0, 1)) == "a<mark>b</mark>c"
    assert marked("") == ""


def test_a_snippet_stands_on_one_line_without_tricks() -> None:
    assert marked("一\n\n二\u202e三", (3, 4)) == "一 <mark>二</mark>三"


def test_json_can_not_end_its_element() -> None:
    value = {"a": "</script><!-- & \u2028\u2029 \"'"}
    text = embed_json(value)
    assert not set("<>&\u2028\u2029") & set(text)
    assert json.loads(text) == value
