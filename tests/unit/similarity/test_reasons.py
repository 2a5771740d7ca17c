from soso.query.results import Reason
from soso.schema.bonds import Bond, BondKind
from soso.similarity.reasons import LONGEST_NAMED, distinct, find_reasons
from soso.similarity.related import Evidence, Shared

LINK = Shared(Bond(BondKind.LINK, "example.org/a"), 2)


def test_the_story_goes_before_all_else() -> None:
    found = find_reasons(Evidence(same_story=True, shared=(LINK,)), ["彗星"])
    assert [reason.code for reason in found] == ["story", "link"]


def test_a_link_is_named_and_a_picture_is_not() -> None:
    picture = Shared(Bond(BondKind.PICTURE, "0" * 64), 2)
    assert find_reasons(Evidence(shared=(LINK,)), []) == (
        Reason(code="link", named=("example.org/a",)),
    )
    assert find_reasons(Evidence(shared=(picture,)), []) == (Reason(code="picture"),)


def test_a_long_link_is_cut() -> None:
    long = Shared(Bond(BondKind.LINK, "example.org/" + "a" * 200), 2)
    assert len(find_reasons(Evidence(shared=(long,)), [])[0].named[0]) == LONGEST_NAMED


def test_what_everybody_has_is_no_reason() -> None:
    tag = Shared(Bond(BondKind.TAG, "#新闻"), 5_000)
    assert find_reasons(Evidence(shared=(tag,)), []) == (Reason(code="meaning"),)


def test_words_are_named_and_meaning_is_said_where_there_are_none() -> None:
    near = Evidence(meaning=0.8, words=0.1)
    assert find_reasons(near, ["彗星", "云溪"]) == (Reason(code="words", named=("彗星", "云溪")),)
    assert find_reasons(near, []) == (Reason(code="meaning"),)


def test_no_word_is_part_of_another() -> None:
    assert distinct(["灯塔", "灯塔以北", "以北", "配乐", "影后", "导演"]) == [
        "灯塔以北",
        "配乐",
        "影后",
    ]
