from datetime import timedelta

from soso.model.post import Post
from soso.query.plan_types import Sort

from .conftest import CHANNEL, World, post


def test_posts_with_all_words_come_first_and_are_counted(world: World) -> None:
    world.take_posts(
        post(1, "彗星出现在西边"),
        post(2, "台风登陆港湾"),
        post(3, "彗星和台风同一天来"),
    )
    page = world.search("彗星 台风")
    assert page.total == 1
    assert page.full
    assert [row.full for row in page.rows] == [True, False, False]
    assert page.rows[0].stored is not None
    assert page.rows[0].stored.post.id == 3
    assert world.found("彗星 台风", sort=Sort.NEWEST) == [3]


def test_without_full_matches_partial_ones_answer_with_a_notice(world: World) -> None:
    world.take_posts(post(1, "彗星出现"), post(2, "台风登陆"))
    page = world.search("彗星 大桥")
    assert not page.full
    assert page.total == 1
    assert [notice.code for notice in page.notices] == ["partial_only"]
    assert all(row.full for row in page.rows)  # marked only beside full ones


def test_words_cut_differently_still_hit(world: World) -> None:
    world.take_posts(post(1, "这是待处理的事"), post(2, "他已经处理完了"))
    assert set(world.found("处理")) == {1, 2}


def test_one_character_and_any_substring_hit(world: World) -> None:
    world.take_posts(post(1, "知道了，白鹭大桥重新开放"))
    for text in ("知", "鹭", '"鹭大桥重"', '"了白鹭"'):
        assert world.found(text) == [1], text


def test_traditional_finds_simplified_and_is_marked_in_the_original(world: World) -> None:
    world.take_posts(post(1, "首行\n這個軟體很好用，資訊很多"))
    row = world.search("软件").rows[0]
    marked = [row.snippet.text[start:end] for start, end in row.snippet.highlights]
    assert marked == ["軟體"]


def test_pages_by_relevance_do_not_repeat_when_posts_arrive(world: World) -> None:
    world.take_posts(*[post(n, f"彗星 第{n}夜") for n in range(1, 31)])
    first = world.search("彗星", limit=10)
    world.take_posts(*[post(n, f"彗星 彗星 第{n}夜") for n in range(31, 41)])
    second = world.search("彗星", limit=10, page=first.next_page)
    third = world.search("彗星", limit=10, page=second.next_page)
    docs = [row.doc for page in (first, second, third) for row in page.rows]
    assert len(docs) == len(set(docs)) == 30
    assert third.next_page is None
    assert second.total == first.total == 30
    assert (second.page, third.page) == (2, 3)
    back = world.search("彗星", limit=10, page=third.previous_page)
    assert [row.doc for row in back.rows] == [row.doc for row in second.rows]


def test_a_page_of_another_answer_is_not_shown_for_this_one(world: World) -> None:
    world.take_posts(*[post(n, f"彗星 第{n}夜") for n in range(1, 31)], post(31, "台风登陆"))
    first = world.search("彗星", limit=10)
    other = world.search("台风", limit=10, page=first.next_page)
    assert [row.stored.post.id for row in other.rows if row.stored] == [31]
    assert [notice.code for notice in other.notices] == ["page_invalid"]
    tab = world.search("彗星", kind="video", limit=10, page=first.next_page)
    assert tab.rows == ()
    same = world.search(" 彗星 ", limit=10, page=first.next_page)
    assert same.page == 2
    assert same.notices == ()


def test_an_expired_page_says_so_and_shows_nothing_newer(world: World) -> None:
    world.take_posts(*[post(n, f"彗星 第{n}夜") for n in range(1, 31)])
    first = world.search("彗星", limit=10)
    world.clock.at += timedelta(hours=2)
    late = world.clock.at - timedelta(minutes=1)
    world.take_posts(Post(id=500, at=late, text="彗星 彗星 彗星"))
    second = world.search("彗星", limit=10, page=first.next_page)
    assert [notice.code for notice in second.notices] == ["page_expired"]
    docs = [row.doc for page in (first, second) for row in page.rows]
    assert len(docs) == len(set(docs)) == 20
    assert all(row.stored and row.stored.post.id != 500 for row in second.rows)


def test_past_the_kept_answer_the_query_runs_again_without_what_was_shown(world: World) -> None:
    world.take_posts(*[post(n, f"彗星 第{n}夜") for n in range(1, 621)])
    seen: list[int] = []
    page = None
    codes: list[str] = []
    while True:
        answer = world.search("彗星", limit=100, page=page)
        seen += [row.doc for row in answer.rows]
        codes += [notice.code for notice in answer.notices]
        page = answer.next_page
        if page is None:
            break
    assert len(seen) == len(set(seen)) == 620
    assert codes == ["past_end"]


def test_a_page_of_another_sort_is_not_shown_for_this_one(world: World) -> None:
    world.take_posts(*[post(n, f"彗星 第{n}夜") for n in range(1, 26)])
    newest = world.search("彗星", limit=7, sort=Sort.NEWEST)
    answer = world.search("彗星", limit=7, page=newest.next_page, sort=Sort.OLDEST)
    assert [notice.code for notice in answer.notices] == ["page_invalid"]
    assert answer.page == 1
    assert [row.stored.post.id for row in answer.rows if row.stored] == [1, 2, 3, 4, 5, 6, 7]


def test_newest_and_oldest_page_by_key(world: World) -> None:
    world.take_posts(*[post(n, f"彗星 第{n}夜") for n in range(1, 26)])
    for sort, expected in (
        (Sort.NEWEST, list(range(25, 0, -1))),
        (Sort.OLDEST, list(range(1, 26))),
    ):
        seen: list[int | None] = []
        page = None
        while True:
            answer = world.search("彗星", limit=7, page=page, sort=sort)
            seen += [row.stored.post.id if row.stored else None for row in answer.rows]
            page = answer.next_page
            if page is None:
                break
        assert seen == expected


def test_a_page_token_that_is_garbage_gives_the_first_page(world: World) -> None:
    world.take_posts(post(1, "彗星"))
    answer = world.search("彗星", page="r.zzz")
    assert [notice.code for notice in answer.notices] == ["page_invalid"]
    assert len(answer.rows) == 1


def test_tabs_count_under_all_filters_but_the_kind(world: World) -> None:
    world.take_posts(post(1, "彗星 https://example.org/a"), post(2, "彗星"))
    page = world.search("彗星", kind="post")
    assert page.tabs["all"] == page.tabs["post"] == 2
    assert page.tabs["video"] == 0
    assert world.search("彗星", kind="video").total == 0
    assert world.search("样例", kind="channel").total == 1


def test_chat_filters_and_their_notice(world: World) -> None:
    world.take_posts(post(1, "彗星"))
    assert world.found(f"彗星 chat:@{CHANNEL.username}") == [1]
    assert world.found("彗星 chat:1500000001") == [1]
    page = world.search("彗星 chat:@nobody_here")
    assert page.total == 0
    assert [notice.code for notice in page.notices] == ["unknown_chat"]


def test_sensitive_posts_wait_until_they_are_asked_for(world: World) -> None:
    world.take_posts(post(1, "彗星"))
    chat = world.store.find_chat_by_username("yangli_soso_demo")
    assert chat is not None
    world.store.set_chat(chat.key, sensitive=True)
    assert world.found("彗星") == []  # at once, though the index does not know yet
    world.index()
    assert world.search("彗星").total == 0
    assert world.found("彗星", sensitive=True) == [1]
