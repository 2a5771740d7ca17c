"""Another process at the same archive: run as `python store_child.py VERB URL CHAT NUMBER`.

write  apply batch after batch of 200 posts from NUMBER on, saying each once it is applied, until
       killed
fill   apply ten batches of 100 posts from NUMBER on, then say what was counted
open   open the archive, say how many posts there are
"""

import sys
from itertools import count

from soso.model.ids import ChatKey
from soso.stores.sql import SqlStore
from tests.contracts.store_cases import NOW, batch, post

SIZE = 200


def say(word: object) -> None:
    print(word, flush=True)


def write(store: SqlStore, chat: ChatKey, start: int) -> None:
    for number in count(start):
        ids = range(number * SIZE, (number + 1) * SIZE)
        rows = batch(*(post(n, f"第 {n} 条" * 20) for n in ids), cursor=str(number))
        store.apply(chat, rows, source="child", at=NOW)
        say(number)


def fill(store: SqlStore, chat: ChatKey, start: int) -> None:
    inserted = 0
    for number in range(10):
        ids = range(start + number * 100, start + (number + 1) * 100)
        applied = store.apply(chat, batch(*map(post, ids)), source=str(start), at=NOW)
        inserted += applied.inserted
    say(inserted)


def main() -> None:
    verb, url, chat, number = sys.argv[1:]
    store = SqlStore(url)
    if verb == "open":
        say(store.count_posts())
    else:
        {"write": write, "fill": fill}[verb](store, ChatKey(int(chat)), int(number))
    store.close()


if __name__ == "__main__":
    main()
