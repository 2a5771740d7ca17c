"""Every unit test stands where its module stands, and every module of the pure core has one."""

from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "soso"
UNIT = ROOT / "tests" / "unit"
CORE = (
    *("model", "text", "schema", "query", "ranking", "similarity", "spelling"),
    *("following", "alerts"),
)
ONLY_TYPES = {
    *("model/value.py", "model/errors.py", "model/media.py", "model/post.py", "model/chat.py"),
    *("model/batch.py", "schema/fields.py", "schema/document.py", "query/ast.py"),
    *("query/clauses.py", "query/plan_types.py", "query/results.py", "ranking/weights.py"),
    "text/token.py",
    "query/stories.py",
    "spelling/weights.py",
    *("query/traces.py", "similarity/clusters.py", "model/following.py"),
}


def unit_tests() -> list[Path]:
    return sorted(UNIT.rglob("test_*.py"))


@pytest.mark.parametrize("test", unit_tests(), ids=lambda path: str(path.relative_to(UNIT)))
def test_a_unit_test_mirrors_a_module(test: Path) -> None:
    room = SOURCE / test.parent.relative_to(UNIT)
    name = test.stem.removeprefix("test_")
    modules = [path.stem for path in room.iterdir() if not path.name.startswith("_")]
    assert any(name == module or name.startswith(f"{module}_") for module in modules), room


@pytest.mark.parametrize("room", CORE)
def test_a_module_of_the_core_has_its_test(room: str) -> None:
    missing = [
        str(module.relative_to(SOURCE))
        for module in sorted((SOURCE / room).rglob("*.py"))
        if module.name != "__init__.py"
        and str(module.relative_to(SOURCE)) not in ONLY_TYPES
        and not list((UNIT / module.parent.relative_to(SOURCE)).glob(f"test_{module.stem}*.py"))
    ]
    assert missing == []
