from collections import Counter

from soso.spelling.count import LONGEST_TEXT, Limits, RunCounter, forget_rare


def test_what_stands_twice_in_a_post_counts_once() -> None:
    counter = RunCounter()
    counter.add(["彗星彗星", "彗星"])
    counter.add(["彗星"])
    counts = counter.counts()
    assert counts.texts == 2
    assert counts.pairs == {"彗星": 2, "星彗": 1}
    assert counts.triples == {"彗星彗": 1, "星彗星": 1}
    assert counts.chars == {"彗": 2, "星": 2}


def test_runs_end_at_punctuation_letters_and_digits() -> None:
    counter = RunCounter()
    counter.add(["看a彗，星1灯 塔"])
    assert counter.counts().pairs == {}


def test_texts_are_folded_as_the_index_folds_them() -> None:
    counter = RunCounter()
    counter.add(["燈塔 ＴＥＬＥＧＲＡＭ Café"])
    counts = counter.counts()
    assert counts.pairs == {"灯塔": 1}
    assert "telegram" in counts.words


def test_links_names_and_numbers_are_no_words() -> None:
    counter = RunCounter()
    counter.add(["see https://example.org/secretpath t.me/hiddenname @someone_else 2026 ab"])
    assert set(counter.counts().words) == {"see"}


def test_a_weight_counts_as_so_many_posts_and_one_text() -> None:
    counter = RunCounter()
    counter.add(["灯塔 news"], 3)
    counts = counter.counts()
    assert (counts.texts, counts.pairs["灯塔"], counts.words["news"]) == (1, 3, 3)


def test_only_the_beginning_of_a_long_text_is_read() -> None:
    counter = RunCounter()
    counter.add(["甲" * LONGEST_TEXT + "乙"])
    assert "乙" not in counter.counts().chars


def test_memory_is_bounded_and_what_is_frequent_stays() -> None:
    counter = RunCounter(Limits(pairs=40, triples=40, words=40))
    for number in range(400):
        counter.add([f"灯塔很亮 {chr(0x4E00 + number)}{chr(0x5E00 + number)}"])
    counts = counter.counts()
    assert len(counts.pairs) <= 40
    assert counts.pairs["灯塔"] == 400
    assert counts.triples["灯塔很"] == 400


def test_forgetting_keeps_the_most_frequent() -> None:
    counts = Counter({"a": 5, "b": 1, "c": 1, "d": 2})
    assert forget_rare(counts, 2) == {"a": 5, "d": 2}
    assert forget_rare(counts, 4) == counts
    assert forget_rare(counts, 0) == {}
