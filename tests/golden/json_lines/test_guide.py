"""The guide's rows are read as the guide says, and it tells of every field there is."""

import re
from pathlib import Path

import pytest

from soso.model.batch import Archived, Block
from soso.model.chat import ChatKind, ChatSighting, Username, Visibility
from soso.model.media import Media, MediaKind, Picture
from soso.model.post import (
    Button,
    Entity,
    EntityKind,
    Forward,
    LinkPreview,
    Location,
    Poll,
    PollAnswer,
    Post,
    Reaction,
    Reply,
    Revision,
    Service,
)
from soso.sources.json_lines import JsonLinesSource, iter_desk
from soso.sources.json_lines.decode import decode_row

GUIDE = Path(__file__).parents[3] / "docs" / "guide" / "json-lines.md"
TEXT = GUIDE.read_text("utf-8")
ROWS = [
    line
    for block in re.findall(r"```json\n(.*?)```", TEXT, re.DOTALL)
    for line in block.strip().splitlines()
]


def test_the_guide_shows_every_type_of_row() -> None:
    types = {re.match(r'\{"type":"(\w+)"', row)[1] for row in ROWS}  # type: ignore[index]
    assert types == {"post", "chat", "block", "tombstone", "request", "decision"}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[:60])
def test_a_row_of_the_guide_is_understood_whole(row: str) -> None:
    assert decode_row(row.encode()).unknown == frozenset()


def test_the_rows_of_the_guide_are_a_dump(tmp_path: Path) -> None:
    file = tmp_path / "guide.jsonl"
    file.write_text("\n".join(ROWS), encoding="utf-8")
    batches = list(JsonLinesSource(file).pull(None))
    assert sum(len(batch.posts) for batch in batches) == 5
    assert sum(len(batch.blocks) for batch in batches) == 3
    assert [found.post_id for batch in batches for found in batch.tombstones] == [16]
    assert [batch.notices for batch in batches if batch.notices or batch.skipped] == []
    assert [type(found).__name__ for found in iter_desk(file)] == ["RemovalRequest", "Decision"]
    told = {post.id: post for batch in batches for post in batch.posts if batch.chat.members}
    assert [told[12].text[e.start : e.end] for e in told[12].entities] == ["#ferry", "timetable"]


@pytest.mark.parametrize(
    "fields",
    [
        set(Post.__struct_fields__),
        set(Archived.__struct_fields__),
        set(ChatSighting.__struct_fields__) - {"peer", "alias", "second_hand"},
        set(Block.__struct_fields__),
        *(
            set(part.__struct_fields__)
            for part in (
                *(Media, Picture, Entity, Forward, Reply, Reaction, Poll, PollAnswer, Location),
                *(LinkPreview, Button, Service, Revision, Username),
            )
        ),
        {kind.value for kind in EntityKind},
        {kind.value for kind in MediaKind},
        {kind.value for kind in ChatKind},
        {kind.value for kind in Visibility},
    ],
    ids=lambda fields: min(fields),
)
def test_the_guide_tells_of_every_field(fields: set[str]) -> None:
    told = set(re.findall(r"`(\w+)`", TEXT)) | set(re.findall(r'"(\w+)":', TEXT))
    assert fields - told == set()
