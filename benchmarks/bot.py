"""The bot under load: 200 updates a second, then a burst of 200 messages at once.

The bot runs in a process of its own over the sample archive; the local Bot API stands in for
Telegram, in this process, with its limits on. Run: python -m benchmarks.bot [seconds]
"""

import json
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median, quantiles
from typing import Final

from soso.bootstrap import ImportOptions, open_app
from soso.bot.running import running_bot
from soso.config import load_settings
from soso.doubles.bot_api import TOKEN, BotApiDouble

SAMPLE: Final = Path(__file__).parents[1] / "sample"
A_SECOND: Final = (("inline", 110), ("press", 65), ("message", 25))
BURST: Final = 200
_WORDS: Final = (
    *("天气", "台风", "电影", "相机", "音乐", "开源", "食谱", "旅行"),
    *("彗星", "港口", "书", "二手", "新闻", "跑步", "群岛", "咖啡"),
)
_TYPED: Final = (*_WORDS, *(f"{one} {other}" for one in _WORDS[:8] for other in _WORDS[8:]))


def main() -> None:
    """Measure and print one line of JSON for each figure."""
    if sys.argv[1:2] == ["child"]:
        _run_bot(Path(sys.argv[2]), sys.argv[3])
        return
    seconds = int(sys.argv[1]) if len(sys.argv) > 1 else 15
    with tempfile.TemporaryDirectory() as folder, BotApiDouble() as double:
        data = Path(folder) / "data"
        with open_app(load_settings(data=data, embedder="none")) as app:
            list(app.import_paths([SAMPLE], ImportOptions(), lambda progress: None))
            app.index_changes()
        command = [sys.executable, "-m", "benchmarks.bot", "child", str(data), double.url]
        child = subprocess.Popen(command)
        try:
            _warm_up(double)
            print(json.dumps(_load(double, seconds), ensure_ascii=False))
            print(json.dumps(_burst(double), ensure_ascii=False))
        finally:
            child.terminate()
            child.wait()


def _run_bot(data: Path, url: str) -> None:
    settings = load_settings(
        data=data,
        embedder="none",
        bot_token=TOKEN,
        bot_api_url=url,
        bot_user_rate=0,
        bot_group_rate=0,
    )
    with open_app(settings) as app, running_bot(app):
        while True:
            time.sleep(1)


def _warm_up(double: BotApiDouble) -> None:
    person = double.add_user("first", started=True)
    double.send(person, "天气")
    double.wait_sent(person, 1, timeout_s=60)
    for word in _WORDS:
        double.wait_inline(double.ask_inline(person, word))


def _load(double: BotApiDouble, seconds: int) -> dict[str, object]:
    """Send updates at an even pace and wait for all answers."""
    people = [double.add_user(f"p{n}", started=True) for n in range(25 * seconds + 90)]
    group = people[:40]
    room = double.add_group("all of them", group)
    double.send(group[0], "/s 的", chat=room)
    message = double.wait_sent(room, 1)[0]
    rows = message["reply_markup"]["inline_keyboard"]
    # A button that is only answered: the one that tells the page.
    page = next(b["callback_data"] for row in rows for b in row if "/" in b["text"])
    kinds = [kind for kind, count in A_SECOND for _ in range(count)]
    order = sorted(range(len(kinds)), key=lambda place: (place * 61) % len(kinds))
    chance = random.Random(7)
    typed = chance.choices(_TYPED, [1 / place for place in range(1, len(_TYPED) + 1)], k=4000)
    asked: dict[str, list[str]] = {"inline": [], "press": []}
    waiting: dict[int, float] = {}
    answered: list[float] = []
    writers = iter(people[40:])
    begun = time.time()
    for number in range(seconds * len(kinds)):
        due = begun + number / len(kinds)
        while time.time() < due:
            _collect(double, waiting, answered)
            time.sleep(0.001)
        kind = kinds[order[number % len(kinds)]]
        word = typed[number % len(typed)]
        if kind == "inline":
            asked[kind].append(double.ask_inline(people[number % len(people)], word))
        elif kind == "press":
            person = group[number % len(group)]
            query = double.press(room, message["message_id"], user=person, data=page)
            asked[kind].append(query)
        else:
            person = next(writers)
            waiting[person] = time.time()
            double.send(person, word)
    took_s = time.time() - begun
    until = time.time() + 30
    while waiting and time.time() < until:
        _collect(double, waiting, answered)
        time.sleep(0.002)
    inline = _waits(double.api.inline, asked["inline"])
    presses = _waits(double.api.callbacks, asked["press"])
    return {
        "updates_a_second": round(seconds * len(kinds) / took_s),
        "inline_ms": _spread(inline),
        "press_ms": _spread(presses),
        "message_ms": _spread(answered),
        "all_median_ms": round(median(inline + presses + answered) * 1000),
        "unanswered": len(waiting) + sum(map(len, asked.values())) - len(inline) - len(presses),
        "refused_by_limits": len(double.api.brake.refused),
    }


def _collect(double: BotApiDouble, waiting: dict[int, float], answered: list[float]) -> None:
    now = time.time()
    for person in [one for one in waiting if len(double.api.world.rooms[one].messages) > 1]:
        answered.append(now - waiting.pop(person))


def _waits(known: dict, asked: list[str]) -> list[float]:  # type: ignore[type-arg]
    found = [known[one] for one in asked]
    return [one.answered_s - one.at_s for one in found if one.answered_s is not None]


def _burst(double: BotApiDouble) -> dict[str, object]:
    """A hundred people write twice at the same moment; all are answered, nobody is starved."""
    people = [double.add_user(f"b{n}", started=True) for n in range(BURST // 2)]
    before = len(double.api.brake.refused)
    begun = time.time()
    for _ in range(2):
        for person in people:
            double.send(person, "天气")
    first: dict[int, float] = {}
    second: dict[int, float] = {}
    until = begun + 60
    while len(second) < len(people) and time.time() < until:
        for person in people:
            sent = len(double.sent(person))
            if sent >= 1:
                first.setdefault(person, time.time() - begun)
            if sent >= 2:
                second.setdefault(person, time.time() - begun)
        time.sleep(0.02)
    return {
        "burst": BURST,
        "answered": len(first) + len(second),
        "all_s": round(max(second.values(), default=0.0), 1),
        "a_second": round(BURST / max(second.values(), default=1.0), 1),
        "last_first_answer_s": round(max(first.values(), default=0.0), 1),
        "refused_by_limits": len(double.api.brake.refused) - before,
    }


def _spread(waits_s: list[float]) -> dict[str, int]:
    if len(waits_s) < 2:
        return {"count": len(waits_s)}
    cuts = quantiles(waits_s, n=100)
    return {
        "count": len(waits_s),
        "median": round(median(waits_s) * 1000),
        "p95": round(cuts[94] * 1000),
        "max": round(max(waits_s) * 1000),
    }


if __name__ == "__main__":
    main()
