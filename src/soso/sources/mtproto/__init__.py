"""An account on Telegram, with the optional library Telethon: the chats it may read.

client.py and requests.py alone know the library; the rest reads what it hands over by the names of
the types. Off unless the operator signs in; docs/guide/account.md tells what that risks.
"""

from soso.sources.mtproto.files import AccountFiles
from soso.sources.mtproto.live import AccountLive

__all__ = ["AccountFiles", "AccountLive"]
