"""The operator's pages: chats and their visibility, imports, removal requests, blocks.

Knows forms and what the archive lets an operator do. Must not know how it is done.
"""
