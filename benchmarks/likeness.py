"""Is the archive what the double is? Posts, texts and tombstones exactly; revisions in order."""

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from benchmarks.far_double import FarDouble
from soso.bootstrap import App
from soso.model.post import Post, StoredPost

_SERVICE: Final = "Channel created"


class Likeness(NamedTuple):
    """posts: that are alive in both. dead: deleted ones that the archive had and has buried.

    revisions: kept earlier texts. differences: what is not alike, in words.
    """

    posts: int
    dead: int
    revisions: int
    differences: tuple[str, ...]


def compare(app: App, double: FarDouble, names: Sequence[str]) -> Likeness:
    """Compare all channels."""
    posts = dead = revisions = 0
    differences: list[str] = []
    for name in names:
        chat = app.store.find_chat_by_username(name)
        if chat is None:
            differences.append(f"{name}: not in the archive")
            continue
        stored = {one.post.id: one for one in app.store.iter_posts(chat.key)}
        buried = {one.post_id for one in app.store.iter_tombstones(chat.key)}
        for ids, deleted, texts in double.call("truth", name=name):
            found = stored.pop(ids[0], None)
            if found is None:
                if not deleted:
                    differences.append(f"{name}/{ids[0]}: missing")
                continue
            kept = [one.text for one in app.store.list_revisions(found.key)]
            differences += (
                f"{name}/{ids[0]}: {said}"
                for said in _differ(found, ids, deleted, texts, kept, buried)
            )
            posts, dead, revisions = posts + (not deleted), dead + deleted, revisions + len(kept)
        differences += (f"{name}/{number}: the double never had it" for number in stored)
    return Likeness(posts, dead, revisions, tuple(differences))


def _differ(
    found: StoredPost,
    ids: list[int],
    deleted: bool,
    texts: list[str],
    kept: list[str],
    buried: set[int],
) -> Iterator[str]:
    if deleted != (found.buried_at is not None):
        yield "deleted, not buried" if deleted else "buried, not deleted"
    if not deleted and not buried.isdisjoint(ids):
        yield "it has a tombstone and is alive"
    if not deleted and list(_ids(found.post)) != ids:
        yield f"the ids {_ids(found.post)} instead of {ids}"
    if texts == [_SERVICE]:
        return
    if not deleted and found.post.text != texts[-1]:
        yield "another text"
    if not is_in_order([*kept, found.post.text], texts):
        yield f"{len(kept)} revisions that are no part of the double's {len(texts)} texts"


def _ids(post: Post) -> tuple[int, ...]:
    return post.album or (post.id,)


def is_in_order(part: Sequence[str], whole: Sequence[str]) -> bool:
    """Whether one stands in the other in this order, perhaps with others between."""
    rest = iter(whole)
    return all(one in rest for one in part)
