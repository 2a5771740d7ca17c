"""What things are: chats, posts, media, batches, and what happens when old and new differ.

Knows nothing of files, networks, databases, index engines or the clock.
"""
