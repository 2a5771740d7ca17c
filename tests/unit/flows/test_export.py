from datetime import timedelta

from soso.flows.export import Encoders, export
from soso.model.batch import Batch, Tombstone
from soso.sources.json_lines import (
    encode_block,
    encode_chat,
    encode_decision,
    encode_post,
    encode_request,
    encode_tombstone,
)

from .conftest import CHANNEL, ListSource, World, post


def test_deletions_of_posts_that_were_never_kept_are_written(world: World) -> None:
    now = world.clock.now()
    seen = Batch(chat=CHANNEL, observed_at=now - timedelta(days=1), posts=(post(1, "一"),))
    deaths = tuple(Tombstone(post_id=number, at=now) for number in (1, 9))
    told = Batch(chat=CHANNEL, observed_at=now, tombstones=deaths)
    world.take(ListSource([seen, told]))
    encoders = Encoders(
        encode_chat, encode_post, encode_block, encode_tombstone, encode_request, encode_decision
    )
    rows = [row.decode() for row in export(world.store, encoders)]
    assert [row.split(",")[0] for row in rows] == [
        '{"type":"chat"',
        '{"type":"post"',
        '{"type":"tombstone"',
    ]
    assert '"id":9,' in rows[2]
    assert "buried_at" in rows[1]
