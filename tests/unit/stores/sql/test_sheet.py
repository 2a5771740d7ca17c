from typing import Any

import msgspec

from soso.model.batch import Archived, Tombstone
from soso.model.ids import ChatKey, PostKey
from soso.model.media import Media, MediaKind
from soso.model.merge import Insert, Keep, Refresh, Revise
from soso.model.post import Post, Revision, StoredPost
from soso.stores.sql.sheet import NEW, Entry, Sheet
from tests.unit.model.sightings import START, at, first

HERE, THERE = ChatKey(1), ChatKey(2)


def post(number: int, text: str = "", **fields: Any) -> Post:
    return Post(id=number, at=START, text=text, **fields)


def row(key: int, seen: Post, **fields: Any) -> StoredPost:
    return first(seen, key=PostKey(key), **fields)


def sheet(*rows: StoredPost, deaths: dict[int, int] | None = None) -> Sheet:
    told = {number: at(minute) for number, minute in (deaths or {}).items()}
    return Sheet(HERE, rows, deaths=told, at=at(500), is_sensitive=lambda seen: "血" in seen.text)


def left(made: Sheet) -> list[Entry]:
    return [entry for entry in made.entries if entry.into is None]


def test_each_sighting_goes_to_the_row_of_its_id() -> None:
    made = sheet(row(1, post(5, "甲")))
    assert made.see(post(5, "甲"), observed_at=at(100)) is Keep
    assert made.see(post(5, "甲", author="乙"), observed_at=at(100)) is Refresh
    assert made.see(post(5, "丙", edited_at=at(9)), observed_at=at(100)) is Revise
    assert made.see(post(6), observed_at=at(100)) is Insert
    assert made.see(post(6), observed_at=at(100)) is Keep
    old, new = left(made)
    assert (old.stored.key, old.stored.revisions, len(old.revisions)) == (1, 1, 1)
    assert (new.stored.key, new.stored.first_seen_at, new.origin) == (NEW, at(500), None)
    assert made.find(6) == new.stored
    assert made.find(7) is None


def test_an_unchanged_row_needs_neither_writing_nor_telling() -> None:
    kept = row(1, post(5, "甲"))
    made = sheet(kept)
    made.see(post(5, "甲"), observed_at=at(100))
    assert [(entry.stored == entry.origin, entry.log) for entry in made.entries] == [(True, False)]


def test_rows_that_meet_become_one_under_the_key_that_is_there() -> None:
    made = sheet(row(9, post(7, "乙")))
    made.see(post(6), observed_at=at(100))
    assert made.see(post(5, album=(5, 6, 7)), observed_at=at(100)) is Refresh
    (entry,) = left(made)
    assert (entry.stored.key, entry.stored.post.album) == (9, (5, 6, 7))
    assert entry.log
    assert [gone.into for gone in made.entries if gone.into is not None] == [entry]
    assert {made.find(number) for number in (5, 6, 7)} == {entry.stored}


def test_an_adopted_row_yields_to_the_one_of_the_chat() -> None:
    here, there = row(9, post(5, "甲")), row(3, post(5, "乙", edited_at=at(4)), chat=THERE)
    alone = row(4, post(6), chat=THERE)
    made = sheet(here, deaths={6: 100})
    made.adopt(there)
    made.adopt(alone)
    entries = left(made)
    assert [(entry.stored.key, entry.stored.chat) for entry in entries] == [(9, HERE), (4, HERE)]
    assert entries[0].stored.post.text == "乙"
    assert [revision.text for revision in entries[0].revisions] == ["甲"]
    assert entries[1].stored.buried_at == at(100)
    assert all(entry.log for entry in entries)


def test_deaths_hold_for_what_was_seen_before_them() -> None:
    made = sheet(deaths={5: 100, 7: 100})
    made.see(post(5), observed_at=at(100))
    made.see(post(7), observed_at=at(101))
    assert [entry.stored.buried_at for entry in left(made)] == [at(100), None]
    assert made.bury(Tombstone(post_id=7, at=at(200)))
    assert not made.bury(Tombstone(post_id=8, at=at(200)))
    made.see(post(8), observed_at=at(150))
    found = made.find(8)
    assert found is not None
    assert found.buried_at == at(200)


def test_media_of_dead_and_unwanted_items_are_left_out() -> None:
    media = tuple(Media(kind=MediaKind.PHOTO, post_id=number) for number in (5, 6, 7, 8))
    made = sheet(deaths={6: 100})
    album = post(5, album=(5, 6, 7, 8), media=media)
    made.see(album, observed_at=at(100), leave_out={7})
    assert [item.post_id for item in left(made)[0].stored.post.media] == [5, 8]
    made.see(album, observed_at=at(101), leave_out={7})
    assert [item.post_id for item in left(made)[0].stored.post.media] == [5, 6, 8]


def test_posts_are_marked_when_their_text_comes_or_changes() -> None:
    made = sheet(row(1, post(5, "甲")))
    made.see(post(5, "流血", edited_at=at(9)), observed_at=at(100))
    made.see(post(6, "血"), observed_at=at(100))
    made.see(post(7, "水"), observed_at=at(100))
    assert [entry.stored.sensitive for entry in left(made)] == [True, True, False]


def test_what_a_dump_knows_is_added_once() -> None:
    said = Revision(text="先前", replaced_at=at(3))
    archived = Archived(first_seen_at=at(2), revisions=(said,), hidden=True, buried_at=at(400))
    made = sheet()
    made.see(post(5, "甲"), observed_at=at(100))
    made.restore(5, archived, ())
    (entry,) = left(made)
    once = entry.stored
    assert (once.first_seen_at, once.hidden, once.buried_at) == (at(2), True, at(400))
    assert (once.revisions, entry.revisions) == (1, [said])

    written = msgspec.structs.replace(once, key=PostKey(4))
    again = sheet(written, deaths={5: 400})
    again.see(post(5, "甲"), observed_at=at(100))
    again.restore(5, archived, (said,))
    assert [(e.stored, e.revisions, e.log) for e in left(again)] == [(written, [], False)]
