"""What a button knows comes back as it was, in 64 bytes, and nobody else can make one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from soso.bot.state import (
    MOST_BYTES,
    QUERY_BYTES,
    SEARCH,
    Sealer,
    SearchState,
    is_long,
    pack_search,
    unpack_search,
)
from soso.i18n.language import Language
from soso.query.page_tokens import KeptPage
from soso.query.plan_types import Sort
from soso.query.results import KIND_TABS

SEALER = Sealer("a secret")

places = st.builds(
    lambda token, first, more, as_of: KeptPage(
        token=token.hex(), number=first + more, first=first, as_of_s=as_of
    ),
    st.binary(min_size=9, max_size=9),
    st.integers(1, 30_000),
    st.integers(0, 30_000),
    st.integers(0, 2**32 - 1),
)
short = st.text(st.characters(exclude_categories=["Cs"]), max_size=QUERY_BYTES).filter(
    lambda text: not is_long(text)
)


@st.composite
def states(draw: st.DrawFn) -> SearchState:
    query = draw(short)
    has_token = draw(st.booleans())
    return SearchState(
        query="" if has_token else query,
        token=SEALER.token_of(query) if has_token else "",
        kind=draw(st.sampled_from((None, *KIND_TABS))),
        sort=draw(st.sampled_from(list(Sort))),
        collapse=draw(st.booleans()),
        language=draw(st.sampled_from(list(Language))),
        place=draw(st.none() | places),
    )


@given(states())
def test_a_search_comes_back_as_it_was_within_the_limit(state: SearchState) -> None:
    sealed = SEALER.seal(SEARCH, pack_search(state))
    assert len(sealed.encode()) <= MOST_BYTES
    opened = SEALER.unseal(sealed)
    assert opened is not None
    assert opened[0] == SEARCH
    assert unpack_search(opened[1]) == state


@given(st.text(max_size=80))
def test_what_is_not_ours_is_nothing(text: str) -> None:
    assert SEALER.unseal(text) is None
    unpack_search(text)  # whatever it says, it raises nothing


def test_a_changed_button_or_one_of_another_archive_is_nothing() -> None:
    sealed = SEALER.seal(SEARCH, pack_search(SearchState(query="台风")))
    assert SEALER.unseal(sealed) is not None
    assert SEALER.unseal(sealed[:-1]) is None
    assert SEALER.unseal(f"p{sealed[1:]}") is None
    assert Sealer("another").unseal(sealed) is None


def test_what_does_not_fit_is_refused() -> None:
    with pytest.raises(ValueError, match="can't hold"):
        SEALER.seal(SEARCH, "x" * 60)


def test_the_same_query_has_the_same_token() -> None:
    assert SEALER.token_of("台风") == SEALER.token_of("台风")
    assert SEALER.token_of("台风") != SEALER.token_of("颱風")
    assert len(SEALER.token_of("台风" * 100)) == 12
