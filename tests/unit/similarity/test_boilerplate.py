import random
from datetime import UTC, datetime

from soso.model.ids import PostKey
from soso.model.post import Post
from soso.similarity.boilerplate import SAMPLE, Sampled, cut_sample, learn, sample_post
from soso.similarity.segments import cut_segments, letters_of, mark_of

SIGNED = "夜班编辑部第3组出品"
MARK = mark_of(letters_of(SIGNED))


def sampled(number: int, text: str) -> Sampled:
    post = Post(id=number, at=datetime(2026, 1, 1, tzinfo=UTC), text=text)
    return sample_post(PostKey(number), number, cut_segments(post))


def test_what_stands_under_different_texts_is_learnt() -> None:
    texts = ["甲地下雨", "乙地刮风", "丙地天晴"]
    posts = [sampled(number, f"{text}\n\n{SIGNED}") for number, text in enumerate(texts)]
    assert learn(posts) == {MARK}
    assert learn(posts[:2]) == frozenset()


def test_a_text_that_is_posted_every_day_is_no_dressing() -> None:
    posts = [sampled(number, f"今日签到\n{SIGNED}") for number in range(50)]
    assert learn(posts) == frozenset()


def test_what_stands_under_few_posts_is_none() -> None:
    posts = [sampled(number, f"这是第{chr(0x4E00 + number)}篇文章") for number in range(200)]
    few = [sampled(300 + number, f"{chr(0x5E00 + number)}的事\n{SIGNED}") for number in range(5)]
    assert learn([*posts, *few]) == frozenset()


def test_the_middle_of_a_long_post_is_none() -> None:
    lines = [f"第{chr(0x4E00 + place)}行" for place in range(30)]
    posts = []
    for number in range(5):
        own = [f"{line}{chr(0x6000 + number)}" for line in lines]
        posts.append(sampled(number, "\n".join([*own[:15], SIGNED, *own[15:]])))
    assert learn(posts) == frozenset()


def test_the_sample_does_not_depend_on_the_order() -> None:
    posts = [sampled(number, f"第{number}篇") for number in range(SAMPLE * 3)]
    whole = cut_sample(posts)
    assert len(whole) == SAMPLE
    random.Random(1).shuffle(posts)
    kept: tuple[Sampled, ...] = ()
    for start in range(0, len(posts), 50):
        kept = cut_sample([*kept, *posts[start : start + 50]])
    assert kept == whole


def test_an_edit_takes_the_place_of_what_was() -> None:
    before, after = sampled(1, "旧文"), sampled(1, "新文")
    assert cut_sample([before, after]) == (after,)
