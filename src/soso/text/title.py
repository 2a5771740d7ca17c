"""A title and an excerpt for every post.

Knows how Chinese posts on Telegram announce their title (片名：, 【…】, 《…》, a row of emoji before the
first line) and what is decoration; must not know wording, HTML or how wide a page is.
"""

import re
from collections.abc import Iterator
from functools import cache
from itertools import islice
from typing import Final

from soso.model.media import Media, MediaKind
from soso.model.post import Entity, Post
from soso.model.value import Value
from soso.text.borders import back_to_border
from soso.text.entities import find_entities
from soso.text.normalize import repair
from soso.text.tables import is_mark, simplify, traditional_only

LONGEST: Final = 60
READ: Final = 2_000
"""A title is looked for in the first characters of a post."""

_ENOUGH: Final = 40  # a line up to this length is not cut after its first sentence
_SHORTEST_SENTENCE: Final = 6
_LABELLED_LINES: Final = 8


class Title(Value):
    """text: on one line, at most about LONGEST code points; may be empty.

    [start, end): where in Post.text it stands; None when it comes from elsewhere, and then fallback
    says what the post is: photo album video animation round_video audio voice file sticker poll
    location link service other.
    """

    text: str
    start: int | None = None
    end: int | None = None
    fallback: str = ""


_LINE: Final = re.compile("[^\n\r\u2028\u2029\x0b\x0c\x85]+")
_LABEL: Final = re.compile(
    r"[\W_]*(?:影?片名称?|片子|剧名|电影名称?|剧集名称?|资源名称?|资源标题|文章标题|新闻标题|原?标题|书名|歌名|歌曲|专辑"
    r"|番名|游戏名称?|软件名称?|应用名称?|名称|名字|题目|title|name)"
    r"(?:\s*[】\])］〗]\s*[:：]?|\s*[】\])］〗]?\s*[:：])\s*",
    re.IGNORECASE,
)
_LABEL_END: Final = re.compile(r"[:：】\])］〗]")
_LONGEST_LABEL: Final = 24
_LONGEST_BARE: Final = 4
_BARE_LABELS: Final = frozenset(("片名", "标题", "名称", "资源标题", "资源名称", "书名", "剧名"))
_BRACKETED: Final = re.compile(
    r"(?:【([^【】]+)】|\[([^\[\]]+)\]|［([^［］]+)］|〖([^〖〗]+)〗)\s*"
)
_BOOK: Final = re.compile(r"《([^《》]+)》")
_ABOUT: Final = re.compile(  # what follows a 《title》 and only describes the file
    r"(?:[\W\d_]|[全共第更新至完结季集部期中英日韩双国粤语字幕蓝光高清超无水印原画导演剪辑版合修复未删减电影剧]"
    r"|hdr|web-?dl|webrip|bluray|x26[45]|h26[45]|mp4|mkv|[0-9]+[kp]|dv|hevc|remux|dts)*",
    re.IGNORECASE,
)
_CATEGORY: Final = re.compile(
    r"电影|影片|电视剧|剧集|[国美英日韩港台泰]剧|短剧|[国日]漫|动漫|动画|番剧|综艺|纪录片|音乐|歌曲|专辑|有声书|小说"
    r"|漫画|软件|应用|游戏|资源|教程|课程|学习资料|工具|插件|图书|电子书|壁纸|图片|视频|音频|直播"
    r"|公告|通知|重要|置顶|新闻|快讯|消息|突发|头条|早报|晚报|日报|周报|速报|要闻|热点|推荐|转发|转载|分享|更新|投稿"
    r"|独家|首发|原创|福利|免费|限时|活动|广告|置顶公告|每日\w{1,2}|今日\w{1,2}|\d+[pk帧]|hdr|4k\W?hdr|\d{4}",
    re.IGNORECASE,
)
_LONGEST_CATEGORY: Final = 24
_OPENS: Final = "《〈【「『“‘\"'([（［〖〔$€£¥￥₿"
_CLOSES: Final = "》〉】」』”’\"')]）］〗〕！？!?。…%％℃+"
_SENTENCE_END: Final = re.compile(r"[。！？!?；;]+[」』”’\"')）]*|\.(?=\s)")
_PAUSE: Final = re.compile(r"[，、：—|｜]|(?<![0-9])[,:]|[,:](?![0-9])|(?<=[!-~])\s+(?=[!-~])")
"""No commas and colons within numbers: $200,000, 12:30."""


def make_title(post: Post, chat_title: str) -> Title:
    """Return a post's title: what it announces as such, or its first line or sentence.

    chat_title: a first line that only repeats it is passed over.
    Without words: the poll's question, performer and title, the file's name, the place, the link
    preview's title; without those an empty text and fallback. Raises nothing. O(READ).
    """
    text = post.text[:READ]
    found = _in_text(text, chat_title)
    if found is None or found[0] >= found[1]:  # nothing but brackets and marks
        named = _fallback(post)
        if named.text or post.media or not text.strip():
            return named
        found = _whole_line(text)
        if found is None:
            return named
    start, end = found
    return Title(text=repair(text[start:end]), start=start, end=end)


def make_excerpt(post: Post, title: Title, *, width: int = 160) -> str:
    """Return what a post says beside its title, on one line, at most width code points and "…".

    Does not begin by repeating the title. Without more text: a poll's answers, the description of a
    link's preview, a place's address; else empty. Raises nothing.
    """
    longest = (title.end or 0) + width * 4
    text = post.text[:longest]
    if title.start is None or title.end is None:
        rest = _one_line(text)
        if rest == title.text:
            rest = ""
    else:
        rest = _undecorated(_one_line(text[title.end :]))
    rest = rest or _one_line(_beside(post))
    if len(rest) <= width:
        return rest + ("…" if len(post.text) > longest and rest else "")
    return rest[: back_to_border(rest, width)].rstrip() + "…"


def _in_text(text: str, chat_title: str) -> tuple[int, int] | None:
    """The place of the title, None if there are only decoration, links and tags."""
    lines = list(islice(_lines(text), _LABELLED_LINES))
    if len(lines) > 1 and text[slice(*lines[0])].strip() == chat_title.strip():
        del lines[0]
    for number, (start, end) in enumerate(lines):
        value = _labelled(text, start, end)
        if value is not None and value[0] < value[1]:
            return _shortened(text, *_unwrapped(text, *value))
        if value is not None and number + 1 < len(lines):
            return _shortened(text, *_unwrapped(text, *lines[number + 1]))
    return _shortened(text, *_unwrapped(text, *lines[0])) if lines else None


def _labelled(text: str, start: int, end: int) -> tuple[int, int] | None:
    """The place of what follows a label, empty if the label ends the line."""
    if end - start > _LONGEST_BARE and not _LABEL_END.search(text, start, start + _LONGEST_LABEL):
        return None
    line = text[start:end].translate(_one_to_one())
    if line in _BARE_LABELS:
        return end, end
    label = _LABEL.match(line)
    return None if label is None else _trimmed(text, start + label.end(), end, ())


def _lines(text: str) -> Iterator[tuple[int, int]]:
    for match in _LINE.finditer(text):
        start, end = _trimmed(text, *match.span(), find_entities(match[0]))
        if start < end:
            yield start, end


def _trimmed(text: str, start: int, end: int, entities: tuple[Entity, ...]) -> tuple[int, int]:
    """Leave out decoration, links, tags and names at both ends; entities are relative to start."""
    places = [(start + entity.start, start + entity.end) for entity in entities]
    while start < end:
        here = next((stop for first, stop in places if first == start), None)
        if here is not None:
            start = here
        elif text[start].isalnum() or (text[start] in _OPENS and start + 1 < end):
            break
        else:
            start += 1
    while start < end:
        here = next((first for first, stop in places if stop == end), None)
        if here is not None:
            end = here
        elif text[end - 1].isalnum() or text[end - 1] in _CLOSES or is_mark(text[end - 1]):
            break
        else:
            end -= 1
    return start, end


def _unwrapped(text: str, start: int, end: int) -> tuple[int, int]:
    """Of 【category】 title take the title, of 【title】 body too; of 《title》 and file facts the title."""
    for _ in range(4):  # [group][kind] title
        match = _BRACKETED.match(text, start, end)
        if match is None:
            break
        number = match.lastindex or 1
        inside = _trimmed(text, *match.span(number), ())
        if inside[0] >= inside[1]:
            break
        rest = _trimmed(text, match.end(), end, ())
        if rest[0] >= rest[1]:
            return inside
        if not _is_category(text[slice(*inside)], square=match[0][0] in "[［"):
            return inside
        start, end = rest
    book = _BOOK.match(text, start, end)
    if book is not None and _ABOUT.fullmatch(text, book.end(), end):
        return _trimmed(text, *book.span(1), ())
    return start, end


def _is_category(content: str, *, square: bool) -> bool:
    """In [square] brackets stand the names of groups of encoders, too."""
    if square and len(content) <= _LONGEST_CATEGORY and content.isascii():
        return True
    return bool(_CATEGORY.fullmatch(content.translate(_one_to_one())))


def _shortened(text: str, start: int, end: int) -> tuple[int, int]:
    if end - start <= _ENOUGH:
        return start, end
    sentence = _SENTENCE_END.search(text, start + _SHORTEST_SENTENCE, min(end, start + LONGEST + 1))
    if sentence is not None:
        return _trimmed(text, start, sentence.end(), ())
    if end - start <= LONGEST:
        return start, end
    pauses = [
        match.start() for match in _PAUSE.finditer(text, start + LONGEST // 3, start + LONGEST)
    ]
    marks = [place for place in pauses if not text[place].isspace()]
    cut = max(marks or pauses, default=back_to_border(text, start + LONGEST))
    return _trimmed(text, start, cut, ())


def _whole_line(text: str) -> tuple[int, int] | None:
    """The first line as it stands, for posts of nothing but links, tags or emoji."""
    for match in _LINE.finditer(text):
        start, end = match.span()
        while start < end and text[start].isspace():
            start += 1
        while start < end and text[end - 1].isspace():
            end -= 1
        if start < end:
            return start, back_to_border(text, min(end, start + LONGEST)) or end
    return None


def _fallback(post: Post) -> Title:
    if post.poll is not None:
        return Title(text=_clipped(post.poll.question), fallback="poll")
    if post.media:
        names = (media_name(media) for media in post.media)
        text = next((name for name in names if name), "")
        code = "album" if len(post.media) > 1 else post.media[0].kind.value
        return Title(text=_clipped(text), fallback=code)
    if post.location is not None:
        return Title(text=_clipped(post.location.title or ""), fallback="location")
    if post.previews:
        named = next((preview.title for preview in post.previews if preview.title), "")
        return Title(text=_clipped(named), fallback="link")
    return Title(text="", fallback="service" if post.service is not None else "other")


_DEVICE_NAME: Final = re.compile(  # what cameras and clients call a file
    r"(?:video|img|image|vid|photo|mov|movie|pxl|dsc|screenshot|screen|record\w*|wx_camera|mmexport|document"
    r"|file|audio|voice|animation|giphy|sticker|telegram|untitled|output|download|mp4|gif|tgs)?"
    r"[\s_@().\-\d]*(?:[0-9a-f]{12,})?[\s_@().\-\d]*(?:\.\w{2,5})*",
    re.IGNORECASE,
)


def media_name(media: Media) -> str:
    """Return what people called a file, nothing where a camera or a client did."""
    if media.kind is MediaKind.AUDIO and media.title:
        return " - ".join(part for part in (media.performer, media.title) if part)
    if media.kind not in (MediaKind.AUDIO, MediaKind.FILE, MediaKind.VIDEO):
        return ""
    name = (media.file_name or "").strip()
    return "" if is_device_name(name) else name


def is_device_name(name: str) -> bool:
    """Whether a camera or a client made up a file's name, such as IMG_0042.jpg."""
    return _DEVICE_NAME.fullmatch(name) is not None


def _clipped(text: str) -> str:
    line = _one_line(text)
    return line if len(line) <= LONGEST else line[: back_to_border(line, LONGEST)].rstrip()


def _one_line(text: str) -> str:
    return " ".join(repair(text).split())


def _undecorated(line: str) -> str:
    """Leave out what stands between a title and the next words."""
    for place, char in enumerate(line):
        if char.isalnum() or char in _OPENS or char in "#＃@":
            return line[place:]
    return ""


def _beside(post: Post) -> str:
    if post.poll is not None:
        return " / ".join(answer.text for answer in post.poll.answers)
    for preview in post.previews:
        if preview.description or preview.title:
            return preview.description or preview.title or ""
    if post.location is not None:
        return post.location.address or ""
    return ""


@cache
def _one_to_one() -> dict[int, str]:
    """Traditional to simplified, so that labels need be listed once; places stay the same."""
    return {ord(char): simplify(char) for char in traditional_only()}
