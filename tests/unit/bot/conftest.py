"""How screens are drawn for a reader of the tests."""

from datetime import UTC

import pytest

from soso.bot.showing import Showing
from soso.bot.state import Sealer
from soso.i18n.language import Language
from soso.i18n.speaker import Speaker
from tests.unit.web.fakes import NOW


@pytest.fixture
def show() -> Showing:
    return Showing(
        speaker=Speaker(Language.ENGLISH, UTC, NOW),
        sealer=Sealer("s" * 43),
        keep=lambda token, query: None,
        username="soso_demo_bot",
    )
