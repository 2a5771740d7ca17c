"""Trees to XML that every parser takes.

Knows which characters XML 1.0 can't hold, however they are escaped. Must not know any format.
"""

import re
from typing import Final
from xml.etree import ElementTree

_ILLEGAL: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def clean_xml_text(text: str) -> str:
    """Return text without the characters that XML can't hold."""
    return _ILLEGAL.sub("", text)


def render_xml(root: ElementTree.Element) -> bytes:
    """Return the tree as UTF-8 with a declaration; characters XML can't hold are left out."""
    for element in root.iter():
        element.text = clean_xml_text(element.text) if element.text else element.text
        for name, value in element.attrib.items():
            element.set(name, clean_xml_text(value))
    content: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return content
