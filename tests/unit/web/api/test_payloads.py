import pytest
from pydantic import ValidationError

from soso.query.rows import HitRow
from soso.web.api.payloads import Hit, Problem
from soso.web.errors import CODES


def test_a_hit_of_the_api_is_the_row_that_all_doors_have() -> None:
    assert set(Hit.model_fields) == set(HitRow.__annotations__)


@pytest.mark.parametrize("code", [*CODES.values(), "error"])
def test_every_code_of_the_table_is_described(code: str) -> None:
    Problem.model_validate({"error": {"code": code, "message": "x"}})


def test_other_codes_are_not() -> None:
    with pytest.raises(ValidationError):
        Problem.model_validate({"error": {"code": "surprise", "message": "x"}})
