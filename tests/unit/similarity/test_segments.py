from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from soso.model.post import Entity, EntityKind, Post
from soso.similarity.segments import (
    blank_out,
    cut_segments,
    find_boilerplate,
    find_learnt_lines,
    letters_of,
    mark_of,
    own_letters,
)

BODY = "地铁九号线今天正式开通，首班车六点发出，票价三元。"
OWN = "地铁九号线今天正式开通首班车六点发出票价三元"


def post(text: str, *entities: Entity) -> Post:
    return Post(id=1, at=datetime(2026, 1, 1, tzinfo=UTC), text=text, entities=entities)


@pytest.mark.parametrize(
    "dressed",
    [
        BODY,
        "🔥" + BODY.replace("，", "🔥, "),
        BODY.replace("，", ",").replace("。", "."),
        BODY.replace("铁", "鐵")
        .replace("号线", "號線")
        .replace("开", "開")
        .replace("发", "發")
        .replace("价", "價"),
        f"{BODY}\n\n📮 投稿 @abcde_bot ｜ ☎️ 商务 @abcde_ad ｜ 频道 @abcde",
        f"{BODY}\n来自「东城消息」 t.me/abcde",
        f"{BODY}\nhttps://example.org/a?b=1&c=2#d",
        f"{BODY} https://example.org/1",
        f"#新闻 #地铁\n{BODY}\n#每日速递",
        f"欢迎订阅我们的频道\n{BODY}",
        f"1️⃣ ©️ {BODY} ㊗️🈴",
    ],
)
def test_dressing_is_left_out(dressed: str) -> None:
    assert own_letters(post(dressed)) == OWN


def test_a_short_text_with_a_link_is_a_text() -> None:
    assert own_letters(post("苹果发布新手机 https://example.org/1")) == "苹果发布新手机"
    assert own_letters(post("苹果发布新手机\n@abcde")) == "苹果发布新手机"


@pytest.mark.parametrize(
    "text", ["https://example.org/1", "@abcde", "🔥🔥", "", "#新闻 #地铁", "订阅频道"]
)
def test_nothing_is_left_of_bare_dressing(text: str) -> None:
    assert own_letters(post(text)) == ""


def test_words_with_a_link_behind_them_point() -> None:
    text = f"{BODY}\n东城消息编辑部"
    link = Entity(kind=EntityKind.TEXT_LINK, start=len(BODY) + 1, end=len(text), url="https://a.b")
    assert own_letters(post(text, link)) == OWN
    assert own_letters(post(text)) != OWN


def test_what_is_learnt_is_left_out_wherever_it_stands() -> None:
    line = "我们是夜班编辑部第12组出品"
    learnt = {mark_of(letters_of("我们是夜班编辑部第99组出品"))}
    text = f"{line}\n{BODY}\n{line}！尾声"
    assert own_letters(post(text), learnt) == f"{OWN}尾声"
    found = [text[start:end] for start, end in find_boilerplate(post(text), learnt)]
    assert found == [line, line]
    assert find_boilerplate(post(text), ()) == []


SIGNED = {mark_of(letters_of(line)) for line in ("港湾晚报", "订阅", "投稿请找编辑")}


@pytest.mark.parametrize(
    ("text", "own"),
    [
        ("港湾晚报\n大桥通车\n订阅 @harbour_news", "大桥通车"),
        ("港湾晚报\n\n大桥通车\n🔥🔥\n订阅 @other_name\n\n投稿请找编辑", "大桥通车"),
        ("大桥通车\nhttps://example.org/1\n投稿请找编辑", "大桥通车 https://example.org/1"),
        ("🔥\n大桥通车\n投稿请找编辑\n今晚的事", "🔥 大桥通车 投稿请找编辑 今晚的事"),
        ("大桥通车。投稿请找编辑", "大桥通车。投稿请找编辑"),
        ("投稿请找编辑", ""),
        ("", ""),
    ],
)
def test_only_whole_lines_at_the_ends_are_signatures(text: str, own: str) -> None:
    left = blank_out(post(text), find_learnt_lines(post(text), SIGNED))
    assert " ".join(left.text.split()) == own
    assert len(left.text) == len(text)
    assert find_learnt_lines(post(text), ()) == []


def test_a_link_goes_with_its_words() -> None:
    text = "大桥通车\n投稿请找编辑"
    link = Entity(kind=EntityKind.TEXT_LINK, start=7, end=11, url="https://a.b")
    kept = Entity(kind=EntityKind.BOLD, start=0, end=2)
    one = post(text, kept, link)
    assert blank_out(one, find_learnt_lines(one, SIGNED)).entities == (kept,)


@given(st.text(max_size=300), st.booleans())
def test_signature_lines_are_stretches_in_order(text: str, every: bool) -> None:
    one = post(f"{text}\n港湾晚报")
    marks = {segment.mark for segment in cut_segments(one)} if every else SIGNED
    before = 0
    for start, end in find_learnt_lines(one, marks):
        assert before <= start < end <= len(one.text)
        before = end


@given(st.text(max_size=300))
def test_segments_cut_the_right_text(text: str) -> None:
    whole = post(text)
    before = 0
    for segment in cut_segments(whole):
        assert before <= segment.start < segment.end <= len(text)
        assert segment.letters
        assert segment.letters.isalnum()
        before = segment.end
    assert own_letters(whole) == own_letters(whole, {1, 2})


@given(st.text(), st.lists(st.tuples(st.integers(-5, 400), st.integers(-5, 400)), max_size=4))
def test_bad_entities_do_no_harm(text: str, spans: list[tuple[int, int]]) -> None:
    entities = [Entity(kind=EntityKind.LINK, start=start, end=end) for start, end in spans]
    own_letters(post(text, *entities))
