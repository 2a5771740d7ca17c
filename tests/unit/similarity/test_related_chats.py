from soso.query.results import Reason
from soso.similarity.related_chats import FAINT, OFTEN, ChatEvidence, chat_reasons, score_chat


def test_forwarding_often_counts_and_then_no_more() -> None:
    once, often = ChatEvidence(forwards=1), ChatEvidence(forwards=OFTEN)
    assert 0 < score_chat(once) < score_chat(often)
    assert score_chat(ChatEvidence(forwards=500)) == score_chat(often)


def test_nothing_in_common_is_faint() -> None:
    assert score_chat(ChatEvidence()) < FAINT
    assert score_chat(ChatEvidence(posts=-3.0, meaning=-1.0)) < FAINT


def test_the_strongest_reason_comes_first_and_meaning_only_alone() -> None:
    evidence = ChatEvidence(posts=0.6, words=("彗星",), forwards=OFTEN, meaning=1.0)
    assert [one.code for one in chat_reasons(evidence)] == ["posts", "forwards"]
    assert chat_reasons(ChatEvidence(meaning=0.9)) == (Reason(code="meaning"),)


def test_words_are_no_reason_where_none_is_named() -> None:
    assert chat_reasons(ChatEvidence(posts=0.6)) == (Reason(code="meaning"),)
