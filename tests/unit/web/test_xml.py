from xml.etree import ElementTree

from hypothesis import given
from hypothesis import strategies as st

from soso.web.xml import clean_xml_text, render_xml


@given(st.text())
def test_any_text_comes_out_as_xml_that_parses(text: str) -> None:
    root = ElementTree.Element("a", {"b": text})
    ElementTree.SubElement(root, "c").text = text
    parsed = ElementTree.fromstring(render_xml(root))
    found = parsed.find("c")
    assert found is not None
    clean = clean_xml_text(text).replace("\r\n", "\n").replace("\r", "\n")
    assert (found.text or "") == clean


def test_what_xml_can_not_hold_is_left_out() -> None:
    assert clean_xml_text("a\x00\x08\x0b\ufffe\ud800b\t\n\U0001f600") == "ab\t\n\U0001f600"
