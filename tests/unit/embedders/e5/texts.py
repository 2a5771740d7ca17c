"""A few hundred texts unlike each other: languages, scripts, widths, emoji, marks, blanks."""

import random

SENTENCES = (
    "今天下午三点，新的地铁线路正式开通，首日客流超过二十万人次。",
    "聽說這家餐廳的牛肉麵很好吃，週末常常要排隊一個小時。",
    "The committee will publish its report on Thursday, two weeks late.",
    "Wie komme ich am schnellsten zum Hauptbahnhof? Über die Brücke!",
    "Le prix du café a augmenté de 12,5 % depuis l'été dernier…",
    "¿Dónde está la biblioteca más cercana? ¡Está cerrada hoy!",
    "Завтра ожидается дождь, местами со снегом; ветер до 15 м/с.",
    "明日は朝から雨が降るそうです。傘を忘れないでください。",
    "오늘 저녁에 친구들과 함께 영화를 보러 갈 거예요.",
    "غدًا ستفتح المكتبة أبوابها في الساعة التاسعة صباحًا.",
    "พรุ่งนี้ร้านจะเปิดเวลาเก้าโมงเช้า",
    "कल सुबह बाज़ार नौ बजे खुलेगा।",
    "Chiều nay trời mưa to, đường phố ngập nước.",
    "Yarın hava güneşli olacak; deniz kenarına gidelim mi?",
    "🔥🔥 限时优惠 50% OFF!!! 点击 👉 https://example.org/sale?id=42&ref=tg",
    "频道：@example_channel 群组：t.me/example #新闻 #科技",
    "v2.10.3-rc1 released (sha 3f9a…): fixes #1024, +12/-7 lines",
    "价格￥１２３．４５元，约合ＵＳＤ１７；电话：010-12345678",
    "①第一 ②第二 ㊙️ ½ 杯 ㎏ ™ Ⅳ ﬁn",
    "👨‍👩‍👧‍👦 family 🇨🇳🇺🇸 🏳️‍🌈 👍🏽",
    "《三体》——“黑暗森林”法则（节选）……",
    "𠮷野家の𠮷 𝔊𝔬𝔱𝔥𝔦𝔠 ⠃⠗⠁⠊⠇⠇⠑",
)


def varied_texts(count: int, seed: int = 0) -> list[str]:
    """Mix the sentences, cut them, and dress them in other cases, widths and blanks."""
    drawn = random.Random(seed)
    texts: list[str] = list(SENTENCES)
    while len(texts) < count:
        text = " ".join(drawn.sample(SENTENCES, drawn.randint(1, 3)))
        start = drawn.randrange(len(text) // 2)
        text = text[start : start + drawn.randint(1, 120)]
        dress = drawn.randrange(6)
        if dress == 0:
            text = text.upper()
        elif dress == 1:
            text = text.replace(" ", drawn.choice(("\u3000", "  ", "\t", "\u200b", "\xa0")))
        elif dress == 2:
            text = "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)
        elif dress == 3:
            text = text.swapcase() + str(drawn.randrange(10 ** drawn.randint(1, 12)))
        texts.append(text.strip())
    return texts
