"""Small feeds for the tests of this folder."""

from datetime import UTC, datetime
from xml.sax.saxutils import escape

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
URL = "https://feeds.example/rss"


def item(**fields: str) -> str:
    """An item of RSS; raw is put in as it is."""
    raw = fields.pop("raw", "")
    inner = "".join(f"<{name}>{escape(text)}</{name}>" for name, text in fields.items())
    return f"<item>{inner}{raw}</item>"


def rss(*items: str, title: str = "A blog", link: str = "https://blog.example/") -> bytes:
    """A feed of RSS 2.0."""
    head = f"<title>{escape(title)}</title><link>{escape(link)}</link>"
    text = f'<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel>{head}'
    return f"{text}{''.join(items)}</channel></rss>".encode()


def telegram(number: int, text: str = "早上好", **fields: str) -> str:
    """An item that is a post of @liujing_news."""
    link = f"https://t.me/liujing_news/{number}"
    return item(
        **{"title": text, "description": f"<p>{text}</p>", "link": link, "guid": link} | fields
    )
