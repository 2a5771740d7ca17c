from soso.query.marks import marks_of
from soso.query.parse import parse
from soso.text.analyzers import load_analyzers

ANALYZERS = load_analyzers()


def test_what_is_asked_for_is_marked() -> None:
    marks = marks_of(parse('流浪地球 "绝对 真实" #彗星').query, ANALYZERS)
    assert marks.words == ("流浪", "地球", "彗星")
    assert marks.phrases == (tuple("绝对真实"),)
    assert "浪地" in marks.bigrams


def test_what_is_asked_not_to_be_there_is_not() -> None:
    marks = marks_of(parse('彗星 -台风 -"大桥" OR').query, ANALYZERS)
    assert "台风" not in marks.words
    assert marks.phrases == ()


def test_latin_words_may_be_pinyin() -> None:
    marks = marks_of(parse("dengta dtyb").query, ANALYZERS)
    assert ("deng", "ta") in marks.pinyin
    assert tuple("dtyb") in marks.initials
