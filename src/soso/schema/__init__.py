"""What is indexed: the fields of a document and how a post or chat becomes one.

Knows no engine. A field's name or type stands here and nowhere else.
"""
