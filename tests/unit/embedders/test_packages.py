import pytest

from soso.embedders.packages import find_package, load_package, missing
from soso.model.errors import Unavailable


def test_an_absent_package_is_named_with_its_command() -> None:
    with pytest.raises(Unavailable, match="pip install absent-from-here"):
        load_package("absent_from_here", pip="absent-from-here")
    assert "pip install thing" in str(missing("thing"))


def test_a_present_package_is_imported() -> None:
    assert load_package("json.decoder").JSONDecoder.__name__ == "JSONDecoder"


def test_a_package_is_found_without_importing_it() -> None:
    assert find_package("absent_from_here") is None
    assert find_package("json") is None  # no package that pip installed
    found = find_package("pytest")
    assert found is not None
    assert (found[0] / "__init__.py").is_file()
    assert found[1] == pytest.__version__
