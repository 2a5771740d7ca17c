"""Feeds: RSS 0.9 to 2.0, Atom and JSON Feed, of Telegram channels and of anything else.

Knows what feeds look like and what the programs that make feeds of channels put into them. Must not
know the store. Feeds render what others posted, so their posts are told second hand (rule 9 of
model/merge.py): beside any other route they only fill gaps.
"""

from soso.sources.feed.live import FeedLive
from soso.sources.feed.parse import MAX_FEED_BYTES, ParsedFeed, parse_feed

__all__ = ["MAX_FEED_BYTES", "FeedLive", "ParsedFeed", "parse_feed"]
