"""Any run of letters, digits or CJK characters of a post, quoted, finds the post."""

import random
import re
from pathlib import Path

import pytest

from soso.bootstrap import open_app
from soso.config import load_settings
from soso.query.results import SearchRequest

_RUN = re.compile(r"[^\W_]+")


@pytest.mark.parametrize("seed", range(4))
def test_any_quoted_run_finds_its_post(sample: Path, seed: int) -> None:
    dice = random.Random(seed)
    with open_app(load_settings(data=sample)) as app:
        cards = app.list_newest(limit=500)
        for card in dice.sample(cards, 60):
            assert card.stored is not None
            runs = [run for run in _RUN.findall(card.stored.post.text) if run.isprintable()]
            if not runs:
                continue
            run = dice.choice(runs)
            start = dice.randrange(len(run))
            piece = run[start : start + dice.randint(1, 12)]
            answer = app.search(SearchRequest(text=f'"{piece}"', limit=100, collapse=False))
            pages = 0
            found = {row.doc for row in answer.rows}
            while card.doc not in found and answer.next_page and pages < 8:
                answer = app.search(
                    SearchRequest(
                        text=f'"{piece}"', limit=100, page=answer.next_page, collapse=False
                    )
                )
                found |= {row.doc for row in answer.rows}
                pages += 1
            assert card.doc in found, (piece, card.stored.post.text)
