"""The three files say the same things, nothing is missing and nothing is left over."""

import re
from pathlib import Path

import pytest

from soso.i18n.language import Language
from soso.i18n.wording import fill, list_places, load_wording
from soso.model.chat import ChatKind
from soso.model.media import MediaKind
from soso.query.plan_types import Sort
from soso.query.results import KIND_TABS
from soso.web.site.preferences import THEMES

SOURCE = Path(__file__).parents[3] / "src" / "soso"
USED = re.compile(r"""(?<![\w.])(?:t|\w*\.text)\(\s*['"]([a-z_]+\.[A-Za-z_-]+)['"](?!\s*~)""")
CHOSEN = re.compile(r"""['"]([a-z_]+\.[A-Za-z_-]+)['"] if [^)]*? else (?=['"])""")
OTHER_CHOICE = re.compile(r"""else ['"]([a-z_]+\.[A-Za-z_-]+)['"]""")
GROUP = re.compile(r"""t\(['"]([a-z_]+\.[a-z_]*)['"] ~""")
PICKED = re.compile(r"""(?:pick\(['"]([a-z_]+)['"]|f["']([a-z_]+)\.\{)""")

ENGLISH = load_wording(Language.ENGLISH)


def read_sources() -> list[str]:
    paths = [*SOURCE.rglob("*.html"), *SOURCE.rglob("*.py")]
    return [path.read_text("utf-8") for path in paths]


SOURCES = read_sources()
KEYS = {
    key for text in SOURCES for find in (USED, CHOSEN, OTHER_CHOICE) for key in find.findall(text)
}
GROUPS = {group for text in SOURCES for group in GROUP.findall(text)} | {
    f"{one or other}." for text in SOURCES for one, other in PICKED.findall(text)
}


@pytest.mark.parametrize("language", list(Language))
def test_every_language_has_the_same_keys(language: Language) -> None:
    assert load_wording(language).keys() == ENGLISH.keys()


@pytest.mark.parametrize("language", list(Language))
def test_every_language_has_the_same_places(language: Language) -> None:
    wording = load_wording(language)
    assert {key: list_places(forms) for key, forms in wording.items()} == {
        key: list_places(forms) for key, forms in ENGLISH.items()
    }


@pytest.mark.parametrize("language", list(Language))
def test_no_wording_is_empty(language: Language) -> None:
    empty = [
        key
        for key, forms in load_wording(language).items()
        if not all(text.strip() == text and text for text in forms.values())
    ]
    assert empty == []


def test_every_key_that_is_used_exists() -> None:
    assert len(KEYS) > 100  # the patterns above still find them
    assert sorted(KEYS - ENGLISH.keys()) == []


def test_every_key_that_exists_is_used() -> None:
    unused = [key for key in ENGLISH if key not in KEYS and not key.startswith(tuple(GROUPS))]
    assert unused == []


@pytest.mark.parametrize(
    ("group", "names"),
    [
        ("language", list(Language)),
        ("language_short", list(Language)),
        ("theme", THEMES),
        ("tab", ("all", *KIND_TABS)),
        ("sort", list(Sort)),
        ("chat_kind", list(ChatKind)),
        ("media", list(MediaKind)),
        ("media_short", list(MediaKind)),
        ("badge", ("video", "photo", "audio", "file", "poll")),
        ("facet", ("chat", "lang", "month")),
        ("order", ("posts", "recent", "members", "title")),
        ("fallback", ("photo", "album", "video", "file", "voice", "sticker", "poll", "other")),
        ("report", ("role_owner", "role_named", "role_rights", "role_other")),
        ("error", [f"title_{code}" for code in (400, 403, 404, 405, 410, 413, 429, 500, 503)]),
        ("error", [f"help_{code}" for code in (400, 403, 404, 405, 410, 413, 429, 500, 503)]),
    ],
)
def test_groups_that_are_asked_for_by_value_are_complete(group: str, names: list[str]) -> None:
    assert [name for name in names if f"{group}.{name}" not in ENGLISH] == []


def test_every_notice_of_the_query_and_the_flows_has_a_wording() -> None:
    code = re.compile(r"""(?:Notice\(\s*code=|\.notice\(\s*)["']([a-z_]+)["']""")
    rooms = [*(SOURCE / "query").glob("*.py"), *(SOURCE / "flows").glob("*.py")]
    codes = {name for path in rooms for name in code.findall(path.read_text("utf-8"))}
    assert len(codes) > 5
    assert [name for name in sorted(codes) if f"notice.{name}" not in ENGLISH] == []


def test_a_count_picks_the_plural() -> None:
    forms = {"one": "{n} post", "other": "{n} posts"}
    assert fill(forms, Language.ENGLISH, {"n": "1"}, 1) == "1 post"
    assert fill(forms, Language.ENGLISH, {"n": "0"}, 0) == "0 posts"
    assert fill(forms, Language.SIMPLIFIED, {"n": "1"}, 1) == "1 posts"


def test_what_fills_a_place_is_not_filled_again() -> None:
    forms = {"other": "{a} and {b} and {c}"}
    assert fill(forms, Language.ENGLISH, {"a": "{b}", "b": "x"}, None) == "{b} and x and {c}"
