from hypothesis import given
from hypothesis import strategies as st

from soso.model.ids import DocId
from soso.query.page_tokens import KeptPage, KeyPage, parse_page, unparse_page
from soso.query.plan_types import Sort

_kept = st.builds(
    KeptPage,
    token=st.text("0123456789abcdef", min_size=18, max_size=18),
    number=st.integers(50, 9999),
    first=st.integers(1, 50),
    as_of_s=st.integers(0, 10**11),
)
_keys = st.builds(
    KeyPage,
    sort=st.sampled_from([Sort.NEWEST, Sort.OLDEST, Sort.VIEWS]),
    number=st.integers(1, 10**6 - 1),
    order=st.integers(0, 2**63 - 1),
    doc=st.integers(0, 2**63 - 1).map(DocId),
)


@given(st.one_of(_kept, _keys))
def test_a_token_names_its_page(page: KeptPage | KeyPage) -> None:
    token = unparse_page(page)
    assert parse_page(token) == page
    assert len(token) <= 64


@given(st.text(max_size=40))
def test_anything_else_names_none(text: str) -> None:
    page = parse_page(text)
    assert page is None or unparse_page(page) == text


def test_an_absurd_page_names_none() -> None:
    assert parse_page("r.0123456789abcdef01.1.2.5") is None  # before the answer's own first page
    assert parse_page("n.1.99999999999999999999.1") is None
