import re
from importlib.resources import files

import pytest

from soso.model.errors import NotFound
from soso.web.site.assets import Assets

ASSETS = Assets()
CSS = ASSETS.get("site.css").content.decode()


def test_an_address_changes_with_the_content() -> None:
    assert re.fullmatch(r"/static/site\.css\?v=[0-9a-f]{12}", ASSETS.path("site.css"))
    assert ASSETS.get("site.js").media_type == "text/javascript"


@pytest.mark.parametrize("name", ["", "nothing.css", "../assets.py", "static/site.css"])
def test_only_files_of_the_folder_are_given(name: str) -> None:
    with pytest.raises(NotFound):
        ASSETS.get(name)


def test_the_dark_colours_are_the_same_by_device_and_by_switch() -> None:
    by_device = re.search(r"@media \(prefers-color-scheme: dark\) \{\s*[^{]+\{([^}]+)\}", CSS)
    by_switch = re.search(r':root\[data-theme="dark"\] \{([^}]+)\}', CSS)
    assert by_device is not None
    assert by_switch is not None
    assert by_device[1].split() == by_switch[1].split()


def test_every_class_of_the_style_sheet_is_used() -> None:
    folder = files("soso.web.site")
    pages = "".join(
        entry.read_text("utf-8")
        for part in ("templates", "static")
        for entry in (folder / part).iterdir()
        if entry.name.endswith((".html", ".js"))
    )
    pages += (folder / "entities.py").read_text("utf-8")
    bare = re.sub(r"/\*.*?\*/|\"[^\"]*\"|\{[^{}]*\}", "", CSS, flags=re.DOTALL)
    unused = [
        name
        for name in sorted(set(re.findall(r"\.([a-z][a-z-]+[0-9]?)", bare)))
        if not re.search(rf"(?<![\w-]){name}(?![\w-])", pages)
        and not re.fullmatch(r"shots-[1-5]|lightbox-\w+", name)
    ]
    assert unused == []


def test_nothing_is_loaded_from_elsewhere() -> None:
    for name in ("site.css", "site.js", "icon.svg"):
        content = ASSETS.get(name).content.decode().replace("http://www.w3.org/2000/svg", "")
        assert "//" not in re.sub(r"(?m)^\s*//.*$", "", content), name
