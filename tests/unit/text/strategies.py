"""Texts that are hard on folding: every script, marks, joiners, halves of pairs."""

from hypothesis import strategies as st

HARD = (
    "aZé1９ßﬁİı½①٣ŉ™㎡K\u0301\u0308\u0331\u0327"  # Latin and what folds to several
    "中國软體乾著衞臺𠀾𠮷豈々〇"  # Han, also beyond the first plane
    "あガｶﾞﾟーㄅ한글\u1100\u1161\u11a8ㅋㅏ"  # kana, bopomofo, hangul whole and in parts
    "ก็ทीका\u093fשלוםمُحَمَّدЙёй"  # marks that are letters to readers
    "😀👍🏽❤\ufe0f👨\u200d👩🇨🇳1\ufe0f\u20e3🫨"  # emoji
    " \u3000\u00a0\u2028\n\t\x00\x1b\u200b\u00ad\u202e\ufeff\ud800\udc00\ue000\u0378"  # no letters
    "，。!-_#@.+$€“”'…━●´¨゛"
)
texts = st.text(alphabet=st.one_of(st.sampled_from(HARD), st.characters()), max_size=40)
