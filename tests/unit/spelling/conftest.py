"""A small vocabulary that everything is asked of."""

import pytest

from soso.spelling.count import RunCounter
from soso.spelling.pack import pack
from soso.spelling.vocabulary import Vocabulary

POSTS = (
    *["今晚可以用望远镜看彗星，灯塔旁边最清楚"] * 12,
    *["彗星的尾巴有两度长，望远镜里更明显"] * 5,
    *["北岬灯塔的灯光每十秒闪一次"] * 5,
    *["微信群里有人问怎么安装输入法"] * 20,
    *["流浪地球的续集什么时候上映"] * 20,
    *["Telegram channels about astronomy and photography"] * 4,
    *["Телеграм каналы о звёздах"] * 4,
    *["这个频道每天发一张照片", "摄影比赛的照片已经公布"] * 4,
)


def packed(posts: tuple[str, ...] = POSTS) -> bytes:
    counter = RunCounter()
    for post in posts:
        counter.add([post])
    return pack(counter.counts(), grown=(len(posts), 7))


@pytest.fixture(scope="session")
def content() -> bytes:
    return packed()


@pytest.fixture(scope="session")
def vocabulary(content: bytes) -> Vocabulary:
    return Vocabulary(content)
